"""Where a month ends, of all its costs together."""

from __future__ import annotations

import math
from datetime import date

from pandas import DataFrame

from analysis.daily_summary import MonthEnd
from analysis.forecasting import month_end


def month_end_of(daily: DataFrame, day: date) -> MonthEnd | None:
    """The end of the month of `day`, of all these costs together; None where nothing can be said.

    Args:
        daily: columns date and cost, up to and with `day`; a month that has begun needs history before it.
    """
    total = daily.groupby("date", as_index=False)["cost"].sum().assign(key="total")
    forecast = month_end(total[["date", "key", "cost"]], day)
    if forecast.empty:
        return None
    row = forecast.iloc[0]
    values = [float(row[name]) for name in ("mean", "lo80", "hi80")]
    return MonthEnd(*values) if all(math.isfinite(value) for value in values) else None
