"""The table `metric_read_costs`: what reading metrics and costs by API costs, and who is seen at it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from pandas import DataFrame

from bot.collectors import billed_usage, cloudtrail_events
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.errors import SourceUnavailable

ACTIONS = cloudtrail_events.ACTIONS
#: Made of the stored costs; CloudTrail is asked for the few places that pay for much.
SCOPE = Scope.BILL
METRICS, COSTS = "CW:GMD-Metrics", "APIRequest"
#: Dollars in the days looked at from which on it is asked who reads.
_WORTH_ASKING = 9.0
#: Places that are asked about at most: CloudTrail answers two requests a second.
_MOST_PLACES = 5
_LOOK_BACK = timedelta(hours=6)
#: What CloudTrail keeps of each: GetMetricData itself is a data event that Event history does not have, but who polls
#: lists first what there is.
_EVENTS = {METRICS: "ListMetrics", COSTS: "GetCostAndUsage"}
_MOST_CALLERS = 3

COLUMNS: dict[str, str] = billed_usage.COLUMNS | {
    "event": "str",  # the call that CloudTrail was asked for
    "callers": "str",  # who made it in the last hours, the most frequent first; empty: not asked, or nobody seen
    "problem": "str",  # why CloudTrail did not tell
}


def read(context: Context) -> DataFrame:
    """One row per account, region and kind of reading that was billed, with `COLUMNS`."""
    rows = billed_usage.billed_usage(context, tuple(_EVENTS))
    rows = rows.assign(event=rows["name"].map(_EVENTS), callers="", problem="")
    dear = rows[rows["cost"].ge(_WORTH_ASKING)].nlargest(_MOST_PLACES, "cost")
    if context.settings.cloudtrail:
        for index, row in dear.iterrows():
            try:
                rows.loc[index, "callers"] = _callers(context, row["account_id"], row["region"], row["event"])
            except SourceUnavailable as error:
                rows.loc[index, "problem"] = str(error)
    else:
        rows.loc[dear.index, "problem"] = "CloudTrail is not asked, as COSTBOT_CLOUDTRAIL switches it off."
    return rows.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _callers(context: Context, account_id: str, region: str, event: str) -> str:
    end: datetime = context.clock.now()
    events = cloudtrail_events.fetch(
        context.aws, account_id, region, key="EventName", value=event, start=end - _LOOK_BACK, end=end
    )
    seen = Counter(cloudtrail_events.caller(one) for one in events)
    return ", ".join(f"{who} ({count}×)" for who, count in seen.most_common(_MOST_CALLERS))
