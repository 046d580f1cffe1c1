"""`ebs.orphan_snapshot`: snapshots of images, policies and living volumes are left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table

CHECK = "ebs.orphan_snapshot"


def snapshot(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "snap-1", "volume_id": "vol-gone", "size_gib": 400, "state": "completed"}
    return values | {"tier": "standard", "age_days": 320.0} | changed


def verdict(*rows: dict[str, Any], volumes: tuple[str, ...] = (), images: tuple[str, ...] = (), **more: Any) -> Any:
    tables = {
        "ebs_snapshots": table("ebs_snapshots", *rows),
        "ebs_volumes": table("ebs_volumes", *({"resource_id": id_} for id_ in volumes)),
        "ec2_images": table(
            "ec2_images", *({"resource_id": f"ami-{n}", "snapshot_ids": disks} for n, disks in enumerate(images))
        ),
    }
    return judged(CHECK, tables, **more).loc["snap-1"]


def test_leaves_a_snapshot_alone_whose_volume_exists() -> None:
    found = verdict(snapshot(volume_id="vol-1"), volumes=("vol-1",))

    assert (found["verdict"], found["why"]) == ("fine", "Its volume vol-1 exists.")


def test_a_volume_of_another_region_is_another_volume() -> None:
    tables = {
        "ebs_snapshots": table("ebs_snapshots", snapshot()),
        "ebs_volumes": table("ebs_volumes", {"resource_id": "vol-gone", "region": "eu-west-1"}),
    }

    assert judged(CHECK, tables).loc["snap-1", "verdict"] == "saves"


@pytest.mark.parametrize("disks", ["snap-1", "snap-0 snap-1", "snap-1 snap-2"])
def test_leaves_a_snapshot_alone_that_an_image_is_made_of(disks: str) -> None:
    found = verdict(snapshot(), images=("snap-9", disks))

    assert (found["verdict"], found["why"]) == ("fine", "Image ami-1 is made of it.")


def test_leaves_what_a_policy_deletes_alone() -> None:
    assert verdict(snapshot(managed_by="AWS Backup"))["verdict"] == "fine"


@pytest.mark.parametrize("state", ["pending", "recoverable", "recovering"])
def test_leaves_alone_what_is_not_complete(state: str) -> None:
    assert verdict(snapshot(state=state))["verdict"] == "fine"


@pytest.mark.parametrize(("age", "verdict_then"), [(29.9, "fine"), (30.0, "saves")])
def test_a_month_is_given(age: float, verdict_then: str) -> None:
    assert verdict(snapshot(age_days=age))["verdict"] == verdict_then


def test_a_copy_tells_nothing_of_its_volume() -> None:
    assert verdict(snapshot(volume_id="vol-ffffffff"))["verdict"] == "fine"


@pytest.mark.parametrize(
    "lacking", [{"volume_id": ""}, {"age_days": None}, {"region": "eu-west-3"}, {"size_gib": None}]
)
def test_what_is_not_known_is_no_saving(lacking: dict[str, Any]) -> None:
    assert verdict(snapshot(**lacking))["verdict"] == "insufficient"


def test_the_volumes_size_is_an_upper_bound_and_may_be_wholly_wrong() -> None:
    found = verdict(snapshot())

    assert (found["monthly_savings"], found["plus_minus"]) == pytest.approx((20.0, 20.0))


def test_the_blocks_of_a_single_snapshot_are_exact() -> None:
    found = verdict(snapshot(full_gib=120.0))

    assert (found["monthly_savings"], found["plus_minus"]) == pytest.approx((6.0, 0.0))


def test_blocks_that_another_snapshot_may_need_are_not() -> None:
    other = snapshot(resource_id="snap-2", full_gib=120.0)

    assert verdict(snapshot(full_gib=120.0), other)["plus_minus"] == pytest.approx(6.0)


def test_an_archived_one_is_cheaper() -> None:
    assert verdict(snapshot(tier="archive"))["monthly_savings"] == pytest.approx(5.0)


def test_the_card_says_that_there_is_no_way_back() -> None:
    (card,) = cards(CHECK, {"ebs_snapshots": table("ebs_snapshots", snapshot())})

    assert card.reason == "Snapshot of 400 GiB, 320 days old: volume vol-gone no longer exists"
    assert card.command.endswith("aws ec2 delete-snapshot --snapshot-id snap-1 --region us-east-1")
    assert card.undo == "There is no way back."
    assert "20.00 dollars a month of it are not certain" in card.how_computed
