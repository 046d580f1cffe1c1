"""Forecasts of daily costs with intervals, and where the month will end."""

from analysis.forecasting.forecast import forecast, month_end

__all__ = ["forecast", "month_end"]
