"""The table `elasticache_clusters`: every cache cluster; of a replication group each node is one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from bot import resource_tags
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = ("elasticache:DescribeCacheClusters", *resource_tags.ACTIONS)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {
    "arn": "str",
    "node_type": "str",  # cache.m5.large
    "engine": "str",  # redis, valkey, memcached
    "engine_version": "str",
    "nodes": "float64",  # of Memcached several, else one
    "status": "str",
    "group_id": "str",  # its replication group; empty where it is in none
    "parameter_group": "str",
    "snapshot_days": "float64",  # how long daily backups are kept; 0: there are none
}


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, Any]:
    """All clusters of an account in a region, and their tags where there are any clusters.

    Raises:
        SourceUnavailable: ElastiCache or the tagging API gave no answer.
    """
    with reading("elasticache:DescribeCacheClusters", account_id, region):
        client = aws.client("elasticache", account_id=account_id, region=region)
        pages = client.get_paginator("describe_cache_clusters").paginate(PaginationConfig={"PageSize": 100})
        clusters = [cluster for page in pages for cluster in page["CacheClusters"]]
    kinds = ("elasticache:cluster", "elasticache:replicationgroup")
    tags = resource_tags.tags_by_arn(aws, account_id, region, kinds) if clusters else {}
    return {"clusters": clusters, "tags": tags}


def parse(answer: Mapping[str, Any], here: Here) -> DataFrame:
    """The clusters as a table with `COLUMNS`; one without tags has those of its replication group."""
    return typed([_row(cluster, answer["tags"], here) for cluster in answer["clusters"]], COLUMNS)


def _row(cluster: Mapping[str, Any], tags: Mapping[str, Mapping[str, str]], here: Here) -> dict[str, object]:
    id_, arn, group = cluster["CacheClusterId"], cluster.get("ARN") or "", cluster.get("ReplicationGroupId") or ""
    of_group = tags.get(f"{arn.rpartition(':cluster:')[0]}:replicationgroup:{group}", {}) if group else {}
    return {
        **here.head(id_, {**of_group, **tags.get(arn, {})}, cluster.get("CacheClusterCreateTime"), name=id_),
        "arn": arn,
        "node_type": cluster.get("CacheNodeType") or "",
        "engine": cluster.get("Engine") or "",
        "engine_version": cluster.get("EngineVersion") or "",
        "nodes": cluster.get("NumCacheNodes"),
        "status": cluster.get("CacheClusterStatus") or "",
        "group_id": group,
        "parameter_group": cluster.get("CacheParameterGroup", {}).get("CacheParameterGroupName") or "",
        "snapshot_days": cluster.get("SnapshotRetentionLimit"),
    }
