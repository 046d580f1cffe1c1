"""What one usage type cost each account and region in the last complete days: the tables that are made of that."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas import DataFrame

from analysis.usage_types import REGIONS, usage_region
from bot.complete_days import PROVIDER, complete_days
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
WINDOW_DAYS = 28

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` and `name` are the usage type, without its region's prefix
    "days": "float64",  # complete days looked at
    "cost": "float64",  # dollars on those days
    "cost_before": "float64",  # on as many days before; missing where those are not stored
}


def billed_usage(context: Context, usage_types: Sequence[str]) -> DataFrame:
    """One row per account, region and usage type that was billed, with `COLUMNS`.

    Args:
        usage_types: without their region's prefix.
    """
    days = complete_days(context)
    if days is None:
        return typed([], COLUMNS)
    both, newest = days.last(2 * WINDOW_DAYS), days.last(WINDOW_DAYS)
    spelled = {f"{prefix}-{name}": name for name in usage_types for prefix in REGIONS}
    spelled |= {name: name for name in usage_types}
    try:
        costs = context.costs.daily(
            by=("account", "usage_type"),
            start=both.start,
            end=both.end,
            view=context.settings.cost_view,
            where={"provider": PROVIDER, "usage_type": list(spelled)},
        )
    except NotEnoughData:  # no source tells usage types by account: nothing is said about them
        return typed([], COLUMNS)
    is_new = costs["date"].ge(pd.Timestamp(newest.start))
    sums = (
        costs.assign(
            region=costs["usage_type"].map(usage_region).fillna("us-east-1"),
            plain=costs["usage_type"].map(spelled),
            now=costs["cost"].where(is_new, 0.0),
            before=costs["cost"].where(~is_new, 0.0),
        )
        .groupby(["account", "region", "plain"], as_index=False)[["now", "before"]]
        .sum()
    )
    names = context.costs.account_names()
    rows: list[dict[str, object]] = [
        {
            "account_id": account,
            "account_name": names.get(account, account),
            "region": region,
            "resource_id": usage_type,
            "name": usage_type,
            "owner": "",
            "env": "",
            "ignored": False,
            "days": newest.count,
            "cost": now,
            "cost_before": before if both.count == 2 * WINDOW_DAYS else None,
        }
        for account, region, usage_type, now, before in sums.itertuples(index=False, name=None)
    ]
    return typed(rows, COLUMNS)
