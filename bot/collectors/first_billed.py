"""The table `first_billed`: services, regions and usage types that are new on the bill of the last month."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.usage_types import usage_region
from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER, Days, complete_days, payer
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
#: Days that are read at once: a year of a large organisation is not held in memory.
_CHUNK_DAYS = 120

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


def _row(kind: str, what: str, one: Mapping[Hashable, Any], names: dict[str, str], *, days: Days) -> dict[str, object]:
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
        "known_days": (first - pd.Timestamp(str(one["known_from"])).date()).days,
    }


def _first(context: Context, days: Days, by: tuple[str, ...]) -> DataFrame:
    """By these dimensions, what first cost something in the newest days.

    Returns:
        `by`, `first_day`, `cost` since then, and `known_from`: the first day that it was looked for on.
    """
    newest = days.last(RECENT_DAYS)
    recent = _daily(context, newest, by)
    if recent is None:
        return DataFrame({**{name: Series(dtype="str") for name in by}, "first_day": [], "cost": [], "known_from": []})
    found: DataFrame = recent.groupby(list(by), as_index=False).agg(first_day=("date", "min"), cost=("cost", "sum"))
    for chunk in _backwards(Days(days.start, newest.start)):
        if found.empty:
            break
        known = _daily(context, chunk, by, {name: sorted(found[name].unique()) for name in by})
        if known is None:
            return found.assign(known_from=chunk.end)
        old = pd.MultiIndex.from_frame(known[list(by)])
        found = found[~pd.MultiIndex.from_frame(found[list(by)]).isin(old)]
    return found.assign(known_from=days.start)


def _services_of(context: Context, days: Days) -> dict[str, str]:
    """The service of each usage type, where it has only one."""
    pairs = _daily(context, days.last(RECENT_DAYS), ("service_name", "usage_type"))
    if pairs is None:
        return {}
    one = pairs[["service_name", "usage_type"]].drop_duplicates().drop_duplicates("usage_type", keep=False)
    return dict(zip(one["usage_type"], one["service_name"], strict=True))


def _daily(
    context: Context, days: Days, by: Sequence[str], among: Mapping[str, Sequence[str]] | None = None
) -> DataFrame | None:
    """What cost something on these days, of `among` only where it is told; None where no source tells all of them."""
    where: dict[str, str | Sequence[str]] = {"provider": PROVIDER, **(among or {})}
    try:
        costs = context.costs.daily(by=by, start=days.start, end=days.end, view=context.settings.cost_view, where=where)
    except NotEnoughData:
        return None
    return costs[costs["cost"].gt(_NOTHING)]


def _backwards(days: Days) -> Iterator[Days]:
    """The days in parts, the newest first: most of what is not new is seen in the first of them."""
    end: date = days.end
    while end > days.start:
        start = max(days.start, end - timedelta(days=_CHUNK_DAYS))
        yield Days(start, end)
        end = start
