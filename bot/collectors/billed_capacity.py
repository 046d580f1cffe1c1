"""The table `billed_capacity`: DynamoDB's provisioned reads and writes on demand, by region, of half a year's days."""

from __future__ import annotations

import json

import pandas as pd
from pandas import DataFrame

from analysis.prices.price_list import bare_usage_type
from analysis.services import service_key
from analysis.usage_types import usage_region
from bot.collectors import usage_rates
from bot.collectors.billed_nodes import WINDOW_DAYS
from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER, complete_days, payer
from bot.context import Context
from bot.errors import NotEnoughData
from bot.inventory import HEAD
from bot.settings import CostView
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # it reads what `daily_costs` stored
SCOPE = Scope.BILL
COLUMNS: dict[str, str] = HEAD | {
    "place": "str",  # region
    "unit": "str",  # read or write
    "known_days": "float64",  # complete days that are stored, at most `WINDOW_DAYS`
    "billed_days": "float64",  # of them with a charge
    "daily_usd": "str",  # JSON: dollars on demand of each of these days; what is reserved costs nothing there
    "unit_usd": "float64",  # dollars a unit and hour on the bill of the last 30 days; missing where it tells none
}
#: Tables of the Standard class: `IA-` and `Repl` units are not sold reserved.
UNITS = {"ReadCapacityUnit-Hrs": "read", "WriteCapacityUnit-Hrs": "write"}
_SERVICE = "dynamodb"
_NOTHING = 0.005


def read(context: Context) -> DataFrame:
    """A row per region and unit with a charge, with `COLUMNS`; none where no source tells usage types by service."""
    days = complete_days(context)
    if days is None:
        return typed([], COLUMNS)
    wanted = days.last(WINDOW_DAYS)
    try:
        # Billed: what a reservation covers is billed at nothing, and its share of the fee is no usage on demand.
        costs = context.costs.daily(
            by=("service_name", "usage_type"), start=wanted.start, end=wanted.end, view=CostView.BILLED,
            where={"provider": PROVIDER},
        )  # fmt: skip
    except NotEnoughData:
        return typed([], COLUMNS)
    names = [name for name in costs["service_name"].unique() if service_key(str(name)) == _SERVICE]
    own = costs[costs["service_name"].isin(names)]
    own = own.assign(
        unit=own["usage_type"].map(lambda name: UNITS.get(bare_usage_type(str(name)), "")),
        place=own["usage_type"].map(lambda name: usage_region(str(name)) or "us-east-1"),
    )
    own = own[own["unit"].ne("")]
    if own.empty:
        return typed([], COLUMNS)
    every = pd.date_range(wanted.start, wanted.end, inclusive="left")
    daily = own.pivot_table(index="date", columns=["place", "unit"], values="cost", aggfunc="sum")
    daily = daily.reindex(every).fillna(0.0)
    prices = _prices(context)
    own_id, own_name = payer(context)
    rows: list[dict[str, object]] = []
    for key in daily.columns:
        place, unit = (str(part) for part in key)
        series = daily[key]
        rows.append(
            {
                "account_id": own_id,
                "account_name": own_name,
                "region": "",
                "resource_id": f"AmazonDynamoDB {unit} {place}",
                "name": f"DynamoDB {unit} capacity in {place}",
                "owner": "",
                "env": "",
                "ignored": False,
                "place": place,
                "unit": unit,
                "known_days": wanted.count,
                "billed_days": float(series.gt(_NOTHING).sum()),
                "daily_usd": json.dumps([round(float(usd), 6) for usd in series]),
                "unit_usd": prices.get((place, unit)),
            }
        )
    return typed(rows, COLUMNS)


def _prices(context: Context) -> dict[tuple[str, str], float]:
    """Dollars a unit and hour by region and unit: the highest of all accounts', as free units dilute a mean."""
    rates = usage_rates.read(context)
    own = rates[rates["usage_type"].isin(list(UNITS)) & rates["service"].map(service_key).eq(_SERVICE)]
    highest = own.groupby(["region", "usage_type"], as_index=False)["usd"].max()
    named = zip(highest["region"], highest["usage_type"], highest["usd"], strict=True)
    return {(str(region), UNITS[str(name)]): float(usd) for region, name, usd in named}
