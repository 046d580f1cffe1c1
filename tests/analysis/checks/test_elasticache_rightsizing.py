"""`elasticache.rightsizing`: data first; a cache that evicts is full, and what is not measured is not idle."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.cache_factories import cache, caches, load
from tests.analysis.checks.check_factories import cards, judged, together

CHECK = "elasticache.rightsizing"
#: 12.93 GiB; the large one below has 6.38.
XLARGE = cache(node_type="cache.m5.xlarge")
LIGHT: dict[str, float] = {
    "memory": 30,
    "engine": 20,
    "cpu": 15,
    "evictions": 0,
    "bytes_in": 1e8,
    "bytes_out": 2e8,
}


def judge(rows: dict[str, dict[str, Any]], loads: dict[str, dict[str, float]]) -> Any:
    metrics = together(*(load(name, **level) for name, level in loads.items()))
    named = caches(*(row | {"resource_id": name, "name": name} for name, row in rows.items()))
    return judged(CHECK, {"elasticache_clusters": named, "elasticache_metrics": metrics})


def test_keeps_what_is_busy_in_one_dimension() -> None:
    loads = {
        "memory": LIGHT | {"memory": 72},  # 9.3 of 9.15 GiB that are 70 % of cache.r5.large
        "engine": LIGHT | {"engine": 81},
        "cpu": LIGHT | {"cpu": 41},  # 1.64 of 1.6 vCPU
        "network": LIGHT | {"bytes_out": 4.6e9},  # 0.63 of 0.6 Gbit/s
    }

    found = judge(dict.fromkeys(loads, XLARGE), loads)

    assert set(found["verdict"]) == {"fine"}
    words = {"engine": "CPU", "cpu": "CPU"}
    assert found["why"].to_dict() == {
        name: f"Right size: {words.get(name, name)} would not hold in anything cheaper with headroom." for name in loads
    }


def test_says_what_is_missing_or_speaks_against_it() -> None:
    rows = {
        "full": XLARGE,
        "drained": cache(node_type="cache.t3.medium"),
        "creating": XLARGE | {"status": "creating"},
        "memcached": XLARGE | {"engine": "memcached"},
        "unknown": cache(node_type="cache.x9.large"),
        "unpriced": cache(node_type="cache.r7g.xlarge"),
        "silent": XLARGE,
        "half-silent": XLARGE,
    }
    loads = dict.fromkeys(rows, LIGHT) | {
        "full": LIGHT | {"evictions": 1},
        "drained": LIGHT | {"credits": 0.0, "cpu_mean": 9.0},
        "half-silent": {name: value for name, value in LIGHT.items() if name != "bytes_in"},
    }
    del loads["silent"]

    found = judge(rows, loads)

    fine = {"full", "drained", "creating"}
    assert found["verdict"].to_dict() == {name: "fine" if name in fine else "insufficient" for name in rows}
    assert found["why"]["full"] == "It evicts keys: its memory is full."
    assert "burst credits ran out" in found["why"]["drained"]
    assert found["why"]["silent"] == "14 days of DatabaseMemoryUsagePercentage: CloudWatch has 0."
    assert "every node of its group" in found["why"]["half-silent"]


def test_proposes_the_cheapest_that_holds_the_data_at_seventy_per_cent() -> None:
    loads = {"half": LIGHT | {"memory": 34.5}, "deep": LIGHT | {"memory": 4, "cpu": 4}}

    found = judge({"half": XLARGE, "deep": cache(node_type="cache.m5.4xlarge")}, loads)

    assert found["target"].to_dict() == {"half": "cache.m5.large", "deep": "cache.m5.large"}
    assert found["monthly_savings"].to_dict() == pytest.approx({"half": 730 * 0.156, "deep": 730 * 0.156 * 7})


def test_the_memory_family_gives_way_where_the_list_knows_both_prices() -> None:
    found = judge({"c-1": cache(node_type="cache.r5.large")}, {"c-1": LIGHT})

    assert found["target"]["c-1"] == "cache.m5.large"
    assert found["monthly_savings"]["c-1"] == pytest.approx(730 * (0.216 - 0.156))


def test_a_group_is_as_full_as_its_fullest_node_and_changed_as_a_whole() -> None:
    rows = {name: XLARGE | {"group_id": name[:4]} for name in ("calm-1", "calm-2", "busy-1", "busy-2")}
    loads = dict.fromkeys(rows, LIGHT) | {"busy-2": LIGHT | {"memory": 80}}

    found = judge(rows, loads)

    assert found["verdict"].tolist() == ["saves", "fine", "fine", "fine"]
    assert found["monthly_savings"]["calm-1"] == pytest.approx(2 * 730 * 0.156)
    assert found["covers"]["calm-1"] == ["calm-2"]


def test_the_card_says_how_full_the_smaller_node_would_be() -> None:
    row = XLARGE | {"group_id": "g"}
    tables = {"elasticache_clusters": caches(row), "elasticache_metrics": load(**LIGHT)}

    (card,) = cards(CHECK, tables)

    assert card.reason == "cache.m5.xlarge has 30 % of its memory and 15 % of its CPU in use at p99.5"
    assert card.risk_reason.startswith("Its data would take 61 % of cache.m5.large.")
    assert (
        "aws elasticache modify-replication-group --replication-group-id g --cache-node-type cache.m5.large "
        "--apply-immediately --region us-east-1" in card.command
    )
    assert "--cache-node-type cache.m5.xlarge" in card.undo
    assert card.chart is not None
