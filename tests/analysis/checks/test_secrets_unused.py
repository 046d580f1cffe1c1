"""`secrets.unused`: what is read, managed, a replica or young is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "secrets.unused"
ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:partner/api-AbCdEf"


def secret(**changed: Any) -> dict[str, Any]:
    return {"resource_id": ARN, "name": "partner/api", "age_days": 400.0, "unread_days": 120.0} | changed


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"unread_days": 89.0}, "Read 89 days ago."),
        ({"unread_days": None, "age_days": 89.0}, "Never read, but only 89 days old."),
        ({"owning_service": "rds"}, "Kept by rds, which deletes it with what it is for."),
        ({"is_replica": True}, "A replica: it is removed from its original, in that one's region."),
    ],
)
def test_leaves_alone(changed: dict[str, Any], why: str) -> None:
    found = judged(CHECK, {"secrets": table("secrets", secret(**changed))}).iloc[0]

    assert (found["verdict"], found["why"]) == ("fine", why)


@pytest.mark.parametrize("changed", [{"unread_days": None, "age_days": None}, {"region": "eu-west-3"}])
def test_what_is_unknown_is_no_saving(changed: dict[str, Any]) -> None:
    assert judged(CHECK, {"secrets": table("secrets", secret(**changed))})["verdict"].tolist() == ["insufficient"]


@pytest.mark.parametrize("changed", [{}, {"unread_days": 90.0}, {"unread_days": None}])
def test_saves_what_a_month_of_it_costs(changed: dict[str, Any]) -> None:
    found = judged(CHECK, {"secrets": table("secrets", secret(**changed))}).iloc[0]

    assert found["monthly_savings"] == pytest.approx(0.40)


def test_the_card_deletes_with_a_month_to_come_back() -> None:
    never = secret(unread_days=None, rotates=True)
    (card,) = cards(CHECK, {"secrets": table("secrets", never)})

    assert card.reason == "Secret partner/api has not been read for 400 days, since it was made"
    assert f"delete-secret --secret-id {ARN} --recovery-window-in-days 30 --region us-east-1" in card.command
    assert "restore-secret" in card.undo
    assert card.risk == "high", "something still changes it"
