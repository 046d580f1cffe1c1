"""`ec2.unused_image`: an image that anything may still launch is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import ACCOUNT, REGION, cards, judged, table

CHECK = "ec2.unused_image"


def image(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "ami-1", "snapshot_ids": "snap-1 snap-2", "size_gib": 120.0, "age_days": 400.0}
    return values | changed


def asked(row: dict[str, Any], *, instances: tuple[str, ...] = (), templates: tuple[str, ...] = ()) -> Any:
    tables = {
        "ec2_images": table("ec2_images", row),
        "ec2_instances": table("ec2_instances", *({"image_id": name, "resource_id": name} for name in instances)),
        "launch_images": table(
            "launch_images",
            *({"account_id": ACCOUNT, "region": REGION, "resource_id": "lt-1", "image_id": name} for name in templates),
        ),
    }
    return judged(CHECK, tables).loc["ami-1"]


@pytest.mark.parametrize(
    ("changed", "used", "expected", "why"),
    [
        ({}, {"instances": ("ami-1",)}, "fine", "An instance was launched from it."),
        ({}, {"templates": ("ami-1",)}, "fine", "A launch template"),
        ({"shared": True}, {}, "fine", "Shared with everybody"),
        ({"age_days": 179.0}, {}, "fine", "Made less than 180 days ago."),
        ({"launched_days": 179.0}, {}, "fine", "Launched in the last 180 days."),
        ({"snapshot_ids": "", "size_gib": 0.0}, {}, "fine", "It has no snapshot"),
        ({"age_days": None}, {}, "insufficient", "When it was made"),
        ({"size_gib": None}, {}, "insufficient", "How large its volumes are"),
        ({"region": "eu-west-3"}, {}, "insufficient", "The price of snapshots in eu-west-3"),
        ({"ignored": True}, {}, "fine", "costbot:ignore"),
    ],
)
def test_leaves_alone(changed: dict[str, Any], used: dict[str, Any], expected: str, why: str) -> None:
    found = asked(image(**changed), **used)

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


@pytest.mark.parametrize("launched_days", [None, 180.0])
def test_saves_at_most_its_snapshots_and_covers_them(launched_days: float | None) -> None:
    found = asked(image(launched_days=launched_days), instances=("ami-2",), templates=("ami-3",))

    assert found["monthly_savings"] == pytest.approx(120 * 0.05)
    assert found["covers"] == ["snap-1", "snap-2"]


def test_the_card_says_upper_bound_and_deletes_the_snapshots_too() -> None:
    (card,) = cards(CHECK, {"ec2_images": table("ec2_images", image())})

    assert "upper bound" in card.how_computed
    assert "deregister-image --image-id ami-1" in card.command
    assert "for snapshot in snap-1 snap-2; do" in card.command
    assert "never launched as far as EC2 knows" in card.reason
