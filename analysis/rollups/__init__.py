"""Line items become costs per day, per resource and per hour: three rollups, each written once, in Trino's dialect.

`statement` gives the text; an engine translates it to its own dialect and runs it where the line items are, so that
only rollups ever leave it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import ModuleType

from analysis.rollups import cur, focus
from analysis.rollups.relation import Key, Relation, rendered
from analysis.rollups.words import clean, quoted_name

__all__ = ["NAMES", "SCALE", "Relation", "Rollup", "columns_of", "TAG_PREFIX", "statement", "tag_column", "tag_of"]

#: Dollars are added up as integers, this many to the dollar.
SCALE = 10_000_000_000
TAG_PREFIX = "tag:"


class Rollup(StrEnum):
    """What line items are summed up to."""

    DAILY = "daily"
    RESOURCES = "resources"
    HOURLY = "hourly"


#: What the rows of each rollup are told apart by, besides the chosen tags of a daily one.
NAMES: dict[Rollup, tuple[str, ...]] = {
    Rollup.DAILY: (
        "date", "billing_month", "provider", "billing_account_id", "service_name", "sub_account_id", "region_id",
        "usage_type", "pricing_category", "commitment_type", "commitment_id", "unit", "currency", "charge_category",
    ),
    Rollup.RESOURCES: (
        "date", "billing_month", "provider", "billing_account_id", "service_name", "sub_account_id", "region_id",
        "resource_id", "currency",
    ),
    Rollup.HOURLY: (
        "hour", "billing_month", "provider", "billing_account_id", "charge_category", "service_name", "sub_account_id",
        "region_id", "usage_type", "operation", "pricing_category", "commitment_type", "commitment_id", "unit",
        "currency",
    ),
}  # fmt: skip

_SOURCES: dict[str, ModuleType] = {focus.SOURCE: focus, cur.SOURCE: cur}
_CATEGORY = ("kind", "product_code", "service")
_COMMITMENT = ("commitment", "commitment_id", "pricing_category")
_EVERYWHERE = ("period", "provider", "billing_account_id", "sub_account_id", "region_id", "currency")
#: Which of a source's keys each rollup groups line items by.
_GROUPED: dict[Rollup, tuple[str, ...]] = {
    Rollup.DAILY: ("day", *_EVERYWHERE, *_CATEGORY, *_COMMITMENT, "usage_type", "unit"),
    Rollup.RESOURCES: ("day", *_EVERYWHERE, *_CATEGORY, "resource_id"),
    Rollup.HOURLY: ("hour", *_EVERYWHERE, *_CATEGORY, *_COMMITMENT, "usage_type", "operation", "unit"),
}
#: What FOCUS says of unused commitment, in place of what the fee says.
_UNUSED = {"pricing_category": "'Committed' AS pricing_category", "unit": "CAST(NULL AS varchar) AS unit"}
#: Keys that a rollup gives as they are, cleaned.
_CLEANED = ("billing_account_id", "sub_account_id", "unit", "currency", "resource_id", "operation")


def columns_of(source: str) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The columns a source's line items must have, each with its other names; and those that are used if there."""
    return _SOURCES[source].MANDATORY, _SOURCES[source].OPTIONAL


def tag_column(key: str) -> str:
    """The column of a daily rollup that holds a tag's values; '' is untagged.

    Column names are the same in any case, tag keys are not: a capital letter is written as `^` and the small one, and
    `^` itself twice.
    """
    return TAG_PREFIX + "".join(f"^{letter.lower()}" if _has_a_small_one(letter) else letter for letter in key)


def tag_of(column: str) -> str | None:
    """The tag that a column holds; None where it is no tag's."""
    if not column.startswith(TAG_PREFIX):
        return None
    return re.sub(r"\^(.)", lambda found: found[1].upper(), column.removeprefix(TAG_PREFIX))


def statement(
    rollup: Rollup, relation: Relation, tag_keys: Sequence[str] = (), *, settled_until: date = date(2999, 1, 1)
) -> str:
    """A rollup over line items, in Trino's dialect.

    Args:
        tag_keys: the tags that a daily rollup keeps, each in its `tag_column`.
        settled_until: later days are marked as estimated in a daily rollup.
    Returns:
        The text. Names may repeat in several rows of a rollup. A day, month, currency or category that cannot be read
        is NULL.
    """
    source = _SOURCES[relation.source]
    tags = {f"tag_{number}": key for number, key in enumerate(sorted(set(tag_keys))) if rollup is Rollup.DAILY}
    keys: dict[str, Key] = {name: source.KEYS[name] for name in _GROUPED[rollup] if name in source.KEYS}
    keys |= {name: source.tag(key) for name, key in tags.items()}
    grouped = {name: key.rendered(relation) for name, key in keys.items() if not key.is_constant(relation)}
    said = {name: name if name in grouped else key.rendered(relation) for name, key in keys.items()}
    kept = tuple(quoted_name(tag_column(key)) for key in tags.values())
    values = {
        **{name: rendered(text, relation) for name, text in source.MEASURES.items()},
        **{name: text.format(**said) for name, text in source.NAMES.items() if _known(text, said)},
        **{name: clean(name).format(**said) for name in _CLEANED if name in said},
        **{name: said[name] for name in ("day", "hour", "period") if name in said},
        **{f"count_{name}": _count(source.MEASURES[name], relation) for name in ("billed", "effective")},
        "group_keys": ",\n        ".join(f"{text} AS {name}" for name, text in grouped.items()),
        "group_positions": ", ".join(str(number) for number in range(1, len(grouped) + 1)),
        "relation": relation.sql,
        "where": relation.where or "1 = 1",
        "has_resource": rendered(source.HAS_RESOURCE, relation),
        "eligible": rendered(source.ELIGIBLE, relation),
        "tags": "\n        ".join(
            f"coalesce({said[name]}, '') AS {column}," for name, column in zip(tags, kept, strict=True)
        ),
        "names": ", ".join((*(name for name in NAMES[rollup] if name != "charge_category"), *kept)),
        "source": relation.source,
        "fee_names": ", ".join(
            (*(_UNUSED.get(name, name) for name in NAMES[rollup] if name != "charge_category"), *kept)
        ),
        "settled_until": settled_until.isoformat(),
        "effective_of_billed": "effective",
        "amortised_category": source.NAMES["effective_category" if source.FEES_APART else "billed_category"].format(
            **said
        ),
    }
    if rollup is Rollup.DAILY and source.FEES_APART:
        values["effective_of_billed"] = "CASE WHEN charge_category = effective_category THEN effective ELSE 0 END"
        return _template("daily").format(**values) + _template("daily_fees").format(**values)
    return _template(rollup.value).format(**values)


def _count(measure: str, relation: Relation) -> str:
    """How many lines have a value there."""
    always = any(measure == f"{{{column}}}" for column in relation.never_null)
    return "count(*)" if always else f"count({rendered(measure, relation)})"


def _has_a_small_one(letter: str) -> bool:
    small = letter.lower()
    return letter == "^" or (small != letter == small.upper() and len(small) == 1)


def _known(text: str, said: dict[str, str]) -> bool:
    return all(name in said for name in Key(text).columns)


@cache
def _template(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text("utf-8")
