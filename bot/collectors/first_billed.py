"""The table `first_billed`: services, regions and usage types that are new on the bill of the last month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pandas as pd
from pandas import DataFrame

from analysis.usage_types import usage_region
from bot.collectors.complete_days import PROVIDER, Days, complete_days, payer
from bot.collectors.scopes import Scope
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
#: Days that are searched for an earlier charge: what is paid once a year is not new.
LOOK_BACK_DAYS = 395
RECENT_DAYS = 31
#: Dollars a day below which a charge is taken for none.
_NOTHING = 0.005

COLUMNS: dict[str, str] = HEAD | {
    "kind": "str",  # service, region, usage type
    "what": "str",  # as the bill spells it
    "service": "str",  # of a usage type, where one is known
    "first_day": "datetime64[us]",  # the first day that it cost something
    "days_new": "float64",  # complete days from then on
    "daily_cost": "float64",  # mean over those days
    "known_days": "float64",  # complete days before `first_day` that are stored, without a charge of it
}


def read(context: Context) -> DataFrame:
    """What was first billed in the last `RECENT_DAYS` complete days, with `COLUMNS`.

    Services and usage types are told by account, regions of the whole organisation. A usage type of a service that is
    itself new there is left out, as are days that are still filling.
    """
    days = complete_days(context)
    if days is None:
        return typed([], COLUMNS)
    searched = days.last(LOOK_BACK_DAYS)
    services = _first(context, searched, ("account", "service_name"))
    regions = _first(context, searched, ("region",))
    usage = _first(context, searched, ("account", "usage_type"))
    service_of = _services_of(context, searched)
    usage = usage.assign(service=usage["usage_type"].map(service_of).fillna(""))
    new_there = pd.MultiIndex.from_frame(services[["account", "service_name"]])
    usage = usage[~pd.MultiIndex.from_frame(usage[["account", "service"]]).isin(new_there)]
    own_id, own_name = payer(context)
    names = context.costs.account_names()
    rows = [
        *(_row("service", one["service_name"], one, names, days=searched) for one in services.to_dict("records")),
        *(_row("usage type", one["usage_type"], one, names, days=searched) for one in usage.to_dict("records")),
        *(
            _row("region", one["region"], {**one, "account": own_id}, {own_id: own_name}, days=searched)
            for one in regions.to_dict("records")
        ),
    ]
    return typed(rows, COLUMNS)


def _row(kind: str, what: str, one: dict[str, object], names: dict[str, str], *, days: Days) -> dict[str, object]:
    first = pd.Timestamp(str(one["first_day"])).date()
    account = str(one["account"])
    region = what if kind == "region" else (usage_region(what) or "") if kind == "usage type" else ""
    return {
        "account_id": account,
        "account_name": names.get(account, account),
        "region": region,
        "resource_id": what,
        "name": what,
        "owner": "",
        "env": "",
        "ignored": False,
        "age_days": None,
        "kind": kind,
        "what": what,
        "service": one.get("service", ""),
        "first_day": one["first_day"],
        "days_new": (days.end - first).days,
        "daily_cost": float(str(one["cost"])) / (days.end - first).days,
        "known_days": (first - days.start).days,
    }


def _first(context: Context, days: Days, by: tuple[str, ...]) -> DataFrame:
    """By these dimensions, what first cost something in the newest days: first_day, and `cost` since then."""
    found = DataFrame({**{name: pd.Series(dtype="str") for name in by}, "cost": 0.0, "first_day": pd.NaT})
    parts = [part for month in _months(days) if len(part := _daily(context, month, by))]
    if not parts:
        return found
    firsts = pd.concat([part.groupby(list(by), as_index=False)["date"].min() for part in parts])
    firsts = firsts.groupby(list(by), as_index=False)["date"].min().rename(columns={"date": "first_day"})
    recent = firsts[firsts["first_day"].ge(pd.Timestamp(days.end - timedelta(days=RECENT_DAYS)))]
    sums = pd.concat([part.merge(recent[list(by)], on=list(by)) for part in parts])
    costs = sums.groupby(list(by), as_index=False)["cost"].sum()
    return recent.merge(costs, on=list(by))


def _services_of(context: Context, days: Days) -> dict[str, str]:
    """The service of each usage type, where it has only one."""
    pairs = _daily(context, days.last(RECENT_DAYS), ("service_name", "usage_type"))
    one = pairs[["service_name", "usage_type"]].drop_duplicates().drop_duplicates("usage_type", keep=False)
    return dict(zip(one["usage_type"], one["service_name"], strict=True))


def _daily(context: Context, days: Days, by: Sequence[str]) -> DataFrame:
    try:
        costs = context.costs.daily(
            by=by, start=days.start, end=days.end, view=context.settings.cost_view, where={"provider": PROVIDER}
        )
    except NotEnoughData:  # a source that does not tell these dimensions says nothing about what is new in them
        return DataFrame({"date": [], **{name: [] for name in by}, "cost": []})
    return costs[costs["cost"].gt(_NOTHING)]


def _months(days: Days) -> Iterator[Days]:
    """The days by calendar month: a year of a large organisation is not held at once."""
    start: date = days.start
    while start < days.end:
        following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Days(start, min(following, days.end))
        start = following
