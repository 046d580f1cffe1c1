"""Auto Scaling as moto lacks it: DescribeScalingActivities, paged and filtered; and the policies of the groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.models import autoscaling_backends
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from bot.clock import Clock
from bot.demo.aws.resources import Kind, resources
from bot.demo.aws.scaling_activities import POLICIES, activities
from bot.demo.aws.shapes import checked

#: The most activities a page, which is the default.
MOST_RECORDS = 100
_METHOD = "describe_scaling_activities"
_UNSET = (
    "metric_aggregation_type", "adjustment_type", "min_adjustment_magnitude", "scaling_adjustment", "cooldown",
    "target_tracking_config", "step_adjustments", "estimated_instance_warmup", "predictive_scaling_configuration",
)  # fmt: skip
_STEPS = {
    "high": {"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1},
    "low": {"MetricIntervalUpperBound": 0.0, "ScalingAdjustment": -1},
}
_PARAMETERS = ("AutoScalingGroupName", "ActivityIds", "MaxRecords", "NextToken", "Filters")
#: All that AWS publishes of a group once it is asked to.
GROUP_METRICS = ("GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances")


def install(clock: Clock, seed: int) -> None:
    """Patch moto's Auto Scaling in this process."""

    def describe(response: Any) -> ActionResult:
        found = activities(seed, clock.now(), response.current_account, response.region)
        return ActionResult(answer(found, {name: response._get_param(name) for name in _PARAMETERS}))

    setattr(AutoScalingResponse, _METHOD, describe)


def answer(found: Sequence[dict[str, Any]], params: dict[str, Any]) -> dict[str, Any]:
    """One page of the activities that are asked for, the newest first.

    Raises:
        AutoscalingClientError: what AWS would refuse.
    """
    name, ids = params.get("AutoScalingGroupName"), params.get("ActivityIds")
    size = int(params.get("MaxRecords") or MOST_RECORDS)
    if not 1 <= size <= MOST_RECORDS:
        raise _refused("ValidationError", f"MaxRecords must be between 1 and {MOST_RECORDS}.")
    chosen = [
        one
        for one in found
        if (not name or one["AutoScalingGroupName"] == name)
        and (not ids or one["ActivityId"] in ids)
        and all(_passes(one, condition) for condition in params.get("Filters") or ())
    ]
    token = str(params.get("NextToken") or "0")
    if not token.isdigit() or int(token) > len(chosen):
        raise _refused("InvalidNextToken", "The NextToken value is not valid.")
    page = chosen[int(token) : int(token) + size]
    end = int(token) + len(page)
    more = {"NextToken": str(end)} if end < len(chosen) else {}
    return checked("autoscaling", "DescribeScalingActivities", {"Activities": page, **more})


def _passes(one: dict[str, Any], condition: dict[str, Any]) -> bool:
    name, values = condition.get("Name"), condition.get("Values") or []
    if name == "Status":
        return one["StatusCode"] in values
    if name in ("StartTimeLowerBound", "StartTimeUpperBound"):
        bound = datetime.fromisoformat(str(values[0])).astimezone(UTC)
        return bool(one["StartTime"] >= bound if name == "StartTimeLowerBound" else one["StartTime"] <= bound)
    raise _refused("ValidationError", f"{name} is not a valid filter name.")


def _refused(code: str, message: str) -> AutoscalingClientError:
    return AutoscalingClientError(code, message)


def seed_policies(seed: int) -> None:
    """Give the groups their scaling policies and group metrics; needs the groups."""
    for group in resources(seed):
        if group.kind is not Kind.AUTO_SCALING_GROUP:
            continue
        backend = autoscaling_backends[group.account_id][group.region]
        backend.enable_metrics_collection(group.name, list(GROUP_METRICS))
        for name, kind, target in POLICIES.get(group.name, ()):
            told: dict[str, Any] = dict.fromkeys(_UNSET) | {"name": name, "policy_type": kind, "as_name": group.name}
            if target is None:
                told |= {"adjustment_type": "ChangeInCapacity", "metric_aggregation_type": "Average"}
                told |= {"step_adjustments": [_STEPS[name.rpartition("-")[2]]]}
            else:
                told |= {"target_tracking_config": _tracking(group.account_id, group.region, target)}
            backend.put_scaling_policy(**told)


def _tracking(account_id: str, region: str, target: float) -> dict[str, Any]:
    return {
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "ALBRequestCountPerTarget",
            "ResourceLabel": f"app/checkout-public/{account_id[:8]}/targetgroup/checkout-public/{region}",
        },
        "TargetValue": target,
    }
