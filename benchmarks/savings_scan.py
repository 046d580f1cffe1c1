"""What a scan of one large account costs: `python -m benchmarks.savings_scan` (10,000 instances, 10,000 volumes).

The account answers from memory, so only costbot's own work is timed; every page that is asked for counts as a call.
Instances and volumes are made up with a fixed seed; all other services of the account are empty.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bot.aws import AccountRef
from bot.context import Context
from bot.cost_files import CostFiles
from bot.savings.check_settings import checks_to_run, thresholds_of
from bot.settings import Settings
from bot.store import Store
from bot.work import Work
from bot.workflows.gather_savings import gather, gather_more
from bot.workflows.think_savings import Question, think

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ACCOUNT, REGION = AccountRef("111122223333", "large"), "us-east-1"
#: Items of one page, where AWS has pages of another size than the caller asks for.
_PAGES = {"list_metrics": 500, "get_metric_data": 500}
_TYPES = {"m5.large": (2, 8), "m5.xlarge": (4, 16), "m5.2xlarge": (8, 32), "c5.xlarge": (4, 8), "r5.xlarge": (4, 32)}


class Nothing(dict[str, Any]):
    """The answer of a service that has none of what was asked for."""

    def __missing__(self, key: str) -> list[Any]:
        return []


class Fleet:
    """The account: what it answers, and how often it was asked what."""

    def __init__(self, instances: int, volumes: int) -> None:
        rng = np.random.default_rng(7)
        names = list(_TYPES)
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._load = {f"i-{n:017x}": (rng.uniform(2, 95), rng.uniform(5, 95)) for n in range(instances)}
        self._traffic = {f"vol-{n:017x}": rng.choice([0.0, 5.0, 300.0, 4000.0]) for n in range(volumes)}
        types, sizes = rng.choice(names, instances), rng.choice([20, 100, 500, 1000], volumes)
        kinds, spare = rng.choice(["gp2", "gp3", "gp3", "st1"], volumes), rng.random(volumes) < 0.05
        self._instances = [_instance(id_, str(types[n])) for n, id_ in enumerate(self._load)]
        self._volumes = [
            _volume(id_, str(kinds[n]), int(sizes[n]), bool(spare[n])) for n, id_ in enumerate(self._traffic)
        ]

    def client(self, service: str, *, account_id: str | None = None, region: str | None = None) -> Client:
        """A client of a service; everything lies in one account and region."""
        return Client(self, service)

    def caller_account(self) -> str:
        """The one account."""
        return ACCOUNT.id

    def account_list(self) -> Any:
        """The one account."""
        from bot.aws import AccountList

        return AccountList((ACCOUNT,))

    def region_list(self, account_id: str) -> Any:
        """The one region."""
        from bot.aws import RegionList

        return RegionList((REGION,))

    def count(self, service: str, operation: str) -> None:
        """One page was asked for."""
        with self._lock:
            self.calls[f"{service}:{operation}"] += 1

    def answer(self, operation: str, asked: dict[str, Any]) -> tuple[str, list[Any]]:
        """The key of the answer that holds its items, and all of them."""
        if operation == "describe_instances":
            return "Reservations", [{"Instances": [one]} for one in self._instances]
        if operation == "describe_volumes":
            return "Volumes", self._volumes
        if operation == "describe_instance_types":
            return "InstanceTypes", [_spec(name) for name in _TYPES]
        if operation == "describe_instance_type_offerings":
            return "InstanceTypeOfferings", [{"InstanceType": name, "Location": f"{REGION}a"} for name in _TYPES]
        if operation == "list_metrics":
            found = self._load if asked.get("MetricName") == "mem_used_percent" else {}
            return "Metrics", [{"Dimensions": [{"Name": "InstanceId", "Value": id_}]} for id_ in found]
        if operation == "get_metric_data":
            return "MetricDataResults", [self._series(query, asked) for query in asked["MetricDataQueries"]]
        return "", []

    def _series(self, query: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        metric, period_s = query["MetricStat"]["Metric"], query["MetricStat"]["Period"]
        id_ = metric["Dimensions"][0]["Value"] if metric["Dimensions"] else ""
        count = int((asked["EndTime"] - asked["StartTime"]).total_seconds() // period_s)
        cpu, memory = self._load.get(id_, (0.0, 0.0))
        level = {"CPUUtilization": cpu, "mem_used_percent": memory}.get(
            metric["MetricName"], self._traffic.get(id_, 1.0) * period_s
        )
        times = [asked["StartTime"] + timedelta(seconds=period_s * n) for n in range(count)]
        return {"Id": query["Id"], "Timestamps": times, "Values": [level] * count, "StatusCode": "Complete"}


class Client:
    """A boto3 client of a service, as far as collectors use one."""

    def __init__(self, fleet: Fleet, service: str) -> None:
        self._fleet = fleet
        self._service = service

    def can_paginate(self, operation: str) -> bool:
        """Every operation has pages."""
        return True

    def get_paginator(self, operation: str) -> Paginator:
        """The pages of an operation."""
        return Paginator(self._fleet, self._service, operation)

    def __getattr__(self, operation: str) -> Any:
        def call(**asked: Any) -> Nothing:
            self._fleet.count(self._service, operation)
            key, items = self._fleet.answer(operation, asked)
            return Nothing({key: items})

        return call


class Paginator:
    """The pages of an operation, each of which counts."""

    def __init__(self, fleet: Fleet, service: str, operation: str) -> None:
        self._fleet = fleet
        self._service = service
        self._operation = operation

    def paginate(self, **asked: Any) -> Iterator[Nothing]:
        """Page after page; one at least."""
        size = _PAGES.get(self._operation) or asked.get("PaginationConfig", {}).get("PageSize") or 100
        key, items = self._fleet.answer(self._operation, asked)
        for start in range(0, max(len(items), 1), size):
            self._fleet.count(self._service, self._operation)
            yield Nothing({key: items[start : start + size]})


def _instance(id_: str, instance_type: str) -> dict[str, Any]:
    return {
        "InstanceId": id_,
        "InstanceType": instance_type,
        "Architecture": "x86_64",
        "PlatformDetails": "Linux/UNIX",
        "LaunchTime": NOW - timedelta(days=200),
        "Placement": {"AvailabilityZone": f"{REGION}a", "Tenancy": "default"},
        "State": {"Name": "running"},
        "Tags": [{"Key": "team", "Value": "large"}],
    }


def _volume(id_: str, kind: str, size_gib: int, is_spare: bool) -> dict[str, Any]:
    return {
        "VolumeId": id_,
        "VolumeType": kind,
        "Size": size_gib,
        "Iops": {"gp2": min(max(3 * size_gib, 100), 16_000), "gp3": 3_000}.get(kind),
        "Throughput": 125 if kind == "gp3" else None,
        "State": "available" if is_spare else "in-use",
        "CreateTime": NOW - timedelta(days=200),
        "AvailabilityZone": f"{REGION}a",
        "Attachments": [] if is_spare else [{"InstanceId": f"i-{0:017x}"}],
    }


def _spec(name: str) -> dict[str, Any]:
    vcpu, gib = _TYPES[name]
    return {
        "InstanceType": name,
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "VCpuInfo": {"DefaultVCpus": vcpu},
        "MemoryInfo": {"SizeInMiB": gib * 1024},
        "NetworkInfo": {"NetworkCards": [{"BaselineBandwidthInGbps": 1.25}]},
        "EbsInfo": {"EbsOptimizedInfo": {"BaselineThroughputInMBps": 143.75, "BaselineIops": 6000}},
        "Hypervisor": "nitro",
        "CurrentGeneration": True,
    }


class _Standing:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def today(self, zone: Any = None) -> Any:
        return NOW.date()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=10_000)
    parser.add_argument("--volumes", type=int, default=10_000)
    given = parser.parse_args()
    fleet = Fleet(given.instances, given.volumes)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(data_dir=folder, monthly_api_cap=0)
        parts: dict[str, Any] = {
            "settings": settings,
            "clock": _Standing(),
            "store": Store(folder / "costbot.db"),
            "costs": CostFiles(folder),
            "aws": fleet,
            "work": Work(),
        }
        context = Context(**parts)
        try:
            _measure(context, fleet, folder, given.instances, given.volumes)
        finally:
            context.work.close(0)
            context.store.close()


def _measure(context: Context, fleet: Fleet, folder: Path, instances: int, volumes: int) -> None:
    asked = checks_to_run(context.settings)
    began = time.perf_counter()
    gathered = gather(context, folder, lambda *_: None, {table for check in asked for table in check.tables})
    read = time.perf_counter()
    first = sum(fleet.calls.values())
    question = Question(
        folder,
        tuple(check.id for check in asked),
        thresholds_of(context.settings),
        context.settings.min_monthly_savings,
        gathered.end,
    )
    thought = think(question)
    done = time.perf_counter()
    gather_more(context, gathered, thought.needs)
    print(f"{instances:,} instances, {volumes:,} volumes, {len(asked)} checks")
    print(f"first pass: {first} calls ({first / ((instances + volumes) / 1000):.1f} per 1,000 resources)")
    for operation, count in fleet.calls.most_common(8):
        print(f"  {count:>5}  {operation} (both passes)")
    print(f"second pass: {sum(fleet.calls.values()) - first} calls for what is still undecided")
    print(f"reading {read - began:.1f} s, analysis {done - read:.1f} s: {len(thought.rows):,} verdicts")


if __name__ == "__main__":
    main()
