"""The table `autoscaling_groups`: every Auto Scaling group with its limits, policies, schedule and template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = (
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribePolicies",
    "autoscaling:DescribeScheduledActions",
)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "read_at": "datetime64[us]",  # UTC
    "min_size": "float64",
    "max_size": "float64",
    "desired": "float64",
    "in_service": "float64",
    "zone_count": "float64",
    "instance_types": "str",  # of its instances, "c5.xlarge, m5.large"
    "launch_template": "str",  # name or id of its template, or the name of its launch configuration
    "mixed": "bool",  # a mixed instances policy
    "warm_pool": "bool",
    "suspended": "str",  # processes that are suspended, "Launch, Terminate"
    "group_metrics": "bool",  # GroupInServiceInstances and the like are published
    "target_group": "str",  # the TargetGroup dimension of its first one; empty where it has none
    "warmup_s": "float64",  # default instance warm-up; missing where none is set
    "eks_nodegroup": "str",  # the EKS node group that owns it
    "policies_known": "bool",  # False where AWS refused to tell policies or schedule
    "policies": "str",  # names of its enabled scaling policies
    "policy_types": "str",  # SimpleScaling, StepScaling, TargetTrackingScaling, PredictiveScaling
    "scheduled_actions": "float64",
}
_PAGE = 100


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, Any]:
    """`groups`, `policies` and `schedule` of a place; the latter two None where AWS refuses them alone.

    Raises:
        SourceUnavailable: Auto Scaling gave no answer.
    """
    client = aws.client("autoscaling", account_id=account_id, region=region)

    def pages(action: str, operation: str, key: str) -> list[dict[str, Any]]:
        with reading(f"autoscaling:{action}", account_id, region):
            found = client.get_paginator(operation).paginate(PaginationConfig={"PageSize": _PAGE})
            return [one for page in found for one in page[key]]

    groups = pages("DescribeAutoScalingGroups", "describe_auto_scaling_groups", "AutoScalingGroups")
    if not groups:
        return {"groups": [], "policies": [], "schedule": []}
    return {
        "groups": groups,
        "policies": _optional(lambda: pages("DescribePolicies", "describe_policies", "ScalingPolicies")),
        "schedule": _optional(
            lambda: pages("DescribeScheduledActions", "describe_scheduled_actions", "ScheduledUpdateGroupActions")
        ),
    }


def _optional(ask: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]] | None:
    """The answer, or None: a group whose policies are unknown is told as such, and the others are kept."""
    try:
        return ask()
    except SourceUnavailable:
        return None


def parse(answer: Mapping[str, Any], here: Here) -> DataFrame:
    """The groups as a table with `COLUMNS`; those that are being deleted are left out."""
    policies, schedule = answer["policies"], answer["schedule"]
    known = policies is not None and schedule is not None
    return typed(
        [
            _row(group, here) | _scaling(group["AutoScalingGroupName"], policies or (), schedule or (), known=known)
            for group in answer["groups"]
            if not group.get("Status")
        ],
        COLUMNS,
    )


def _row(group: Mapping[str, Any], here: Here) -> dict[str, object]:
    members = group.get("Instances", ())
    tags = tags_of(group.get("Tags"))
    targets = group.get("TargetGroupARNs") or ()
    types = sorted({one["InstanceType"] for one in members if one.get("InstanceType")})
    return {
        **here.head(group["AutoScalingGroupName"], tags, group.get("CreatedTime"), name=group["AutoScalingGroupName"]),
        "read_at": here.now.replace(tzinfo=None),
        "min_size": group["MinSize"],
        "max_size": group["MaxSize"],
        "desired": group["DesiredCapacity"],
        "in_service": sum(one.get("LifecycleState") == "InService" for one in members),
        "zone_count": len(group.get("AvailabilityZones", ())),
        "instance_types": ", ".join(types),
        "launch_template": _template(group),
        "mixed": bool(group.get("MixedInstancesPolicy")),
        "warm_pool": bool(group.get("WarmPoolConfiguration")),
        "suspended": ", ".join(sorted(one["ProcessName"] for one in group.get("SuspendedProcesses", ()))),
        "group_metrics": any(
            one["Metric"] in ("GroupInServiceInstances", "GroupDesiredCapacity")
            for one in group.get("EnabledMetrics", ())
        ),
        "target_group": targets[0].rpartition(":")[2] if targets else "",
        "warmup_s": group.get("DefaultInstanceWarmup"),
        "eks_nodegroup": tags.get("eks:nodegroup-name", ""),
    }


def _template(group: Mapping[str, Any]) -> str:
    mixed = group.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("LaunchTemplateSpecification", {})
    one = group.get("LaunchTemplate") or mixed
    return one.get("LaunchTemplateName") or one.get("LaunchTemplateId") or group.get("LaunchConfigurationName") or ""


def _scaling(
    name: str, policies: Iterable[Mapping[str, Any]], schedule: Iterable[Mapping[str, Any]], *, known: bool
) -> dict[str, object]:
    own = [one for one in policies if one["AutoScalingGroupName"] == name and one.get("Enabled", True)]
    return {
        "policies_known": known,
        "policies": ", ".join(sorted(one["PolicyName"] for one in own)),
        "policy_types": ", ".join(sorted({one.get("PolicyType", "SimpleScaling") for one in own})),
        "scheduled_actions": sum(one["AutoScalingGroupName"] == name for one in schedule) if known else None,
    }
