"""`lambda.arm64`: what runs on Arm already, must be built for it, or costs next to nothing, is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, price_book
from tests.analysis.checks.lambda_factories import ran, tables

CHECK = "lambda.arm64"
#: 100,000 runs of half a second with a GiB each day: 50,000 GB-seconds a day.
BUSY = ran([100_000.0] * 14)


def verdict(metrics: DataFrame = BUSY, **changed: Any) -> Any:
    return judged(CHECK, tables(metrics, **changed)).loc["f-1"]


def test_leaves_a_function_on_arm_alone() -> None:
    assert verdict(architecture="arm64")["why"] == "Runs on arm64."


@pytest.mark.parametrize("runtime", ["java21", "dotnet8", "provided.al2023", "go1.x", "python3.7", "nodejs10.x", ""])
def test_whether_compiled_code_can_be_built_for_arm_is_not_known(runtime: str) -> None:
    found = verdict(runtime=runtime)

    assert (found["verdict"], found["why"]) == (
        "insufficient",
        f"Whether code for {runtime} can be built for arm64: its developers know.",
    )


def test_an_image_has_to_be_built_anew() -> None:
    assert verdict(runtime="", package="Image")["why"].startswith("Whether the image can be built")


def test_leaves_a_function_alone_that_hardly_runs() -> None:
    found = verdict(ran([100.0] + [0.0] * 13))

    assert (found["verdict"], found["why"]) == ("fine", "Moving it would save $0.00 a month: not worth the test.")


@pytest.mark.parametrize(
    "metrics", [no_points(), ran([100_000.0] * 13), points("Invocations", [9e4] * 14, resource_id="f-1")]
)
def test_what_was_not_measured_is_not_guessed(metrics: DataFrame) -> None:
    assert verdict(metrics)["verdict"] == "insufficient"


@pytest.mark.parametrize("runtime", ["python3.8", "python3.13", "nodejs22.x", "ruby3.3"])
def test_saves_a_fifth_of_what_it_computes(runtime: str) -> None:
    month = 50_000 * 730 / 24

    assert verdict(runtime=runtime)["monthly_savings"] == pytest.approx(month * (0.0000166667 - 0.0000133334))


def test_quiet_days_count_as_days() -> None:
    half = ran([200_000.0, 0.0] * 7)

    assert verdict(half)["monthly_savings"] == pytest.approx(verdict()["monthly_savings"])


def test_the_price_on_the_own_bill_comes_first_and_keeps_its_distance_to_arm() -> None:
    book = price_book(own=[("us-east-1", "AWS Lambda", "Lambda-GB-Second", 0.00001)])

    found = judged(CHECK, tables(BUSY), prices=book).loc["f-1"]

    assert found["monthly_savings"] == pytest.approx(50_000 * 730 / 24 * 0.00001 * 0.2, rel=1e-4)


def test_layers_make_it_riskier() -> None:
    assert (verdict()["risk"], verdict(layers=2.0)["risk"]) == ("medium", "high")


def test_the_card_deploys_the_same_code_for_the_other_processor_and_back() -> None:
    (card,) = cards(CHECK, tables(BUSY))

    assert card.reason == (
        "python3.12 function on x86_64: 1,520,833 GB-seconds a month would cost a fifth less on arm64"
    )
    assert "--architectures arm64" in card.command
    assert "--architectures x86_64" in card.undo
    assert (round(card.monthly_cost, 2), round(card.monthly_savings, 2)) == (25.35, 5.07)
