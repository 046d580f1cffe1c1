"""Forecasts: what is known beforehand of costs to come, and where they then end; one reader for all who tell it."""
