"""Where in the usage by the hour a saving takes something away, and where it adds something."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame

from analysis.commitments.after_discount_usage import Moved, counted
from analysis.commitments.holdings import HOURS_A_MONTH
from analysis.commitments.units import full_type, line_units, platform_key
from analysis.commitments.usage import LINES, Floats, HourlyUsage

#: Hours in which what goes must have run to say what becomes of what covers it.
LEAST_HOURS = 24
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Saving:
    """What one saving moves, in one account and region."""

    account_id: str
    region: str
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A saving as a change of usage.

    Attributes:
        lines: by line, what is added to its quantity, (hours,); below 0 for what goes.
        monthly: makes dollars of all hours dollars a month, as if it ran in all of them.
        on_demand: dollars of all hours at on-demand prices, as if there were no commitments.
        discount: dollars a month that the check did not count, as it went by rates below on demand.
    """

    lines: dict[int, Floats]
    monthly: float
    on_demand: float
    discount: float


def changes(usage: HourlyUsage, savings: Sequence[Saving]) -> tuple[HourlyUsage, list[Change | None]]:
    """Each saving as a change of usage.

    What runs instead and nobody ran so far gets a line of its own, at the price of the same usage in another account,
    or else at that of what it replaces, in the proportion that the check counted.

    Returns:
        The usage with these lines, and a change for each saving; None where the hours do not show what it takes away.
    """
    book = _Lines(usage)
    places = [_placed(book, saving) for saving in savings]
    whole = book.usage()
    return whole, [
        None if place is None else _change(whole, saving, place) for saving, place in zip(savings, places, strict=True)
    ]


class _Lines:
    """Lines by what savings tell of them, and the new ones."""

    def __init__(self, usage: HourlyUsage) -> None:
        self._usage = usage
        self._rows = usage.lines.to_dict("records")
        self._mean: list[float] = usage.quantity.mean(axis=0).tolist() if len(usage.hours) else []
        self._by_place: dict[tuple[str, str], list[int]] = {}
        for line, row in enumerate(self._rows):
            self._by_place.setdefault((row["region"], row["service"]), []).append(line)

    def find(self, account_id: str, region: str, moved: Moved) -> int | None:
        """The line that it is usage of; of several the one with the most."""
        found = [line for line in self._alike(region, moved) if self._rows[line]["account_id"] == account_id]
        return max(found, key=lambda line: (self._is_exact(line, moved), self._mean[line]), default=None)

    def made(self, account_id: str, region: str, moved: Moved, instead_of: int, ratio: float) -> int:
        """A new line.

        Args:
            instead_of: what ran so far. ratio: what the check takes the new one to cost of it.
        """
        now = self._rows[instead_of]
        exact = [line for line in self._alike(region, moved) if self._is_exact(line, moved)]
        known = [price for line in exact if (price := self._rows[line]["on_demand"]) > 0]
        prefix = re.match(r"^[A-Z]+\d*-", now["usage_type"])
        usage = f"{moved.usage.rstrip(':')}:{moved.instance_type}" if moved.instance_type else moved.usage
        row = dict(now) | {
            "account_id": account_id,
            "usage_type": (prefix[0] if prefix else "") + usage,
            "instance_type": moved.instance_type,
            "platform": now["platform"] if platform_key(moved.platform) != "valkey" else "Valkey",
            "on_demand": sum(known) / len(known) if known else now["on_demand"] * ratio,
        }
        self._rows.append(row)
        self._mean.append(0.0)
        self._by_place[region, moved.service].append(len(self._rows) - 1)
        return len(self._rows) - 1

    def usage(self) -> HourlyUsage:
        lines = DataFrame(self._rows, columns=list(self._usage.lines.columns))
        known = {name: kind for name, kind in LINES.items() if name in lines}
        more = len(lines) - self._usage.quantity.shape[1]
        quantity = np.hstack([self._usage.quantity, np.zeros((len(self._usage.hours), more))])
        return HourlyUsage(self._usage.hours, lines.assign(units=line_units(lines)).astype(known), quantity)

    def _alike(self, region: str, moved: Moved) -> list[int]:
        wanted = re.compile(rf"(?:^|-){re.escape(moved.usage)}" + ("" if moved.instance_type else "$"))
        engine, kind = platform_key(moved.platform), full_type(moved.instance_type)
        return [
            line
            for line in self._by_place.get((region, moved.service), ())
            if full_type(self._rows[line]["instance_type"]) == kind
            and wanted.search(self._rows[line]["usage_type"])
            and platform_key(self._rows[line]["platform"]) in ("", engine or platform_key(self._rows[line]["platform"]))
        ]

    def _is_exact(self, line: int, moved: Moved) -> bool:
        return platform_key(self._rows[line]["platform"]) == platform_key(moved.platform)


def _placed(book: _Lines, saving: Saving) -> list[int] | None:
    """The line of each thing moved."""
    goes = [part for part in saving.moved if part.quantity > 0]
    if not goes or not math.isfinite(counted(saving.moved)):
        return None
    gone = {part: book.find(saving.account_id, saving.region, part) for part in goes}
    lines = []
    for part in saving.moved:
        line = gone[part] if part in gone else book.find(saving.account_id, saving.region, part)
        old = gone[goes[0]]
        if old is None or (line is None and part in gone):
            return None
        # Where the bill does not tell platforms, what comes would be on the line of what goes.
        if line is None or (part not in gone and line in gone.values()):
            line = book.made(saving.account_id, saving.region, part, old, part.usd / goes[0].usd)
        lines.append(line)
    return lines


def _change(usage: HourlyUsage, saving: Saving, places: Sequence[int]) -> Change | None:
    when = _hours(usage, saving.moved[0].slots)
    there = when.astype(np.float64)
    for part, line in zip(saving.moved, places, strict=True):
        if part.quantity > 0:
            there = np.minimum(there, usage.quantity[:, line] / part.quantity)
    ran = float(there.sum())
    if ran < LEAST_HOURS:
        return None
    lines: dict[int, Floats] = {}
    for part, line in zip(saving.moved, places, strict=True):
        lines[line] = lines.get(line, np.zeros(len(there))) - part.quantity * there
    prices = usage.lines["on_demand"].to_numpy(np.float64)
    dollars = math.fsum(-float(more.sum()) * prices[line] for line, more in lines.items() if prices[line] > 0)
    discount = counted(saving.moved) * (1 / _share(saving, places, prices) - 1)
    return Change(lines, HOURS_A_MONTH / len(there) * float(when.sum()) / ran, dollars, discount)


def _share(saving: Saving, places: Sequence[int], prices: Floats) -> float:
    """What the check took what goes to cost, of the on-demand price; 1 where it is no less."""
    goes = [(part, prices[line]) for part, line in zip(saving.moved, places, strict=True) if part.quantity > 0]
    listed = math.fsum(part.quantity * price for part, price in goes)
    own = math.fsum(part.quantity * part.usd for part, _ in goes)
    return min(own / listed, 1.0) if listed > 0 and own > 0 else 1.0


def _hours(usage: HourlyUsage, slots: str) -> NDArray[np.bool_]:
    """Which hours a saving is about."""
    if not slots:
        return np.ones(len(usage.hours), dtype=np.bool_)
    slot = usage.hours.day_of_week.to_numpy() * _HOURS_A_DAY + usage.hours.hour.to_numpy()
    chosen: NDArray[np.bool_] = np.array([flag == "1" for flag in slots])[slot]
    return chosen
