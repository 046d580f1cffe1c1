"""The table `redshift_clusters`: every provisioned cluster of Redshift, one account and region at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here, tags_of
from bot.tables import typed

ACTIONS = ("redshift:DescribeClusters",)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "status": "str",  # available, paused, …
    "node_type": "str",
    "nodes": "float64",
    "multi_az": "bool",  # which cannot be paused
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All clusters of an account in a region, as Redshift describes them.

    Raises:
        SourceUnavailable: Redshift gave no answer.
    """
    with reading(ACTIONS[0], account_id, region):
        client = aws.client("redshift", account_id=account_id, region=region)
        pages = client.get_paginator("describe_clusters").paginate(PaginationConfig={"PageSize": 100})
        return [cluster for page in pages for cluster in page["Clusters"]]


def parse(clusters: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The clusters as a table with `COLUMNS`."""
    return typed([_row(cluster, here) for cluster in clusters], COLUMNS)


def _row(cluster: Mapping[str, Any], here: Here) -> dict[str, object]:
    name = cluster["ClusterIdentifier"]
    return {
        **here.head(name, tags_of(cluster.get("Tags")), cluster.get("ClusterCreateTime"), name=name),
        "status": cluster.get("ClusterStatus", ""),
        "node_type": cluster.get("NodeType", ""),
        "nodes": cluster.get("NumberOfNodes"),
        "multi_az": str(cluster.get("MultiAZ", "")).lower() in ("enabled", "true"),
    }
