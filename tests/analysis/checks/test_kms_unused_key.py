"""`kms.unused_key`: only a record of months without use is one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "kms.unused_key"


def key(**changed: Any) -> dict[str, Any]:
    known = {"resource_id": "1234abcd-12ab", "name": "old-backups", "state": "Enabled", "age_days": 800.0}
    return known | {"unused_days": 200.0, "tracked_days": 300.0} | changed


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"unused_days": 89.0}, "Used 89 days ago."),
        ({"unused_days": None, "tracked_days": 89.0}, "No use is on record, but the record is only 89 days long."),
        ({"unused_days": None, "age_days": 30.0}, "No use is on record, but the record is only 30 days long."),
        ({"state": "PendingDeletion"}, "It is being deleted."),
        ({"is_replica": True}, "A replica: judge the key that it is a copy of."),
    ],
)
def test_leaves_alone(changed: dict[str, Any], why: str) -> None:
    found = judged(CHECK, {"kms_keys": table("kms_keys", key(**changed))}).iloc[0]

    assert (found["verdict"], found["why"]) == ("fine", why)


@pytest.mark.parametrize(
    "changed",
    [
        {"unused_days": None, "tracked_days": None},
        {"unused_days": None, "tracked_days": None, "problem": "AWS refuses it."},
        {"region": "eu-west-3"},
    ],
)
def test_what_is_unknown_is_no_saving(changed: dict[str, Any]) -> None:
    assert judged(CHECK, {"kms_keys": table("kms_keys", key(**changed))})["verdict"].tolist() == ["insufficient"]


@pytest.mark.parametrize("changed", [{}, {"unused_days": 90.0}, {"unused_days": None}])
def test_saves_a_dollar(changed: dict[str, Any]) -> None:
    found = judged(CHECK, {"kms_keys": table("kms_keys", key(**changed))}).iloc[0]

    assert found["monthly_savings"] == pytest.approx(1.0)


def test_the_card_disables_and_never_deletes() -> None:
    (card,) = cards(CHECK, {"kms_keys": table("kms_keys", key(unused_days=None))})

    assert card.reason == "Key old-backups has not been used for at least 300 days"
    assert "aws kms disable-key --key-id 1234abcd-12ab --region us-east-1" in card.command
    assert "schedule-key-deletion" not in card.command
    assert card.risk == "high"
