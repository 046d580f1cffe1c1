"""One line of the ledger is one series of daily charges; a block is many of them as matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.patterns import Rhythm
from bot.demo.aws.record_types import RecordType

ON_DEMAND = "On Demand Instances"


@dataclass(frozen=True, slots=True)
class Line:
    """What all charges of a series share; names and values as Cost Explorer spells them.

    Attributes:
        team, env: tag values; empty is untagged.
        unit: unit of the quantity, as `Hrs` or `GB-Mo`.
        rhythm: how an hour differs from the next.
        hourly: whether the bill knows its hours; otherwise a day's charge stands at 00:00.
        commitment: ARN of the Savings Plan or id of the reservation that applies; empty for none.
        net_share: what is left to pay after negotiated discounts.
    """

    account_id: str
    region: str
    service: str
    usage_type: str
    operation: str
    unit: str
    record_type: RecordType = RecordType.USAGE
    team: str = ""
    env: str = ""
    rhythm: Rhythm = Rhythm.STEADY
    hourly: bool = False
    purchase_type: str = ON_DEMAND
    commitment: str = ""
    net_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines with their daily quantity and cost: a row per line, a column per day."""

    lines: tuple[Line, ...]
    quantity: Floats
    unblended: Floats
    amortized: Floats

    @classmethod
    def of(cls, rows: Sequence[tuple[Line, Floats, Floats, Floats]], days: int) -> Block:
        """From (line, quantity, unblended, amortized) of each line."""
        if not rows:
            empty = np.zeros((0, days))
            return cls((), empty, empty.copy(), empty.copy())
        lines, quantity, unblended, amortized = zip(*rows, strict=True)
        return cls(tuple(lines), np.vstack(quantity), np.vstack(unblended), np.vstack(amortized))

    @classmethod
    def joined(cls, blocks: Sequence[Block]) -> Block:
        """All lines of all blocks, in order."""
        return cls(
            tuple(line for block in blocks for line in block.lines),
            np.vstack([block.quantity for block in blocks]),
            np.vstack([block.unblended for block in blocks]),
            np.vstack([block.amortized for block in blocks]),
        )
