"""Reports made of stored costs and findings: their sums, their sections, and what they say where nothing is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.blocks.report import Report, Table
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.reports.gather import gather_report
from bot.reports.scope import Length, scope_of
from tests.bot.costs.cost_factories import row, store
from tests.bot.decisions_factories import FakeClock, context
from tests.bot.reports.report_worlds import HOSTILE, LAST, NOW, STAGING, world


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    made = world(tmp_path_factory.mktemp("reports"))
    yield made
    made.store.close()


def report(bot: Context, length: Length = Length.WEEK, **whose: str) -> Report:
    return gather_report(bot, scope_of(bot.costs, "team", **whose), length)


def dollars(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace("$", "").replace(",", ""))


def adds_up(table: Table, column: int) -> bool:
    *parts, total = [dollars(row[column]) for row in table.rows]
    return sum(parts) == pytest.approx(total, abs=0.5 * len(parts))


def test_the_week_and_the_month_are_sums_of_the_bill(bot: Context) -> None:
    billed = bot.costs.daily(start=date(2026, 11, 1), end=LAST + timedelta(days=1))
    week = billed[billed["date"].dt.date > LAST - timedelta(days=7)]
    figures = {one.label: one.value for one in report(bot).figures}
    assert dollars(figures["November to date"]) == pytest.approx(billed["cost"].sum(), abs=0.5)
    assert dollars(figures["Week Nov 15–21"]) == pytest.approx(week["cost"].sum(), abs=0.5)


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("month", (1, 3, 4)),
        ("moved", (1, 2, 3)),
        ("untagged", (1,)),
        ("anomalies", (3,)),
        ("savings", (3, 5)),
    ],
)
def test_every_table_adds_up(bot: Context, key: str, columns: tuple[int, ...]) -> None:
    table = report(bot).section(key).table
    assert table is not None
    assert all(adds_up(table, column) for column in columns)


def test_teams_and_what_has_none_add_up_to_everything_to_the_cent(bot: Context) -> None:
    days = {"start": date(2026, 11, 1), "end": LAST + timedelta(days=1)}
    whole = bot.costs.daily(**days)["cost"].sum()
    scopes = [scope_of(bot.costs, "team", team=team) for team in ("payments", "search", HOSTILE)]
    parts = [bot.costs.daily(**days, where=scope.where) for scope in scopes]
    untagged = 20.0 * 21
    assert sum(part["cost"].sum() for part in parts) + untagged == pytest.approx(whole, abs=0.005)
    news = report(bot, team="PAYMENTS").news
    assert news.startswith(f"team payments: Nov 1–21 cost ${parts[0]['cost'].sum():,.0f}")


def test_the_month_is_held_against_the_same_days_and_fairly(bot: Context) -> None:
    month = report(bot).section("month")
    assert month.lines[0] == "Nov 1–21 cost $3,121: +$280 (+9.9 %) on Oct 1–21, which cost $2,841."
    assert month.lines[1] == "With like weekdays compared, a day costs $13.33 more (+9.9 %)."


def test_what_waiting_costs_is_the_monthly_saving_by_the_day_since_it_was_recorded(bot: Context) -> None:
    savings = report(bot).section("savings")
    assert savings.lines == ("2 savings wait for a decision: $334 a month. Waiting has cost $310 so far.",)
    assert "open for 30 days: $300 so far" in savings.points[0]
    assert "since costbot recorded it" in savings.notes[0]
    assert savings.details[0].endswith(": 730 h × ($0.768 − $0.384). Left out: commitments")


def test_a_saving_that_was_gone_waits_since_it_came_back(tmp_path: Path) -> None:
    bot = world(tmp_path)
    found = next(one for one in bot.store.findings("recommendation") if one.state == "open")
    bot.store.resolve(found.id, NOW - timedelta(days=9), "gone")
    bot.store.record(found.value, NOW - timedelta(days=4))
    assert any("open for 4 days: $40.00 so far" in point for point in report(bot).section("savings").points)
    bot.store.close()


def test_anomalies_say_what_became_of_them(bot: Context) -> None:
    section = report(bot).section("anomalies")
    assert section.lines == (
        "4 anomalies, +$422 against expectation so far: 1 open, 1 acknowledged, 1 dismissed, 1 resolved.",
    )
    became = [point.rpartition("; ")[2] for point in section.points]
    assert became == [
        "open: nobody has decided",
        "acknowledged",
        "resolved: over, +$40.00 in total",
        "dismissed: expected (load test)",
    ]


def test_decisions_are_counted_with_their_dollars(bot: Context) -> None:
    assert report(bot).section("decisions").lines == (
        "Since Nov 15: 1 approved and not yet carried out ($50.00 a month), "
        "1 approved and now gone from the scan ($70.00 a month).",
    )


@pytest.mark.parametrize(
    ("whose", "anomalies", "savings"),
    [
        ({"team": "payments"}, "1 anomaly, +$280", "1 saving waits"),
        ({"account": STAGING}, "1 anomaly, +$40.00", "No saving waits"),
        ({"account": "prod"}, "3 anomalies, +$382", "2 savings wait"),
    ],
)
def test_a_part_has_its_own_findings_only(bot: Context, whose: dict[str, str], anomalies: str, savings: str) -> None:
    made = report(bot, Length.MONTH, **whose)
    assert made.section("anomalies").lines[0].startswith(anomalies)
    assert made.section("savings").lines[0].startswith(savings)


def test_the_untagged_share_has_a_course(bot: Context) -> None:
    section = report(bot).section("untagged")
    assert section.lines == ("13 % of Nov 1–21 has no tag team: $420 of $3,121, down from 15 % in Oct 1–21.",)
    assert section.chart is not None
    assert len(section.chart.labels) == 8


def test_budgets_of_the_scope_stand_with_their_chance(bot: Context) -> None:
    whole = report(bot).section("budgets")
    assert whole.lines == ("2 budgets: 1 expected to go over, 1 on track.",)
    assert whole.points[0].startswith("All costs: November is expected to end over budget, about $4,")
    assert whole.table is not None
    assert [row[0] for row in whole.table.rows] == ["all costs", "team payments"]
    assert report(bot, team="payments").section("budgets").lines == ("1 budget: 1 on track.",)
    assert report(bot, team="search").section("budgets").lines == ("No budget is set for team search.",)


def test_what_was_muted_has_its_price(bot: Context) -> None:
    section = report(bot).section("muted")
    assert section.lines == ("1 pattern is muted: +$689 against expectation since then.",)  # 2 days of $344.50
    assert "S3" in section.points[0]
    with pytest.raises(KeyError):
        report(bot, team="payments").section("muted")


def test_what_is_not_known_is_said_and_never_zero(tmp_path: Path) -> None:
    bot = context(tmp_path, clock=FakeClock(NOW))
    store(bot.costs, [row(date(2026, 11, 20), 10.0), row(date(2026, 11, 21), 10.0)])
    made = report(bot)
    assert made.section("forecast").problem == "Not enough days are stored to say where November ends."
    assert made.section("moved").problem == "Too few days before Nov 20–21 are stored to compare."
    assert "not stored" in str(made.section("untagged").problem)
    assert made.section("commitments").problem == "No scan for savings has read yet what is owned."
    [line] = made.section("month").lines
    assert line == "Nov 20–21 cost $20.00; no earlier days are stored, so nothing is compared."
    shown = " ".join(cell for one in made.sections if one.table for line in one.table.rows for cell in line)
    assert "$0" not in shown
    bot.store.close()


def test_a_month_that_lacks_a_day_is_held_against_none_and_not_called_complete(bot: Context, tmp_path: Path) -> None:
    holed = context(tmp_path, clock=FakeClock(NOW.replace(day=2)), store=bot.store)
    for month in (9, 10):
        frame = bot.costs.months.read("focus", date(2026, month, 1))
        holed.costs.replace_month("focus", date(2026, month, 1), frame[frame["date"].dt.date != date(2026, 10, 7)])
    made = report(holed, Length.MONTH)
    assert made.news == "Oct 1–31 cost $4,050"
    assert made.figures[0].beside == "of 1 day something is missing"
    assert "; of 1 day something is missing, so nothing is compared." in made.section("month").lines[0]
    assert made.section("forecast").lines[0].startswith("October ends at $4,1")
    assert {row[3] for row in made.section("month").table.rows} == {"unknown"}  # type: ignore[union-attr]


def test_a_month_that_is_over_has_no_forecast(bot: Context, tmp_path: Path) -> None:
    october = context(tmp_path, clock=FakeClock(NOW.replace(day=2)), store=bot.store)
    frame = bot.costs.months.read("focus", date(2026, 10, 1))
    october.costs.replace_month("focus", date(2026, 10, 1), frame)
    made = report(october, Length.MONTH)
    assert re.match(r"Oct 1–31 cost \$4,191", made.news)
    assert made.section("forecast").lines == ("October is complete: $4,191.",)
    assert "Forecast" not in " ".join(one.label for one in made.figures)


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        ({"team": "paymets"}, "Did you mean “payments”?"),
        ({"account": "nowhere"}, "No account with stored costs"),
        ({"team": HOSTILE[:9]}, "No team with"),
    ],
)
def test_an_unknown_part_is_one_sentence(bot: Context, whose: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        report(bot, **whose)
    assert said in str(raised.value)
    assert "<!" not in str(raised.value)


def test_nothing_stored_says_so(tmp_path: Path) -> None:
    bot = context(tmp_path)
    with pytest.raises(NotEnoughData):
        report(bot)
    bot.store.close()
