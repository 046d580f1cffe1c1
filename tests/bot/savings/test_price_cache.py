"""The file of AWS's price list: asked once a week, never trusted when damaged, and of use when AWS is silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analysis.prices.price_list import Question, ec2_question, item_questions
from bot.errors import SourceUnavailable
from bot.savings.price_cache import FILE, price_list_table
from tests.analysis.prices.test_price_list import instance, product

TODAY = date(2026, 11, 20)
EC2 = ec2_question("eu-west-1")
OTHERS = [ec2_question(region) for region in ("us-east-1", "us-west-2", "eu-north-1")]
NAT = next(q for q in item_questions("eu-west-1") if "productFamily=NAT Gateway" in q.id)


class PriceList:
    """Answers every question with one instance; refuses from the call on that it is told."""

    def __init__(self, usd: str = "0.107", refuses_from: int = 10_000) -> None:
        self.usd = usd
        self.refuses_from = refuses_from
        self.asked: list[str] = []

    def __call__(self, question: Question) -> list[str]:
        self.asked.append(question.region)
        if len(self.asked) > self.refuses_from:
            raise SourceUnavailable("AWS refuses pricing:GetProducts.", "Allow it.")
        return [instance(usd=self.usd)]


def prices(folder: Path, ask: Callable[[Question], list[str]], today: date = TODAY, *questions: Question) -> object:
    table = price_list_table(folder, questions or [EC2], today, ask).table
    return [(row["region"], row["item"], row["usd"], row["date"].date()) for row in table.to_dict("records")]


def test_without_a_question_nobody_is_asked_and_no_file_is_written(tmp_path: Path) -> None:
    aws = PriceList()

    assert price_list_table(tmp_path, [], TODAY, aws).table.empty
    assert (aws.asked, list(tmp_path.iterdir())) == ([], [])


def test_an_answer_is_kept_for_a_week_with_its_day(tmp_path: Path) -> None:
    aws = PriceList()
    told = [("eu-west-1", "ec2.linux.m5.large.hour", 0.107, TODAY)]

    assert prices(tmp_path, aws) == told
    assert prices(tmp_path, aws, TODAY + timedelta(days=7)) == told
    assert len(aws.asked) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("days", [8, -1])
def test_is_asked_again_when_it_is_stale_or_of_the_future(tmp_path: Path, days: int) -> None:
    prices(tmp_path, PriceList())
    later = TODAY + timedelta(days=days)

    assert prices(tmp_path, PriceList("0.112"), later) == [("eu-west-1", "ec2.linux.m5.large.hour", 0.112, later)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: "",
        lambda kept: "{",
        lambda kept: "[]",
        lambda kept: json.dumps(dict.fromkeys(kept)),
        lambda kept: json.dumps({id_: entry | {"on": "soon"} for id_, entry in kept.items()}),
        lambda kept: json.dumps({id_: entry | {"usd": {"ec2.linux.m5.large.hour": 0}} for id_, entry in kept.items()}),
        lambda kept: json.dumps({id_: entry | {"usd": {"ec2.linux.m5.large.hour": ""}} for id_, entry in kept.items()}),
        lambda kept: json.dumps({id_: entry | {"usd": 3} for id_, entry in kept.items()}),
        lambda kept: json.dumps({id_: entry | {"of": "other rules"} for id_, entry in kept.items()}),
        lambda kept: json.dumps({id_: {"on": entry["on"]} for id_, entry in kept.items()}),
    ],
)  # fmt: skip
def test_a_damaged_file_or_one_read_by_other_rules_is_asked_again(
    tmp_path: Path, damage: Callable[[dict[str, dict[str, object]]], str]
) -> None:
    prices(tmp_path, PriceList())
    path = tmp_path / FILE
    path.write_text(damage(json.loads(path.read_text("utf-8"))), "utf-8")
    aws = PriceList("0.112")

    assert prices(tmp_path, aws) == [("eu-west-1", "ec2.linux.m5.large.hour", 0.112, TODAY)]
    assert len(aws.asked) == 1


def test_one_damaged_answer_spoils_no_other(tmp_path: Path) -> None:
    prices(tmp_path, PriceList(), TODAY, EC2, *OTHERS)
    path = tmp_path / FILE
    kept = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(kept | {EC2.id: None}), "utf-8")
    aws = PriceList()

    prices(tmp_path, aws, TODAY, EC2, *OTHERS)

    assert aws.asked == ["eu-west-1"]


def test_where_aws_refuses_it_is_asked_once_and_there_are_no_prices(tmp_path: Path) -> None:
    aws = PriceList(refuses_from=0)

    found = price_list_table(tmp_path, [EC2, *OTHERS], TODAY, aws)

    assert (len(aws.asked), found.table.empty) == (1, True)
    assert found.problem is not None
    assert found.problem.cause == "AWS refuses pricing:GetProducts."
    assert list(tmp_path.iterdir()) == []


def test_what_was_answered_before_aws_fell_silent_is_kept(tmp_path: Path) -> None:
    found = price_list_table(tmp_path, [EC2, *OTHERS], TODAY, PriceList(refuses_from=1))

    assert found.table["region"].tolist() == ["eu-west-1"]
    assert found.problem is not None
    again = PriceList()
    assert price_list_table(tmp_path, [EC2, *OTHERS], TODAY, again).problem is None
    assert sorted(again.asked) == ["eu-north-1", "us-east-1", "us-west-2"]


def test_an_old_answer_serves_while_aws_is_silent_and_says_how_old_it_is(tmp_path: Path) -> None:
    prices(tmp_path, PriceList())
    silent = PriceList(refuses_from=0)

    assert prices(tmp_path, silent, TODAY + timedelta(days=90)) == [
        ("eu-west-1", "ec2.linux.m5.large.hour", 0.107, TODAY)
    ]
    assert prices(tmp_path, silent, TODAY + timedelta(days=91)) == []


def test_what_has_no_single_price_is_not_asked_for_again_this_week(tmp_path: Path) -> None:
    asked: list[str] = []

    def twice(question: Question) -> list[str]:
        asked.append(question.id)
        usage = {"usagetype": "EU-NatGateway-Hours"}
        return [product(usage, ("0", "0.048")), product(usage, ("0", "0.050"))]

    for _ in range(2):
        assert price_list_table(tmp_path, [NAT], TODAY, twice).table.empty

    assert asked == [NAT.id]


def test_the_table_is_typed_as_declared(tmp_path: Path) -> None:
    table = price_list_table(tmp_path, [EC2], TODAY, PriceList()).table

    assert table["date"].tolist() == [pd.Timestamp("2026-11-20")]
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {
        "region": "str", "item": "str", "usd": "float64", "date": "datetime64[us]",
    }  # fmt: skip
