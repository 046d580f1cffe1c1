"""`logs.ingestion`: a quiet or steady group is left alone; much, and suddenly more, is told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from tests.analysis.checks.check_factories import cards, judged, no_points, points, table, together

CHECK = "logs.ingestion"
GB = 1e9


def group(name: str = "/app", **changed: Any) -> dict[str, Any]:
    return {"resource_id": name, "name": name, "log_class": "STANDARD", "stored_gb": 100.0} | changed


def bytes_in(gb: list[float], name: str = "/app", **more: Any) -> DataFrame:
    return points("IncomingBytes", [value * GB for value in gb], resource_id=name, **more)


def found(rows: list[dict[str, Any]], *metrics: DataFrame, **more: Any) -> DataFrame:
    read = together(*metrics) if metrics else no_points()
    return judged(CHECK, {"log_groups": table("log_groups", *rows), "log_group_metrics": read}, **more)


@pytest.mark.parametrize(
    ("gb", "why"),
    [
        ([0.0] * 14, "Nothing worth a word came in during the last seven days."),
        ([5.0] * 7 + [0.0] * 7, "Nothing worth a word came in during the last seven days."),
        ([1.3] * 14, "It takes in less than $20 a month."),
    ],
)
def test_leaves_a_quiet_group_alone(gb: list[float], why: str) -> None:
    assert found([group()], bytes_in(gb)).loc["/app", ["verdict", "why"]].tolist() == ["fine", why]


def test_without_metrics_nothing_came_in() -> None:
    assert found([group()])["verdict"].tolist() == ["fine"]


def test_what_is_unknown_is_not_judged() -> None:
    assert found([group(stored_gb=None)])["verdict"].tolist() == ["insufficient"]
    cheaper = found([group(log_class="INFREQUENT_ACCESS")], bytes_in([5.0] * 14))
    assert cheaper.loc["/app", "why"].startswith("The price of logs that come in to class INFREQUENT_ACCESS")


def test_tells_the_dearest_and_leaves_steady_ones_behind_them_alone() -> None:
    names = ["/a", "/b", "/c", "/d"]
    metrics = [bytes_in([10.0 - n] * 14, name) for n, name in enumerate(names)]

    rows = found([group(name) for name in names], *metrics, most_told=3)

    assert rows["verdict"].to_dict() == {"/a": "notice", "/b": "notice", "/c": "notice", "/d": "fine"}
    assert pd.isna(rows["monthly_savings"]).all()


@pytest.mark.parametrize(("gb", "verdict"), [(3.0, "notice"), (2.9, "fine")])
def test_tells_every_steep_rise(gb: float, verdict: str) -> None:
    rows = found([group()], bytes_in([2.0] * 7 + [gb] * 7), most_told=0)

    assert rows["verdict"].tolist() == [verdict]


def test_a_day_without_a_metric_is_a_day_without_logs() -> None:
    rows = found([group(), group("/b")], bytes_in([7.0] * 2).tail(1), bytes_in([1.0] * 14, "/b"))

    assert rows.loc["/app", "gb_a_day"] == pytest.approx(1.0)


def test_the_card_says_what_it_costs() -> None:
    tables = {"log_groups": table("log_groups", group())}
    (card,) = cards(CHECK, tables | {"log_group_metrics": bytes_in([2.0] * 7 + [4.0] * 7)})

    assert card.reason == "4.0 GB of logs a day come in, $61 a month, 100 % more"
    assert card.monthly_cost == pytest.approx(4 * 30.4 * 0.5)
    assert card.chart is not None
    assert card.chart.series[0].values[-1] == 4.0
