"""The table `instance_types`: what the types of the families in use and of their siblings really have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pandas import DataFrame

from analysis.rightsizing.catalog import INSTANCE_TYPES
from bot.aws import Aws, reading
from bot.tables import typed

ACTIONS = ("ec2:DescribeInstanceTypes",)

COLUMNS = INSTANCE_TYPES
#: EC2 takes this many values in one filter.
_MOST_VALUES = 200


def fetch(aws: Aws, account_id: str, region: str, families: Sequence[str]) -> list[dict[str, Any]]:
    """The specifications of all types of some families; a family that does not exist there is left out.

    Raises:
        SourceUnavailable: EC2 gave no answer.
    """
    found: list[dict[str, Any]] = []
    with reading("ec2:DescribeInstanceTypes", account_id, region):
        paginator = aws.client("ec2", account_id=account_id, region=region).get_paginator("describe_instance_types")
        for start in range(0, len(families), _MOST_VALUES):
            values = [f"{family}.*" for family in families[start : start + _MOST_VALUES]]
            for page in paginator.paginate(Filters=[{"Name": "instance-type", "Values": values}]):
                found += page["InstanceTypes"]
    return found


def parse(types: Iterable[Mapping[str, Any]]) -> DataFrame:
    """The types as a table with `COLUMNS`; a type for two architectures has two rows."""
    return typed([_row(spec, arch) for spec in types for arch in _architectures(spec)], COLUMNS)


def _architectures(spec: Mapping[str, Any]) -> list[str]:
    return [arch for arch in spec["ProcessorInfo"]["SupportedArchitectures"] if arch in ("x86_64", "arm64")]


def _row(spec: Mapping[str, Any], architecture: str) -> dict[str, object]:
    optimized = spec.get("EbsInfo", {}).get("EbsOptimizedInfo", {})
    cards = [card.get("BaselineBandwidthInGbps") for card in spec["NetworkInfo"].get("NetworkCards", ())]
    return {
        "instance_type": spec["InstanceType"],
        "architecture": architecture,
        "vcpu": spec["VCpuInfo"]["DefaultVCpus"],
        "memory_gib": spec["MemoryInfo"]["SizeInMiB"] / 1024,
        "network_baseline_gbps": sum(cards) if cards and None not in cards else None,
        "ebs_baseline_mb_s": optimized.get("BaselineThroughputInMBps"),
        "ebs_baseline_iops": optimized.get("BaselineIops"),
        "hypervisor": spec.get("Hypervisor", ""),
        "burstable": bool(spec.get("BurstablePerformanceSupported")),
        "accelerated": any(
            key in spec
            for key in ("GpuInfo", "InferenceAcceleratorInfo", "NeuronInfo", "FpgaInfo", "MediaAcceleratorInfo")
        ),
        "instance_store_gb": spec.get("InstanceStorageInfo", {}).get("TotalSizeInGB", 0),
        "bare_metal": bool(spec.get("BareMetal")),
        "current_generation": bool(spec.get("CurrentGeneration")),
    }
