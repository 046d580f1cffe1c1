"""Forecasts of daily costs with intervals, and where the month will end."""

from analysis.forecasting.forecast import forecast, month_end
from analysis.forecasting.known_changes import KnownChange

__all__ = ["KnownChange", "forecast", "month_end"]
