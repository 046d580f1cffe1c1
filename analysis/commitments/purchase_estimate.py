"""AWS's own estimates of what to buy, where no hours of an export tell more: amounts and dollars without any odds."""

from __future__ import annotations

from pandas import DataFrame

from analysis.commitments.purchase_offers import RESERVED


def estimated(recommendations: DataFrame) -> DataFrame:
    """The proposals that can be had together.

    Compute and EC2 Instance plans are proposed for the same usage: whichever of the two saves more. A Database plan and
    reservations of databases likewise, of the services that the plan covers.

    Args:
        recommendations: columns of `purchase_recommendations`.
    """
    told = recommendations[recommendations["problem"].eq("") & recommendations["saving"].gt(0)]
    kinds = told["kind"]
    machines = _better(told[kinds.eq("Compute")], told[kinds.eq("EC2Instance")])
    nodes = told[kinds.eq(RESERVED)]
    in_plan = nodes["service"].ne("AmazonRedshift")
    databases = _better(told[kinds.eq("Database")], nodes[in_plan])
    rest = told[kinds.eq("SageMaker")]
    kept = [*machines.index, *databases.index, *nodes[~in_plan].index, *rest.index]
    return told.loc[kept].sort_values("saving", ascending=False)


def _better(one: DataFrame, other: DataFrame) -> DataFrame:
    return one if one["saving"].sum() >= other["saving"].sum() else other


def estimated_kinds(recommendations: DataFrame) -> tuple[DataFrame, DataFrame]:
    """AWS's Database plan, and its reservations of databases that such a plan may cover."""
    told = recommendations[recommendations["problem"].eq("") & recommendations["saving"].gt(0)]
    nodes = told[told["kind"].eq(RESERVED) & told["service"].ne("AmazonRedshift")]
    return told[told["kind"].eq("Database")], nodes
