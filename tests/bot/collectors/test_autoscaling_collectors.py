"""The tables of Auto Scaling groups, their activities and metrics; every answer fits AWS's own model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pandas as pd
import pytest

from bot.aws import AccountRef, Aws
from bot.collectors import autoscaling_activities, autoscaling_groups, autoscaling_metrics
from bot.collectors.scopes import Window
from bot.errors import SourceUnavailable
from bot.inventory import Here
from tests.bot.collectors.stubbed import StubbedAws

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HERE = Here(AccountRef("111122223333", "prod"), "us-east-1", "team", NOW)
WINDOW = Window(NOW - timedelta(days=14), NOW)


MIXED = {"LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateName": "mix"}}}
BOTH = "AZRebalance, Launch"


def described(name: str = "web", **changed: Any) -> dict[str, Any]:
    member = {"InstanceId": "i-1", "AvailabilityZone": "us-east-1a", "HealthStatus": "Healthy"}
    member |= {"ProtectedFromScaleIn": False, "InstanceType": "m5.large"}
    values: dict[str, Any] = {
        "AutoScalingGroupName": name,
        "MinSize": 2,
        "MaxSize": 6,
        "DesiredCapacity": 3,
        "DefaultCooldown": 300,
        "AvailabilityZones": ["us-east-1a", "us-east-1b"],
        "HealthCheckType": "EC2",
        "CreatedTime": NOW - timedelta(days=40),
        "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web-template", "Version": "$Latest"},
        "Instances": [member | {"LifecycleState": state} for state in ("InService", "InService", "Pending")],
        "Tags": [{"Key": "team", "Value": "payments"}],
    }
    return values | changed


def policy(**changed: Any) -> dict[str, Any]:
    return {"AutoScalingGroupName": "web", "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling"} | changed


def action(**changed: Any) -> dict[str, Any]:
    return {"AutoScalingGroupName": "web", "ScheduledActionName": "night", "MinSize": 1} | changed


def row(
    changed: dict[str, Any] | None = None,
    policies: list[dict[str, Any]] | None = None,
    schedule: list[dict[str, Any]] | None = None,
) -> pd.Series[Any]:
    answer = {"groups": [described(**(changed or {}))], "policies": policies or [], "schedule": schedule or []}
    return autoscaling_groups.parse(answer, HERE).iloc[0]


def test_a_group_that_is_being_deleted_is_left_out() -> None:
    answer = {"groups": [described(Status="Delete in progress")], "policies": [], "schedule": []}

    assert autoscaling_groups.parse(answer, HERE).empty


def test_reads_what_the_checks_need() -> None:
    found = row(policies=[policy()], schedule=[action()])

    assert found[["resource_id", "name", "owner", "launch_template", "instance_types"]].tolist() == [
        "web", "web", "payments", "web-template", "m5.large",
    ]  # fmt: skip
    assert found[["min_size", "max_size", "desired", "in_service", "zone_count", "age_days"]].tolist() == [
        2, 6, 3, 2, 2, 40,
    ]  # fmt: skip
    assert (found["policies"], found["policy_types"], found["scheduled_actions"]) == ("cpu", "TargetTrackingScaling", 1)
    assert found["read_at"] == pd.Timestamp("2026-11-20 10:00")
    assert pd.isna(found["warmup_s"])


@pytest.mark.parametrize(
    ("changed", "column", "expected"),
    [
        ({"SuspendedProcesses": [{"ProcessName": name} for name in ("Launch", "AZRebalance")]}, "suspended", BOTH),
        ({"EnabledMetrics": [{"Metric": "GroupInServiceInstances"}]}, "group_metrics", True),
        ({"EnabledMetrics": [{"Metric": "GroupTotalInstances"}]}, "group_metrics", False),
        ({"WarmPoolConfiguration": {"MinSize": 1}}, "warm_pool", True),
        ({"DefaultInstanceWarmup": 120}, "warmup_s", 120),
        ({"Tags": [{"Key": "eks:nodegroup-name", "Value": "workers"}]}, "eks_nodegroup", "workers"),
        ({"LaunchTemplate": None, "LaunchConfigurationName": "old"}, "launch_template", "old"),
        ({"LaunchTemplate": None, "MixedInstancesPolicy": MIXED}, "launch_template", "mix"),
        (
            {"TargetGroupARNs": ["arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123"]},
            "target_group",
            "targetgroup/web/0123",
        ),
    ],
)  # fmt: skip
def test_tells_what_makes_a_group_special(changed: dict[str, Any], column: str, expected: Any) -> None:
    assert row(changed)[column] == expected


def test_a_policy_that_is_switched_off_or_of_another_group_scales_nothing() -> None:
    found = row(policies=[policy(Enabled=False), policy(AutoScalingGroupName="api")])

    assert (found["policies"], found["policy_types"]) == ("", "")


def test_reads_every_page() -> None:
    aws = StubbedAws()
    groups = "describe_auto_scaling_groups"
    aws.answers("autoscaling", groups, {"AutoScalingGroups": [described("a")], "NextToken": "t"}, {"MaxRecords": 100})
    aws.answers("autoscaling", groups, {"AutoScalingGroups": [described("b")]}, {"MaxRecords": 100, "NextToken": "t"})
    aws.answers("autoscaling", "describe_policies", {"ScalingPolicies": [policy()], "NextToken": "u"})
    aws.answers("autoscaling", "describe_policies", {"ScalingPolicies": [policy(PolicyName="other")]})
    aws.answers("autoscaling", "describe_scheduled_actions", {"ScheduledUpdateGroupActions": [action()]})

    answer = autoscaling_groups.fetch(cast(Aws, aws), "111122223333", "us-east-1")

    assert [group["AutoScalingGroupName"] for group in answer["groups"]] == ["a", "b"]
    assert len(answer["policies"]) == 2
    aws.all_asked()


def test_a_region_without_groups_is_asked_once() -> None:
    aws = StubbedAws()
    aws.answers("autoscaling", "describe_auto_scaling_groups", {"AutoScalingGroups": []})

    assert autoscaling_groups.fetch(cast(Aws, aws), "111122223333", "us-east-1")["groups"] == []


def test_groups_whose_policies_aws_does_not_tell_are_kept_and_said_to_be_unknown() -> None:
    aws = StubbedAws()
    aws.answers("autoscaling", "describe_auto_scaling_groups", {"AutoScalingGroups": [described()]})
    aws.refuses("autoscaling", "describe_policies")
    aws.answers("autoscaling", "describe_scheduled_actions", {"ScheduledUpdateGroupActions": []})

    (found,) = autoscaling_groups.parse(
        autoscaling_groups.fetch(cast(Aws, aws), "111122223333", "us-east-1"), HERE
    ).to_dict("records")

    assert (found["policies_known"], found["policies"]) == (False, "")
    assert pd.isna(found["scheduled_actions"])


def test_groups_that_aws_does_not_tell_are_no_empty_region() -> None:
    aws = StubbedAws()
    aws.refuses("autoscaling", "describe_auto_scaling_groups")

    with pytest.raises(SourceUnavailable):
        autoscaling_groups.fetch(cast(Aws, aws), "111122223333", "us-east-1")


def done(name: str, number: int, **changed: Any) -> dict[str, Any]:
    values = {
        "ActivityId": f"{name}-{number}",
        "AutoScalingGroupName": name,
        "Description": "Launching a new EC2 instance: i-4ba0837f",
        "Cause": "At 2013-08-19T20:53:25Z a user request created an AutoScalingGroup changing the desired capacity "
        "from 0 to 1.",
        "StartTime": NOW - timedelta(hours=number),
        "EndTime": NOW - timedelta(hours=number, minutes=-3),
        "StatusCode": "Successful",
        "Progress": 100,
    }
    return {key: value for key, value in (values | changed).items() if value is not None}


def test_activities_are_read_to_the_last_page() -> None:
    """Mistake 42: a hundred are the most a page, and a busy group fills it in hours."""
    aws = StubbedAws()
    activities = "describe_scaling_activities"
    first = {"Activities": [done("web", n) for n in range(100)], "NextToken": "more"}
    aws.answers("autoscaling", activities, first, {"MaxRecords": 100})
    second = {"Activities": [done("web", 100, EndTime=None), done("api", 1)]}
    aws.answers("autoscaling", activities, second, {"MaxRecords": 100, "NextToken": "more"})
    groups = autoscaling_groups.parse({"groups": [described()], "policies": [], "schedule": []}, HERE)

    found = autoscaling_activities.collect(cast(Aws, aws), HERE, groups, WINDOW)

    aws.all_asked()
    assert len(found) == 101
    assert set(found["resource_id"]) == {"web"}
    assert found["ended_at"].isna().sum() == 1
    assert found["started_at"].max() == pd.Timestamp("2026-11-20 10:00")


def groups_of(*changed: dict[str, Any]) -> pd.DataFrame:
    groups = [described(f"g-{n}", **one) for n, one in enumerate(changed)]
    return autoscaling_groups.parse({"groups": groups, "policies": [], "schedule": []}, HERE)


def test_days_are_asked_of_groups_with_instances_and_sizes_where_they_are_published() -> None:
    enabled = {"EnabledMetrics": [{"Metric": "GroupDesiredCapacity", "Granularity": "1Minute"}]}

    queries = autoscaling_metrics.daily_queries(groups_of({"DesiredCapacity": 0}, {}, enabled))

    assert [(one.owner, one.name, one.statistic) for one in queries] == [
        ("g-1", "CPUUtilization", "Average"),
        ("g-1", "CPUUtilization", "Maximum"),
        ("g-2", "CPUUtilization", "Average"),
        ("g-2", "CPUUtilization", "Maximum"),
        ("g-2", "GroupDesiredCapacity", "Average"),
    ]
    assert {one.dimensions for one in queries if one.owner == "g-1"} == {(("AutoScalingGroupName", "g-1"),)}


def test_series_come_by_five_minutes_with_the_requests_of_its_targets() -> None:
    targets = {"TargetGroupARNs": ["arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123"]}

    queries = autoscaling_metrics.series_queries(groups_of({}, targets))

    assert [(one.owner, one.name, one.statistic, one.period_s) for one in queries] == [
        ("g-0", "CPUUtilization", "Average", 300),
        ("g-1", "CPUUtilization", "Average", 300),
        ("g-1", "RequestCountPerTarget", "Sum", 300),
    ]
    assert queries[-1].dimensions == (("TargetGroup", "targetgroup/web/0123"),)


def test_the_second_round_looks_back_four_weeks_and_asks_for_memory() -> None:
    aws = StubbedAws()
    of_group = [{"Name": "InstanceId", "Value": "i-1"}, {"Name": "AutoScalingGroupName", "Value": "g-0"}]
    others = [[{"Name": "InstanceId", "Value": "i-2"}], [{"Name": "AutoScalingGroupName", "Value": "g-9"}]]
    listed = [{"Namespace": "CWAgent", "MetricName": "mem_used_percent", "Dimensions": d} for d in (of_group, *others)]
    aws.answers("cloudwatch", "list_metrics", {"Metrics": listed})
    aws.answers("cloudwatch", "get_metric_data", {"MetricDataResults": []})
    asked: list[dict[str, Any]] = []
    client = aws.client("cloudwatch")
    client.meta.events.register(
        "provide-client-params.cloudwatch.GetMetricData", lambda params, **_: asked.append(params)
    )

    autoscaling_metrics.collect(cast(Aws, aws), HERE, groups_of({}), WINDOW, "series")

    assert asked[0]["EndTime"] - asked[0]["StartTime"] == timedelta(days=28)
    cpu, memory = (query["MetricStat"] for query in asked[0]["MetricDataQueries"])
    assert (cpu["Metric"]["MetricName"], cpu["Period"]) == ("CPUUtilization", 300)
    assert (memory["Metric"]["MetricName"], memory["Stat"], memory["Period"]) == ("mem_used_percent", "Maximum", 86400)
    assert memory["Metric"]["Dimensions"] == of_group
