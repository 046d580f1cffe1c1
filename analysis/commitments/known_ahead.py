"""What is known of a term before it begins: commitments that end give usage back, decided savings take some away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pandas import Timedelta

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


@dataclass(frozen=True, slots=True)
class Ahead:
    """A term's start.

    Attributes:
        usage: what runs on demand now or will when commitments end, of the lines and hours of `now`.
        now: what runs on demand now.
        changes: from `usage` to what is there at each time.
        ends: what ends within the term and gives usage back, with its on-demand dollars an hour.
        placed: reductions that fall on usage on demand, with how much of them does. unplaced: names of the others.
    """

    usage: HourlyUsage
    now: HourlyUsage
    changes: tuple[Change, ...]
    ends: tuple[tuple[Held, float], ...]
    placed: tuple[tuple[Reduction, float], ...]
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


def _ends(of: Eligible, years: int, are_renewed: bool) -> tuple[tuple[tuple[Held, float], ...], Floats, list[Change]]:
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
        found.append((one, float(given_back @ price)))
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
) -> tuple[tuple[tuple[Reduction, float], ...], tuple[str, ...], list[Change]]:
    lines = left.lines.assign(service=left.lines["service"].map({code: key for key, code in CODES.items()}))
    remaining = np.nan_to_num(_recent(left.on_demand))
    changes, placed, unplaced = [], [], []
    for one in reductions:
        types = (one.instance_type,) if one.instance_type else ()
        wanted = {
            "account_id": one.accounts,
            "region": one.regions,
            "service": one.services,
            "instance_type": types,
        }
        inside = remaining > 0
        for column, values in wanted.items():
            inside &= lines[column].isin(values).to_numpy() if values else True
        there = float(remaining[inside].sum())
        taken = min(one.dollars, there)
        if not taken > 0:
            unplaced.append(one.name)
            continue
        share = 1 - taken / there
        remaining = np.where(inside, remaining * share, remaining)
        changes += [Change(int(line), one.start_hour, share) for line in np.flatnonzero(inside)]
        placed.append((one, taken))
    return tuple(placed), tuple(unplaced), changes


def _recent(values: Floats) -> Floats:
    """The mean of the newest weeks, by line."""
    mean: Floats = values[-RECENT_H:].mean(axis=0)
    return mean
