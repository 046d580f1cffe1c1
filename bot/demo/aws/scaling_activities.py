"""What the organisation's Auto Scaling groups did in six weeks, in the words that AWS uses.

`batch-workers` is the trap for policies that work against each other: six times a day a step policy launches a fourth
worker and takes it back half an hour later. `checkout-web` once grew for an afternoon; the others did nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.demo.aws.profiles import PULSE_EVERY_HOURS, PULSE_MINUTES, PULSE_STARTS_AT
from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_times import digest

#: AWS keeps six weeks of activities.
KEPT = timedelta(days=42)
#: Policies of the groups: name, type and, for target tracking, requests a target a minute.
POLICIES: dict[str, tuple[tuple[str, str, float | None], ...]] = {
    "checkout-web": (("requests-per-target", "TargetTrackingScaling", 900.0),),
    "batch-workers": (("queue-high", "StepScaling", None), ("queue-low", "StepScaling", None)),
}
_CALM = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class _Move:
    """A change of a group's size by one instance: when, by which alarm and policy.

    `launched_at` is when the instance that comes or goes was launched: an instance is named after it.
    """

    at: datetime
    alarm: str
    policy: str
    before: int
    after: int
    launched_at: datetime


def activities(seed: int, now: datetime, account_id: str, region: str) -> list[dict[str, Any]]:
    """The activities of a place at a moment, the newest first, as DescribeScalingActivities shows them."""
    groups = [
        resource
        for resource in resources(seed)
        if resource.kind is Kind.AUTO_SCALING_GROUP and (resource.account_id, resource.region) == (account_id, region)
    ]
    found = [_shown(group, move, seed) for group in groups for move in _moves(group, now)]
    return sorted(found, key=lambda one: one["StartTime"], reverse=True)


def _moves(group: Resource, now: datetime) -> Iterator[_Move]:
    if group.name == "batch-workers":
        for out in _pulses(now):
            alarms, policies = ("batch-queue-high", "batch-queue-low"), ("queue-high", "queue-low")
            yield from _there_and_back(group, out, timedelta(minutes=PULSE_MINUTES), alarms, policies)
    if group.name == "checkout-web":
        noon = (now - _CALM).replace(hour=12, minute=3, second=0, microsecond=0)
        alarm = "TargetTracking-checkout-web-Alarm{}-5b1f9f0c-6f0e-4c9b-9a55"
        alarms, policies = (alarm.format("High"), alarm.format("Low")), ("requests-per-target", "requests-per-target")
        yield from _there_and_back(group, noon, timedelta(hours=5), alarms, policies)


def _pulses(now: datetime) -> Iterator[datetime]:
    """Starts of the pulses that are over by now, of the last six weeks."""
    midnight = (now - KEPT).replace(hour=0, minute=0, second=0, microsecond=0)
    over = now - timedelta(minutes=PULSE_MINUTES + 10)
    for number in range(KEPT.days + 1):
        for hours in range(0, 24, PULSE_EVERY_HOURS):
            at = midnight + timedelta(days=number, hours=hours) + PULSE_STARTS_AT
            if now - KEPT <= at <= over:
                yield at


def _there_and_back(
    group: Resource, out: datetime, after: timedelta, alarms: tuple[str, str], policies: tuple[str, str]
) -> Iterator[_Move]:
    size = group.attributes["desired"]
    yield _Move(out, alarms[0], policies[0], size, size + 1, out)
    yield _Move(out + after, alarms[1], policies[1], size + 1, size, out)


def _shown(group: Resource, move: _Move, seed: int) -> dict[str, Any]:
    out = move.after > move.before
    start = move.at + timedelta(seconds=9)
    machine = f"i-0{digest(f'{seed}/{group.key}/{move.launched_at.isoformat()}')}"
    did = "was started" if out else "was taken out of service"
    way = "increasing" if out else "shrinking"
    cause = (
        f"At {move.at:%Y-%m-%dT%H:%M:%SZ} a monitor alarm {move.alarm} in state ALARM triggered policy {move.policy} "
        f"changing the desired capacity from {move.before} to {move.after}.  At {start:%Y-%m-%dT%H:%M:%SZ} an instance "
        f"{did} in response to a difference between desired and actual capacity, {way} the capacity from "
        f"{move.before} to {move.after}."
    )
    if not out:
        cause += f"  At {start:%Y-%m-%dT%H:%M:%SZ} instance {machine} was selected for termination."
    arn = f"arn:aws:autoscaling:{group.region}:{group.account_id}:autoScalingGroup:{digest(group.key, 32)}"
    return {
        "ActivityId": digest(f"{seed}/{group.key}/{move.at.isoformat()}", 32),
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": f"{arn}:autoScalingGroupName/{group.name}",
        "Description": f"{'Launching a new' if out else 'Terminating'} EC2 instance: {machine}",
        "Cause": cause,
        "StartTime": start,
        "EndTime": start + timedelta(seconds=186 if out else 62),
        "StatusCode": "Successful",
        "Progress": 100,
        "Details": f'{{"Availability Zone":"{group.region}a"}}',
    }
