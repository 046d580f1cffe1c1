"""AWS's own estimates of what to buy, where no hours of an export tell more: amounts and dollars without any odds."""

from __future__ import annotations

import re

from pandas import DataFrame, Series

from analysis.commitments.purchase_offers import RESERVED
from analysis.commitments.units import family

#: Of instances a Database plan covers this generation and newer, of caches Valkey alone, of warehouses none.
#: Source: AWS, "Database Savings Plans".
PLAN_GENERATION = 7
_GENERATION = re.compile(r"^(?:(?:db|cache)[.])?[a-z]+(\d+)")


def estimated(recommendations: DataFrame) -> DataFrame:
    """The proposals that can be had together.

    Compute and EC2 Instance plans are proposed for the same usage: whichever of the two saves more. A Database plan and
    reservations of what it covers likewise; other databases can be reserved beside it.

    Args:
        recommendations: columns of `purchase_recommendations`.
    """
    told = recommendations[recommendations["problem"].eq("") & recommendations["saving"].gt(0)]
    kinds = told["kind"]
    machines = _better(told[kinds.eq("Compute")], told[kinds.eq("EC2Instance")])
    nodes = told[kinds.eq(RESERVED)]
    in_plan = may_be_in_plan(nodes)
    databases = _better(told[kinds.eq("Database")], nodes[in_plan])
    rest = told[kinds.eq("SageMaker")]
    kept = [*machines.index, *databases.index, *nodes[~in_plan].index, *rest.index]
    return told.loc[kept].sort_values("saving", ascending=False)


def _better(one: DataFrame, other: DataFrame) -> DataFrame:
    return one if one["saving"].sum() >= other["saving"].sum() else other


def estimated_kinds(recommendations: DataFrame) -> tuple[DataFrame, DataFrame]:
    """AWS's Database plan, and its reservations of what such a plan covers: those that it would stand in for."""
    told = recommendations[recommendations["problem"].eq("") & recommendations["saving"].gt(0)]
    nodes = told[told["kind"].eq(RESERVED)]
    return told[told["kind"].eq("Database")], nodes[may_be_in_plan(nodes)]


def may_be_in_plan(nodes: DataFrame) -> Series[bool]:
    """Whether a Database plan covers what each reservation is of (needs service, instance_type, platform)."""
    about = zip(nodes["service"], nodes["instance_type"], nodes["platform"], strict=True)
    return Series([_may_be_in_plan(*one) for one in about], index=nodes.index, dtype="bool")


def _may_be_in_plan(service: str, instance_type: str, platform: str) -> bool:
    if service == "AmazonRedshift" or (service == "AmazonElastiCache" and platform.lower() != "valkey"):
        return False
    found = _GENERATION.match(family(instance_type))
    return found is not None and int(found[1]) >= PLAN_GENERATION
