"""Images, what launches them, and Spot prices: parsed from answers of EC2's own shape, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.aws import AccountRef
from bot.collectors import ec2_images, ec2_instances, ec2_metrics, launch_images, spot_prices
from bot.collectors.scopes import Window
from bot.demo.aws.shapes import checked
from bot.inventory import Here
from tests.analysis.rightsizing_factories import instance, instances

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HERE = Here(AccountRef("111122223333", "prod"), "us-east-1", "team", NOW)
WINDOW = Window(datetime(2026, 11, 6, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))


class Asked:
    """Clients of an account that answer each operation page by page, and note what they were asked."""

    def __init__(self, **pages: list[dict[str, Any]]) -> None:
        self.pages = pages
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def client(self, service: str, **place: str) -> Asked:
        return self

    def get_paginator(self, operation: str) -> Any:
        asked = self

        class Pages:
            def paginate(self, **words: Any) -> Iterator[dict[str, Any]]:
                asked.calls.append((operation, words))
                yield from asked.pages[operation]

        return Pages()

    def describe_launch_template_versions(self, **words: Any) -> dict[str, Any]:
        self.calls.append(("one_template", words))
        return self.pages["one_template"][0]


def version(id_: str, number: int, image: str | None) -> dict[str, Any]:
    data = {"ImageId": image} if image else {}
    return {"LaunchTemplateId": id_, "VersionNumber": number, "LaunchTemplateData": data}


def test_an_instance_tells_of_its_image_disks_and_stop() -> None:
    described = {
        "InstanceId": "i-1", "InstanceType": "m5.large", "Architecture": "x86_64", "LaunchTime": NOW,
        "Placement": {"AvailabilityZone": "us-east-1a"}, "State": {"Name": "stopped"}, "ImageId": "ami-1",
        "StateTransitionReason": "User initiated (2026-10-06 10:00:00 GMT)", "EnaSupport": True,
        "ProductCodes": [{"ProductCodeId": "abc", "ProductCodeType": "marketplace"}],
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {}}, {"DeviceName": "/dev/sdb"}],
        "Tags": [{"Key": "interruptible", "Value": "True"}],
    }  # fmt: skip

    row = ec2_instances.parse([described], HERE).iloc[0]

    assert row[["image_id", "marketplace", "ena_support", "devices", "interruptible", "stopped_days"]].tolist() == [
        "ami-1", True, True, "/dev/xvda", "yes", 45.0,
    ]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), [("no", "no"), ("false", "no"), ("perhaps", ""), ("", "")])
def test_a_tag_that_says_neither_yes_nor_no_says_nothing(value: str, said: str) -> None:
    described = {
        "InstanceId": "i-1", "InstanceType": "m5.large", "Architecture": "x86_64", "LaunchTime": NOW,
        "Placement": {"AvailabilityZone": "us-east-1a"}, "State": {"Name": "running"},
        "Tags": [{"Key": "spot-ok", "Value": value}],
    }  # fmt: skip

    row = ec2_instances.parse([described], HERE).iloc[0]

    assert (row["interruptible"], row["marketplace"], row["ena_support"], row["devices"]) == (said, False, False, "")


def test_an_image_tells_its_snapshots_sizes_and_last_launch() -> None:
    disks = [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-1", "VolumeSize": 15}},
             {"DeviceName": "/dev/sdf", "Ebs": {"SnapshotId": "snap-2", "VolumeSize": 100}},
             {"DeviceName": "/dev/sdg", "VirtualName": "ephemeral0"}]  # fmt: skip
    image = {
        "ImageId": "ami-1",
        "Name": "web",
        "CreationDate": "2026-01-24T10:00:00.000Z",
        "BlockDeviceMappings": disks,
    }
    launched = image | {"ImageId": "ami-2", "LastLaunchedTime": "2026-11-10T10:00:00Z", "Public": True}
    unsized = image | {"ImageId": "ami-3", "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-3"}}]}
    checked("ec2", "DescribeImages", {"Images": [image, launched, unsized]})
    aws: Any = Asked(describe_images=[{"Images": [image]}, {"Images": [launched, unsized]}])

    table = ec2_images.parse(ec2_images.fetch(aws, "111122223333", "us-east-1"), HERE).set_index("resource_id")

    assert table.loc["ami-1", ["name", "snapshot_ids", "size_gib", "age_days", "shared"]].tolist() == [
        "web", "snap-1 snap-2", 115, 300, False,
    ]  # fmt: skip
    assert table["launched_days"].fillna(-1).tolist() == [-1, 10, -1]
    assert table["size_gib"].isna().tolist() == [False, False, True]
    assert aws.calls[0][1]["Owners"] == ["self"]


def test_every_way_an_image_may_be_launched_is_read() -> None:
    groups = [
        {"AutoScalingGroupName": "a", "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}},
        {"AutoScalingGroupName": "b", "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}},
        {"AutoScalingGroupName": "c", "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "7"}},
        {
            "AutoScalingGroupName": "d",
            "MixedInstancesPolicy": {
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1"},
                    "Overrides": [
                        {
                            "InstanceType": "c6g.large",
                            "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2", "Version": "1"},
                        }
                    ],
                }
            },
        },
        {"AutoScalingGroupName": "e", "LaunchConfigurationName": "old"},
    ]
    aws: Any = Asked(
        describe_launch_template_versions=[
            {"LaunchTemplateVersions": [version("lt-1", 7, "ami-7")]},
            {"LaunchTemplateVersions": [version("lt-2", 2, None)]},
        ],
        describe_auto_scaling_groups=[{"AutoScalingGroups": groups[:2]}, {"AutoScalingGroups": groups[2:]}],
        describe_launch_configurations=[
            {"LaunchConfigurations": [{"LaunchConfigurationName": "old", "ImageId": "ami-old"}]}
        ],
        one_template=[{"LaunchTemplateVersions": [version("lt-1", 3, "ami-3")]}],
    )

    table = launch_images.parse(launch_images.fetch(aws, "111122223333", "us-east-1"), HERE)

    assert {"ami-7", "ami-3", "ami-old"} <= set(table["image_id"])
    asked = [words for operation, words in aws.calls if operation == "one_template"]
    assert asked == [
        {"LaunchTemplateId": "lt-1", "Versions": ["3"]},
        {"LaunchTemplateId": "lt-2", "Versions": ["1"]},
    ]


def change(days_before_end: float, usd: str, **changed: Any) -> dict[str, Any]:
    told = {"AvailabilityZone": "us-east-1a", "InstanceType": "m5.large", "ProductDescription": "Linux/UNIX"}
    return told | {"SpotPrice": usd, "Timestamp": WINDOW.end - timedelta(days=days_before_end)} | changed


def test_a_spot_price_counts_for_as_long_as_it_held() -> None:
    history = [
        change(3, "0.05"),
        change(20, "0.04"),  # held when the window began
        change(25, "0.99"),
        change(0, "0.99"),  # the window is over
        change(3, "0.07", AvailabilityZone="us-east-1b"),
        change(3, "0.01", ProductDescription="Windows"),
    ]
    checked("ec2", "DescribeSpotPriceHistory", {"SpotPriceHistory": history})

    table = spot_prices.parse(history, "111122223333", "us-east-1", WINDOW).set_index("az")

    assert table.loc["us-east-1a", "mean_usd"] == pytest.approx((11 * 0.04 + 3 * 0.05) / 14)
    assert table.loc["us-east-1a", ["highest_usd", "priced_days"]].tolist() == [0.05, 14]
    assert table.loc["us-east-1b", ["mean_usd", "priced_days"]].tolist() == [0.07, 3]


def test_spot_prices_are_asked_for_the_types_of_replaceable_instances_only() -> None:
    rows = instances(
        instance(asg_name="web", interruptible=""),
        instance(instance_type="c5.large", interruptible=""),
        instance(instance_type="r5.large", interruptible="yes"),
        instance(instance_type="t3.large", asg_name="web", interruptible="", spot=True),
    )
    aws: Any = Asked(describe_spot_price_history=[{"SpotPriceHistory": []}])

    assert spot_prices.collect(aws, HERE, rows, WINDOW).empty
    assert [words["InstanceTypes"] for _, words in aws.calls] == [["m5.2xlarge", "r5.large"]]
    nothing: Any = Asked()
    assert spot_prices.collect(nothing, HERE, rows.iloc[1:2], WINDOW).empty
    assert nothing.calls == []


def test_the_first_pass_asks_six_series_of_an_instance_with_an_agent() -> None:
    memory = {"i-0aaa": [("mem_used_percent", (("InstanceId", "i-0aaa"),))]}

    queries = ec2_metrics.load_queries(instances(instance()), memory)

    assert len(queries) == 6
    assert {(q.name, q.statistic) for q in queries if q.metric.startswith("network")} == {
        ("NetworkIn", "Sum"), ("NetworkOut", "Sum"),
    }  # fmt: skip
    assert {q.period_s for q in queries} == {86_400}


def test_burst_credits_are_simulated_on_one_series_an_instance() -> None:
    (one, other) = ec2_metrics.mean_queries(["i-1", "i-2"])

    assert (one.owner, one.metric, one.statistic, one.period_s) == ("i-1", "cpu", "Average", 300)
    assert other.owner == "i-2"


def test_series_of_a_burstable_type_hold_the_mean_which_spends_its_credits() -> None:
    kinds = [
        {(q.metric, q.statistic) for q in ec2_metrics.series_queries(instances(instance(instance_type=name)), {})}
        for name in ("t3.large", "m5.large")
    ]

    assert [("cpu", "Average") in kind for kind in kinds] == [True, False]
