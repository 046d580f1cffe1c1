"""`network.egress_without_cdn`: small answers and little traffic stay where they are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, points, table, together

CHECK = "network.egress_without_cdn"
DAYS = 730 / 24


def tables(gb: float, alb_gb: float | None, answer_kb: float = 500.0, scheme: str = "internet-facing") -> Any:
    day = 0.0 if alb_gb is None else alb_gb / DAYS
    metrics = together(
        points("ProcessedBytes", [day * 1e9] * 14, resource_id="lb-1"),
        points("RequestCount", [day * 1e6 / answer_kb] * 14, resource_id="lb-1"),
    )
    balancer = {"resource_id": "lb-1", "kind": "application", "scheme": scheme}
    return {
        "internet_egress": table("internet_egress", {"resource_id": "out", "gb": gb, "cost": gb * 0.09}),
        "load_balancers": table("load_balancers", *([] if alb_gb is None else [balancer])),
        "load_balancer_metrics": metrics,
    }


def verdict(*args: Any, **more: Any) -> Any:
    return judged(CHECK, tables(*args, **more)).loc["out"]


def test_less_than_ten_terabytes_are_left_alone() -> None:
    assert verdict(9_999.0, 9_000.0)["why"] == "9,999 GB a month, below 10,000."


def test_small_answers_cost_more_by_their_requests() -> None:
    assert verdict(10_000.0, 10_000.0, answer_kb=190.0)["why"] == (
        "Its mean answer has 190 kB: CloudFront's requests would cost more than its traffic saves."
    )
    assert verdict(10_000.0, 10_000.0, answer_kb=210.0)["verdict"] == "saves"


@pytest.mark.parametrize("scheme", ["internal", ""])
def test_what_an_internal_balancer_serves_does_not_go_out(scheme: str) -> None:
    assert verdict(20_000.0, 20_000.0, scheme=scheme)["verdict"] == "insufficient"


def test_who_sends_it_is_not_guessed() -> None:
    assert "VPC flow logs tell" in verdict(20_000.0, None)["why"]


def test_beyond_the_tiers_that_are_known_the_price_is_not() -> None:
    assert verdict(200_000.0, 200_000.0)["why"].startswith("The price of CloudFront")


def test_saves_the_difference_less_the_requests_give_or_take_half() -> None:
    found = verdict(20_000.0, 15_000.0)

    expected = 15_000 * 0.09 - (10_000 * 0.085 + 5_000 * 0.08) - 30.0
    assert (found["monthly_savings"], found["plus_minus"]) == (pytest.approx(expected), pytest.approx(expected / 2))


def test_no_more_goes_out_than_the_bill_says() -> None:
    assert verdict(12_000.0, 30_000.0)["alb_gb"] == 12_000.0


def test_the_card_says_how_it_was_computed() -> None:
    (card,) = cards(CHECK, tables(20_000.0, 15_000.0))

    assert card.reason.startswith("20,000 GB a month go to the internet, 15,000 of them through load balancers")
    assert "less $1,250.00 at CloudFront's tiers and 30,000,000 requests" in card.how_computed
