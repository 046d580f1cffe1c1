"""`ebs.unattached_volume`: what hangs on an instance, or did a moment ago, is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, price_book, table, together

CHECK = "ebs.unattached_volume"


def volume(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "vol-1", "az": "us-east-1a", "volume_type": "gp3", "size_gib": 500, "iops": 3000.0}
    return values | {"throughput_mib_s": 125.0, "state": "available", "age_days": 200.0} | changed


def others() -> DataFrame:
    """Fourteen days of another volume, so that it is known which days were looked at."""
    return points("VolumeReadOps", [5.0] * 14, resource_id="vol-other")


def verdict(row: dict[str, Any], metrics: DataFrame | None = None, **more: Any) -> Any:
    tables = {"ebs_volumes": table("ebs_volumes", row), "ebs_metrics": others() if metrics is None else metrics}
    return judged(CHECK, tables, **more).loc["vol-1"]


def test_leaves_an_attached_volume_alone() -> None:
    found = verdict(volume(state="in-use", instance_id="i-0aaa"))

    assert (found["verdict"], found["why"]) == ("fine", "Attached to i-0aaa.")


@pytest.mark.parametrize("days_of_use", [12, 13, 14])
def test_leaves_a_volume_alone_that_was_in_use_this_week(days_of_use: int) -> None:
    used = points("VolumeReadOps", [3.0] * 14, resource_id="vol-1").head(days_of_use)

    assert verdict(volume(), together(others(), used))["verdict"] == "fine"


def test_leaves_a_new_volume_alone() -> None:
    assert verdict(volume(age_days=2.0))["verdict"] == "fine"


def test_a_price_that_is_not_known_is_no_saving() -> None:
    found = verdict(volume(region="eu-west-3"))

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("The price of gp3 volumes in eu-west-3: neither on your own bill")


def test_what_it_has_provisioned_is_saved_too() -> None:
    found = verdict(volume(iops=9000.0, throughput_mib_s=500.0))

    assert found["monthly_savings"] == pytest.approx(500 * 0.08 + 6000 * 0.005 + 375 * 0.04)


def test_the_price_on_the_own_bill_comes_before_the_list() -> None:
    book = price_book(own=[("eu-west-3", "EC2 - Other", "EBS:VolumeUsage.gp3", 0.0928)])

    assert verdict(volume(region="eu-west-3"), prices=book)["monthly_savings"] == pytest.approx(46.4)


def test_says_since_when_at_least_where_no_metric_tells() -> None:
    tables = {"ebs_volumes": table("ebs_volumes", volume()), "ebs_metrics": others()}

    (card,) = cards(CHECK, tables)

    assert card.reason == "gp3 volume of 500 GiB, unattached for at least 14 days"
    assert card.command.startswith('test "$(aws sts get-caller-identity --query Account --output text)" = 111122223333')
    assert "aws ec2 delete-volume --volume-id vol-1 --region us-east-1" in card.command
    assert (card.monthly_cost, card.monthly_savings) == (40.0, 40.0)


def test_without_any_metric_in_the_region_its_age_is_what_is_known() -> None:
    assert verdict(volume(), no_points())["detached_days"] == 200.0
