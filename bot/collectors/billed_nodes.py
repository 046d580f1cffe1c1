"""The table `billed_nodes`: on how many of the last half year's days databases and nodes of a family were billed."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.commitments.hourly_lines import CODES, instance_type
from analysis.commitments.purchase_table import node_id
from analysis.commitments.units import family
from analysis.services import service_key, service_label
from analysis.usage_types import usage_region
from bot.collectors.purchase_recommendations import NODES
from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER, complete_days, payer
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
COLUMNS: dict[str, str] = HEAD | {
    "service": "str",  # AWS's code
    "family": "str",
    "place": "str",  # region
    "known_days": "float64",  # complete days that are stored, at most `WINDOW_DAYS`
    "billed_days": "float64",  # of them with a charge
    "floor_share": "float64",  # the quietest day in twenty beside the mean of the last four weeks
}
WINDOW_DAYS, RECENT_DAYS = 180, 28
_NOTHING = 0.005


def read(context: Context) -> DataFrame:
    """A row per service, region and family, with `COLUMNS`; none where no source tells usage types by service."""
    days = complete_days(context)
    if days is None:
        return typed([], COLUMNS)
    wanted = days.last(WINDOW_DAYS)
    try:
        costs = context.costs.daily(
            by=("service_name", "usage_type"), start=wanted.start, end=wanted.end, where={"provider": PROVIDER}
        )
    except NotEnoughData:
        return typed([], COLUMNS)
    services = {name: service_key(str(name)) for name in costs["service_name"].unique()}
    nodes = costs.assign(service=costs["service_name"].map(services))
    nodes = nodes[nodes["service"].isin(NODES)]
    types = {name: instance_type(str(name)) for name in nodes["usage_type"].unique()}
    nodes = nodes.assign(
        family=nodes["usage_type"].map(types).map(family, na_action="ignore"),
        place=nodes["usage_type"].map(lambda name: usage_region(str(name)) or "us-east-1"),
    )
    nodes = nodes[nodes["family"].fillna("").ne("")]
    every = pd.date_range(wanted.start, wanted.end, inclusive="left")
    daily = nodes.pivot_table(index="date", columns=["service", "family", "place"], values="cost", aggfunc="sum")
    daily = daily.reindex(every).fillna(0.0)
    own_id, own_name = payer(context)
    rows: list[dict[str, object]] = []
    for key in daily.columns:
        service, of_family, place = (str(part) for part in key)
        series = daily[key]
        recent = float(series.iloc[-RECENT_DAYS:].mean())
        rows.append(
            {
                "account_id": own_id,
                "account_name": own_name,
                "region": "",
                "resource_id": node_id(CODES[service], of_family, place),
                "name": f"{service_label(service)} {of_family} in {place}",
                "owner": "",
                "env": "",
                "ignored": False,
                "service": CODES[service],
                "family": of_family,
                "place": place,
                "known_days": wanted.count,
                "billed_days": float(series.gt(_NOTHING).sum()),
                "floor_share": float(series.quantile(0.05)) / recent if recent > 0 else 0.0,
            }
        )
    return typed(rows, COLUMNS)
