"""The ledger's lines as rows of an export: split by resource and by hour, rounded so that every sum stays what it was.

Amounts have ten digits after the point. They are not rounded one by one: a running total is, and a row is the step from
one rounded total to the next. So the rows of a day add up to the day, and the resources of a line to the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame

from bot.demo.aws.export_resources import Behind, resources_behind
from bot.demo.aws.export_tax import services_taxed
from bot.demo.aws.ledger import Statement
from bot.demo.aws.ledger_hourly import arrived, hour_shares_of_a_day
from bot.demo.aws.ledger_lines import Line
from bot.demo.aws.ledger_noise import Floats

DIGITS = 10
#: The first slot of a row that stands for a whole day; below are the hours of the month.
DAY_SLOTS = 31 * 24

#: Column of `Charges.month` → metric of the statement.
MEASURES = {
    "quantity": "UsageQuantity",
    "unblended": "UnblendedCost",
    "net_unblended": "NetUnblendedCost",
    "blended": "BlendedCost",
    "amortized": "AmortizedCost",
    "net_amortized": "NetAmortizedCost",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A line, or what one resource or one taxed service has of it."""

    row: int
    line: Line
    behind: Behind | None

    @property
    def service(self) -> str:
        """As Cost Explorer calls it, except that tax is told apart by what is taxed."""
        return self.line.service if self.behind is None else self.behind.service


class Charges:
    """All charges of a statement; parts once, rows by the month."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        no_one: Sequence[Behind | None] = [None]
        behind: dict[int, Sequence[Behind | None]] = {**resources_behind(statement), **services_taxed(statement)}
        self.parts = tuple(
            Part(row, line, one) for row, line in enumerate(statement.lines) for one in behind.get(row, no_one)
        )
        self._rows = np.array([part.row for part in self.parts])
        self._hourly = np.array([part.line.hourly for part in self.parts])
        self._last_of_line = np.append(self._rows[1:] != self._rows[:-1], True)
        self._shares = {
            "quantity": self._running_shares("quantity"),
            "cost": self._running_shares("cost"),
        }

    def months(self) -> list[date]:
        """The first day of each month that has charges."""
        days = [self.statement.first_day + timedelta(days=n) for n in range(self.statement.shares.shape[1])]
        return sorted({day.replace(day=1) for day in days})

    def month(self, month: date) -> DataFrame:
        """The rows of one month, by part and time; nothing where a part has neither quantity nor cost.

        Returns:
            part (index of `parts`), slot (hour of the month, or `DAY_SLOTS` + day for a row that stands for a day),
            and `MEASURES`.
        """
        columns = self.columns(month)
        daily = {name: self._daily(name, columns) for name in MEASURES}
        first_slot = (self.statement.first_day + timedelta(days=columns.start) - month).days
        by_day = {name: values[~self._hourly] for name, values in daily.items()}
        part, day = np.nonzero(_any(by_day))
        days = _rows(np.flatnonzero(~self._hourly)[part], DAY_SLOTS + first_slot + day, by_day, (part, day))
        by_hour = self._by_hour({name: values[self._hourly] for name, values in daily.items()}, columns)
        part, day, hour = np.nonzero(_any(by_hour))
        slots = (first_slot + day) * 24 + hour
        hours = _rows(np.flatnonzero(self._hourly)[part], slots, by_hour, (part, day, hour))
        return pd.concat([hours, days], ignore_index=True)

    def columns(self, month: date) -> slice:
        """The statement's columns of a month."""
        following = (month + timedelta(days=31)).replace(day=1)
        width = self.statement.shares.shape[1]
        since, until = (self.statement.column(day) for day in (month, following))
        return slice(max(since, 0), min(until, width))

    def _running_shares(self, name: str) -> Floats:
        """What each part and those before it have of their line, on each day."""
        shares = np.ones((len(self.parts), self.statement.shares.shape[1]))
        starts = [0, *(np.flatnonzero(self._last_of_line) + 1)]
        for start, end in pairwise(starts):
            if self.parts[start].behind is not None:
                shares[start:end] = np.cumsum([getattr(part.behind, name) for part in self.parts[start:end]], axis=0)
        shares[self._last_of_line] = 1.0
        return shares

    def _daily(self, name: str, columns: slice) -> Floats:
        shares = self._shares["quantity" if name == "quantity" else "cost"][:, columns]
        values = self.statement.values[MEASURES[name]][:, columns]
        running = np.round(values[self._rows] * shares, DIGITS)
        before = np.vstack([np.zeros((1, running.shape[1])), running[:-1]])
        before[np.insert(self._last_of_line[:-1], 0, True)] = 0.0
        own: Floats = np.round(running - before, DIGITS)
        return own

    def _by_hour(self, daily: dict[str, Floats], columns: slice) -> dict[str, Floats]:
        weights = hour_shares_of_a_day(self.statement)
        lines = self._rows[self._hourly]
        shares = self.statement.shares[:, columns]
        running = np.stack(
            [np.cumsum(arrived(weights, day)[lines], axis=1) for day in shares.T],
            axis=1,
        )
        running[running > 1.0 - 1e-12] = 1.0
        return {name: steps(values, running) for name, values in daily.items()}


def steps(values: Floats, running: Floats) -> Floats:
    """Amounts by day as amounts by hour that add up to them.

    Args:
        values: a row per line, a column per day.
        running: share of the day that is over after each hour; the last is 1.
    """
    rounded = np.round(values[:, :, None] * running, DIGITS)
    hours: Floats = np.round(np.diff(rounded, axis=2, prepend=0.0), DIGITS)
    return hours


def _any(values: dict[str, Floats]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.logical_or.reduce(
        [values[name] != 0.0 for name in ("quantity", "unblended", "amortized")]
    )
    return found


def _rows(
    parts: NDArray[np.int64], slots: NDArray[np.int64], values: dict[str, Floats], where: tuple[NDArray[np.int64], ...]
) -> DataFrame:
    return DataFrame({"part": parts, "slot": slots, **{name: array[where] for name, array in values.items()}}).astype(
        {"part": "int32", "slot": "int32"}
    )
