"""Instances, types, offers and loads for the tests of checks on machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.pricing import PriceBook
from tests.analysis import rightsizing_factories as sizes
from tests.analysis.checks.check_factories import judged, table
from tests.analysis.rightsizing_factories import load, spec

ID = "i-0aaa"


def machine(**changed: Any) -> dict[str, Any]:
    """A row of `ec2_instances`: an m5.2xlarge in production that has run for 100 days."""
    return (
        sizes.instance() | {"env": "prod", "image_id": "ami-1", "ena_support": True, "devices": "/dev/xvda"} | changed
    )


def types() -> DataFrame:
    """Those of right-sizing, their predecessors, twins and successors as far as tests go there."""
    nothing_told = {"network_baseline_gbps": None, "ebs_baseline_mb_s": None, "ebs_baseline_iops": None}
    return sizes.instance_types(
        spec("m4.2xlarge", 8, 32, hypervisor="xen", **(nothing_told | {"ebs_baseline_mb_s": 125.0})),
        spec("m4.10xlarge", 40, 160, hypervisor="xen", **nothing_told),
        spec("m5.12xlarge", 48, 192, network_baseline_gbps=12.0, ebs_baseline_mb_s=1187.5, ebs_baseline_iops=40000.0),
        spec("m5.metal", 96, 384, bare_metal=True, hypervisor="", network_baseline_gbps=25.0),
        spec("t2.medium", 2, 4, hypervisor="xen", burstable=True, **nothing_told),
        spec("t2.large", 2, 8, hypervisor="xen", burstable=True, **nothing_told),
        spec("r5a.2xlarge", 8, 64, network_baseline_gbps=2.5, ebs_baseline_mb_s=197.5, ebs_baseline_iops=8333.0),
        spec("t4g.medium", 2, 4, architecture="arm64", burstable=True),
        spec("m7i.2xlarge", 8, 32, network_baseline_gbps=3.125, ebs_baseline_mb_s=312.5, ebs_baseline_iops=12000.0),
        spec("m7a.2xlarge", 8, 32, network_baseline_gbps=3.125, ebs_baseline_mb_s=312.5, ebs_baseline_iops=12000.0),
    )


def tables(
    *rows: dict[str, Any], metrics: DataFrame | None = None, without: tuple[str, ...] = ()
) -> dict[str, DataFrame]:
    """What checks on machines read: these instances, all types, offered in their zone but some."""
    return {
        "ec2_instances": table("ec2_instances", *rows),
        "instance_types": types(),
        "instance_offerings": sizes.offerings(types(), without=without),
        "ec2_metrics": load() if metrics is None else metrics,
    }


def verdict(
    check_id: str,
    row: dict[str, Any],
    metrics: DataFrame | None = None,
    *,
    without: tuple[str, ...] = (),
    more: dict[str, DataFrame] | None = None,
    **thresholds: float,
) -> Any:
    """What a check says of one instance, at list prices."""
    made = tables(row, metrics=metrics, without=without) | (more or {})
    return judged(check_id, made, prices=PriceBook(), **thresholds).loc[row["resource_id"]]


def answers(check_id: str, cases: Sequence[tuple[dict[str, Any], DataFrame]], **thresholds: float) -> DataFrame:
    """What a check says of several instances, asked at once: they are called 0, 1, 2 …"""
    rows = [row | {"resource_id": str(n)} for n, (row, _) in enumerate(cases)]
    loads = [metrics.assign(resource_id=str(n)) for n, (_, metrics) in enumerate(cases)]
    made = tables(*rows, metrics=pd.concat(loads, ignore_index=True))
    return judged(check_id, made, prices=PriceBook(), **thresholds)
