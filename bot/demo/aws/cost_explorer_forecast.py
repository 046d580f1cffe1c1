"""GetCostForecast: AWS's own guess, a simple one: the weekdays of the last four weeks go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np

from bot.demo.aws.answers import AwsError, invalid
from bot.demo.aws.cost_explorer_request import Period, interval_of, metrics_of, next_day, next_month, snake
from bot.demo.aws.cost_explorer_usage import QUANTITIES, amount
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.record_types import BOOKED_AT_ONCE

_WEEKS = 4
_DAILY_LIMIT = timedelta(days=93)
_MONTHLY_LIMIT = timedelta(days=18 * 31)


def cost_forecast(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetCostForecast."""
    metric = metrics_of([params.get("Metric", "")])[0]
    if metric in QUANTITIES or params["Metric"] != snake(metric):
        raise invalid(f"Metric {params['Metric']} is invalid for a cost forecast.")
    level = int(params.get("PredictionIntervalLevel", 80))
    if not 51 <= level <= 99:
        raise invalid("PredictionIntervalLevel must be between 51 and 99.")
    periods = _periods(params, now)
    mean, deviation = _model(view, metric, params.get("Filter"))
    width = NormalDist().inv_cdf(0.5 + level / 200.0) * deviation
    results, total = [], 0.0
    for period in periods:
        days = [period.start.date() + timedelta(days=n) for n in range((period.end - period.start).days)]
        expected = float(sum(mean[day.weekday()] for day in days))
        spread = width * len(days) ** 0.5
        total += expected
        results.append(
            {
                "TimePeriod": period.shown,
                "MeanValue": amount(expected),
                "PredictionIntervalLowerBound": amount(max(expected - spread, 0.0)),
                "PredictionIntervalUpperBound": amount(expected + spread),
            }
        )
    return {"Total": {"Amount": amount(total), "Unit": "USD"}, "ForecastResultsByTime": results}


def _periods(params: Mapping[str, Any], now: datetime) -> list[Period]:
    granularity = params.get("Granularity", "")
    if granularity not in ("DAILY", "MONTHLY"):
        raise invalid(f"Granularity {granularity} is not supported for a forecast.")
    start, end = interval_of(params.get("TimePeriod", {}))
    if start.date() < now.date():
        raise invalid("Start date must be the current date or later.")
    if end - start > (_DAILY_LIMIT if granularity == "DAILY" else _MONTHLY_LIMIT):
        raise invalid("The forecast is too long: 3 months of DAILY or 18 months of MONTHLY forecasts are supported.")
    step = next_day if granularity == "DAILY" else next_month
    periods = []
    while start < end:
        until = min(step(start), end)
        periods.append(Period(start, until))
        start = until
    return periods


def _model(view: View, metric: str, expression: Mapping[str, Any] | None) -> tuple[dict[int, float], float]:
    """Mean of each weekday over the last settled weeks, and the standard deviation of a day around it."""
    statement = view.statement
    regular = np.array([line.record_type not in BOOKED_AT_ONCE for line in statement.lines])
    last = statement.today - timedelta(days=3)
    end = statement.column(last) + 1
    daily: Floats = statement.values[metric][view.mask(expression) & regular, end - 7 * _WEEKS : end].sum(axis=0)
    if not daily.any():
        raise AwsError("DataUnavailableException", "Insufficient amount of historical data to generate forecast.")
    weeks = daily.reshape(_WEEKS, 7)
    means = weeks.mean(axis=0)
    first_weekday = (last - timedelta(days=6)).weekday()
    by_weekday = {(first_weekday + index) % 7: float(value) for index, value in enumerate(means)}
    return by_weekday, float((weeks - means).std())
