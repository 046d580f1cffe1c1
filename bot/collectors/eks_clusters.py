"""The table `eks_clusters`: every EKS cluster with its Kubernetes version and how long that is supported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from pandas import DataFrame

from analysis.scaling.eks_versions import TABLE_DATE, Ends, support_ends
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = ("eks:ListClusters", "eks:DescribeCluster", "eks:DescribeClusterVersions")
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "version": "str",  # of Kubernetes, "1.31"
    "status": "str",
    "support_type": "str",  # STANDARD: upgraded by EKS when that ends; EXTENDED, the default: stays and pays
    "standard_ends": "str",  # date; empty where it is not known
    "extended_ends": "str",
    "days_to_standard_end": "float64",  # below 0 once it is over; missing where it is not known
    "days_to_extended_end": "float64",
    "dates_from": "str",  # who says so
}


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, list[dict[str, Any]]]:
    """`clusters`, described one by one as EKS has it, and `versions` with their dates (none where it does not tell).

    Raises:
        SourceUnavailable: EKS gave no answer.
    """
    client = aws.client("eks", account_id=account_id, region=region)
    with reading("eks:ListClusters", account_id, region):
        names = [name for page in client.get_paginator("list_clusters").paginate() for name in page["clusters"]]
    with reading("eks:DescribeCluster", account_id, region):
        clusters = [client.describe_cluster(name=name)["cluster"] for name in names]
    return {"clusters": clusters, "versions": _versions(client, account_id, region) if clusters else []}


def _versions(client: Any, account_id: str, region: str) -> list[dict[str, Any]]:
    """What EKS says of its versions; without it the table that is shipped tells, and a newer version is unknown."""
    try:
        with reading("eks:DescribeClusterVersions", account_id, region):
            pages = client.get_paginator("describe_cluster_versions").paginate(includeAll=True)
            return [version for page in pages for version in page["clusterVersions"]]
    except SourceUnavailable:
        return []


def parse(answer: Mapping[str, Iterable[Mapping[str, Any]]], here: Here) -> DataFrame:
    """The clusters as a table with `COLUMNS`; those that are being deleted or have failed are left out."""
    told: dict[str, Ends] = {
        one["clusterVersion"]: (_day(one["endOfStandardSupportDate"]), _day(one["endOfExtendedSupportDate"]))
        for one in answer["versions"]
        if one.get("endOfStandardSupportDate") and one.get("endOfExtendedSupportDate")
    }
    clusters = [one for one in answer["clusters"] if one.get("status") not in ("DELETING", "FAILED")]
    return typed([_row(one, told, here) for one in clusters], COLUMNS)


def _row(cluster: Mapping[str, Any], told: Mapping[str, Ends], here: Here) -> dict[str, object]:
    version = cluster.get("version", "")
    ends = told.get(version) or support_ends().get(version)
    source = "EKS DescribeClusterVersions" if version in told else f"EKS User Guide, {TABLE_DATE}"
    return {
        **here.head(cluster["name"], cluster.get("tags") or {}, cluster.get("createdAt"), name=cluster["name"]),
        "version": version,
        "status": cluster.get("status", ""),
        "support_type": cluster.get("upgradePolicy", {}).get("supportType", ""),
        "standard_ends": f"{ends[0]}" if ends else "",
        "extended_ends": f"{ends[1]}" if ends else "",
        "days_to_standard_end": _days_to(ends[0], here) if ends else None,
        "days_to_extended_end": _days_to(ends[1], here) if ends else None,
        "dates_from": source if ends else "",
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _days_to(day: date, here: Here) -> float:
    return -float(here.days_since(datetime.combine(day, time(), UTC)) or 0.0)
