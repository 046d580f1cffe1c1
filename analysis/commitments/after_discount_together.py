"""What savings are worth after the commitments that are paid anyway: each alone, and as a part of all together.

Many savings strand more than each of them alone, as the room that one leaves the next would have filled. What all that
counts gives together is told as parts that add up to it: each saving's part lies between what it adds to the others and
what it gives alone, all at the same share of the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.commitments.after_discount import Outcome, Replay
from analysis.commitments.after_discount_alike import alike
from analysis.commitments.after_discount_lines import Change
from analysis.commitments.after_discount_owned import Owned
from analysis.commitments.usage import Floats, HourlyUsage

#: From what commitments take of each alone, dollars a month: for each saving None where it is counted, else the one
#: that is counted in its place, or its own place where that is none of these.
Choose = Callable[[Sequence[float]], Sequence[int | None]]

#: Shares of committed dollars below which a commitment has nothing to do with a saving.
_NOTHING = 0.005


@dataclass(frozen=True, slots=True)
class Weighed:
    """Dollars a month of one saving's usage.

    Attributes:
        alone: what commitments take of its on-demand price if nothing else is done; below 0 where they give more.
        together: the same, of its part of what all counted savings give.
        freed: committed dollars that cover what goes. stranded: committed dollars that nothing would use any more.
        covering: ids of the commitments that cover it, the most first. idle: of those that nothing would use any more.
    """

    alone: float
    together: float
    freed: float
    stranded: float
    covering: tuple[str, ...]
    idle: tuple[str, ...]


def weigh(usage: HourlyUsage, owned: Owned, changes: Sequence[Change], choose: Choose) -> list[Weighed]:
    """What each saving gives: by simulation of the hours with and without it, and with all that counts."""
    fewer = alike(usage, owned.reservations, owned.plans)
    base = Replay(fewer.usage, owned.reservations, fewer.plans)
    moved = [fewer.change(change.lines) for change in changes]
    outcomes = _each(base, moved)
    alone = [float(found.saved.sum()) for found in outcomes]
    taken = [(change.on_demand - dollars) * change.monthly for dollars, change in zip(alone, changes, strict=True)]
    instead = choose(taken)
    together = _together(base, moved, alone, instead)
    return [
        _weighed(base.ids, change, found, loss, both)
        for change, found, loss, both in zip(changes, outcomes, taken, together, strict=True)
    ]


def _together(
    base: Replay, moved: Sequence[Mapping[int, Floats]], alone: Sequence[float], instead: Sequence[int | None]
) -> list[float]:
    """Each saving's part of what all counted ones give, in dollars of all hours."""
    chosen = [at for at, other in enumerate(instead) if other is None]
    everything: dict[int, Floats] = {}
    for at in chosen:
        everything = _sum(everything, moved[at])
    full = base.after(everything)
    back = _each(full, [_less(moved[at]) for at in chosen])
    added = {at: -float(found.saved.sum()) for at, found in zip(chosen, back, strict=True)}
    least, most = sum(added.values()), sum(alone[at] for at in chosen)
    whole = float(base.on_demand.sum() - full.on_demand.sum())
    way = min(max((whole - least) / (most - least), 0.0), 1.0) if most - least > 1e-6 * abs(most) else 1.0
    for at, other in enumerate(instead):
        if other is not None:
            without = {} if other == at else _less(moved[other])
            swapped = full.outcome(_sum(without, moved[at]))
            added[at] = (0.0 if other == at else added[other]) + float(swapped.saved.sum())
    return [added[at] + way * (alone[at] - added[at]) for at in range(len(moved))]


def _each(replay: Replay, changes: Sequence[Mapping[int, Floats]]) -> list[Outcome]:
    """What each change does; those that are alike, as of instances of one type in one account, are simulated once."""
    known: dict[tuple[tuple[int, bytes], ...], Outcome] = {}
    found = []
    for lines in changes:
        key = tuple((line, more.tobytes()) for line, more in lines.items())
        if key not in known:
            known[key] = replay.outcome(lines)
        found.append(known[key])
    return found


def _sum(one: Mapping[int, Floats], other: Mapping[int, Floats]) -> dict[int, Floats]:
    lines = dict(one)
    for line, more in other.items():
        lines[line] = lines[line] + more if line in lines else more
    return lines


def _less(lines: Mapping[int, Floats]) -> dict[int, Floats]:
    return {line: -more for line, more in lines.items()}


def _weighed(ids: tuple[str, ...], change: Change, found: Outcome, alone: float, together: float) -> Weighed:
    return Weighed(
        alone=alone,
        together=(change.on_demand - together) * change.monthly,
        freed=float(found.freed.sum()) * change.monthly,
        stranded=float(np.maximum(found.stranded, 0.0).sum()) * change.monthly,
        covering=_most(ids, found.freed),
        idle=_most(ids, np.maximum(found.stranded, 0.0)),
    )


def _most(ids: tuple[str, ...], dollars: Floats) -> tuple[str, ...]:
    order = np.argsort(-dollars, kind="stable")
    return tuple(ids[at] for at in order if dollars[at] > _NOTHING * max(dollars.sum(), 1e-12))
