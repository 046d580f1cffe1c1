"""The table of caches: every page, tags in a call of their own, and only the metrics an engine publishes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.collectors import elasticache_clusters, elasticache_metrics
from tests.bot.collectors.answering import HERE, WINDOW, Answering, asked_metrics, days_ago, silent_cloudwatch

ARN = "arn:aws:elasticache:us-east-1:111122223333:"


def cluster(name: str, **changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "CacheClusterId": name,
        "ARN": f"{ARN}cluster:{name}",
        "CacheNodeType": "cache.m5.large",
        "Engine": "redis",
        "EngineVersion": "7.1.0",
        "NumCacheNodes": 1,
        "CacheClusterStatus": "available",
        "CacheClusterCreateTime": days_ago(60),
        "CacheParameterGroup": {"CacheParameterGroupName": "default.redis7"},
        "SnapshotRetentionLimit": 3,
    }
    return values | changed


def tagged(arn: str, **tags: str) -> dict[str, Any]:
    return {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def test_reads_every_page_and_the_tags_of_clusters_and_groups() -> None:
    answers = Answering(
        "elasticache",
        DescribeCacheClusters=[
            {"CacheClusters": [cluster("alone")], "Marker": "more"},
            {"CacheClusters": [cluster("g-001", ReplicationGroupId="g"), cluster("bare")]},
        ],
        GetResources=[
            {
                "ResourceTagMappingList": [
                    tagged(f"{ARN}cluster:alone", team="search", env="prod"),
                    tagged(f"{ARN}replicationgroup:g", team="payments"),
                ],
                "PaginationToken": "",
            }
        ],
    )

    found = elasticache_clusters.parse(elasticache_clusters.fetch(answers.aws, "111122223333", "us-east-1"), HERE)

    assert found[["resource_id", "owner", "env", "group_id"]].to_numpy().tolist() == [
        ["alone", "search", "prod", ""],
        ["g-001", "payments", "", "g"],
        ["bare", "", "", ""],
    ]
    assert found["snapshot_days"].tolist() == [3.0, 3.0, 3.0]
    assert len(answers.calls("DescribeCacheClusters")) == 2


def test_asks_for_no_tags_where_there_is_nothing_to_tag() -> None:
    answers = Answering("elasticache", DescribeCacheClusters=[{"CacheClusters": []}])

    assert elasticache_clusters.fetch(answers.aws, "111122223333", "us-east-1") == {"clusters": [], "tags": {}}
    assert [name for name, _ in answers.asked] == ["DescribeCacheClusters"]


@pytest.mark.parametrize(
    ("engine", "there", "absent"), [("redis", "GetTypeCmds", "CmdGet"), ("memcached", "CmdGet", "GetTypeCmds")]
)
def test_asks_for_the_commands_of_the_engine(engine: str, there: str, absent: str) -> None:
    described = [cluster("c-1", Engine=engine), cluster("new", CacheClusterStatus="creating")]
    rows = elasticache_clusters.parse({"clusters": described, "tags": {}}, HERE)
    cloudwatch = silent_cloudwatch()

    found = elasticache_metrics.collect(cloudwatch.aws, HERE, rows, WINDOW)

    asked = asked_metrics(cloudwatch)
    assert found.empty
    assert {name for name, *_ in asked} == {"c-1"}
    assert ("c-1", there, "Sum", 86_400) in asked
    assert absent not in {metric for _, metric, *_ in asked}
