"""The `[[shared]]` tables of the mapping file: which cost is shared, and how it is split."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from analysis.allocation import CHARGES, Dimension, Match, Shared, Split, folded, tag_key
from analysis.costs import ChargeCategory
from analysis.services import named_service
from bot.allocation.mapping_values import MappingError, a_table, a_text, choice, known_keys, texts

KEYS = ("name", "match", "split", "among", "shares", "by")
MATCH_KEYS = ("account", "service", "tag", "usage", "charge")
EXAMPLE = 'match = { service = "eks" }'
_CHARGES = {folded(kind.value): kind for kind in ChargeCategory if kind is not ChargeCategory.USAGE}


def shared_costs(said: Any, file: str) -> tuple[Shared, ...]:
    """Every shared cost, in the order of the file.

    Raises:
        MappingError: the first thing that is wrong.
    """
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise MappingError(f"{file}: shared is no list of tables.", "Write [[shared]], in two brackets, above each.")
    found: list[Shared] = []
    for at, one in enumerate(said, 1):
        shared = _shared(one, file, at)
        same = next((other for other in found if (other.match, other.by) == (shared.match, shared.by)), None)
        if same is not None:
            raise MappingError(
                f"{file}: the shared costs “{same.name}” and “{shared.name}” match the same charges.",
                "The first takes them all: leave one out.",
            )
        if folded(shared.name) in {folded(CHARGES), *(folded(other.name) for other in found)}:
            raise MappingError(f"{file}: the name “{shared.name}” of a shared cost is taken.", "Give it another one.")
        found.append(shared)
    return tuple(found)


def _shared(said: dict[str, Any], file: str, at: int) -> Shared:
    if "name" not in said:
        raise MappingError(f"{file}: the {_ordinal(at)} shared cost has no name.", 'Write name = "network".')
    name = a_text(said["name"], file, f"shared[{at}].name")
    where = f"shared cost “{name}”"
    known_keys(said, KEYS, file, where)
    for key, example in (("match", EXAMPLE), ("split", 'split = "even"')):
        if key not in said:
            raise MappingError(f"{file}: the {where} has no {key}.", f"Write {example}.")
    split = Split(choice(said["split"], [*Split], file, f"split of the {where}"))
    among = texts(said.get("among", []), file, f"{where}.among")
    return Shared(
        name=" ".join(name.split()),
        match=_match(said["match"], file, where),
        split=split,
        among=tuple({folded(owner): owner for owner in among}.values()),
        shares=_shares(said, split, file, where),
        by=Dimension(choice(said.get("by", "team"), [*Dimension], file, f"by of the {where}")),
    )


def _match(said: Any, file: str, where: str) -> Match:
    table = a_table(said, file, f"match of the {where}", EXAMPLE)
    known_keys(table, MATCH_KEYS, file, f"match of the {where}")
    values = {key: texts(value, file, f"{where}.{key}") for key, value in table.items()}
    if not any(values.values()):
        raise MappingError(f"{file}: the {where} matches everything.", f"Write {EXAMPLE}.")
    charges = frozenset(_charge(text, file, where) for text in values.get("charge", ()))
    if charges and not values.keys() <= {"charge", "service"}:
        raise MappingError(
            f"{file}: charge of the {where} stands beside {', '.join(sorted(values.keys() - {'charge', 'service'}))}.",
            "Write charge alone or with service: no bill tells more about such charges.",
        )
    return Match(
        accounts=frozenset(text.strip() for text in values.get("account", ())),
        services=frozenset(named_service(text) for text in values.get("service", ())),
        tags=frozenset(_tag(text, file, where) for text in values.get("tag", ())),
        usage=tuple(values.get("usage", ())),
        charges=charges,
    )


def _charge(text: str, file: str, where: str) -> ChargeCategory:
    return _CHARGES[choice(text, _CHARGES, file, f"charge of the {where}")]


def _tag(text: str, file: str, where: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key.strip() and equals and value.strip()):
        raise MappingError(f"{file}: tag of the {where} is “{text}”.", 'Write tag = "key=value".')
    return tag_key(key), folded(value)


def _shares(said: dict[str, Any], split: Split, file: str, where: str) -> dict[str, Fraction]:
    """Fixed shares, as parts of 1."""
    if split is not Split.FIXED:
        if "shares" in said:
            raise MappingError(f"{file}: the {where} has shares, but its split is {split}.", 'Write split = "fixed".')
        return {}
    example = "shares = { payments = 60, search = 40 }"
    if "among" in said:
        raise MappingError(f"{file}: the {where} is fixed and has among.", f"Write {example} alone.")
    if not said.get("shares"):
        raise MappingError(f"{file}: the {where} is fixed and has no shares.", f"Write {example}.")
    found: dict[str, Fraction] = {}
    for owner, percent in a_table(said["shares"], file, f"shares of the {where}", example).items():
        if isinstance(percent, bool) or not isinstance(percent, int | float) or not math.isfinite(percent):
            raise MappingError(f"{file}: the share of {owner} in the {where} is no number.", f"Write {example}.")
        if percent < 0:
            raise MappingError(f"{file}: the share of {owner} in the {where} is {percent} %.", "Write it above 0.")
        # The decimal that was typed, not the binary fraction next to it.
        found[owner] = Fraction(str(percent)) / 100
    total = sum(found.values(), Fraction(0))
    if total != 1:
        raise MappingError(
            f"{file}: the shares of the {where} add up to {float(total * 100):.10g} %.", "Make them 100 % together."
        )
    return found


def _ordinal(at: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(at, f"{at}th")
