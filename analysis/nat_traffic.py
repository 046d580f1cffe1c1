"""What passes NAT gateways in a month, and which routes lead there: for the checks on what could go another way."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import KEY, over_days
from analysis.lambda_use import DAYS_A_MONTH

_IN = ("BytesInFromSource", "BytesInFromDestination")
GB = 1e9


def monthly_traffic(gateways: DataFrame, nat_metrics: DataFrame) -> DataFrame:
    """Gigabytes of each gateway in a month of 730 hours; missing where a side was not measured.

    Returns:
        Same index: `days` measured; `gb` processed and billed, which is what came in on both sides; `gb_to_clients`
        between the gateway and its own network, in both directions, which is what crosses zones.
    """
    sums = {
        name: over_days(gateways, nat_metrics, name, "Sum", "sum")
        for name in (*_IN, "BytesOutToSource", "BytesOutToDestination")
    }
    days = over_days(gateways, nat_metrics, "BytesInFromSource", "Sum", "count")
    month = DAYS_A_MONTH / days.where(days.gt(0)) / GB
    return DataFrame(
        {
            "days": days,
            "gb": (sums["BytesInFromSource"] + sums["BytesInFromDestination"]) * month,
            "gb_to_clients": (sums["BytesInFromSource"] + sums["BytesOutToSource"]) * month,
        }
    )


def billed(rows: DataFrame, usage_totals: DataFrame, usage_types: tuple[str, ...]) -> Series[float]:
    """A month's quantity of these usage types in each row's account and region; missing where the bill has none."""
    place = ["account_id", "region"]
    of_these = usage_totals[usage_totals["usage_type"].isin(usage_types)]
    sums = of_these.groupby(place)["quantity"].sum()
    return sums.reindex(pd.MultiIndex.from_frame(rows[place])).set_axis(rows.index).astype("float64")


def has_bill(rows: DataFrame, usage_totals: DataFrame) -> Series[bool]:
    """Whether the bill of each row's account is known by usage type."""
    return rows["account_id"].isin(usage_totals["account_id"].unique())


def route_tables(gateways: DataFrame, nat_routes: DataFrame) -> Series[str]:
    """The route tables that lead to each gateway, with a space between; empty where there are none."""
    leading = nat_routes[nat_routes["route_table_id"].ne("")]
    joined = leading.groupby(KEY)["route_table_id"].agg(lambda ids: " ".join(sorted(set(ids))))
    return joined.reindex(pd.MultiIndex.from_frame(gateways[KEY])).set_axis(gateways.index).fillna("").astype("str")
