"""`elasticache.redis_to_valkey`: Redis OSS 5 to 7, at the list's own difference where it has one."""

from __future__ import annotations

import pytest

from tests.analysis.checks.cache_factories import cache, caches
from tests.analysis.checks.check_factories import cards, judged, price_book

CHECK = "elasticache.redis_to_valkey"


def test_leaves_other_engines_and_versions_alone() -> None:
    rows = {
        "valkey": cache(engine="valkey", engine_version="8.0"),
        "memcached": cache(engine="memcached", engine_version="1.6.12"),
        "old": cache(engine_version="4.0.10"),
        "unversioned": cache(engine_version=""),
        "newer": cache(engine_version="8.0"),
        "unpriced": cache(node_type="cache.x9.large"),
        "tuned": cache(parameter_group="checkout-redis7"),
        "creating": cache(status="creating"),
    }

    found = judged(CHECK, {"elasticache_clusters": caches(*(r | {"resource_id": n} for n, r in rows.items()))})

    assert found["verdict"].to_dict() == {
        "valkey": "fine",
        "memcached": "fine",
        "old": "fine",
        "unversioned": "insufficient",
        "newer": "insufficient",
        "unpriced": "insufficient",
        "tuned": "conflict",
        "creating": "fine",
    }
    assert "checkout-redis7 is of Redis OSS" in found["why"]["tuned"]


@pytest.mark.parametrize(
    ("live", "monthly"),
    [([], 730 * 0.156 * 0.2), ([("us-east-1", "elasticache.cache.m5.large.valkey.hour", 0.1248)], 730 * 0.0312)],
    ids=["published discount", "both listed"],
)
def test_saves_the_difference_of_the_list_or_the_published_one(
    live: list[tuple[str, str, float]], monthly: float
) -> None:
    found = judged(CHECK, {"elasticache_clusters": caches(cache())}, prices=price_book(live=live))

    assert found["monthly_savings"].tolist() == pytest.approx([monthly])


def test_a_single_node_first_becomes_a_group_and_a_group_is_told_once() -> None:
    rows = caches(
        cache(resource_id="alone"),
        cache(resource_id="g-001", group_id="g"),
        cache(resource_id="g-002", group_id="g"),
    )

    group, alone = cards(CHECK, {"elasticache_clusters": rows})

    assert group.monthly_savings == pytest.approx(2 * alone.monthly_savings)
    assert group.covers == ("g-002",)
    assert group.command.endswith(
        "aws elasticache modify-replication-group --replication-group-id g --engine valkey --engine-version 8.0 "
        "--apply-immediately --region us-east-1"
    )
    assert "create-replication-group --replication-group-id alone" in alone.command
    assert "--primary-cluster-id alone --region us-east-1 && \\\n" in alone.command
    assert alone.command.endswith("--engine valkey --engine-version 8.0 --apply-immediately --region us-east-1")
    assert alone.undo == "There is no way back."
    assert "AWS sells Valkey nodes for 20 % less" in alone.how_computed
