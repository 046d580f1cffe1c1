"""`lambda.errors`: a function that fails now and then is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points
from tests.analysis.checks.lambda_factories import ran, tables

CHECK = "lambda.errors"
RUNS = [80_000.0] * 14


def verdict(metrics: DataFrame, **changed: Any) -> Any:
    return judged(CHECK, tables(metrics, **changed)).loc["f-1"]


def failing(share: float, days: int = 14) -> DataFrame:
    """Runs of which a share failed on the last days."""
    return ran(RUNS, 3000.0, [0.0] * (14 - days) + [80_000.0 * share] * days)


def test_leaves_a_function_alone_that_fails_every_tenth_time() -> None:
    found = verdict(failing(0.1))

    assert (found["verdict"], found["why"]) == ("fine", "On its worst day 10.0 % of its runs failed.")


def test_failures_of_the_week_before_are_over() -> None:
    old = ran(RUNS, 3000.0, [40_000.0] * 7 + [0.0] * 7)

    assert verdict(old)["verdict"] == "fine"


def test_a_handful_of_runs_is_no_trend() -> None:
    assert verdict(ran([19.0] * 14, 3000.0, [19.0] * 14))["verdict"] == "fine"


def test_cheap_failures_are_left_alone() -> None:
    assert verdict(ran([50.0] * 14, 100.0, [25.0] * 14))["why"] == "What fails costs $0.00 a month."


def test_a_function_that_did_not_run_did_not_fail() -> None:
    assert verdict(ran([0.0] * 14))["why"] == "Did not run."


@pytest.mark.parametrize("metrics", [no_points(), ran(RUNS[:6], 3000.0, [40_000.0] * 6)])
def test_days_that_were_not_looked_at_are_no_good_days(metrics: DataFrame) -> None:
    assert verdict(metrics)["verdict"] == "insufficient"


def test_what_fails_is_what_is_saved_give_or_take_half() -> None:
    found = verdict(failing(0.22))

    month = 80_000 * 0.22 * 3 * 730 / 24 * 0.0000166667
    assert found["monthly_savings"] == pytest.approx(month)
    assert found["plus_minus"] == pytest.approx(month / 2)


def test_one_bad_day_shows_and_the_figure_is_of_the_week() -> None:
    found = verdict(failing(0.5, days=1))

    assert found["monthly_savings"] == pytest.approx(80_000 * 0.5 * 3 / 7 * 730 / 24 * 0.0000166667)


def test_a_price_that_is_not_known_is_no_saving() -> None:
    found = judged(CHECK, tables(failing(0.3).assign(region="eu-west-3"), region="eu-west-3")).loc["f-1"]

    assert found["why"].startswith("The price of a GB-second on x86_64 in eu-west-3")


def test_the_card_says_where_to_read_why_it_fails() -> None:
    (card,) = cards(CHECK, tables(failing(0.22)))

    assert card.reason == "22 % of its runs fail, up to 22 % on a day"
    assert "/aws/lambda/f-1" in card.steps
    assert card.chart is not None
