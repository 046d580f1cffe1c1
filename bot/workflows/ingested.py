"""What a run over a billing export did, as figures and in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.cost_files.rollup_months import Bill
from bot.workflows.ingest_plan import Plan


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is."""

    what: str
    done_bytes: int
    total_bytes: int
    rows: int
    seconds: float


Progress = Callable[[Step], None]


@dataclass(slots=True)
class Ingested:
    """What a run did; `changed` are the billing months that are different now.

    `bytes` is the size of what was read, `scanned` what the engine read of it, and `usd` what its owner bills for that.
    """

    plan: Plan
    currency: str = ""
    bills: tuple[Bill, ...] = ()
    changed: tuple[date, ...] = ()
    warnings: list[str] = field(default_factory=list)
    restated: list[str] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    scanned: int = 0
    usd: float = 0.0
    seconds: float = 0.0

    @property
    def sentences(self) -> list[str]:
        """The outcome: a line per bill, what to know about it, and how much was read."""
        if not self.bills:
            nothing = f"Read {_files(self._file_count)}: no rows of these months."
            return [nothing if self.bytes else self.planned]
        lines = [
            f"{bill.provider}, payer {bill.billing_account_id}, {bill.month:%B %Y}: {_rows(bill.rows)}, "
            f"{bill.billed:,.2f} {self.currency} billed{'' if bill.month in self.changed else ' (unchanged)'}."
            for bill in self.bills
        ]
        speed = self.bytes / 1e6 / max(self.seconds, 1e-3)
        price = f"${self.usd:.2f}" if self.usd >= 0.01 else "less than a cent"
        cost = f"; {_size(self.scanned)} scanned for {price}" if self.usd else ""
        took = f"{self.seconds:,.1f} s, {speed:,.0f} MB/s{cost}"
        read = f"Read {_files(self._file_count)} ({_size(self.bytes)}, {_rows(self.rows)}) in {took}."
        return [*lines, *self.restated, *self.warnings, read]

    @property
    def planned(self) -> str:
        """What the run would read."""
        same = len(self.plan.unchanged)
        if not self._file_count:
            return f"Nothing changed: {_files(same)} as they were read before."
        months = sorted({file.month for group in self.plan.groups for file in group if file.month})
        which = f" of {', '.join(f'{month:%b %Y}' for month in months)}" if months else ""
        return f"{_files(self._file_count)} to read{which} ({_size(self.plan.bytes)}); {same} unchanged."

    @property
    def _file_count(self) -> int:
        return sum(map(len, self.plan.groups))


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count < 1e9 else f"{count / 1e9:,.2f} GB"
