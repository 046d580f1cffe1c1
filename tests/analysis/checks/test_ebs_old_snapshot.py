"""`ebs.old_snapshot`: older than anybody restores, and no policy that deletes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "ebs.old_snapshot"


def snapshot(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "snap-1", "volume_id": "vol-1", "size_gib": 800, "state": "completed"}
    return values | {"tier": "standard", "age_days": 300.0} | changed


def tables(*rows: dict[str, Any]) -> dict[str, Any]:
    return {
        "ebs_snapshots": table("ebs_snapshots", *rows),
        "ebs_volumes": table("ebs_volumes", {"resource_id": "vol-1"}),
        "ec2_images": table("ec2_images", {"resource_id": "ami-1", "snapshot_ids": "snap-image"}),
    }


def verdict(*rows: dict[str, Any]) -> Any:
    return judged(CHECK, tables(*rows)).iloc[0]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"age_days": 89.9}, "Less than 90 days old."),
        ({"resource_id": "snap-image"}, "Image ami-1 is made of it."),
        ({"managed_by": "Data Lifecycle Manager"}, "Data Lifecycle Manager made it"),
        ({"volume_id": "vol-gone"}, "Its volume is gone: `ebs.orphan_snapshot` looks at it."),
        ({"state": "pending"}, "Not complete"),
    ],
)
def test_leaves_alone(changed: dict[str, Any], why: str) -> None:
    found = verdict(snapshot(**changed))

    assert found["verdict"] == "fine"
    assert found["why"].startswith(why)


@pytest.mark.parametrize(
    "lacking", [{"volume_id": ""}, {"age_days": None}, {"region": "eu-west-3", "volume_id": "vol-ffffffff"}]
)
def test_what_is_not_known_is_no_saving(lacking: dict[str, Any]) -> None:
    assert verdict(snapshot(**lacking))["verdict"] == "insufficient"


def test_at_most_its_volumes_size_is_saved() -> None:
    found = verdict(snapshot(age_days=90.0))

    assert (found["monthly_savings"], found["plus_minus"]) == pytest.approx((40.0, 40.0))


def test_the_newest_one_of_a_volume_is_a_high_risk() -> None:
    rows = judged(CHECK, tables(snapshot(), snapshot(resource_id="snap-2", age_days=200.0)))

    assert rows["risk"].to_dict() == {"snap-1": "medium", "snap-2": "high"}


def test_a_copy_is_judged_by_its_age_alone() -> None:
    found = verdict(snapshot(volume_id="vol-ffffffff"))

    assert (found["verdict"], found["risk"]) == ("saves", "medium")


def test_the_card_compares_with_the_archive() -> None:
    (card,) = cards(CHECK, tables(snapshot()))

    assert card.reason == "Snapshot of 800 GiB is 300 days old, and no backup policy deletes it"
    assert "a full copy of 800 GiB for at most 10.00 dollars a month" in card.ignores
    assert "over a quarter of it" in card.ignores
    assert "no backup of the volume at all" in card.risk_reason
    assert card.command.endswith("delete-snapshot --snapshot-id snap-1 --region us-east-1")
