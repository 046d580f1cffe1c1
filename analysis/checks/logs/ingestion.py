"""`logs.ingestion`: a log group that takes in much, or suddenly more; AWS bills what comes in, not what is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame, Series, Timedelta

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

GB = 1e9
WEEK = 7


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Taken in": ("IncomingBytes", "Sum")}
    return daily_charts(rows, tables["log_group_metrics"], lines, title="Logs a day", unit="GB", scale=1 / GB)


@check(
    catalogue="O02",
    groups=(Group.OBSERVABILITY,),
    resource="log group",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    risk=Risk.LOW,
    reason="{gb_a_day:,.1f} GB of logs a day come in, ${monthly_cost:,.0f} a month{rise}",
    source="AWS, CloudWatch pricing: logs are billed by what is ingested",
    words=Words(
        current="{gb_a_day:,.1f} GB a day",
        proposed="less, by level, sampling or class",
        how="{gb_a_day:,.2f} GB a day, the mean of the last seven days, × 30.4 days × ${gb_usd:g} a GB.",
        ignores="What storing and querying it costs. How much of it nobody needs is not known, so no saving is told.",
        risk="What is not written cannot be read when something breaks.",
        effect="Fewer lines are written, or written to a cheaper place; what is stored already stays.",
        steps="See which lines fill {resource_id} (CloudWatch Logs Insights over an hour: `stats count(*) as n, "
        "sum(strlen(@message)) as bytes by @logStream | sort bytes desc`; the query is billed by what it scans). Then "
        "raise the log level, sample what repeats, or send what is only kept to a new group of class Infrequent "
        "Access, which takes in for less and cannot be changed back.",
    ),
    evidence=(
        Fact("Last seven days", "gb_a_day", "GB a day", "CloudWatch IncomingBytes"),
        Fact("Seven days before", "gb_a_day_before", "GB a day", "CloudWatch IncomingBytes"),
    ),
    chart=_charts,
)
def ingestion(
    log_groups: DataFrame,
    log_group_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_monthly_cost: float = 20.0,
    min_rise_percent: float = 50.0,
    most_told: float = 1,
) -> Verdicts:
    """Log group that takes in much, or half as much again as the week before.

    Of the groups above `min_monthly_cost` the `most_told` dearest of each account and region are told, and all that
    rose by `min_rise_percent`. CloudWatch publishes no IncomingBytes while nothing comes in, so a day without is zero.
    """
    now, before, days = _rates(log_groups, log_group_metrics)
    price = prices.unit(log_groups, "logs.ingestion.gb")
    # Other classes have prices of their own, which no list here tells.
    usd = price["usd"].where(log_groups["log_class"].eq("STANDARD"))
    cost = now * DAYS_A_MONTH * usd
    rise = (now / before.where(before.gt(0)) - 1) * 100
    rises = rise.ge(min_rise_percent)
    place = [log_groups["account_id"], log_groups["region"]]
    is_dearest = cost.groupby(place).rank(ascending=False, method="first").le(most_told)
    known = log_groups["stored_gb"].notna()
    rows = log_groups
    return verdicts(
        rows,
        saves=cost * float("nan"),
        fine=[
            (known & now.fillna(0.0).eq(0.0), "Nothing worth a word came in during the last seven days."),
            (cost.lt(min_monthly_cost), "It takes in less than " + f"${min_monthly_cost:g} a month."),
            (
                cost.ge(min_monthly_cost) & ~rises & ~is_dearest,
                f"It is steady, and not one of the {most_told:.0f} dearest of its account and region.",
            ),
        ],
        insufficient=[
            (~known, "How much it takes in: neither its size nor a metric is told; ask again tomorrow."),
            unpriced(rows, usd, "of logs that come in to class " + rows["log_class"]),
        ],
        notice=(cost.ge(min_monthly_cost), "It takes in more than " + f"${min_monthly_cost:g} a month."),
        details=DataFrame(
            {
                "gb_a_day": now,
                "gb_a_day_before": before,
                "rise": rise.where(rises).map(lambda percent: "" if pd.isna(percent) else f", {percent:.0f} % more"),
                "gb_usd": usd,
                "monthly_cost": cost,
                "days": days,
                "price_source": price["price_source"],
                "price_date": price["price_date"],
            }
        ),
    )


def _rates(rows: DataFrame, metrics: DataFrame) -> tuple[Series[float], Series[float], Series[float]]:
    """GB a day of the last seven days and of the seven before, and how many days have a point."""
    points = metrics[metrics["metric"].eq("IncomingBytes")]
    end = points["time"].max() + Timedelta(days=1)
    lately = points["time"].ge(end - Timedelta(days=WEEK))
    earlier = ~lately & points["time"].ge(end - Timedelta(days=2 * WEEK))
    index = pd.MultiIndex.from_frame(rows[KEY])
    sums = [points[part].groupby(KEY)["value"].sum().reindex(index).to_numpy("float64") for part in (lately, earlier)]
    count = points.groupby(KEY)["value"].count().reindex(index, fill_value=0).to_numpy("float64")
    now, before = (pd.Series(values / WEEK / GB, index=rows.index) for values in sums)
    return now, before, pd.Series(count, index=rows.index)
