"""Forecasts of daily costs with intervals, and where the month will end."""

from analysis.forecasting.forecast import HISTORY_DAYS, LEAST_DAYS, forecast, month_end
from analysis.forecasting.known_changes import TOTAL, KnownChange

__all__ = ["HISTORY_DAYS", "LEAST_DAYS", "TOTAL", "KnownChange", "forecast", "month_end"]
