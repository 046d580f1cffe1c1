"""The hours of a look-back that AWS computes its proposals from: what ran on demand in each, line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_hourly import hourly
from bot.demo.aws.ledger_lines import ON_DEMAND, Line
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.organisation import PAYER
from bot.demo.aws.purchase_request import Wanted
from bot.demo.aws.record_types import RecordType


@dataclass(frozen=True, slots=True)
class LookBack:
    """Whole days, up to the last one that is no longer estimated.

    Attributes:
        start: of its first hour.
        quantity, dollars: unblended, (lines, hours).
    """

    start: datetime
    lines: tuple[Line, ...]
    quantity: Floats
    dollars: Floats

    @classmethod
    def of(cls, view: View, wanted: Wanted, keep: Callable[[Line], bool]) -> LookBack:
        """The lines that `keep` lets through, of the accounts that the caller sees and asks for."""
        statement = view.statement
        last = statement.today
        while statement.is_estimated(last):
            last -= timedelta(days=1)
        first = last - timedelta(days=wanted.days - 1)
        rows = [row for row, line in enumerate(statement.lines) if _is_seen(view, wanted, line) and keep(line)]
        quantity, dollars = (hourly(statement, name, first, last)[rows] for name in ("UsageQuantity", "UnblendedCost"))
        start = datetime.combine(first, time(), UTC)
        return cls(start, tuple(statement.lines[row] for row in rows), quantity, dollars)

    @property
    def hours(self) -> int:
        return int(self.dollars.shape[1])

    def chosen(self, which: NDArray[np.bool_]) -> LookBack:
        """Some of its lines."""
        lines = tuple(line for line, is_one in zip(self.lines, which, strict=True) if is_one)
        return LookBack(self.start, lines, self.quantity[which], self.dollars[which])

    def by(self, key: Callable[[Line], tuple[str, ...]]) -> dict[tuple[str, ...], LookBack]:
        """Its lines by what `key` says of them, in alphabetical order."""
        keys = [key(line) for line in self.lines]
        return {one: self.chosen(np.array([own == one for own in keys])) for one in sorted(set(keys))}


def is_on_demand(line: Line) -> bool:
    """Whether usage runs without any commitment."""
    return line.record_type is RecordType.USAGE and line.purchase_type == ON_DEMAND


def instance_type(line: Line) -> str:
    """`m5.large` of `EUW1-BoxUsage:m5.large`; empty for what is no instance."""
    return line.usage_type.partition(":")[2]


def family(line: Line) -> str:
    """`m5` of `BoxUsage:m5.large`, `db.r5` of `InstanceUsage:db.r5.large`."""
    return instance_type(line).rpartition(".")[0]


def _is_seen(view: View, wanted: Wanted, line: Line) -> bool:
    by_caller = view.account_id in (PAYER.id, line.account_id)
    return by_caller and (not wanted.account_ids or line.account_id in wanted.account_ids)
