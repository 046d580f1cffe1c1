"""The table `commitment_coverage`: by service and region, how much usage never stops, and what of it is covered."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.commitments.coverage import FLOOR, stable_floor
from analysis.services import service_label
from bot.collectors import explorer_use
from bot.collectors.commitment_charges import Charged, hourly_usage
from bot.collectors.scopes import Scope
from bot.complete_days import payer
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS = (explorer_use.COVERAGE_ACTION,)
#: It is of the organisation and may cost money: asked once a scan, in costbot's own account.
SCOPE = Scope.BILL
COLUMNS: dict[str, str] = HEAD | FLOOR
WINDOW_DAYS = 28
COMPUTE = "compute"


def read(context: Context) -> DataFrame:
    """One row per service and region with eligible usage, with `COLUMNS`.

    Without an export by the hour, one row of all usage that Savings Plans could cover, from Cost Explorer's days.
    """
    own_id, own_name = payer(context)
    head = {"account_id": own_id, "account_name": own_name, "owner": "", "env": "", "ignored": False, "age_days": None}
    usage = hourly_usage(context, WINDOW_DAYS)
    if usage is None:
        return typed([head | row for row in _of_explorer(context)], COLUMNS)
    if usage.charges.empty:
        return typed([], COLUMNS)
    floors = stable_floor(_by_hour(usage, covered=True), _by_hour(usage, covered=False))
    return typed(
        [
            {**head, **_named(service, region), **dict(zip(floors.columns, row, strict=True)), "span_hours": 1}
            for (service, region), row in zip(floors.index, floors.itertuples(index=False), strict=True)
        ],
        COLUMNS,
    )


def _of_explorer(context: Context) -> list[dict[str, object]]:
    answer = explorer_use.plans_coverage(context)
    head = _named(COMPUTE, "")
    if answer.problem:
        nothing = {name: None for name, dtype in FLOOR.items() if dtype != "str"}
        return [{**head, **nothing, "problem": answer.problem}]
    if not answer.rows:
        return []
    days = DataFrame(list(answer.rows)).set_index("date")[["covered", "on_demand"]].astype("float64") / 24
    whole = [days[[name]].set_axis([COMPUTE], axis=1) for name in ("covered", "on_demand")]
    floor = stable_floor(whole[0], whole[1]).loc[COMPUTE]
    return [{**head, **{str(name): value for name, value in floor.items()}, "span_hours": 24}]


def _named(service: str, region: str) -> dict[str, object]:
    place = f" in {region}" if region else ""
    name = f"{service_label(service)}{place}" if region else "what Savings Plans could cover"
    return {"region": region, "resource_id": f"{service}{place}", "name": name, "service": service, "problem": ""}


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
    filled.loc[:, every.isin(pd.MultiIndex.from_frame(lacking))] = float("nan")
    return filled
