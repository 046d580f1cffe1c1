"""Which hours of usage a saving takes away and which it puts in their place, from the row of its check's verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.commitments.holdings import HOURS_A_MONTH

SECONDS_AN_HOUR = 3600.0
SLOTS = 168


@dataclass(frozen=True, slots=True)
class Moved:
    """Usage that commitments may cover, and that a saving moves.

    Attributes:
        service: AWS's code.
        quantity: units of usage an hour; above 0 what goes, below 0 what comes in its place.
        usd: dollars of a unit as the check counted it.
        instance_type: empty for what is no instance.
        platform: platform or engine in any of AWS's spellings; empty where it does not matter or is not known.
        usage: a part that the usage type has, such as `Multi-AZUsage:`.
        slots: `1` for each hour of the week that it is about, Monday 00:00 UTC first; empty for all.
    """

    service: str
    quantity: float
    usd: float
    instance_type: str = ""
    platform: str = ""
    usage: str = ""
    slots: str = ""


#: From a row of verdicts (and thresholds) to what its saving moves; nothing where that is not known.
Moves = Callable[[Mapping[str, Any]], tuple[Moved, ...]]

_BOX, _DEDICATED = "BoxUsage", "DedicatedUsage"
#: Engines whose name in the API is another than the one on the bill; "" for those of several kinds.
_ENGINES = {"postgres": "PostgreSQL", "aurora": "Aurora MySQL"}
_SEVERAL_KINDS = ("oracle", "sqlserver", "db2", "custom")


def instance_hours(then: str = "", then_price: str = "", slots: str = "") -> Moves:
    """The hours of an EC2 instance.

    Args:
        then: column of the type that runs instead; "" where none does that a commitment covers.
        then_price: column of its dollars an hour. slots: column of `Moved.slots`.
    """

    def moves(row: Mapping[str, Any]) -> tuple[Moved, ...]:
        usage = {"default": _BOX, "dedicated": _DEDICATED}.get(row["tenancy"])
        if row["spot"] or usage is None:
            return ()
        when = str(row[slots]) if slots else ""
        own = Moved("AmazonEC2", 1.0, row["hourly_usd"], row["instance_type"], row["platform"], usage, when)
        if not then:
            return (own,)
        return own, Moved("AmazonEC2", -1.0, row[then_price], row[then], row["platform"], usage, when)

    return moves


def group_hours(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """Some instances of an Auto Scaling group less, all day long; of several types as many of each."""
    types = [name for name in str(row["types"]).split(", ") if name]
    count = row["monthly_savings"] / (row["hourly_usd"] * HOURS_A_MONTH)
    return tuple(Moved("AmazonEC2", count / len(types), row["hourly_usd"], name, "Linux/UNIX", _BOX) for name in types)


def database_hours(then: str = "", then_price: str = "") -> Moves:
    """The hours of an RDS instance, its standby included; see `instance_hours`."""

    def moves(row: Mapping[str, Any]) -> tuple[Moved, ...]:
        usage = _deployment(row)
        own = Moved("AmazonRDS", 1.0, row["hour_usd"], row["instance_class"], _engine(row), usage)
        if not then:
            return (own,)
        return own, Moved("AmazonRDS", -1.0, row[then_price], row[then], _engine(row), usage)

    return moves


def standby_hours(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """A database with a standby becomes one without."""
    each = {"service": "AmazonRDS", "instance_type": row["instance_class"], "platform": _engine(row)}
    return (
        Moved(**each, quantity=1.0, usd=row["hour_usd"], usage="Multi-AZUsage:"),
        Moved(**each, quantity=-1.0, usd=row["hour_usd"] / 2, usage="InstanceUsage:"),
    )


def cache_hours(then: str = "", then_price: str = "", engine: str = "") -> Moves:
    """The nodes of a cache, of its whole replication group; see `instance_hours`.

    Args:
        engine: that runs instead.
    """

    def moves(row: Mapping[str, Any]) -> tuple[Moved, ...]:
        nodes, kind = row["all_nodes"], row["node_type"]
        own = Moved("AmazonElastiCache", nodes, row["hour_usd"], kind, row["engine"], "NodeUsage:")
        if not then_price:
            return (own,)
        instead, runs = row[then] if then else kind, engine or row["engine"]
        return own, Moved("AmazonElastiCache", -nodes, row[then_price], instead, runs, "NodeUsage:")

    return moves


def node_hours(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The nodes of a Redshift cluster."""
    return (Moved("AmazonRedshift", row["nodes"], row["hour_usd"], row["node_type"], usage="Node:"),)


def endpoint_hours(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The instances of a SageMaker endpoint."""
    return (Moved("AmazonSageMaker", row["instances"], row["hour_usd"], row["instance_type"], usage="Host:"),)


def task_hours(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The vCPUs and memory that smaller tasks on Fargate need less."""
    vcpu, gib = row["vcpu"] - row["new_vcpu"], row["memory_gib"] - row["new_memory_gib"]
    parts = (("Fargate-vCPU-Hours:perCPU", vcpu, row["vcpu_usd"]), ("Fargate-GB-Hours", gib, row["gb_usd"]))
    return tuple(Moved("AmazonECS", row["tasks"] * less, usd, usage=name) for name, less, usd in parts if less)


def fewer_gb_seconds(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The GB-seconds that a Lambda function with less memory does not take."""
    less = _an_hour(row["gb_seconds"]) * (1.0 - row["target_mib"] / row["memory_mib"])
    arm = row["architecture"] == "arm64"
    return (Moved("AWSLambda", less, row["usd"], usage="Lambda-GB-Second-ARM" if arm else "Lambda-GB-Second"),)


def gb_seconds_on_arm(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The GB-seconds of a Lambda function, on Arm instead."""
    each = _an_hour(row["gb_seconds"])
    return (
        Moved("AWSLambda", each, row["usd"], usage="Lambda-GB-Second"),
        Moved("AWSLambda", -each, row["arm_usd"], usage="Lambda-GB-Second-ARM"),
    )


def warm_gb_seconds(row: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The GB-seconds of a Lambda function's warm instances that are not kept."""
    each = row["spare"] * row["memory_mib"] / 1024.0 * SECONDS_AN_HOUR
    usage = "Lambda-Provisioned-Concurrency" + ("-ARM" if row["architecture"] == "arm64" else "")
    return (Moved("AWSLambda", each, row["gb_second_usd"], usage=usage),)


def counted(moved: tuple[Moved, ...]) -> float:
    """Dollars a month that the check counted for what is moved; missing where it is not known."""
    return math.fsum(part.quantity * part.usd * HOURS_A_MONTH * _hours_share(part) for part in moved)


def _hours_share(part: Moved) -> float:
    return part.slots.count("1") / SLOTS if part.slots else 1.0


def _an_hour(a_month: float) -> float:
    return a_month / HOURS_A_MONTH


def _deployment(row: Mapping[str, Any]) -> str:
    if not row["multi_az"] or str(row["engine"]).startswith("aurora"):
        return "InstanceUsage:"
    return "Multi-AZClusterUsage:" if row["cluster_id"] else "Multi-AZUsage:"


def _engine(row: Mapping[str, Any]) -> str:
    engine = str(row["engine"])
    # Editions and licences of these are told by neither the API nor the bill in the same words.
    return "" if engine.startswith(_SEVERAL_KINDS) else _ENGINES.get(engine, engine)
