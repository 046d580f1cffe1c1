"""Refreshing: each day is paid for once, a failure keeps what was stored, unsettled days are asked again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from bot.collectors.cost_plan import REQUESTS_A_DAY, oldest_day, plan
from bot.collectors.daily_costs import queries
from bot.errors import CostbotError
from bot.jobs.costs_refresh import run
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_costs import refresh
from tests.bot.costs.cost_factories import NOW, context, days
from tests.bot.costs.fake_explorer import FakeExplorer, charge, refused

QUERIES = queries(("team",))


def explorer(first: date = date(2026, 10, 15), count: int = 41) -> FakeExplorer:
    charges = [charge(day, 10.0 + i) for i, day in enumerate(days(first, count))]
    charges += [
        charge(day, 3.0, service="EC2 - Other", usage_type="NatGateway-Bytes", team="") for day in days(first, count)
    ]
    charges += [charge(date(2026, 11, 1), 50.0, "Tax", service="Tax", team="")]
    return FakeExplorer(charges, estimated_from=date(2026, 11, 23))


def total(costs: object) -> float:
    frame = costs.daily(start=date(2026, 1, 1), end=date(2027, 1, 1), usage_only=False)  # type: ignore[attr-defined]
    return float(frame["cost"].sum())


def test_asking_twice_pays_once(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    first = refresh(bot)
    assert first.error is None
    assert first.requests == len(aws.requests) == len(QUERIES)
    second = refresh(bot)
    assert second.requests == 0
    assert second.sentence == "Costs are up to date; Cost Explorer was not asked."


def test_the_stored_sum_is_the_bill(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    assert refresh(bot).warnings == []
    assert total(bot.costs) == pytest.approx(sum(line[8] for line in aws.charges))
    result = reconcile(bot)
    assert result.agrees
    assert result.requests == 1


def test_the_next_day_asks_only_for_unsettled_days(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    result = refresh(bot)
    assert 0 < result.requests <= REQUESTS_A_DAY
    starts = {asked["TimePeriod"]["Start"] for asked in aws.requests}
    assert starts == {"2026-11-01", "2026-11-14"}  # the whole bill of the open month; usage of the last ten days
    assert {asked["TimePeriod"]["End"] for asked in aws.requests} == {"2026-11-26"}


def test_a_restated_day_replaces_the_stored_one(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.charges = [(*line[:7], 99.0, 99.0) if line[0] == date(2026, 11, 22) else line for line in aws.charges]
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert total(bot.costs) == pytest.approx(sum(line[8] for line in aws.charges))


def test_tax_that_grows_on_the_first_of_the_month_is_followed(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.charges = [(*line[:7], 80.0, 80.0) if line[1] == "Tax" else line for line in aws.charges]
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert total(bot.costs) == pytest.approx(sum(line[8] for line in aws.charges))


def test_a_day_of_refreshes_stays_within_the_price(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    for _ in range(23):
        bot.clock.time += timedelta(hours=1)
        refresh(bot)
    assert len(aws.requests) <= REQUESTS_A_DAY


def test_older_history_can_be_left_for_another_time(tmp_path: Path) -> None:
    aws = explorer(date(2026, 4, 20), 219)
    bot = context(tmp_path, explorer=aws, history_days=218)
    refresh(bot, since=date(2026, 10, 5))
    assert bot.costs.window().first_day == date(2026, 10, 1)
    rest = refresh(bot)
    assert bot.costs.window().first_day == bot.clock.today() - timedelta(days=218)
    assert date(2026, 11, 1) not in rest.months


def test_a_failure_keeps_the_earlier_months(tmp_path: Path) -> None:
    aws = explorer(date(2026, 4, 20), 219)
    bot = context(tmp_path, explorer=aws, history_days=218)
    aws.fails = {len(QUERIES) + 2: refused("LimitExceededException", "Rate exceeded")}
    result = refresh(bot)
    assert result.error is not None
    assert "throttles ce:GetCostAndUsage" in str(result.error)
    assert bot.costs.window().first_day == date(2026, 10, 1)
    assert bot.store.health[-1][3] is False
    again = refresh(bot)
    assert again.error is None
    assert bot.costs.window().first_day == date(2026, 4, 20)
    assert total(bot.costs) == pytest.approx(sum(line[8] for line in aws.charges))


def test_a_failing_second_page_leaves_the_stored_month_as_it_was(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    before = {path: path.read_bytes() for path in (tmp_path / "costs").rglob("*") if path.is_file()}
    bot.clock.time += timedelta(days=1)
    aws.page_size = 5
    aws.fails = {len(aws.requests) + 2: EndpointConnectionError(endpoint_url="https://ce.us-east-1.amazonaws.com")}
    result = refresh(bot)
    assert "cannot be reached" in str(result.error)
    assert {path: path.read_bytes() for path in (tmp_path / "costs").rglob("*") if path.is_file()} == before


def test_the_job_fails_loudly(tmp_path: Path) -> None:
    aws = explorer()
    aws.fails = {1: refused("AccessDeniedException", "User is not authorized")}
    bot = context(tmp_path, explorer=aws)
    with pytest.raises(CostbotError, match=r"AWS refuses ce:GetCostAndUsage to costbot's own credentials\. Add it"):
        run.run(bot, NOW)


def test_a_new_tag_is_fetched_for_the_stored_days_alone(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    bot.settings.tag_keys = ("team", "env")
    assert refresh(bot).error is None
    assert {group["Key"] for asked in aws.requests for group in asked["GroupBy"]} == {"SERVICE", "env"}
    assert bot.costs.tag_keys() == ("env", "team")


def test_months_without_any_cost_are_not_asked_for_again(tmp_path: Path) -> None:
    aws = explorer(date(2026, 11, 1), 24)
    bot = context(tmp_path, explorer=aws, history_days=200)
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert min(asked["TimePeriod"]["Start"] for asked in aws.requests) == "2026-11-01"


def test_mixed_currencies_are_a_sentence_and_nothing_is_stored(tmp_path: Path) -> None:
    aws = explorer()
    answer = aws.get_cost_and_usage

    def mixed(**asked: object) -> dict[str, object]:
        pages = answer(**asked)
        pages["ResultsByTime"][0]["Groups"][0]["Metrics"]["UnblendedCost"]["Unit"] = "EUR"
        return pages

    aws.get_cost_and_usage = mixed  # type: ignore[method-assign]
    result = refresh(context(tmp_path, explorer=aws))
    assert "mixed EUR and USD" in str(result.error)
    assert not list((tmp_path / "costs").rglob("*.parquet"))


@pytest.mark.parametrize("today", [date(2026, 12, 1), date(2027, 3, 31), date(2028, 2, 29)])
def test_no_day_older_than_cost_explorer_knows_is_asked_for(today: date) -> None:
    batches = plan({}, QUERIES, today=today, history_days=425, due=True)
    assert min(batch.start for batch in batches) == oldest_day(today)
    assert max(batch.end for batch in batches) == today + timedelta(days=1)


def test_the_newest_days_come_first_and_two_months_at_once() -> None:
    batches = plan({}, QUERIES, today=date(2026, 11, 24), history_days=200, due=True)
    assert [(batch.start, batch.end) for batch in batches] == [
        (date(2026, 10, 1), date(2026, 11, 25)),
        (date(2026, 8, 1), date(2026, 10, 1)),
        (date(2026, 6, 1), date(2026, 8, 1)),
        (date(2026, 5, 8), date(2026, 6, 1)),
    ]


def test_a_month_is_closed_ten_days_after_its_end(tmp_path: Path) -> None:
    aws = explorer(date(2026, 10, 1), 80)
    aws.estimated_from = date(2026, 12, 8)
    bot = context(tmp_path, explorer=aws, now=datetime(2026, 12, 11, 10, 0, tzinfo=UTC))
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert min(asked["TimePeriod"]["Start"] for asked in aws.requests) == "2026-12-01"
