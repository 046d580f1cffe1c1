"""Activities in AWS's words, and groups with their members and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.daily_metrics import HOUR_S, SERIES_S
from analysis.scaling.activity import ACTIVITIES
from bot.tables import typed
from tests.analysis.checks.check_factories import ACCOUNT, END, REGION, points, table, together

ALARM = "a monitor alarm web-cpu in state ALARM triggered policy cpu "
PERSON = "a user request explicitly set group desired capacity "
SCHEDULE = "a scheduled action update of AutoScalingGroup constraints to min: 1, max: 9, desired: 4 "


def cause(at: datetime, trigger: str, before: int, after: int) -> str:
    """As AWS words a change of the desired capacity and what followed from it."""
    did = "started" if after > before else "taken out of service"
    way = "increasing" if after > before else "shrinking"
    start = at + timedelta(seconds=5)
    return (
        f"At {at:%Y-%m-%dT%H:%M:%SZ} {trigger}changing the desired capacity from {before} to {after}.  "
        f"At {start:%Y-%m-%dT%H:%M:%SZ} an instance was {did} in response to a difference between desired and actual "
        f"capacity, {way} the capacity from {before} to {after}."
    )


def activity(at: datetime, text: str, *, group: str = "web", minutes: float = 3, **changed: Any) -> dict[str, Any]:
    """One row of activities; its description is as little telling as AWS's."""
    out = "increasing" in text or "was launched" in text
    row = {
        "account_id": ACCOUNT,
        "region": REGION,
        "resource_id": group,
        "activity_id": f"{at.isoformat()}{text[-20:]}",
        "started_at": at,
        "ended_at": at + timedelta(minutes=minutes),
        "status": "Successful",
        "description": f"{'Launching a new' if out else 'Terminating'} EC2 instance: i-4ba0837f",
        "cause": text,
    }
    return row | changed


def activities(*rows: dict[str, Any]) -> DataFrame:
    """A table of activities."""
    return typed(list(rows), ACTIVITIES)


def there_and_back(at: datetime, minutes: float, *, group: str = "web", trigger: str = ALARM) -> list[dict[str, Any]]:
    """A scale-out from 3 to 4 that is taken back after so many minutes."""
    back = at + timedelta(minutes=minutes)
    return [
        activity(at, cause(at, trigger, 3, 4), group=group),
        activity(back, cause(back, trigger, 4, 3), group=group),
    ]


def group(**changed: Any) -> DataFrame:
    """One group of three that nothing scales."""
    values: dict[str, Any] = {
        "resource_id": "web",
        "read_at": END,
        "min_size": 3.0,
        "max_size": 3.0,
        "desired": 3.0,
        "age_days": 100.0,
        "policies_known": True,
        "scheduled_actions": 0.0,
        "launch_template": "web-template",
    }
    return table("autoscaling_groups", values | changed)


def members(count: int = 3, instance_type: str = "c5.xlarge", **changed: Any) -> DataFrame:
    """The group's instances."""
    plain = {"asg_name": "web", "state": "running", "platform": "Linux/UNIX", "tenancy": "default"}
    rows = [{"resource_id": f"i-{n}", "instance_type": instance_type} | plain | changed for n in range(count)]
    return table("ec2_instances", *rows)


def daily(cpu: float, days: int = 14) -> DataFrame:
    """Daily mean and highest CPU."""
    return together(
        *(points("CPUUtilization", [cpu] * days, resource_id="web", statistic=s) for s in ("Average", "Maximum"))
    )


def series(values: Sequence[float], metric: str = "CPUUtilization") -> DataFrame:
    """Five-minute averages, the last one ending at `END`."""
    return points(metric, list(values), resource_id="web", statistic="Average", period_s=SERIES_S)


def sizes(values: Sequence[float], metric: str = "GroupDesiredCapacity") -> DataFrame:
    """Hourly sizes of the group, the last one ending at `END`."""
    return points(metric, list(values), resource_id="web", statistic="Average", period_s=HOUR_S)


def memory(percent: float, days: int = 14) -> DataFrame:
    """Highest memory of one of its instances, as the CloudWatch agent publishes it."""
    return points("mem_used_percent", [percent] * days, resource_id="web", statistic="Maximum")


def office_week(low: float, high: float, days: int = 28) -> list[float]:
    """CPU of whole days up to `END`: `high` from 08:00 to 18:00 on working days."""
    times = pd.date_range(end=END - timedelta(seconds=SERIES_S), periods=days * 288, freq=f"{SERIES_S}s")
    return [high if at.weekday() < 5 and 8 <= at.hour < 18 else low for at in times]
