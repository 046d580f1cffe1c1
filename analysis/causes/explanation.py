"""What a change of cost is made of, in whole cents that add up to it: effects, lines, and what is left over."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from pandas import DataFrame

from analysis.allocation.cents import in_cents
from analysis.causes.effects import Effect, effects
from analysis.causes.shortlist import LEVELS, against, is_flat, leading, level_of, swing

K = TypeVar("K", str, int)

#: Lines that are kept of the shortest set, the largest first: no one reads more.
MOST_LISTED = 20
#: Values of a dimension that are kept, the largest first.
MOST_VALUES = 5


@dataclass(frozen=True, slots=True)
class Cause:
    """One line of a change, in cents a day; "" where lines of several values are one, or it is not known.

    `share` is of the whole change, of a flat one of all that moved; `effects` are its own, the largest first.
    `quantities` are units a day, before and now, in `unit`; None where they are not known or of several units.
    """

    account: str
    region: str
    service: str
    usage_type: str
    tag: str
    category: str
    before: int
    now: int
    change: int
    share: float
    effects: tuple[tuple[Effect, int], ...]
    quantities: tuple[float, float] | None
    unit: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A change in cents a day: `change` = `now` − `before` = all `effects` + `residual`
    = all `causes` + all `against` + `others` + `residual`.

    `causes` are the shortest set of lines that explains four fifths, or the first of its `needed` lines where these are
    too many to read; `against` is what moved the other way, `others` the `other_lines` that are in neither. `explained`
    is the share of the change that `causes` make; of a flat total, which hides rises and falls of one size, their share
    of all that moved. `residual` is what the bill's total has beyond its lines. `where` gives, for account, region and
    tag, the change of each value, the largest first; none where unknown.
    """

    before: int
    now: int
    effects: tuple[tuple[Effect, int], ...]
    residual: int
    causes: tuple[Cause, ...]
    needed: int
    against: tuple[Cause, ...]
    others: int
    other_lines: int
    explained: float
    is_flat: bool
    where: Mapping[str, tuple[tuple[str, int], ...]]

    @property
    def change(self) -> int:
        return self.now - self.before

    @property
    def fraction(self) -> float | None:
        """The change as a share of before; None from zero or a net credit, where a share means nothing."""
        return self.change / self.before if self.before > 0 else None


def explain(parts: DataFrame, *, before: float, now: float, levels: Sequence[tuple[str, ...]] = LEVELS) -> Explanation:
    """Explain a change from what the bill's lines say.

    Args:
        parts: as `effects` takes them.
        before, now: the bill's totals, dollars a day; what they have beyond the lines is the residual.
        levels: levels of detail to choose from, the finest first.
    """
    lines = effects(parts)
    total_before, total_now = _cents(before), _cents(now)
    change = total_now - total_before
    moved = swing(lines)
    amounts: dict[str, float] = {effect.value: float(lines[effect].sum()) for effect in Effect}
    told = _together(amounts | {"residual": (now - before) - float(lines["change"].sum())}, change)
    residual = told.pop("residual")

    told_change = float(lines["change"].sum())
    level = level_of(lines, told_change, levels)
    grouped = _at(lines, level)
    changes = grouped["change"].to_numpy(dtype=float)
    first, other_way = leading(changes, told_change, moved), against(changes, told_change, moved)
    cents = _together(dict(enumerate(map(float, changes))), change - residual)
    gross = sum(map(abs, cents.values()))
    flat = is_flat(told_change, moved)
    whole = gross if flat else change
    causes = tuple(_cause(grouped, at, cents[at], whole) for at in first[:MOST_LISTED])
    hidden = tuple(_cause(grouped, at, cents[at], whole) for at in other_way)
    shown = sum(cause.change for cause in (*causes, *hidden))
    made = sum(abs(cause.change) if flat else cause.change for cause in causes)
    return Explanation(
        before=total_before,
        now=total_now,
        effects=_largest(told),
        residual=residual,
        causes=causes,
        needed=len(first),
        against=hidden,
        others=change - residual - shown,
        other_lines=int((abs(changes) > 0).sum()) - len(causes) - len(hidden),
        explained=made / whole if whole else 0.0,
        is_flat=flat,
        where={name: _where(lines, name) for name in ("account", "region", "tag")},
    )


def _at(lines: DataFrame, level: tuple[str, ...]) -> DataFrame:
    keys = [*level, "category"]
    measures = ["before", "now", "change", *(effect.value for effect in Effect)]
    by_key = lines.groupby(keys, sort=True)
    grouped = by_key[measures].sum()
    quantities = ["quantity_before", "quantity_now"]
    known = by_key["unit"].nunique().eq(1) & by_key["unit"].first().ne("")
    missing_of = lines[keys].join(lines[quantities].isna()).groupby(keys, sort=True)[quantities].any()
    summed = by_key[quantities].sum().mask(missing_of).where(known)
    grouped = grouped.join(summed).join(by_key["unit"].first()).reset_index()
    missing = [name for name in ("account", "region", "service", "usage_type", "tag") if name not in level]
    return grouped.assign(**dict.fromkeys(missing, ""))


def _cause(grouped: DataFrame, at: int, change: int, whole: int) -> Cause:
    row = grouped.iloc[at]
    was, is_now = float(row["quantity_before"]), float(row["quantity_now"])
    is_known = math.isfinite(was) and math.isfinite(is_now)
    # What cost nothing before costs nothing to the cent; else the cent that rounding takes is before.
    now = change if row["before"] == 0 else _cents(float(row["now"]))
    own = _together({effect.value: float(row[effect]) for effect in Effect}, change)
    return Cause(
        account=str(row["account"]),
        region=str(row["region"]),
        service=str(row["service"]),
        usage_type=str(row["usage_type"]),
        tag=str(row["tag"]),
        category=str(row["category"]),
        before=now - change,
        now=now,
        change=change,
        share=change / whole if whole else 0.0,
        effects=_largest(own),
        quantities=(was, is_now) if is_known else None,
        unit=str(row["unit"]) if is_known else "",
    )


def _where(lines: DataFrame, name: str) -> tuple[tuple[str, int], ...]:
    if not lines[name].ne("").any():
        return ()
    sums = lines.groupby(name, sort=True)["change"].sum()
    values = {str(value): _cents(float(change)) for value, change in sums.items()}
    return tuple(sorted(values.items(), key=lambda one: (-abs(one[1]), one[0]))[:MOST_VALUES])


def _largest(amounts: Mapping[str, int]) -> tuple[tuple[Effect, int], ...]:
    found = [(Effect(name), cents) for name, cents in amounts.items() if cents]
    return tuple(sorted(found, key=lambda one: (-abs(one[1]), one[0])))


def _together(amounts: Mapping[K, float], total: int) -> dict[K, int]:
    """The amounts in cents, together exactly the total."""
    return in_cents({key: Fraction(amount) for key, amount in amounts.items()}, Fraction(total, 100))


def _cents(amount: float) -> int:
    return round(Fraction(amount) * 100) if math.isfinite(amount) else 0
