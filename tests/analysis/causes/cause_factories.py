"""Lines of a bill, before and now, for tests of root causes."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.causes.effects import DIMENSIONS, MEASURES, PRICING, Effect, effects

NAN = float("nan")
Side = tuple[float, float]


def part(before: Side = (0.0, 0.0), now: Side = (0.0, 0.0), **changed: Any) -> dict[str, Any]:
    """A part of a line; each side is (quantity, dollars)."""
    known = {
        "provider": "AWS", "account": "prod", "region": "us-east-1", "service": "EC2",
        "usage_type": "BoxUsage:m5.large", "unit": "Hrs", "tag": "", "category": "Usage", "pricing": "Standard",
    }  # fmt: skip
    figures = {
        "quantity_before": before[0], "cost_before": before[1], "quantity_now": now[0], "cost_now": now[1],
    }  # fmt: skip
    return known | figures | changed


def table(*parts: dict[str, Any]) -> DataFrame:
    columns = [*DIMENSIONS, PRICING, *MEASURES]
    frame = DataFrame(list(parts), columns=columns)
    return frame.astype({**dict.fromkeys((*DIMENSIONS, PRICING), "str"), **dict.fromkeys(MEASURES, float)})


def totals(*parts: dict[str, Any]) -> dict[str, float]:
    """The effects of these parts together, without those of nothing."""
    found = effects(table(*parts))
    sums = {effect.value: round(float(found[effect].sum()), 9) for effect in Effect}
    return {name: amount for name, amount in sums.items() if amount}


def by_line(*parts: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The effects of each line, by its usage type."""
    found = effects(table(*parts)).set_index("usage_type")
    assert isinstance(found, pd.DataFrame)
    return {
        str(name): {effect.value: round(float(row[effect]), 9) for effect in Effect if abs(float(row[effect])) > 1e-9}
        for name, row in found.iterrows()
    }
