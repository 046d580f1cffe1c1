"""The one ledger of the demo: what every account was charged for what on each of 400 days, and what is known of it now.

Everything follows from (seed, start of the clock). The ledger itself is complete; `at(now)` shows the part that has
reached the bill by then, so a later `now` restates the last days and never anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock

import numpy as np

from bot.demo.aws.commitments import COMMITMENTS
from bot.demo.aws.ledger_arrival import corrected, is_open, reported
from bot.demo.aws.ledger_commitments import commitment_charges
from bot.demo.aws.ledger_invoice import fixed_entries, tax_and_support
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats
from bot.demo.aws.ledger_ordinary import ordinary_charges
from bot.demo.aws.ledger_planted import planted_charges
from bot.demo.aws.ledger_resources import resource_charges
from bot.demo.aws.record_types import BOOKED_AT_ONCE, RecordType
from bot.demo.aws.resources_model import Resource

HISTORY_DAYS = 400
DAYS_AHEAD = 45

METRICS = (
    "UnblendedCost",
    "AmortizedCost",
    "NetUnblendedCost",
    "NetAmortizedCost",
    "BlendedCost",
    "UsageQuantity",
    "NormalizedUsageAmount",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """The bill as it is known at one moment.

    Attributes:
        lines: what the rows of the matrices are.
        anchor: ordinal of the day on which the clock started.
        first_day: the day of the matrices' first column; the last column is the day of `now`.
        values: metric → a row per line, a column per day.
        shares: share of the day that has arrived, in the same shape; 1 for what is booked at once.
        resources: the inventory behind some of the lines; their age counts back from `start`.
    """

    now: datetime
    anchor: int
    first_day: date
    lines: tuple[Line, ...]
    values: dict[str, Floats]
    shares: Floats
    seed: int
    start: datetime
    resources: tuple[Resource, ...]

    @property
    def today(self) -> date:
        return self.first_day + timedelta(days=self.shares.shape[1] - 1)

    def column(self, day: date) -> int:
        """Index of a day; outside the ledger it lies outside the matrices."""
        return (day - self.first_day).days

    def is_estimated(self, day: date) -> bool:
        """Whether the day may still change noticeably."""
        return is_open(day, self.now)


class Ledger:
    """The organisation's charges.

    Args:
        seed: other seeds give other noise, the same organisation and the same planted findings.
        start: start of the clock, aware; planted findings and the age of resources count back from it.
        resources: the inventory whose cost is included.
    """

    def __init__(self, seed: int, start: datetime, resources: Sequence[Resource]) -> None:
        self.seed = seed
        # To the hour: the clock ticks between two processes that start from the same `--now`.
        self.start = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        self.resources = tuple(resources)
        self.first_day = self.start.date() - timedelta(days=HISTORY_DAYS)
        self._lock = Lock()
        self._complete = self._charges_until(self.start.date() + timedelta(days=DAYS_AHEAD))
        self._latest: Statement | None = None

    @property
    def anchor(self) -> int:
        """Ordinal of the day on which the clock started."""
        return self.start.date().toordinal()

    def at(self, now: datetime) -> Statement:
        """The bill as Cost Explorer knows it at `now`; it learns news once an hour."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        with self._lock:
            if self._latest is None or self._latest.now != hour:
                self._latest = self._statement(hour)
            return self._latest

    def complete(self, until: date) -> Block:
        """Every charge up to and including `until`, as if all had arrived; without tax and support."""
        wanted = (until - self.first_day).days + 1
        if wanted > self._complete.quantity.shape[1]:
            self._complete = self._charges_until(until + timedelta(days=DAYS_AHEAD))
        block = self._complete
        return Block(block.lines, block.quantity[:, :wanted], block.unblended[:, :wanted], block.amortized[:, :wanted])

    def days_until(self, last_day: date) -> Days:
        """Ordinals from the ledger's first day to `last_day`, included."""
        return np.arange(self.first_day.toordinal(), last_day.toordinal() + 1, dtype=np.int64)

    def _charges_until(self, last_day: date) -> Block:
        days = self.days_until(last_day)
        return Block.joined(
            [
                ordinary_charges(self.seed, days, self.anchor),
                planted_charges(self.seed, days, self.anchor),
                commitment_charges(self.seed, days, self.anchor),
                resource_charges(self.resources, days, self.start),
                fixed_entries(days, self.anchor),
            ]
        )

    def _statement(self, now: datetime) -> Statement:
        block = self.complete(now.date())
        days = self.days_until(now.date())
        shares = self._shares(block.lines, days, now)
        known = Block(block.lines, block.quantity * shares, block.unblended * shares, block.amortized * shares)
        known = Block.joined([known, tax_and_support(known, days)])
        shares = np.vstack([shares, np.ones((len(known.lines) - len(block.lines), days.size))])
        return Statement(
            now=now,
            anchor=self.anchor,
            first_day=self.first_day,
            lines=known.lines,
            values=_metrics(known),
            shares=shares,
            seed=self.seed,
            start=self.start,
            resources=self.resources,
        )

    def _shares(self, lines: Sequence[Line], days: Days, now: datetime) -> Floats:
        services = sorted({line.service for line in lines})
        row = {service: index for index, service in enumerate(services)}
        rows = [row[line.service] for line in lines]
        shares = reported(self.seed, services, days, now)[rows]
        # What a commitment covers and costs is settled by the hour and never corrected.
        usage = [not line.commitment for line in lines]
        shares[usage] *= corrected(self.seed, services, days, now)[rows][usage]
        shares[[line.record_type in BOOKED_AT_ONCE and not line.hourly for line in lines]] = 1.0
        return shares


def _metrics(block: Block) -> dict[str, Floats]:
    net = np.array([[line.net_share] for line in block.lines])
    return {
        "UnblendedCost": block.unblended,
        "AmortizedCost": block.amortized,
        "NetUnblendedCost": block.unblended * net,
        "NetAmortizedCost": block.amortized * net,
        "BlendedCost": blended(block),
        "UsageQuantity": block.quantity,
        "NormalizedUsageAmount": np.zeros_like(block.quantity),
    }


def blended(block: Block) -> Floats:
    """Unblended, but reserved and on-demand hours of one usage type share their average rate in the organisation."""
    values = block.unblended.copy()
    pooled = {RecordType.USAGE, RecordType.DISCOUNTED_USAGE}
    for usage_type in {commitment.usage_type for commitment in COMMITMENTS if commitment.is_reservation}:
        rows = [line.usage_type == usage_type and line.record_type in pooled for line in block.lines]
        quantity = block.quantity[rows]
        total = quantity.sum(axis=0)
        rate = np.divide(block.unblended[rows].sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
        values[rows] = quantity * rate
    return values
