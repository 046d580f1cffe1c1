"""The planted spike and the planted new service, as charges of their own; the drift is part of the ordinary days."""

from __future__ import annotations

import numpy as np

from bot.demo.aws.ledger_catalogue import Item
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.ledger_noise import Days, Floats
from bot.demo.aws.ledger_ordinary import Series, daily_levels
from bot.demo.aws.patterns import Rhythm
from bot.demo.aws.planted_costs import NAT_SPIKE, NEW_SERVICE, PlantedCost

# Model usage: (usage type, share of the cost, dollars per 1,000 tokens).
_TOKENS = (("USE1-NovaPro-input-tokens", 0.62, 0.0008), ("USE1-NovaPro-output-tokens", 0.38, 0.0032))


def planted_charges(seed: int, days: Days, anchor: int) -> Block:
    """The charges that carry the spike and the new service, on ordinary days too."""
    nat = _series(NAT_SPIKE, NAT_SPIKE.usage_type, "NatGateway", "GB", 0.045, NAT_SPIKE.expected_daily)
    tokens = [
        _series(NEW_SERVICE, usage_type, "InvokeModelInference", "1K tokens", price, NEW_SERVICE.actual_daily * share)
        for usage_type, share, price in _TOKENS
    ]
    series = [nat, *tokens]
    cost = daily_levels(seed, series, days, anchor)
    cost[0] *= np.where(_during(NAT_SPIKE, days, anchor), NAT_SPIKE.actual_daily / NAT_SPIKE.expected_daily, 1.0)
    cost[1:] *= days >= anchor - NEW_SERVICE.first_day_ago
    prices = np.array([[one.item.unit_price] for one in series])
    return Block(tuple(one.line for one in series), cost / prices, cost, cost.copy())


def _series(planted: PlantedCost, usage_type: str, operation: str, unit: str, price: float, daily: float) -> Series:
    line = Line(
        account_id=planted.account_id,
        region=planted.region,
        service=planted.service,
        usage_type=usage_type,
        operation=operation,
        unit=unit,
        team=planted.team,
        env="prod",
        rhythm=Rhythm.TRAFFIC,
    )
    return Series(line, Item(planted.service, usage_type, operation, unit, price, Rhythm.TRAFFIC, {}), daily)


def _during(planted: PlantedCost, days: Days, anchor: int) -> Floats:
    ago = anchor - days
    return ((ago <= planted.first_day_ago) & (ago >= planted.last_day_ago)).astype(np.float64)
