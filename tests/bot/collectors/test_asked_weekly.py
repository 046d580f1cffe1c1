"""Questions that cost a cent: asked once a week, and an old answer is better than none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.charges import Charge, Unit
from bot.collectors import allocation_tags, cost_guards, daily_costs, marketplace_charges
from bot.collectors.asked_weekly import LEFT_TO_COSTS, SWITCHED_OFF, asked_weekly
from bot.context import Context
from bot.cost_files.reach import SOURCE, Reach
from bot.errors import SourceUnavailable
from tests.bot.collectors.fake_aws import FakeAws, refused
from tests.bot.decisions_factories import clock_of
from tests.bot.decisions_factories import context as faked

TAG = {"TagKey": "Cost-Center", "Type": "UserDefined", "Status": "Inactive", "LastUsedDate": "2026-11-01T00:00:00Z"}
ODD = {"TagKey": "colour", "Type": "UserDefined", "Status": "Inactive"}


class Asked:
    """Answers with its count, or fails."""

    def __init__(self) -> None:
        self.count = 0
        self.fails = False

    def __call__(self) -> list[dict[str, Any]]:
        if self.fails:
            raise SourceUnavailable("AWS refuses it.", "Allow it.")
        self.count += 1
        return [{"n": self.count}]


def bot(folder: Path, answers: dict[str, Any], **settings: Any) -> tuple[Context, FakeAws]:
    aws = FakeAws(answers)
    return faked(folder, aws=aws, settings=settings), aws


def test_asks_once_a_week(tmp_path: Path) -> None:
    context, ask = faked(tmp_path), Asked()
    clock = clock_of(context)

    assert asked_weekly(context, "fact", ask).rows == ({"n": 1},)
    clock.pass_time(days=6)
    assert asked_weekly(context, "fact", ask).rows == ({"n": 1},)
    clock.pass_time(days=1)
    assert asked_weekly(context, "fact", ask).rows == ({"n": 2},)


def test_goes_on_with_the_old_answer_and_says_why_there_is_none(tmp_path: Path) -> None:
    context, ask = faked(tmp_path), Asked()
    ask.fails = True
    assert "AWS refuses it." in asked_weekly(context, "fact", ask).problem

    ask.fails = False
    asked_weekly(context, "fact", ask)
    clock_of(context).pass_time(days=8)
    ask.fails = True
    assert asked_weekly(context, "fact", ask).rows == ({"n": 1},)


def use_up(context: Context, requests: int) -> None:
    for _ in range(requests):
        charge = Charge("ce", "GetCostAndUsage", Unit.REQUEST, 1, 0.01)
        context.store.book(charge, context.clock.now(), requests_a_day=None, cap_usd=None)


def test_leaves_the_second_half_of_a_day_to_costs_that_want_it(tmp_path: Path) -> None:
    context, ask = faked(tmp_path), Asked()
    use_up(context, 6)

    assert asked_weekly(context, "fact", ask).problem == LEFT_TO_COSTS


@pytest.mark.parametrize(("used", "is_asked"), [(7, True), (11, True), (12, False)])
def test_asks_with_what_the_costs_have_left_of_a_day(tmp_path: Path, used: int, is_asked: bool) -> None:
    context, ask = faked(tmp_path, settings={"history_days": 30}), Asked()
    today = context.clock.today()
    queries = daily_costs.queries(context.settings.tag_keys)
    reach = Reach(
        today - timedelta(days=40),
        today + timedelta(days=1),
        today - timedelta(days=10),
        today - timedelta(days=2),
        context.clock.now(),
    )
    noted = {query.name: reach.as_facts() for query in queries}
    context.costs.months.note_facts(SOURCE, {"queries": noted, "requests_a_round": len(queries)})
    use_up(context, used)

    assert (asked_weekly(context, "fact", ask).problem == "") == is_asked


def test_does_not_ask_where_cost_explorer_is_switched_off(tmp_path: Path) -> None:
    context, ask = faked(tmp_path, settings={"cost_explorer": False}), Asked()

    assert asked_weekly(context, "fact", ask).problem == SWITCHED_OFF
    assert ask.count == 0


def test_reads_all_pages_of_inactive_tags(tmp_path: Path) -> None:
    answers = {
        "ce:ListCostAllocationTags": [{"CostAllocationTags": [TAG], "NextToken": "1"}, {"CostAllocationTags": [ODD]}]
    }
    context, aws = bot(tmp_path, answers)

    found = allocation_tags.read(context).set_index("resource_id")
    allocation_tags.read(context)

    assert aws.asked == ["ce:ListCostAllocationTags"] * 2
    assert found["is_usual"].to_dict() == {"Cost-Center": True, "colour": False}
    assert found["last_used_days"].isna().to_dict() == {"Cost-Center": False, "colour": True}


def test_tags_that_are_refused_are_one_row_with_the_reason(tmp_path: Path) -> None:
    context, _ = bot(tmp_path, {"ce:ListCostAllocationTags": refused()})

    (row,) = allocation_tags.read(context).to_dict("records")

    assert row["resource_id"] == allocation_tags.ALL
    assert "ce:ListCostAllocationTags" in row["problem"]


def month(start: str, *groups: tuple[str, str]) -> dict[str, Any]:
    return {
        "TimePeriod": {"Start": start, "End": "2026-12-01"},
        "Groups": [
            {"Keys": [service, "111122223333"], "Metrics": {"UnblendedCost": {"Amount": usd, "Unit": "USD"}}}
            for service, usd in groups
        ],
    }


def test_tells_since_which_month_a_product_is_billed(tmp_path: Path) -> None:
    first = {"ResultsByTime": [month("2026-06-01", ("Old", "5"))], "NextPageToken": "1"}
    second = {"ResultsByTime": [month("2026-10-01", ("New", "1.5"), ("Old", "5")), month("2026-11-01", ("New", "2"))]}
    context, aws = bot(tmp_path, {"ce:GetCostAndUsage": [first, second]})

    found = marketplace_charges.read(context).set_index("resource_id")

    assert found["months_ago"].to_dict() == {"New": 1.0, "Old": 5.0}
    assert found["cost"].to_dict() == {"New": 3.5, "Old": 10.0}
    assert found["newest_cost"].to_dict() == {"New": 2.0, "Old": 5.0}
    period = aws.calls[0][1]["TimePeriod"]
    assert period == {"Start": "2026-05-01", "End": f"{context.clock.today() + timedelta(days=1)}"}


GUARDS: dict[str, Any] = {
    "budgets:DescribeBudgets": {"Budgets": []},
    "ce:GetAnomalyMonitors": {"AnomalyMonitors": []},
    "compute-optimizer:GetEnrollmentStatus": {"status": "Active"},
    "cost-optimization-hub:ListEnrollmentStatuses": {"items": [{"accountId": "111122223333", "status": "Inactive"}]},
}


def test_asks_each_guard_whether_it_is_on(tmp_path: Path) -> None:
    context, _ = bot(tmp_path, GUARDS)

    assert cost_guards.read(context)["state"].tolist() == ["off", "off", "on", "off"]


@pytest.mark.parametrize("operation", sorted(GUARDS))
def test_a_guard_that_is_refused_hides_no_other(tmp_path: Path, operation: str) -> None:
    context, _ = bot(tmp_path, GUARDS | {operation: refused()})

    found = cost_guards.read(context)

    assert found["state"].eq("unknown").sum() == 1
    assert found.loc[found["state"].eq("unknown"), "problem"].str.len().gt(0).all()
