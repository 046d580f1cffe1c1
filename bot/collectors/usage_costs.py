"""The table `usage_costs`: what a few usage types cost each account and region in the last complete days."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.usage_types import REGIONS, usage_region
from bot.collectors.complete_days import PROVIDER, complete_days
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
WINDOW_DAYS = 28
#: The usage types that checks ask for, without their region's prefix.
TRAIL_COPIES = "PaidEventsRecorded"
CUSTOM_METRICS = "CW:MetricMonitorUsage"
METRIC_READS = "CW:GMD-Metrics"
WANTED = (TRAIL_COPIES, CUSTOM_METRICS, METRIC_READS)

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` and `name` are the usage type
    "days": "float64",  # complete days looked at
    "cost": "float64",  # dollars on those days
    "cost_before": "float64",  # on as many days before; missing where those are not stored
}


def read(context: Context) -> DataFrame:
    """One row per account, region and usage type of `WANTED` that was billed, with `COLUMNS`."""
    days = complete_days(context)
    if days is None:
        return typed([], COLUMNS)
    both, newest = days.last(2 * WINDOW_DAYS), days.last(WINDOW_DAYS)
    try:
        costs = context.costs.daily(
            by=("account", "usage_type"),
            start=both.start,
            end=both.end,
            view=context.settings.cost_view,
            where={"provider": PROVIDER},
        )
    except NotEnoughData:
        return typed([], COLUMNS)
    prefix, rest = (costs["usage_type"].str.partition("-")[part] for part in (0, 2))
    plain = rest.where(prefix.isin(REGIONS) & rest.ne(""), costs["usage_type"])
    wanted = costs.assign(plain=plain)[plain.isin(WANTED)]
    wanted = wanted.assign(region=wanted["usage_type"].map(usage_region).fillna("us-east-1"))
    is_new = wanted["date"].ge(pd.Timestamp(newest.start))
    wanted = wanted.assign(now=wanted["cost"].where(is_new, 0.0), before=wanted["cost"].where(~is_new, 0.0))
    sums = wanted.groupby(["account", "region", "plain"], as_index=False)[["now", "before"]].sum()
    names = context.costs.account_names()
    rows = [
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
