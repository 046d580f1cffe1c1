"""What Lambda functions compute in a month, from their daily runs and durations."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import DAY_S, KEY
from analysis.prices.units import list_usd
from analysis.pricing import HOURS_A_MONTH, PriceBook

DAYS_A_MONTH = HOURS_A_MONTH / 24
#: What a GB-second costs on Arm, as a share of x86.
ARM_SHARE = list_usd("lambda.arm64.gb_second") / list_usd("lambda.x86_64.gb_second")
_MIB_A_GB = 1024.0


def monthly_use(functions: DataFrame, metrics: DataFrame) -> DataFrame:
    """What each function computes in a month of 730 hours, at the memory that it has now.

    Args:
        functions: needs `KEY`, memory_mib. metrics: daily, with 0 invocations on days without a run.
    Returns:
        Same index: `days` looked at, `runs` and `gb_seconds` a month, `mean_ms`; missing where no day is known, or
        where a day has runs and no duration.
    """
    day = daily_use(metrics)
    by = day.groupby(KEY)
    found = DataFrame(
        {"days": by["runs"].count(), "runs": by["runs"].sum(), "busy_s": by["busy_s"].apply(_whole_sum)}
    ).reindex(pd.MultiIndex.from_frame(functions[KEY]))
    found.index = functions.index
    share = DAYS_A_MONTH / found["days"]
    busy_s = found["busy_s"].astype("float64")
    return DataFrame(
        {
            "days": found["days"].fillna(0.0),
            "runs": found["runs"] * share,
            "gb_seconds": busy_s * share * functions["memory_mib"] / _MIB_A_GB,
            "mean_ms": (busy_s / found["runs"] * 1000.0).where(found["runs"].gt(0)),
        }
    ).astype("float64")


def daily_use(metrics: DataFrame) -> DataFrame:
    """One row per function and day: `KEY`, time, runs, errors (0 where none was counted), mean_ms, busy_s."""
    daily = metrics[metrics["period_s"].eq(DAY_S)]
    parts = {
        column: daily[daily["metric"].eq(metric) & daily["statistic"].eq(statistic)]
        .set_index([*KEY, "time"])["value"]
        .rename(column)
        for column, metric, statistic in (
            ("runs", "Invocations", "Sum"), ("errors", "Errors", "Sum"), ("mean_ms", "Duration", "Average")
        )
    }  # fmt: skip
    table = parts["runs"].to_frame().join([parts["errors"], parts["mean_ms"]]).reset_index()
    busy_s = (table["runs"] * table["mean_ms"] / 1000.0).mask(table["runs"].eq(0), 0.0)
    return table.assign(errors=table["errors"].fillna(0.0), busy_s=busy_s)


def gb_second(functions: DataFrame, prices: PriceBook) -> DataFrame:
    """What a GB-second costs each function: `usd`, `price_source`, `price_date`."""
    return prices.unit(functions, "lambda." + functions["architecture"] + ".gb_second")


def _whole_sum(values: Series[float]) -> float:
    return float(values.sum(skipna=False))
