"""What the capacity of DynamoDB tables costs as it is, on demand, and provisioned as the load would have scaled it.

A table and its indexes are billed the same way, so they are decided on together: everything here is said at the table.
DynamoDB publishes what is consumed only while something is: a day or an hour without a figure consumed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.daily_metrics import DAY_S, HOUR_S, KEY, daily_charts, over_days
from analysis.databases.recent import recent
from analysis.models import Chart
from analysis.pricing import HOURS_A_MONTH, PriceBook

#: Kind of further evidence: consumed units by the hour.
NEEDS_HOURS = "hours"
HOURLY_DAYS = 14
_HOURS = HOURLY_DAYS * 24
_READ, _WRITE = "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"
_TABLE = ["account_id", "region", "table_name"]


def consumption_charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    """Units that each table itself consumed, as a mean of each day."""
    lines = {"Read": (_READ, "Sum"), "Written": (_WRITE, "Sum")}
    metrics = tables["dynamodb_metrics"]
    return daily_charts(rows, metrics, lines, title="Units a second, mean of each day", unit="units", scale=1 / DAY_S)


def unit_prices(tables: DataFrame, prices: PriceBook) -> DataFrame:
    """Dollars of each row's units: `read_hour`, `write_hour` (provisioned), `read`, `write` (a request), `gib_month`.

    `price_source` and `price_date` are those of the provisioned units. Missing where unknown: so is every price of a
    table of the class Standard-Infrequent Access, which the list does not have.
    """
    standard = tables["table_class"].eq("STANDARD")
    found: dict[str, Series[float]] = {}
    for name, item, scale in (
        ("read_hour", "dynamodb.provisioned_read.unit_hour", 1.0),
        ("write_hour", "dynamodb.provisioned_write.unit_hour", 1.0),
        ("read", "dynamodb.on_demand_read.million", 1e-6),
        ("write", "dynamodb.on_demand_write.million", 1e-6),
        ("gib_month", "dynamodb.storage.gb_month", 1.0),
    ):
        found[name] = (prices.unit(tables, item)["usd"] * scale).where(standard)
    source = prices.unit(tables, "dynamodb.provisioned_write.unit_hour")[["price_source", "price_date"]]
    return DataFrame(found).join(source)


def of_table(tables: DataFrame, values: Series[float]) -> Series[float]:
    """The sum over each row's table and its indexes; missing where it is not known of one of them."""
    grouped = tables[_TABLE].assign(value=values).groupby(_TABLE)["value"]
    complete = grouped.transform("count").eq(grouped.transform("size"))
    return grouped.transform("sum").where(complete)


def provisioned_month(tables: DataFrame, units: DataFrame) -> Series[float]:
    """Dollars a month of what each table and its indexes have provisioned now."""
    hour = tables["read_units"] * units["read_hour"] + tables["write_units"] * units["write_hour"]
    return of_table(tables, hour * HOURS_A_MONTH)


def storage_month(tables: DataFrame, units: DataFrame) -> Series[float]:
    """Dollars a month of what each table and its indexes store."""
    return of_table(tables, tables["size_gib"] * units["gib_month"])


def consumed(tables: DataFrame, metrics: DataFrame, days: float) -> Series[float]:
    """Units that each table and its indexes consumed in the last days, reads and writes together."""
    lately = recent(metrics, days)
    read, write = (over_days(tables, lately, name, "Sum", "sum").fillna(0.0) for name in (_READ, _WRITE))
    return of_table(tables, read + write)


def on_demand_month_by_days(tables: DataFrame, metrics: DataFrame, units: DataFrame) -> Series[float]:
    """Dollars a month on demand for what was consumed by the day in the last two weeks."""
    lately = recent(metrics, HOURLY_DAYS)
    read, write = (over_days(tables, lately, name, "Sum", "sum").fillna(0.0) for name in (_READ, _WRITE))
    cost = (read * units["read"] + write * units["write"]) / _HOURS * HOURS_A_MONTH
    return of_table(tables, cost)


def by_the_hour(tables: DataFrame, metrics: DataFrame, units: DataFrame, *, target_percent: float) -> DataFrame:
    """Each table's two weeks, hour by hour, priced both ways.

    Provisioned capacity is modelled as Application Auto Scaling could have kept it: the mean of each hour, or of the
    hour before or after where that was higher, at the target utilization, and at least one unit: scaling out and in
    takes time. Peaks within an hour do not show.

    Returns:
        Same index: `known` (hours were asked for, and there are some), `on_demand`, `scaled` (dollars a month),
        `used_percent` of the paid capacity in the busiest hours (p99), `throttled` events.
    """
    hours = metrics[metrics["period_s"].eq(HOUR_S)]
    read, write = _matrix(tables, hours, _READ), _matrix(tables, hours, _WRITE)
    seen = pd.Series(
        pd.MultiIndex.from_frame(tables[KEY]).isin(pd.MultiIndex.from_frame(hours[KEY])), index=tables.index
    )
    share = target_percent / 100
    month = HOURS_A_MONTH / _HOURS
    prices = {name: units[name].to_numpy() for name in ("read", "write", "read_hour", "write_hour")}
    on_demand = (read.sum(axis=1) * prices["read"] + write.sum(axis=1) * prices["write"]) * month
    scaled = (
        _scaled(read, share).sum(axis=1) * prices["read_hour"]
        + _scaled(write, share).sum(axis=1) * prices["write_hour"]
    ) * month
    busy = np.percentile(read, 99, axis=1) / HOUR_S * prices["read_hour"]
    busy = busy + np.percentile(write, 99, axis=1) / HOUR_S * prices["write_hour"]
    paid = of_table(tables, tables["read_units"] * units["read_hour"] + tables["write_units"] * units["write_hour"])
    refused = sum(
        over_days(tables, metrics, name, "Sum", "sum", period_s=HOUR_S).fillna(0.0)
        for name in ("ReadThrottleEvents", "WriteThrottleEvents")
    )
    as_series = {
        name: of_table(tables, pd.Series(values, index=tables.index))
        for name, values in (("on_demand", on_demand), ("scaled", scaled), ("busy", busy))
    }
    return DataFrame(
        {
            "known": of_table(tables, seen.astype("float64")).gt(0),
            "on_demand": as_series["on_demand"],
            "scaled": as_series["scaled"],
            "used_percent": as_series["busy"] / paid.where(paid.gt(0)) * 100,
            "throttled": of_table(tables, pd.Series(refused, index=tables.index)),
        }
    )


def hours_needed(tables: DataFrame, asking: Series[bool]) -> Series[str]:
    """The column `needs`: of a table whose hours are needed, its indexes are asked about too."""
    whole = of_table(tables, asking.astype("float64")).gt(0)
    return whole.map({True: NEEDS_HOURS, False: ""}).astype("str")


def _matrix(tables: DataFrame, hours: DataFrame, metric: str) -> NDArray[np.float64]:
    """One row per table or index, one column per hour of the two weeks; 0 where nothing was published."""
    if hours.empty:
        return np.zeros((len(tables), _HOURS))
    last = hours["time"].max()
    grid = pd.date_range(last - timedelta(hours=_HOURS - 1), last, freq="h", unit="us")
    rows = hours[hours["metric"].eq(metric)]
    table = rows.pivot_table(index=KEY, columns="time", values="value", aggfunc="sum")
    whole = table.reindex(index=pd.MultiIndex.from_frame(tables[KEY]), columns=grid).fillna(0.0)
    return np.asarray(whole.to_numpy(dtype="float64"))


def _scaled(units: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Capacity units of each hour: what the highest of it and its neighbours needs at the target, at least one."""
    before = np.concatenate([units[:, :1], units[:, :-1]], axis=1)
    after = np.concatenate([units[:, 1:], units[:, -1:]], axis=1)
    highest = np.maximum(units, np.maximum(before, after))
    needed: NDArray[np.float64] = np.maximum(np.ceil(highest / HOUR_S / share), 1.0)
    return needed
