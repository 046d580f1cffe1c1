"""The table `commitment_coverage`: of each service and region, how much usage never stops, and what of it is covered."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.commitments.coverage import FLOOR, stable_floor
from bot.collectors.commitment_charges import Charged, hourly_usage
from bot.collectors.complete_days import payer
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what billing exports told
SCOPE = Scope.BILL
COLUMNS: dict[str, str] = HEAD | FLOOR
WINDOW_DAYS = 28
LACKING = "a billing export that is kept by the hour, as COSTBOT_EXPORTS and COSTBOT_DETAIL_MONTHS set."


def read(context: Context) -> DataFrame:
    """One row per service and region with eligible usage, with `COLUMNS`; without an export, one that says so."""
    own_id, own_name = payer(context)
    usage = hourly_usage(context, WINDOW_DAYS)
    head = {"account_id": own_id, "account_name": own_name, "owner": "", "env": "", "ignored": False, "age_days": None}
    if usage is None:
        nothing = {name: "" if dtype == "str" else None for name, dtype in FLOOR.items()}
        one = {**head, "region": "", "resource_id": "eligible usage", "name": "eligible usage", **nothing}
        return typed([one | {"problem": LACKING}], COLUMNS)
    if usage.charges.empty:
        return typed([], COLUMNS)
    floors = stable_floor(_by_hour(usage, covered=True), _by_hour(usage, covered=False))
    return typed(
        [
            {
                **head,
                **row,
                "region": region,
                "resource_id": f"{service} in {region}",
                "name": f"{service} in {region}",
                "service": service,
                "problem": "",
            }
            for (service, region), row in zip(floors.index, floors.to_dict("records"), strict=True)
        ],
        COLUMNS,
    )


def _by_hour(usage: Charged, *, covered: bool) -> DataFrame:
    """On-demand dollars, a row for every hour of the window, a column per service and region.

    An hour without a line had no usage; where a line lacks its price, nothing is known of its service and region.
    """
    rows = usage.charges
    every = pd.MultiIndex.from_frame(rows[["service", "region"]].drop_duplicates()).sort_values()
    some = rows[rows["is_covered"].eq(covered)]
    sums = some.groupby(["hour", "service", "region"])["on_demand"].sum().unstack(["service", "region"])
    hours = pd.date_range(usage.start, usage.end, freq="h", inclusive="left")
    filled = sums.reindex(index=hours, columns=every).fillna(0.0)
    lacking = some[some["on_demand"].isna()][["service", "region"]].drop_duplicates()
    filled[[*lacking.itertuples(index=False, name=None)]] = float("nan")
    return filled
