"""Refreshing: each day is paid for once, a failure keeps what was paid for, unsettled days are asked again."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from bot.collectors.daily_costs import queries
from bot.cost_files.reach import read_reaches
from bot.errors import CostbotError
from bot.jobs.costs_history import run as history_run
from bot.jobs.costs_refresh import run
from bot.spending import AllowanceUsed, CapReached
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_costs import refresh
from bot.workflows.store_costs import only_refresh
from tests.bot.costs.cost_factories import NOW, context, days, full, store
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


def billed(aws: FakeExplorer) -> float:
    return sum(line[8] for line in aws.charges)


def firsts(aws: FakeExplorer) -> int:
    """Requests that are no further pages."""
    return sum("NextPageToken" not in asked for asked in aws.requests)


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
    assert total(bot.costs) == pytest.approx(billed(aws))
    result = reconcile(bot)
    assert result.agrees
    assert result.requests == 2


def test_the_next_day_asks_only_for_unsettled_days(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    result = refresh(bot)
    assert result.requests == len(QUERIES)
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
    assert total(bot.costs) == pytest.approx(billed(aws))


def test_tax_that_grows_on_the_first_of_the_month_is_followed(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.charges = [(*line[:7], 80.0, 80.0) if line[1] == "Tax" else line for line in aws.charges]
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert total(bot.costs) == pytest.approx(billed(aws))


def test_a_month_that_only_waits_for_its_invoice_is_not_asked_for_whole_every_day(tmp_path: Path) -> None:
    aws = explorer()
    aws.estimated_from = date(2026, 11, 1)
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    starts = [asked["TimePeriod"]["Start"] for asked in aws.requests]
    assert starts == ["2026-11-01", *["2026-11-15"] * (len(QUERIES) - 1)]


def test_an_old_estimated_day_that_moves_on_the_bill_is_asked_for_by_every_query(tmp_path: Path) -> None:
    aws = explorer()
    aws.estimated_from = date(2026, 11, 1)
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.charges = [(*line[:7], 99.0, 99.0) if line[0] == date(2026, 11, 4) else line for line in aws.charges]
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    assert refresh(bot).warnings == []
    starts = [asked["TimePeriod"]["Start"] for asked in aws.requests]
    assert starts == ["2026-11-01", *["2026-11-04"] * (len(QUERIES) - 1)]
    by_team = bot.costs.daily(by=("tag:team",), start=date(2026, 11, 4), end=date(2026, 11, 5))
    assert by_team["cost"].sum() == pytest.approx(198.0)


def test_a_month_is_asked_for_whole_once_more_when_its_invoice_is_out(tmp_path: Path) -> None:
    aws = explorer(count=60)
    aws.estimated_from = date(2026, 11, 1)
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    bot.clock.time = datetime(2026, 12, 11, 10, tzinfo=UTC)
    # Within the service the money moved from one team to the other: the whole bill does not show it.
    aws.charges = [(*line[:6], "search", *line[7:]) if line[0] == date(2026, 11, 4) else line for line in aws.charges]
    aws.estimated_from = date(2026, 12, 1)
    aws.requests.clear()
    refresh(bot)
    assert {asked["TimePeriod"]["Start"] for asked in aws.requests} == {"2026-11-01"}
    by_team = bot.costs.daily(by=("tag:team",), start=date(2026, 11, 4), end=date(2026, 11, 5))
    assert by_team["tag:team"].tolist() == ["search"]
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    starts = {asked["TimePeriod"]["Start"] for asked in aws.requests}
    assert starts == {"2026-12-01", "2026-12-02"}  # the whole bill; all others, of the days that settle


def test_older_history_can_be_left_for_another_time(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    bot = context(tmp_path, explorer=aws, history_days=162)
    refresh(bot, history=False)
    assert bot.costs.window().first_day == date(2026, 8, 1)
    rest = refresh(bot)
    assert bot.costs.window().first_day == bot.clock.today() - timedelta(days=162)
    assert date(2026, 11, 1) not in rest.months
    assert len(aws.requests) == 2 * len(QUERIES)


def test_history_is_one_query_a_cut_the_whole_bill_first(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    refresh(context(tmp_path, explorer=aws, history_days=162))
    older = aws.requests[len(QUERIES) :]
    assert [asked["GroupBy"][0]["Key"] for asked in older[:2]] == ["RECORD_TYPE", "SERVICE"]
    assert {(asked["TimePeriod"]["Start"], asked["TimePeriod"]["End"]) for asked in older} == {
        ("2026-06-15", "2026-08-01")
    }


def test_a_failure_keeps_each_answer_that_was_paid_for(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    bot = context(tmp_path, explorer=aws, history_days=162)
    aws.fails = {len(QUERIES) + 3: refused("LimitExceededException", "Rate exceeded")}
    result = refresh(bot)
    assert result.error is not None
    assert "throttles ce:GetCostAndUsage" in str(result.error)
    assert bot.costs.window().first_day == date(2026, 8, 1), "a cut lacks the older days"
    assert bot.store.health[-1][3] is False
    again = refresh(bot)
    assert again.error is None
    assert again.requests == len(QUERIES) - 2, "two older cuts were there already"
    assert bot.costs.window().first_day == date(2026, 6, 15)
    assert total(bot.costs) == pytest.approx(billed(aws))


def test_a_round_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    aws.fails = {4: refused("LimitExceededException", "Rate exceeded")}
    assert refresh(bot).error is not None
    bot.clock.time += timedelta(minutes=15)
    assert refresh(bot).error is None
    assert len(aws.requests) == len(QUERIES)
    assert refresh(bot).requests == 0


def test_a_failing_second_page_leaves_the_stored_month_as_it_was(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    before = {path: path.read_bytes() for path in (tmp_path / "costs").rglob("*.parquet")}
    bot.clock.time += timedelta(days=1)
    aws.page_size = 1
    aws.fails = {len(aws.requests) + 2: EndpointConnectionError(endpoint_url="https://ce.us-east-1.amazonaws.com")}
    result = refresh(bot)
    assert "cannot be reached" in str(result.error)
    assert {path: path.read_bytes() for path in (tmp_path / "costs").rglob("*.parquet")} == before


def test_whole_days_of_an_answer_that_broke_off_are_kept_and_not_paid_for_again(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    bot = context(tmp_path, explorer=aws, history_days=162)
    refresh(bot, history=False)
    aws.page_size = 41  # two groups a day: a page ends in the middle of its 21st day
    aws.fails = {len(aws.requests) + 3: refused("LimitExceededException", "Rate exceeded")}
    broken = refresh(bot)
    assert broken.error is not None
    assert broken.requests == 2
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    older = [asked for asked in aws.requests if asked["TimePeriod"]["End"] == "2026-08-01"]
    assert older[0]["TimePeriod"]["Start"] == "2026-07-25", "the first forty days were there"
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert bot.costs.window().first_day == date(2026, 6, 16)
    assert total(bot.costs) == pytest.approx(billed(aws))


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


def test_a_month_is_closed_ten_days_after_its_end(tmp_path: Path) -> None:
    aws = explorer(date(2026, 10, 1), 80)
    aws.estimated_from = date(2026, 12, 8)
    bot = context(tmp_path, explorer=aws, now=datetime(2026, 12, 11, 10, 0, tzinfo=UTC))
    refresh(bot)
    aws.requests.clear()
    bot.clock.time += timedelta(days=1)
    refresh(bot)
    assert min(asked["TimePeriod"]["Start"] for asked in aws.requests) == "2026-12-01"


def test_with_a_current_export_cost_explorer_is_not_asked(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    store(bot.costs, [full(day, 1.0) for day in days(date(2026, 11, 1), 22)], source="focus")
    result = refresh(bot, force=True)
    assert aws.requests == []
    assert result.sentence == "An export answers for AWS; Cost Explorer is not asked."
    assert bot.store.health[-1][3] is True


def test_an_export_of_another_provider_does_not_stand_in_for_aws(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    store(bot.costs, [full(day, 1.0, provider="Oracle") for day in days(date(2026, 11, 1), 22)], source="focus")
    assert refresh(bot).requests == len(QUERIES)


def test_after_an_export_that_ended_only_its_following_months_are_asked_for(tmp_path: Path) -> None:
    aws = explorer(date(2026, 9, 1), 85)
    bot = context(tmp_path, explorer=aws, history_days=200)
    store(bot.costs, [full(day, 1.0) for day in days(date(2026, 8, 1), 61)], source="focus")
    refresh(bot)
    assert {asked["TimePeriod"]["Start"] for asked in aws.requests} == {"2026-10-01"}
    window = bot.costs.window()
    assert (window.first_day, window.complete_until) == (date(2026, 8, 1), date(2026, 11, 22))


def test_the_day_s_requests_are_never_exceeded_whatever_is_typed(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    bot = context(tmp_path, explorer=aws, history_days=162)
    for _ in range(20):
        refresh(bot, force=True)
    for _ in range(5):
        (problem,) = reconcile(bot).problems
        assert "All 12 Cost Explorer requests of today are used. It is possible" in problem
    assert firsts(aws) == 12


def test_further_pages_come_on_top_of_the_day_s_requests(tmp_path: Path) -> None:
    aws = explorer()
    aws.page_size = 20
    bot = context(tmp_path, explorer=aws)
    result = refresh(bot)
    assert firsts(aws) == len(QUERIES)
    assert result.requests == len(aws.requests) > 12
    assert result.pages == len(aws.requests) - firsts(aws)
    assert f"{result.requests} billed requests, {result.pages} of them further pages" in result.sentence


def test_a_refresh_that_is_too_much_for_the_day_does_what_it_can_and_says_the_rest(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    bot.clock.time += timedelta(hours=1)
    aws.charges.append(charge(date(2026, 11, 24), 7.0))
    second = refresh(bot, force=True)
    assert second.error is None
    assert second.requests == 6
    third = refresh(bot, force=True)
    assert isinstance(third.error, AllowanceUsed)
    assert third.requests == 0

    bot.clock.time = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert refresh(bot, force=True).requests == 6


def test_what_was_not_asked_is_named_with_the_time_it_follows(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws, ce_requests_a_day=8)
    refresh(bot)
    second = refresh(bot, force=True)
    assert second.requests == 2
    assert second.sentence == (
        "1 month asked, 0 of them changed; 2 billed requests ($0.02). Not brought up to today: costs by service and "
        "usage type, service and region, account and usage type and tag team; of 8 Cost Explorer requests a day none "
        "is left for them, so they follow from Nov 25 00:00 UTC on."
    )


def test_days_of_jobs_commands_and_restarts_stays_within_twelve_a_day(tmp_path: Path) -> None:
    aws = explorer(date(2026, 7, 1), 160)
    aws.estimated_from = date(2027, 1, 1)
    bot = context(tmp_path, explorer=aws, tag_keys=("team", "env"), history_days=125)
    per_day: dict[date, int] = {}
    for hour in range(0, 24 * 4, 6):
        bot.clock.time = NOW + timedelta(hours=hour)
        before = firsts(aws)
        run.run(bot, bot.clock.time)
        history_run.run(bot, bot.clock.time)
        if hour % 24 == 0:
            refresh(bot, force=True)
        bot = context(tmp_path, explorer=aws, tag_keys=("team", "env"), history_days=125, now=bot.clock.time)
        per_day[bot.clock.today()] = per_day.get(bot.clock.today(), 0) + firsts(aws) - before
    assert max(per_day.values()) <= 12
    assert bot.costs.window(by=("tag:env",)).first_day <= date(2026, 7, 23)


def test_tags_that_are_too_many_for_a_day_take_turns_and_history_still_comes(tmp_path: Path) -> None:
    tags = ("app", "env", "owner", "team")
    aws = explorer(date(2026, 7, 20), 160)
    aws.estimated_from = date(2027, 1, 1)
    bot = context(tmp_path, explorer=aws, tag_keys=tags, history_days=125, ce_requests_a_day=8)
    lags = []
    for day in range(6):
        bot.clock.time = NOW + timedelta(days=day)
        before = firsts(aws)
        run.run(bot, bot.clock.time)
        history_run.run(bot, bot.clock.time)
        assert firsts(aws) - before <= 8
        reaches = read_reaches(bot.costs.months.facts("cost_explorer"))
        assert reaches["charge,service"].until == bot.clock.today() + timedelta(days=1)
        lags.append(max((bot.clock.today() - reach.until).days for reach in reaches.values()))
    assert set(reaches) >= {f"service,tag:{key}" for key in tags}
    assert max(lags) == 2, "a tag has its turn every few days"
    assert {reach.first for reach in reaches.values()} <= set(days(date(2026, 7, 22), 6))
    assert total(bot.costs) == pytest.approx(
        sum(line[8] for line in aws.charges if date(2026, 7, 22) <= line[0] <= bot.clock.today()), abs=0.01
    )


def test_above_the_month_s_cap_nothing_is_asked_and_the_remedy_is_said(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws, monthly_api_cap=0.03)
    result = refresh(bot)
    assert len(aws.requests) == result.requests == 3
    assert isinstance(result.error, CapReached)
    assert result.error.cause == (
        "Cost Explorer is not asked: costbot has spent $0.03 on AWS calls this month, and $0.01 more would exceed its "
        "cap of $0.03."
    )
    assert result.error.remedy == (
        "Raise COSTBOT_MONTHLY_API_CAP (0 is no cap), or wait until Dec 1; `/cost meter` shows what was spent."
    )
    assert bot.store.health[-1][3:5] == (False, str(result.error))
    run.run(bot, NOW)  # no failure of the job: a second try would spend no less
    assert len(aws.requests) == 3


def test_history_leaves_half_of_the_month_s_cap_to_fresh_costs(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    bot = context(tmp_path, explorer=aws, history_days=162, monthly_api_cap=0.2)
    result = refresh(bot)
    assert result.error is None
    assert len(aws.requests) == 10
    assert result.left[0] == (
        "Older days wait until Dec 1: $0.10 are spent this month, and history may use half of its cap of $0.20. "
        "COSTBOT_MONTHLY_API_CAP allows more."
    )
    bot.clock.time += timedelta(days=1)
    assert refresh(bot).requests == len(QUERIES)


def test_a_second_refresh_waits_for_the_first_and_neither_loses_rows(tmp_path: Path) -> None:
    aws = explorer(date(2026, 6, 15), 163)
    bot = context(tmp_path, explorer=aws, history_days=162, ce_requests_a_day=100)
    threads = [threading.Thread(target=refresh, args=(bot,), kwargs={"force": True}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(bot.costs) == pytest.approx(billed(aws))
    assert bot.costs.window(by=("tag:team",)).first_day == date(2026, 6, 15)
    assert reconcile(bot).agrees


def test_a_refresh_that_cannot_wait_any_longer_says_so_and_is_no_fault_of_cost_explorer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.workflows.store_costs.WAIT_SECONDS", 0.2)
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    with only_refresh(bot.costs.months.folder):
        result = refresh(bot)
    assert str(result.error) == "Another refresh is asking Cost Explorer just now. Try again when it is done."
    assert (aws.requests, bot.store.health) == ([], [])
    assert refresh(bot).error is None
