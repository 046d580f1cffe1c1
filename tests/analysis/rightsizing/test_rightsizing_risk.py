"""Risk: from the spread of daily peaks, and never below what was seen."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import DataFrame, Series

from analysis.models import Risk
from analysis.rightsizing.risk import chance_per_day, in_words, level

DAYS = pd.date_range("2026-11-06", periods=14)


def chance(peaks: list[float], ratio: float = 1.0) -> float:
    return float(chance_per_day(DataFrame([peaks], columns=DAYS), Series([ratio])).iloc[0])


def test_flat_peaks_below_the_limit_never_pass_it() -> None:
    assert chance([72.0] * 14) == 0.0


def test_quiet_weekends_are_no_spread() -> None:
    week = [24.0 if day.day_of_week >= 5 else 72.0 for day in DAYS]

    assert level(chance(week)) is Risk.LOW


def test_a_day_beyond_the_limit_counts_as_seen() -> None:
    assert chance([50.0] * 13 + [90.0], ratio=2.0) >= 1 / 14


def test_peaks_that_spread_towards_the_limit_are_a_risk() -> None:
    calm = chance([50, 52, 48, 51, 49, 50, 52, 48, 51, 49, 50, 52, 48, 51])
    wild = chance([40, 85, 55, 70, 35, 90, 60, 45, 80, 50, 75, 65, 88, 42])

    assert level(calm) is Risk.LOW
    assert level(wild) is Risk.HIGH


def test_missing_days_are_left_out() -> None:
    assert chance([float("nan")] * 4 + [50.0] * 10) == 0.0


@pytest.mark.parametrize(
    ("chance", "words"),
    [(0.0, "less than once a year"), (1 / 60, "about every 60 days"), (0.2, "on 6 days a month")],
)
def test_says_it_in_words(chance: float, words: str) -> None:
    said = in_words(chance, 71.6, 14, "CPU", "m5.large")

    assert said.startswith("In 14 days the highest CPU peak would have taken 72 % of m5.large")
    assert words in said
