"""The checks on commitments: well used, covered and lasting ones are fine; what is unknown is never a finding."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.analysis.checks.check_factories import END, cards, judged, table

PLAN_USE, RESERVED_USE = "commitments.plan_utilization", "commitments.reservation_utilization"
GAP = "commitments.coverage_gap"
ENDING = ("commitments.plan_ending", "commitments.reservation_ending")


def use(**changed: Any) -> dict[str, Any]:
    """$24 a day; `percent` of it used, `before` in the days before."""
    percent, before, days = changed.pop("percent", 100.0), changed.pop("before", None), changed.get("days", 14.0)
    total = 24.0 * days
    told = {
        "used": total * percent / 100,
        "unused": total * (1 - percent / 100),
        "used_before": None if before is None else before,
        "unused_before": None if before is None else 100.0 - before,
        "days": days,
        "source": "Cost Explorer",
        "first_day": END - pd.Timedelta(days=days),
        "last_day": END - pd.Timedelta(days=1),
        "kind": "Reserved",
    }
    return told | changed


def verdict(check: str, name: str, **changed: Any) -> Any:
    [row] = judged(check, {name: table(name, use(**changed))}).to_dict("records")
    return row


@pytest.mark.parametrize("told", [{"percent": 95.0}, {"percent": 97.0, "before": 100.0}, {"percent": 96, "days": 7.0}])
def test_a_plan_that_is_used_is_fine(told: dict[str, Any]) -> None:
    assert verdict(PLAN_USE, "savings_plans_use", **told)["verdict"] == "fine"


@pytest.mark.parametrize(
    ("told", "fact"),
    [
        ({"percent": 50.0, "days": 6.0}, "Its use of 7 days"),
        ({"used": None}, "How far it is used"),
        ({"used": 0.0, "unused": 0.0}, "How far it is used"),
        ({"problem": "Cost Explorer is not asked."}, "How far Savings Plans are used: Cost Explorer is not asked."),
    ],
)
def test_what_is_not_known_of_a_plan_is_said(told: dict[str, Any], fact: str) -> None:
    row = verdict(PLAN_USE, "savings_plans_use", **told)

    assert row["verdict"] == "insufficient"
    assert row["why"].startswith(fact)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"percent": 94.9}, "Utilization 94.9 % in 14 days: $37.23 a month is paid for nothing"),
        (
            {"percent": 95.0, "before": 100.0},
            "Utilization 95.0 % in 14 days, down from 100.0 %: $36.50 a month is paid for nothing",
        ),
    ],
)
def test_a_plan_that_is_not_used_or_less_than_before_is_told(told: dict[str, Any], reason: str) -> None:
    [card] = cards(PLAN_USE, {"savings_plans_use": table("savings_plans_use", use(**told))})

    assert (card.is_notice, card.reason) == (True, reason)


def test_a_reservation_that_is_used_is_fine() -> None:
    assert verdict(RESERVED_USE, "reservations_use", percent=90.0)["verdict"] == "fine"


@pytest.mark.parametrize("told", [{"percent": 10.0, "days": 13.0}, {"unused": None}, {"problem": "not today."}])
def test_what_is_not_known_of_a_reservation_saves_nothing(told: dict[str, Any]) -> None:
    row = verdict(RESERVED_USE, "reservations_use", **told)

    assert row["verdict"] == "insufficient"
    assert pd.isna(row["monthly_savings"])


def test_unused_hours_of_a_reservation_are_told_in_dollars_a_month() -> None:
    tables = {"reservations_use": table("reservations_use", use(percent=60.0, name="12 × r5.xlarge"))}
    [card] = cards(RESERVED_USE, tables)

    # 40 % of $24 a day, 730 hours.
    assert card.monthly_savings == pytest.approx(292.0)
    assert card.reason == "Utilization 60.0 % in 14 days: $292.00 a month of the reservation is paid for nothing"
    assert card.current == "12 × r5.xlarge, 60 % utilized"
    assert (card.monthly_cost, card.price_source) == (pytest.approx(730.0), "Cost Explorer, amortized cost")
    assert "Reserved Instance Marketplace" in card.steps


def eligible(**changed: Any) -> dict[str, Any]:
    usual = {"spans": 672.0, "span_hours": 1.0, "floor": 10.0, "covered": 5.0, "mean": 20.0, "mean_covered": 5.0}
    return usual | changed


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"covered": 7.0}, "fine"),
        ({"floor": 1.3, "covered": 0.7}, "fine"),  # $438 a month
        ({"floor": 0.0, "covered": 0.0}, "fine"),
        ({"spans": 335.0}, "insufficient"),
        ({"spans": 13.0, "span_hours": 24.0}, "insufficient"),
        ({"floor": None}, "insufficient"),
        ({"problem": "Cost Explorer is not asked."}, "insufficient"),
        ({}, "notice"),
    ],
)
def test_a_gap_in_what_never_stops_is_told(told: dict[str, Any], answer: str) -> None:
    rows = table("commitment_coverage", eligible(**told))

    assert judged(GAP, {"commitment_coverage": rows})["verdict"].tolist() == [answer]


def test_the_gap_is_what_a_purchase_could_cover() -> None:
    [card] = cards(GAP, {"commitment_coverage": table("commitment_coverage", eligible())})

    assert card.reason == "Coverage 50 % of what never stops: $3,650.00 a month of it runs on demand"
    assert "In 95 of 100 of 672 hours at least $10.00 an hour" in card.how_computed


def owned(days: float | None, **changed: Any) -> dict[str, Any]:
    usual = {
        "resource_id": "r-1",
        "commitment_id": "r-1",
        "state": "active",
        "hourly_usd": 1.6,
        "seen_at": END,
        "ends_at": None if days is None else END + pd.Timedelta(days=days),
    }
    return usual | changed


def ending(check: str, days: float | None, on_demand: float | None = None, **changed: Any) -> list[Any]:
    name = "savings_plans" if "plan" in check else "reservations"
    told = use(commitment_id="r-1", on_demand=on_demand, days=7.0)
    tables = {name: table(name, owned(days, **changed)), f"{name}_use": table(f"{name}_use", told)}
    judged_, found = judged(check, tables), cards(check, tables)
    return [*judged_[["verdict", "why"]].iloc[0], *found]


@pytest.mark.parametrize("check", ENDING)
@pytest.mark.parametrize(
    ("days", "changed", "answer"),
    [
        (61, {}, "fine"),
        (-1, {}, "fine"),
        (20, {"state": "queued"}, "fine"),
        (None, {}, "insufficient"),
        (None, {"problem": "AWS refuses it."}, "insufficient"),
        (60, {}, "notice"),
        (0.5, {}, "notice"),
    ],
)
def test_an_end_within_sixty_days_is_told(check: str, days: float | None, changed: dict[str, Any], answer: str) -> None:
    assert ending(check, days, **changed)[0] == answer


@pytest.mark.parametrize("check", ENDING)
def test_the_end_has_its_day_and_its_dollars(check: str) -> None:
    *_, card = ending(check, 20, on_demand=7 * 24 * 2.2)

    assert card.reason == "Ends in 20 days, on Dec 10, 2026: the bill rises by $438.00 a month"
    assert (card.is_notice, card.risk.value, card.monthly_cost) == (True, "low", pytest.approx(1168.0))
    assert "costbot buys nothing" in card.steps


@pytest.mark.parametrize(
    ("on_demand", "words"),
    [
        (None, "Ends in 6 days, on Nov 26, 2026: what its usage then costs on demand is not known"),
        (
            7 * 24 * 0.6,
            "Ends in 6 days, on Nov 26, 2026: so much of it is unused that the bill falls by $730.00 a month",
        ),
    ],
)
def test_the_last_week_is_of_high_risk_and_an_end_may_save(on_demand: float | None, words: str) -> None:
    *_, card = ending("commitments.plan_ending", 6, on_demand=on_demand)

    assert (card.reason, card.risk.value) == (words, "high")
