"""`elasticache.idle_cluster`: neither connections nor commands may have been there, in the whole group."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.cache_factories import cache, caches, load
from tests.analysis.checks.check_factories import cards, judged, together

CHECK = "elasticache.idle_cluster"
IDLE = {"connections": 0.0, "reads": 0.0, "writes": 0.0}


def judge(rows: dict[str, dict[str, Any]], loads: dict[str, dict[str, float]]) -> Any:
    metrics = together(*(load(name, **level) for name, level in loads.items()))
    named = caches(*(row | {"resource_id": name, "name": name} for name, row in rows.items()))
    return judged(CHECK, {"elasticache_clusters": named, "elasticache_metrics": metrics})


def test_keeps_what_is_used_or_not_known_to_be_idle() -> None:
    loads: dict[str, dict[str, float]] = {
        "connected": IDLE | {"connections": 5},
        "asked": IDLE | {"connections": 3, "writes": 1},
        "unclear": {"connections": 3},
        "memcached-unclear": {"connections": 3, "reads": 0, "writes": 0},
        "creating": IDLE,
        "unpriced": IDLE,
        "valkey": IDLE,
    }
    rows = {name: cache() for name in loads} | {
        "creating": cache(status="creating"),
        "unpriced": cache(node_type="cache.x9.large"),
        "valkey": cache(engine="valkey"),
        "memcached-unclear": cache(engine="memcached"),
        "silent": cache(),
    }

    found = judge(rows, loads)

    assert found["verdict"].to_dict() == {
        "connected": "fine",
        "asked": "fine",
        "unclear": "insufficient",
        "memcached-unclear": "insufficient",
        "creating": "fine",
        "unpriced": "insufficient",
        "valkey": "insufficient",
        "silent": "insufficient",
    }
    assert found["why"]["connected"] == "In use: up to 5 connections."
    assert found["why"]["silent"] == "14 days of CurrConnections: CloudWatch has 0."
    assert "GetTypeCmds" in found["why"]["unclear"]


@pytest.mark.parametrize("days", [5, 13])
def test_too_few_days_are_no_evidence(days: int) -> None:
    tables = {
        "elasticache_clusters": caches(cache(age_days=float(days))),
        "elasticache_metrics": load(days=days, **IDLE),
    }

    assert judged(CHECK, tables).loc["c-1", "verdict"] == "insufficient"


def test_saves_the_nodes_of_what_nobody_uses() -> None:
    rows = {"none": cache(), "own-only": cache(), "memcached": cache(engine="memcached", nodes=3.0)}

    found = judge(
        rows,
        {"none": {"connections": 0}, "own-only": IDLE | {"connections": 4}, "memcached": {"connections": 0}},
    )

    assert found["monthly_savings"].to_dict() == pytest.approx(
        {"none": 113.88, "own-only": 113.88, "memcached": 3 * 113.88}
    )


def test_a_replication_group_is_idle_as_a_whole_and_told_once() -> None:
    idle = {name: cache(group_id="idle") for name in ("idle-001", "idle-002")}
    half = {name: cache(group_id="half") for name in ("half-001", "half-002")}
    loads = dict.fromkeys([*idle, "half-001"], IDLE) | {"half-002": IDLE | {"connections": 9}}

    found = judge(idle | half, loads)

    assert found["verdict"].to_dict() == {
        "idle-001": "saves",
        "idle-002": "fine",
        "half-001": "fine",
        "half-002": "fine",
    }
    assert found["monthly_savings"]["idle-001"] == pytest.approx(2 * 113.88)
    assert found["covers"]["idle-001"] == ["idle-002"]
    assert found["why"]["idle-002"] == "Counted with idle-001 of the same replication group."


def test_the_card_deletes_the_cluster_or_its_group() -> None:
    rows = caches(cache(resource_id="alone"), cache(resource_id="g-001", group_id="g", snapshot_days=7.0))
    tables = {
        "elasticache_clusters": rows,
        "elasticache_metrics": together(load("alone", **IDLE), load("g-001", **IDLE)),
    }

    alone, group = cards(CHECK, tables)

    assert alone.reason == "redis cache.m5.large without a command for 14 days"
    assert alone.how_computed == "1 × $0.156 an hour × 730 h."
    assert "aws elasticache delete-cache-cluster --cache-cluster-id alone --region us-east-1" in alone.command
    assert "create-cache-cluster --cache-cluster-id alone --cache-node-type cache.m5.large" in alone.undo
    assert "aws elasticache delete-replication-group --replication-group-id g --region us-east-1" in group.command
    assert "but for its backups" in group.risk_reason
    assert alone.chart is not None
