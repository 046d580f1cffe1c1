"""Instances, types, offerings and metrics for the tests of right-sizing: known loads, no randomness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.rightsizing.catalog import INSTANCE_TYPES
from analysis.rightsizing.demand import EC2_METRICS, TRAFFIC, Metric

ACCOUNT, REGION, ZONE = "111122223333", "us-east-1", "us-east-1a"
END = datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None)  # tables hold naive UTC
DAYS = 14

# vCPU, GiB, network Gbit/s, EBS MB/s, EBS IOPS: as DescribeInstanceTypes gives them.
_SIZES = {
    "large": (2, 0.75, 81.25, 3600.0),
    "xlarge": (4, 1.25, 143.75, 6000.0),
    "2xlarge": (8, 2.5, 287.5, 12000.0),
    "4xlarge": (16, 5.0, 593.75, 18750.0),
}
_GIB_PER_VCPU = {"c5": 2, "m5": 4, "r5": 8, "m5a": 4, "m6g": 4, "c6g": 2}


def spec(instance_type: str, vcpu: float, memory_gib: float, **changed: Any) -> dict[str, Any]:
    """A row of `instance_types`."""
    values: dict[str, Any] = {
        "instance_type": instance_type,
        "architecture": "x86_64",
        "vcpu": vcpu,
        "memory_gib": memory_gib,
        "network_baseline_gbps": 1.25,
        "ebs_baseline_mb_s": 143.75,
        "ebs_baseline_iops": 6000.0,
        "hypervisor": "nitro",
        "burstable": False,
        "accelerated": False,
        "instance_store_gb": 0.0,
        "bare_metal": False,
        "current_generation": True,
    }
    return values | changed


def instance_types(*extra: dict[str, Any]) -> DataFrame:
    """c5, m5, r5, m5a, m6g and c6g from large to 4xlarge, and some t3, g4dn and m5d."""
    rows = [
        spec(
            f"{family}.{size}",
            vcpu,
            vcpu * gib,
            architecture="arm64" if family.endswith("g") else "x86_64",
            network_baseline_gbps=network,
            ebs_baseline_mb_s=ebs,
            ebs_baseline_iops=iops,
        )
        for family, gib in _GIB_PER_VCPU.items()
        for size, (vcpu, network, ebs, iops) in _SIZES.items()
    ]
    rows += [
        spec("t3.small", 2, 2, burstable=True, network_baseline_gbps=0.128, ebs_baseline_mb_s=21.75),
        spec("t3.medium", 2, 4, burstable=True, network_baseline_gbps=0.256, ebs_baseline_mb_s=43.375),
        spec("t3.large", 2, 8, burstable=True, network_baseline_gbps=0.512, ebs_baseline_mb_s=86.875),
        spec("g4dn.xlarge", 4, 16, accelerated=True, instance_store_gb=125.0),
        spec("m5d.xlarge", 4, 16, instance_store_gb=150.0),
        spec("m5d.large", 2, 8, instance_store_gb=75.0),
        *extra,
    ]
    return DataFrame.from_records(rows, columns=list(INSTANCE_TYPES)).astype(INSTANCE_TYPES)


def offerings(types: DataFrame, *, without: tuple[str, ...] = (), region: str = REGION, az: str = ZONE) -> DataFrame:
    """All of these types in one zone, but some."""
    names = [name for name in types["instance_type"].drop_duplicates() if name not in without]
    return DataFrame({"account_id": ACCOUNT, "region": region, "az": az, "instance_type": names}, dtype="str")


def instance(**changed: Any) -> dict[str, Any]:
    """A row of `ec2_instances`: an m5.2xlarge that has run for 100 days."""
    values: dict[str, Any] = {
        "account_id": ACCOUNT,
        "account_name": "prod",
        "region": REGION,
        "az": ZONE,
        "resource_id": "i-0aaa",
        "name": "api",
        "instance_type": "m5.2xlarge",
        "architecture": "x86_64",
        "platform": "Linux/UNIX",
        "tenancy": "default",
        "spot": False,
        "state": "running",
        "launched_at": END - timedelta(days=100),
        "age_days": 100.0,
        "asg_name": "",
        "owner": "payments",
        "ignored": False,
        "public_ip_changes": False,
    }
    return values | changed


def points(
    metric: Metric, statistic: str, values: list[float], *, instance_id: str = "i-0aaa", period_s: int = 86_400
) -> DataFrame:
    """One point per period up to `END`."""
    times = [END - timedelta(seconds=period_s * n) for n in range(len(values), 0, -1)]
    rows = DataFrame(
        {
            "account_id": ACCOUNT,
            "region": REGION,
            "resource_id": instance_id,
            "metric": metric.value,
            "statistic": statistic,
            "period_s": period_s,
            "time": times,
            "value": values,
        }
    )
    return rows.astype(EC2_METRICS)


def load(
    *,
    cpu: float | None = 10.0,
    memory: float | None = 20.0,
    network_mb_s: float | None = 5.0,
    ebs_mb_s: float | None = 2.0,
    ebs_iops: float | None = 50.0,
    credits: float | None = None,
    surplus: float = 0.0,
    days: int = DAYS,
    instance_id: str = "i-0aaa",
) -> DataFrame:
    """A flat load, told by daily figures of 300 s samples; None is not measured."""
    parts = []

    def add(metric: Metric, statistic: str, value: float) -> None:
        parts.append(points(metric, statistic, [value] * days, instance_id=instance_id))

    for metric, value in ((Metric.CPU, cpu), (Metric.MEMORY, memory)):
        if value is not None:
            add(metric, "p99.5", value)
            add(metric, "Maximum", value)
    if cpu is not None:
        add(Metric.CPU, "Average", cpu / 2)
    rates = {"network_gbps": network_mb_s, "ebs_mb_s": ebs_mb_s, "ebs_iops": ebs_iops}
    for name, (one, other, _) in TRAFFIC.items():
        rate = rates[name]
        if rate is not None:
            per_sample = rate * 300 * (1 if name == "ebs_iops" else 1e6)
            for statistic in ("Maximum", "p99.5"):
                add(one, statistic, per_sample / 4)
                add(other, statistic, per_sample * 3 / 4)
            add(one, "SampleCount", 288)
    if credits is not None:
        add(Metric.CREDIT_BALANCE, "Minimum", credits)
        add(Metric.SURPLUS_CREDITS, "Sum", surplus)
    return pd.concat(parts, ignore_index=True) if parts else points(Metric.CPU, "p99.5", [])


def instances(*rows: dict[str, Any]) -> DataFrame:
    """The table of these instances."""
    return DataFrame.from_records(list(rows))
