"""What is known of a term before it begins: commitments that end give usage back, decided savings take some away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame, Timedelta

from analysis.commitments.eligible import RECENT_H, Eligible, Held
from analysis.commitments.hourly_lines import CODES
from analysis.commitments.scenarios import Change
from analysis.commitments.usage import Floats, HourlyUsage

HOURS_A_YEAR = 8760
#: A line that is covered in full has none of its usage on demand; a share of nothing could not grow again.
_LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Reduction:
    """Usage that will not be there: a right-sizing that was approved, an end that somebody announced.

    Attributes:
        name: as a person reads it, not escaped.
        dollars: on demand, an hour.
        start_hour: hours from the start of the term.
        accounts, regions, services, instance_type: of the lines it falls on; nothing for any. Services are canonical
            keys.
    """

    name: str
    dollars: float
    start_hour: float = 0.0
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    instance_type: str = ""

    def falls_on(self, lines: DataFrame) -> NDArray[np.bool_]:
        """Of which lines it takes usage away, (lines,); columns `LINES`."""
        keys = {code: key for key, code in CODES.items()}
        wanted = {
            "account_id": self.accounts,
            "region": self.regions,
            "service": self.services,
            "instance_type": (self.instance_type,) if self.instance_type else (),
        }
        found = np.ones(len(lines), dtype=bool)
        for column, values in wanted.items():
            own = lines[column].map(keys) if column == "service" else lines[column]
            found &= own.isin(values).to_numpy(dtype=bool) if values else True
        return found


@dataclass(frozen=True, slots=True)
class Ahead:
    """A term's start.

    Attributes:
        usage: what runs on demand now or will when commitments end, of the lines and hours of `now`.
        now: what runs on demand now.
        changes: from `usage` to what is there at each time.
        ends: what ends within the term, with the on-demand dollars an hour that it gives back, (lines,).
        placed: reductions that fall on usage on demand, with the dollars an hour they take away, (lines,).
        unplaced: names of the others.
    """

    usage: HourlyUsage
    now: HourlyUsage
    changes: tuple[Change, ...]
    ends: tuple[tuple[Held, Floats], ...]
    placed: tuple[tuple[Reduction, Floats], ...]
    unplaced: tuple[str, ...]


def ahead(of: Eligible, years: int, *, reductions: Sequence[Reduction] = (), are_renewed: bool = False) -> Ahead:
    """What a term of so many years begins with.

    Args:
        are_renewed: commitments that end are taken to be bought again: they give nothing back.
    """
    ends, quantity, changes = _ends(of, years, are_renewed)
    placed, unplaced, less = _less(of.left, reductions)
    usage = HourlyUsage(of.left.hours, of.left.lines, quantity)
    return Ahead(usage, of.left, (*changes, *less), ends, placed, unplaced)


def _ends(of: Eligible, years: int, are_renewed: bool) -> tuple[tuple[tuple[Held, Floats], ...], Floats, list[Change]]:
    last = of.until + Timedelta(hours=years * HOURS_A_YEAR)
    price = np.nan_to_num(of.left.lines["on_demand"].to_numpy(dtype="float64"))
    quantity = of.left.quantity.copy()
    level = _recent(of.left.quantity)
    steps, found = [], []
    for one in () if are_renewed else of.held:
        if one.ends_at is None or one.ends_at >= last or one.is_renewed:
            continue
        own = of.covered_by(one)
        given_back = _recent(own)
        if not (given_back * price).any():
            continue
        quantity += own
        found.append((one, given_back * price))
        steps.append((max(0.0, (one.ends_at - of.until).total_seconds() / 3600), given_back))
    changes = []
    total = level + sum((back for _, back in steps), np.zeros_like(level))
    touched = np.flatnonzero(total > level)
    reached = np.maximum(level, _LEAST_SHARE * total)
    changes += [Change(int(line), 0.0, float(reached[line] / total[line])) for line in touched]
    for start, back in steps:
        after = reached + back
        changes += [Change(int(n), start, float(after[n] / reached[n])) for n in touched if back[n] > 0]
        reached = after
    return tuple(found), quantity, changes


def _less(
    left: HourlyUsage, reductions: Sequence[Reduction]
) -> tuple[tuple[tuple[Reduction, Floats], ...], tuple[str, ...], list[Change]]:
    remaining = np.nan_to_num(_recent(left.on_demand))
    changes, placed, unplaced = [], [], []
    for one in reductions:
        inside = one.falls_on(left.lines) & (remaining > 0)
        there = float(remaining[inside].sum())
        taken = min(one.dollars, there)
        if not taken > 0:
            unplaced.append(one.name)
            continue
        share = 1 - taken / there
        lost = np.where(inside, remaining * (1 - share), 0.0)
        remaining = remaining - lost
        changes += [Change(int(line), one.start_hour, share) for line in np.flatnonzero(inside)]
        placed.append((one, lost))
    return tuple(placed), tuple(unplaced), changes


def _recent(values: Floats) -> Floats:
    """The mean of the newest weeks, by line."""
    mean: Floats = values[-RECENT_H:].mean(axis=0)
    return mean
