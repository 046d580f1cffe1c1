"""Which prices a scan asks for: those of what is in use, each question once, and none where nothing is."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from pandas import DataFrame

from analysis.prices.price_list import Question
from bot.aws.places import NotLookedAt
from bot.collectors import price_list
from bot.errors import SourceUnavailable
from bot.workflows.gather_prices import price_list_of, questions_for
from tests.analysis.prices.test_price_list import instance
from tests.bot.savings.test_price_cache import TODAY


def volumes(*regions: str) -> DataFrame:
    return DataFrame({"region": list(regions), "volume_type": "gp3"})


def instances(*regions: str) -> DataFrame:
    return DataFrame({"region": list(regions), "instance_type": "m5.large"})


def kinds(*tables: DataFrame) -> Counter[tuple[str, str]]:
    return Counter((question.service_code, question.region) for question in questions_for(tables))


def test_nothing_in_use_asks_nothing() -> None:
    assert questions_for([]) == []
    assert questions_for([volumes()]) == []


def test_items_are_asked_once_for_each_region_in_use() -> None:
    once, twice = questions_for([volumes("eu-west-1")]), questions_for([volumes("eu-west-1", "eu-west-1")] * 3)

    assert [question.id for question in once] == [question.id for question in twice]
    assert {question.region for question in questions_for([volumes("eu-west-1", "us-west-2")])} == {
        "eu-west-1", "us-west-2",
    }  # fmt: skip


def test_instances_add_one_question_a_region_whatever_types_there_are() -> None:
    assert len(questions_for([instances("eu-west-1")])) == len(questions_for([volumes("eu-west-1")])) + 1


def test_what_is_of_no_region_is_priced_as_in_us_east_1() -> None:
    assert {question.region for question in questions_for([volumes("")])} == {"us-east-1"}


def test_databases_are_asked_by_engine_and_with_a_standby_only_where_one_has_it() -> None:
    table = DataFrame(
        {
            "region": ["eu-west-1", "eu-west-1", "us-east-1", "us-east-1"],
            "instance_class": "db.m5.large",
            "engine": ["postgres", "mysql", "postgres", "oracle-ee"],
            "multi_az": [True, False, False, True],
        }
    )
    asked = [dict(q.filters) for q in questions_for([table]) if ("productFamily", "Database Instance") in q.filters]

    assert [(one["regionCode"], one["databaseEngine"], one["deploymentOption"]) for one in asked] == [
        ("eu-west-1", "MySQL", "Single-AZ"),
        ("eu-west-1", "PostgreSQL", "Single-AZ"),
        ("eu-west-1", "PostgreSQL", "Multi-AZ"),
        ("us-east-1", "PostgreSQL", "Single-AZ"),
    ]


def test_a_cache_asks_also_for_what_it_may_move_to() -> None:
    table = DataFrame({"region": ["eu-west-1"], "node_type": ["cache.m5.large"], "engine": ["memcached"]})

    assert kinds(table)["AmazonElastiCache", "eu-west-1"] == 3


class Noted:
    """A context whose AWS answers each question with one instance, or refuses."""

    def __init__(self, folder: Any) -> None:
        self.notes: list[tuple[object, ...]] = []
        self.settings = SimpleNamespace(data_dir=folder)
        self.clock = SimpleNamespace(today=lambda: TODAY, now=lambda: "now")
        self.store = SimpleNamespace(note_source=lambda *told: self.notes.append(told))
        self.aws = None


@pytest.fixture
def context(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(price_list, "fetch", lambda aws, question: [instance()])
    return Noted(tmp_path)


def test_a_refusal_is_noted_once_and_says_which_prices_are_used(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(aws: object, question: Question) -> list[str]:
        raise SourceUnavailable("AWS refuses pricing:GetProducts.", "Allow it.")

    monkeypatch.setattr(price_list, "fetch", refuse)
    failures: list[NotLookedAt] = []

    table = price_list_of(context, SimpleNamespace(failures=failures), [instances("eu-west-1")])  # type: ignore[arg-type]

    said = (
        "AWS refuses pricing:GetProducts. Allow it. "
        "Prices are those of your own bill and of the lists that costbot ships."
    )
    assert table.empty
    assert failures == [NotLookedAt("pricing", None, "AWS's price list", None, said)]
    assert context.notes == [("pricing", None, None, False, said, "now")]


def test_an_answer_is_noted_as_well(context: Any) -> None:
    failures: list[NotLookedAt] = []

    table = price_list_of(context, SimpleNamespace(failures=failures), [instances("eu-west-1")])  # type: ignore[arg-type]

    assert table[["region", "item", "usd"]].to_numpy().tolist() == [["eu-west-1", "ec2.linux.m5.large.hour", 0.096]]
    assert (failures, context.notes) == ([], [("pricing", None, None, True, "", "now")])
