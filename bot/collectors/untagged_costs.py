"""The table `untagged_costs`: for each tag that costs are stored by, how much of the bill has no value of it."""

from __future__ import annotations

from datetime import timedelta

from pandas import DataFrame

from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER, Days, complete_days, payer
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
#: Whole weeks, so that both windows have the same weekdays.
WINDOW_DAYS = 28
_MOST_SERVICES = 3

COLUMNS: dict[str, str] = HEAD | {
    "days": "float64",  # complete days looked at
    "cost": "float64",  # dollars of usage on those days
    "untagged": "float64",  # of them without a value of the tag
    "cost_before": "float64",  # the same of as many days before; missing where those are not stored
    "untagged_before": "float64",
    "largest": "str",  # services with most of it, in dollars a day
}


def read(context: Context) -> DataFrame:
    """One row per tag of COSTBOT_TAG_KEYS whose costs are stored, with `COLUMNS`."""
    known = set(context.costs.tag_keys())
    return typed([row for key in context.settings.tag_keys if key in known for row in _rows(context, key)], COLUMNS)


def _rows(context: Context, key: str) -> list[dict[str, object]]:
    days = complete_days(context, (f"tag:{key}",))
    if days is None:
        return []
    newest = days.last(WINDOW_DAYS)
    before = Days(newest.start - timedelta(days=WINDOW_DAYS), newest.start)
    own_id, own_name = payer(context)
    costs = _costs(context, key, newest)
    earlier = _costs(context, key, before) if before.start >= days.start else None
    if costs is None:
        return []
    bare = costs[costs[f"tag:{key}"].eq("")].groupby("service_name")["cost"].sum().nlargest(_MOST_SERVICES)
    return [
        {
            "account_id": own_id,
            "account_name": own_name,
            "region": "",
            "resource_id": key,
            "name": key,
            "owner": "",
            "env": "",
            "ignored": False,
            "days": newest.count,
            "cost": costs["cost"].sum(),
            "untagged": _untagged(costs, key),
            "cost_before": None if earlier is None else earlier["cost"].sum(),
            "untagged_before": None if earlier is None else _untagged(earlier, key),
            "largest": ", ".join(f"{name} ${usd / newest.count:,.2f}" for name, usd in bare.items() if usd > 0),
        }
    ]


def _costs(context: Context, key: str, days: Days) -> DataFrame | None:
    try:
        return context.costs.daily(
            by=("service_name", f"tag:{key}"),
            start=days.start,
            end=days.end,
            view=context.settings.cost_view,
            where={"provider": PROVIDER},
        )
    except NotEnoughData:  # not stored by this tag on all of these days: nothing is said about it
        return None


def _untagged(costs: DataFrame, key: str) -> float:
    return float(costs.loc[costs[f"tag:{key}"].eq(""), "cost"].sum())
