"""Rates of commitments: asked once a week, for what is used; of use when AWS is silent, never when damaged."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pandas import DataFrame

from analysis.commitments.rate_questions import Rates
from bot.errors import SourceUnavailable
from bot.savings.commitment_rate_cache import FILE, commitment_rates
from tests.bot.commitments.hourly_bills import PlanRates

TODAY = date(2026, 11, 20)
M5, C5 = "BoxUsage:m5.large", "BoxUsage:c5.large"


class Silent:
    """AWS that gives no answer."""

    def client(self, service: str, **where: Any) -> Any:
        raise SourceUnavailable(f"AWS refuses {service}.", "Allow it.")


def lines(*usage_types: str) -> DataFrame:
    table = DataFrame({"usage_type": list(usage_types)}, dtype="str")
    return table.assign(
        account_id="1", region="us-east-1", service="AmazonEC2", platform="Linux/UNIX",
        instance_type=table["usage_type"].str.removeprefix("BoxUsage:"),
    )  # fmt: skip


def rates(folder: Path, aws: Any, *usage_types: str, today: date = TODAY) -> Rates:
    return commitment_rates(folder, lines(*usage_types), today, aws)


def test_nothing_used_asks_nothing(tmp_path: Path) -> None:
    aws = PlanRates()

    assert rates(tmp_path, aws).plans.empty
    assert (aws.asked, list(tmp_path.iterdir())) == ([], [])


def test_an_answer_is_kept_for_a_week_and_so_is_that_there_is_none(tmp_path: Path) -> None:
    aws = PlanRates()
    first = rates(tmp_path, aws, M5, C5)
    again = rates(tmp_path, aws, M5, C5, today=TODAY + timedelta(days=7))

    assert first.plans["usd"].tolist() == again.plans["usd"].tolist() == [0.07, 0.06]
    assert aws.asked == [[C5, M5], ["AmazonEC2"]]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("days", [8, -1])
def test_is_asked_again_when_it_is_stale_or_of_the_future(tmp_path: Path, days: int) -> None:
    aws = PlanRates()
    rates(tmp_path, aws, M5)
    rates(tmp_path, aws, M5, today=TODAY + timedelta(days=days))

    assert len(aws.asked) == 4


def test_what_is_new_is_asked_for_alone(tmp_path: Path) -> None:
    aws = PlanRates()
    rates(tmp_path, aws, M5)
    rates(tmp_path, aws, M5, C5)

    assert aws.asked == [[M5], ["AmazonEC2"], [C5], ["AmazonEC2"]]


def test_an_older_answer_serves_while_aws_gives_none(tmp_path: Path) -> None:
    rates(tmp_path, PlanRates(), M5)
    later = rates(tmp_path, Silent(), M5, today=TODAY + timedelta(days=30))

    assert later.plans["usd"].tolist() == [0.07, 0.06]
    assert later.problem.startswith("AWS refuses savingsplans.")
    with pytest.raises(SourceUnavailable):
        rates(tmp_path, Silent(), M5, today=TODAY + timedelta(days=91))


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: "",
        lambda kept: "[]",
        lambda kept: json.dumps({"plans": kept["plans"]}),
        lambda kept: json.dumps(kept | {"plans": {key: one | {"on": "soon"} for key, one in kept["plans"].items()}}),
        lambda kept: json.dumps(kept | {"plans": {key: one | {"rows": [{}]} for key, one in kept["plans"].items()}}),
    ],
)
def test_what_is_damaged_is_asked_again(tmp_path: Path, damage: Any) -> None:
    aws = PlanRates()
    rates(tmp_path, aws, M5)
    path = tmp_path / FILE
    path.write_text(damage(json.loads(path.read_text())), encoding="utf-8")

    assert rates(tmp_path, aws, M5).plans["usd"].tolist() == [0.07, 0.06]
    assert aws.asked.count([M5]) == 2
