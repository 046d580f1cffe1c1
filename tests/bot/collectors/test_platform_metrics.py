"""Which metrics are asked for: of what may matter only, by the dimensions that AWS publishes them with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from pandas import DataFrame

from bot.collectors import log_group_metrics, redshift_metrics, sagemaker_metrics, workspaces_metrics
from bot.collectors.metrics import Query
from bot.collectors.scopes import Window
from tests.analysis.checks.check_factories import no_points, table
from tests.bot.collectors.fake_aws import HERE, NOW


def asked(monkeypatch: pytest.MonkeyPatch, module: ModuleType, inventory: str, *rows: dict[str, Any]) -> list[Query]:
    """What a collector asks CloudWatch about these rows."""
    found: list[Query] = []

    def measure(aws: Any, here: Any, queries: Sequence[Query], window: Window) -> DataFrame:
        found.extend(queries)
        return no_points()

    monkeypatch.setattr(module, "measure", measure)
    module.collect(None, HERE, table(inventory, *rows), Window(NOW - timedelta(days=14), NOW))
    return found


def test_groups_that_store_nothing_are_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"resource_id": "/big", "stored_gb": 0.1},
        {"resource_id": "/small", "stored_gb": 0.09},
        {"resource_id": "/unknown", "stored_gb": None},
        {"resource_id": "/left", "stored_gb": 5.0, "ignored": True},
    ]

    (query,) = asked(monkeypatch, log_group_metrics, "log_groups", *rows)

    assert (query.namespace, query.name, query.statistic) == ("AWS/Logs", "IncomingBytes", "Sum")
    assert query.dimensions == (("LogGroupName", "/big"),)


def test_each_variant_of_an_endpoint_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = asked(monkeypatch, sagemaker_metrics, "sagemaker_endpoints", {"resource_id": "a", "variants": "x y"})

    assert [(query.namespace, query.name, dict(query.dimensions)["VariantName"]) for query in queries] == [
        ("AWS/SageMaker", "Invocations", "x"),
        ("/aws/sagemaker/Endpoints", "CPUUtilization", "x"),
        ("AWS/SageMaker", "Invocations", "y"),
        ("/aws/sagemaker/Endpoints", "CPUUtilization", "y"),
    ]
    assert {query.owner for query in queries} == {"a"}


def test_a_paused_cluster_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"resource_id": "a", "status": "available"}, {"resource_id": "b", "status": "paused"}]

    queries = asked(monkeypatch, redshift_metrics, "redshift_clusters", *rows)

    assert [(query.owner, query.name, query.statistic) for query in queries] == [
        ("a", "DatabaseConnections", "Maximum"),
        ("a", "CPUUtilization", "Average"),
    ]


def test_a_desktop_is_asked_how_often_somebody_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    queries = asked(monkeypatch, workspaces_metrics, "workspaces", {"resource_id": "ws-1"})

    assert [(query.name, query.statistic) for query in queries] == [
        ("UserConnected", "Sum"),
        ("UserConnected", "SampleCount"),
    ]
