"""Forecasts of daily costs with intervals, and where the month will end."""

from analysis.forecasting.forecast import forecast
from analysis.forecasting.history import HISTORY_DAYS, LEAST_DAYS
from analysis.forecasting.known_changes import TOTAL, KnownChange
from analysis.forecasting.period import month_end

__all__ = ["HISTORY_DAYS", "LEAST_DAYS", "TOTAL", "KnownChange", "forecast", "month_end"]
