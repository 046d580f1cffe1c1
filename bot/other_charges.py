"""What a bill has beside usage: tax, credits, fees; named under figures of usage, never in them."""

from __future__ import annotations

from collections.abc import Collection

from analysis.costs import ChargeCategory
from analysis.movers import Period
from bot.cost_files import CostFiles
from bot.settings import CostView


def other_charges(costs: CostFiles, period: Period, view: CostView, services: Collection[str] = ()) -> dict[str, float]:
    """Money of a period that is not usage, by charge category.

    Args:
        services: canonical keys; empty for all.
    """
    frame = costs.daily(
        by=("charge_category",),
        start=period.start,
        end=period.end,
        view=view,
        where={"service": services} if services else {},
        usage_only=False,
    )
    sums = frame.groupby("charge_category")["cost"].sum()
    return {str(name): float(cost) for name, cost in sums.items() if name != ChargeCategory.USAGE.value}
