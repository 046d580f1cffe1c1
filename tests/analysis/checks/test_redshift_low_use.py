"""`redshift.low_use`: one connection keeps a cluster, and what is not measured is not idle."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import ACCOUNT, REGION, cards, judged, no_points, points, table, together

CHECK = "redshift.low_use"


def cluster(**changed: Any) -> dict[str, Any]:
    runs = {"status": "available", "node_type": "ra3.xlplus", "nodes": 2.0}
    return {"resource_id": "r-1", "name": "reports", "age_days": 200.0} | runs | changed


def use(connections: float, cpu: float, days: int = 14) -> DataFrame:
    most = points("DatabaseConnections", [0.0] * (days - 1) + [connections], statistic="Maximum")
    return together(most, points("CPUUtilization", [cpu] * days, statistic="Average"))


def tables(row: dict[str, Any], metrics: DataFrame, usd: float | None = 1.086) -> dict[str, DataFrame]:
    paid = {"account_id": ACCOUNT, "region": REGION, "service": "Amazon Redshift", "usage_type": "Node:ra3.xlplus"}
    rates = table("usage_rates", *([paid | {"usd": usd}] if usd else []))
    return {"redshift_clusters": table("redshift_clusters", row), "redshift_metrics": metrics, "usage_rates": rates}


@pytest.mark.parametrize(
    ("changed", "metrics"),
    [
        ({"status": "paused"}, no_points()),
        ({"age_days": 13.0}, use(0.0, 1.0, 13)),
        ({}, use(3.0, 10.1)),
    ],
    ids=["paused", "young", "used"],
)
def test_leaves_alone(changed: dict[str, Any], metrics: DataFrame) -> None:
    assert judged(CHECK, tables(cluster(**changed), metrics))["verdict"].tolist() == ["fine"]


@pytest.mark.parametrize(("metrics", "usd"), [(no_points(), 1.086), (use(0.0, 1.0, 13), 1.086), (use(0.0, 1.0), None)])
def test_what_is_unknown_is_no_saving(metrics: DataFrame, usd: float | None) -> None:
    assert judged(CHECK, tables(cluster(), metrics, usd))["verdict"].tolist() == ["insufficient"]


def test_two_zones_cannot_be_paused() -> None:
    assert judged(CHECK, tables(cluster(multi_az=True), use(0.0, 1.0)))["verdict"].tolist() == ["conflict"]


def test_a_quiet_cluster_is_a_notice_and_no_command_pauses_it() -> None:
    (card,) = cards(CHECK, tables(cluster(), use(2.0, 10.0)))

    assert card.monthly_savings == 0
    assert card.reason == "2 × ra3.xlplus: at most 10 % of CPU on any of 14 days, and it is never paused"
    assert "pause-cluster" not in card.command


def test_an_idle_cluster_saves_its_nodes() -> None:
    (card,) = cards(CHECK, tables(cluster(), use(0.0, 4.0)))

    assert card.monthly_savings == pytest.approx(2 * 1.086 * 730)
    assert card.reason == "2 × ra3.xlplus: nobody was connected in 14 days"
    assert card.command.endswith("aws redshift pause-cluster --cluster-identifier r-1 --region us-east-1")
    assert "resume-cluster" in card.undo
