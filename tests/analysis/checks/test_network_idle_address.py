"""`network.idle_address`: what is in use, was allocated today, or is of unknown age, is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "network.idle_address"


def address(**changed: Any) -> dict[str, Any]:
    return {"resource_id": "eipalloc-1", "address": "203.0.113.7", "associated": False} | changed


def told(**changed: Any) -> dict[str, Any]:
    return {"resource_id": "eipalloc-1", "looked_days": 7.0} | changed


def tables(row: dict[str, Any], event: dict[str, Any] | None) -> Any:
    events = table("address_events") if event is None else table("address_events", event)
    return {"elastic_ips": table("elastic_ips", row), "address_events": events}


def verdict(row: dict[str, Any] | None = None, event: dict[str, Any] | None = None, **more: Any) -> Any:
    return judged(CHECK, tables(row or address(), event), **more).loc["eipalloc-1"]


def test_leaves_an_address_in_use_alone() -> None:
    assert verdict(address(associated=True))["why"] == "In use."


@pytest.mark.parametrize("event", ["AllocateAddress", "DisassociateAddress"])
def test_leaves_an_address_alone_that_became_idle_today(event: str) -> None:
    found = verdict(event=told(event=event, days_ago=0.25))

    assert (found["verdict"], found["why"]) == ("fine", f"It may be idle for 6 h only: {event} then.")


@pytest.mark.parametrize("event", [None, told(looked_days=0.0), told(looked_days=0.9)])
def test_without_cloudtrail_nobody_knows_since_when(event: dict[str, Any] | None) -> None:
    found = verdict(event=event)

    assert found["verdict"] == "insufficient"
    assert "cloudtrail:LookupEvents" in found["why"]


def test_a_day_is_the_boundary() -> None:
    assert verdict(event=told(event="AllocateAddress", days_ago=0.99))["verdict"] == "fine"
    assert verdict(event=told(event="AllocateAddress", days_ago=1.0))["verdict"] == "saves"


def test_an_address_that_no_event_of_the_week_names_is_forgotten() -> None:
    assert verdict(event=told())["monthly_savings"] == pytest.approx(3.65)


def test_a_threshold_beyond_what_cloudtrail_was_asked_for_leaves_it_open() -> None:
    assert verdict(event=told(), min_idle_days=30)["verdict"] == "insufficient"


def test_a_price_that_is_not_known_is_no_saving() -> None:
    found = verdict(address(region="eu-west-3"), told(region="eu-west-3"))

    assert found["why"].startswith("The price of an idle public address in eu-west-3")


def test_the_card_says_for_how_long_and_how_to_get_it_back() -> None:
    (card,) = cards(CHECK, tables(address(), told()))

    assert card.reason == "Elastic IP 203.0.113.7 is associated with nothing, for at least 7 days"
    assert "aws ec2 release-address --allocation-id eipalloc-1 --region us-east-1" in card.command
    assert "--address 203.0.113.7" in card.undo
