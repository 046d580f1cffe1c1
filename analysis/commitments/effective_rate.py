"""The effective savings rate: what all commitments together save of all eligible usage, unused commitment included.

Source: FinOps Foundation, "Effective Savings Rate".
"""

from __future__ import annotations

from collections.abc import Sequence

from pandas import DataFrame

from analysis.commitments.daily_charges import share, summed


def effective_savings_rate(charges: DataFrame, by: Sequence[str]) -> DataFrame:
    """(On-demand equivalent - actual cost) / on-demand equivalent, over all eligible usage, covered or not.

    Args:
        charges: columns `CHARGES`. by: of `DIMENSIONS`.
    Returns:
        Columns on_demand_equivalent, actual, saved (dollars) and rate (a share; below zero where unused commitment
        outweighs the discount, missing where there was no usage), indexed by `by`.
    """
    equivalent = summed(charges, charges["on_demand"].where(~charges["is_unused"], 0.0), by)
    actual = summed(charges, charges["cost"], by)
    saved = equivalent - actual
    return DataFrame(
        {
            "on_demand_equivalent": equivalent,
            "actual": actual,
            "saved": saved,
            "rate": share(saved, equivalent),
        }
    )
