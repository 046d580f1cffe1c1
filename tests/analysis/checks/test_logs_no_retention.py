"""`logs.no_retention`: what has a retention, is small or young is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.checks.logs.no_retention import RETENTIONS
from tests.analysis.checks.check_factories import cards, judged, price_book, table

CHECK = "logs.no_retention"


def group(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "/app/checkout", "name": "/app/checkout", "log_class": "STANDARD"}
    return values | {"stored_gb": 2400.0, "days_old": 390.0} | changed


def verdict(row: dict[str, Any], **more: Any) -> Any:
    return judged(CHECK, {"log_groups": table("log_groups", row)}, **more).iloc[0]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"retention_days": 30.0}, "It keeps 30 days."),
        ({"retention_days": 3653.0}, "It keeps 3653 days."),
        ({"log_class": "DELIVERY"}, "AWS deletes what is in a group of class DELIVERY by itself."),
        ({"stored_gb": 0.0}, "It keeps everything, but stores less than 1 GB."),
        ({"stored_gb": 0.99}, "It keeps everything, but stores less than 1 GB."),
        ({"days_old": 90.0}, "It keeps everything, but is only 90 days old."),
        ({"days_old": 0.0}, "It keeps everything, but is only 0 days old."),
    ],
)
def test_leaves_alone(changed: dict[str, Any], why: str) -> None:
    found = verdict(group(**changed))

    assert (found["verdict"], found["why"]) == ("fine", why)


@pytest.mark.parametrize(
    ("changed", "fact"),
    [({"stored_gb": None}, "How much"), ({"days_old": None}, "How old"), ({"region": "eu-west-3"}, "The price")],
)
def test_what_is_unknown_is_no_saving(changed: dict[str, Any], fact: str) -> None:
    found = verdict(group(**changed))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith(fact)


def test_saves_the_share_that_is_older() -> None:
    found = verdict(group())

    assert found["monthly_savings"] == pytest.approx(2400 * 0.03 * 300 / 390)
    assert found["plus_minus"] == pytest.approx(2400 * 0.03 * 300 / 390 * 90 / 390)
    assert found["monthly_cost"] == pytest.approx(72.0)


def test_saves_by_what_the_account_really_pays() -> None:
    paid = price_book(own=[("eu-west-3", "AmazonCloudWatch", "TimedStorage-ByteHrs", 0.0315)])
    found = verdict(group(region="eu-west-3"), prices=paid)

    assert found["monthly_savings"] == pytest.approx(2400 * 0.0315 * 300 / 390)


@pytest.mark.parametrize(("wanted", "set_to"), [(90, 90), (91, 120), (100, 120), (200, 365), (9999, 3653)])
def test_the_command_sets_only_what_aws_takes(wanted: float, set_to: int) -> None:
    (card,) = cards(CHECK, {"log_groups": table("log_groups", group(days_old=5000.0))}, keep_days=wanted)

    assert set_to in RETENTIONS
    assert f"--retention-in-days {set_to} --region us-east-1" in card.command
    assert card.proposed == f"{set_to} days"


def test_the_card_says_how_and_what_is_lost() -> None:
    (card,) = cards(CHECK, {"log_groups": table("log_groups", group())})

    assert card.reason == "2,400 GB of logs over 390 days, and nothing is ever deleted"
    assert card.how_computed.startswith("2,400 GB × $0.03 a GB-month × 76.9%")
    assert "deleted for good" in card.risk_reason
    assert card.undo.endswith("aws logs delete-retention-policy --log-group-name /app/checkout --region us-east-1")
    assert card.risk == "medium"


@pytest.mark.parametrize("name", ["/org/cloudtrail", "/app/search-audit", "/aws/vpc/flow-logs", "/vpc/flowlogs"])
def test_what_may_be_evidence_is_a_high_risk(name: str) -> None:
    (card,) = cards(CHECK, {"log_groups": table("log_groups", group(name=name))})

    assert card.risk == "high"
