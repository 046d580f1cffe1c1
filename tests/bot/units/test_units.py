"""Units: their definition, their counts from files and metrics, and what `/cost units` answers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.unit_costs import Every
from bot.allocation.mapping_values import MappingError
from bot.blocks.units_report import small_money
from bot.charges import charge_of
from bot.collectors.unit_metrics import Metric, fetch
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError, SourceUnavailable, UsageError
from bot.reports.gather import gather_report
from bot.reports.scope import Length, scope_of
from bot.units.counts_file import Counts, CountsError, parse
from bot.units.definitions import UnitOf, defined_units
from bot.units.definitions import parse as parse_units
from bot.units.figures import unit_figures
from bot.units.load import described_units, load_counts
from bot.units.refresh import refresh_counts
from tests.bot.collectors.fake_aws import FakeAws, refused
from tests.bot.costs.cost_factories import days, full, store, texts
from tests.bot.decisions_factories import FakeClock
from tests.bot.reports.report_worlds import LAST, world
from tests.bot.reports.report_worlds import NOW as MONDAY

UNITS = """
[orders]
per = 1000
csv = "orders.csv"

[checkouts]
unit = "checkouts of <!channel>"
of = "tag:team=payments"
"""
PATH = Path("/etc/units.toml")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder = tmp_path_factory.mktemp("units")
    made = world(folder)
    (folder / "units.toml").write_text(UNITS)
    yield made
    made.store.close()


def ask(bot: Context, typed: str = "") -> Reply:
    return find("units").answer(Request("units", tuple(typed.split()), "U0BEN", "C0COSTS"), bot)


# Definitions


def test_a_definition_has_all_its_parts() -> None:
    text = """
        [orders]
        unit = "orders"
        per = 1000
        of = "checkout"
        [orders.metric]
        namespace = "Shop"
        name = "Placed"
        dimensions = { Stage = "prod" }
        account = "111122223333"
        region = "eu-west-1"
    """
    metric = Metric("Shop", "Placed", (("Stage", "prod"),), "111122223333", "eu-west-1")
    assert parse_units(text, PATH) == (UnitOf("orders", "orders", 1000.0, "checkout", metric=metric),)
    assert parse_units('[a]\ncsv = "b.csv"', PATH)[0].csv == Path("/etc/b.csv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("orders", "units.toml is no valid TOML"),
        ("orders = 3", "units.toml: orders is a number, not a table."),
        ("[orders]\nunits = 3", "units.toml: “units” in orders means nothing. Did you mean unit?"),
        ("[orders]\nper = 0", "orders.per is no number from 1 on. Write per = 1000"),
        ("[orders]\nper = true", "orders.per is no number"),
        ('["a b"]\nper = 1', "“a b” is no name of a unit."),
        ('[orders]\ncsv = "a"\nmetric = { namespace = "S", name = "N" }', "is counted by a CSV file and by a metric."),
        ('[orders]\nmetric = { name = "N" }', 'orders.metric has no namespace. Write namespace = "…" in it.'),
        ('[orders]\nmetric = { namespace = "S", name = "N", account = "12" }', "orders.metric.account is no AWS"),
        ('[orders]\nmetric = { namespace = "S", name = "N", dimensions = { A = 1 } }', "dimensions.A is a number."),
    ],
)
def test_what_is_wrong_in_a_definition_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(MappingError) as raised:
        parse_units(text, PATH)
    assert said in str(raised.value)


def test_a_file_that_is_not_there_says_so(bot: Context, tmp_path: Path) -> None:
    settings = bot.settings.model_copy(update={"units_file": tmp_path / "none.toml"})
    with pytest.raises(MappingError, match=r"none\.toml cannot be read: No such file"):
        defined_units(settings)
    assert defined_units(bot.settings.model_copy(update={"units_file": None})) == ()


# Counts


def test_counts_are_of_days_or_of_months() -> None:
    assert parse("2026-11-01,5\n\n2026-11-02 , 6.5\n", "f.csv") == Counts(
        Every.DAY, {date(2026, 11, 1): 5.0, date(2026, 11, 2): 6.5}
    )
    assert parse("month,count\n2026-10,1e6\n", "f.csv") == Counts(Every.MONTH, {date(2026, 10, 1): 1e6})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.csv has no counts."),
        ("date,count\n", "f.csv has no counts."),
        ("date,count\n2026-11-01\n", "f.csv line 2 has 1 column, not 2."),
        ("2026-11-01,1,840\n", "f.csv line 1 has 3 columns, not 2."),
        ("2026-11-01;5\n", "f.csv line 1 has 1 column, not 2."),
        ("2026-11-01,5\n01.11.2026,5\n", "f.csv line 2: “01.11.2026” is no date. Write a day as 2026-11-23"),
        ("2026-02-30,5\n", "f.csv line 1: “2026-02-30” is no date."),
        ('d,c\n2026-11-01,"1,840"\n', "f.csv line 2: “1,840” is no count. Write digits alone"),
        ("2026-11-01,-5\n", "line 1: “-5” is no count."),
        ("2026-11-01,nan\n", "line 1: “nan” is no count."),
        ("2026-11-01,5\n2026-11-01,6\n", "f.csv line 2 tells 2026-11-01 again. It stands in line 1 already."),
        ("2026-11-01,5\n2026-10,6\n", "f.csv line 2 is of a month, the lines before it are not."),
    ],
)
def test_a_wrong_line_is_named_by_its_number(text: str, said: str) -> None:
    with pytest.raises(CountsError) as raised:
        parse(text, "f.csv")
    assert said in str(raised.value)


def test_loading_again_replaces_and_a_wrong_file_changes_nothing(bot: Context, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("2026-11-01,5\n2026-11-02,6\n")
    said = load_counts(bot, "checkouts", file)
    assert said.startswith("checkouts: 2 days loaded, 2026-11-01 to 2026-11-02.")
    file.write_text("2026-11-03,7\n")
    load_counts(bot, "checkouts", file)
    file.write_text("2026-11-04,many\n")
    with pytest.raises(CountsError):
        load_counts(bot, "checkouts", file)
    stored = bot.store.units.of("checkouts")
    assert stored is not None
    assert (stored.by_start, stored.source) == ({date(2026, 11, 3): 7.0}, "the file c.csv")
    assert list(described_units(bot))[1].endswith("; 1 day until 2026-11-03 from the file c.csv")


@pytest.mark.parametrize(
    ("key", "said"), [("orders", "come from the file orders.csv"), ("users", "No unit is called users.")]
)
def test_only_a_unit_that_nothing_else_counts_is_loaded(bot: Context, tmp_path: Path, key: str, said: str) -> None:
    (tmp_path / "c.csv").write_text("2026-11-01,5\n")
    with pytest.raises(UsageError, match=said):
        load_counts(bot, key, tmp_path / "c.csv")


# CloudWatch


def points(*values: float, status: str = "Complete") -> dict[str, Any]:
    times = [datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=at) for at in range(len(values))]
    series = {"Id": "q0", "Label": "x", "Timestamps": times, "Values": list(values), "StatusCode": status}
    return {"MetricDataResults": [series]}


class ByMetric(FakeAws):
    """Answers by the name of the metric that is asked for."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__({})
        self._by_metric = answers

    def answer(self, service: str, operation: str, asked: dict[str, Any]) -> Any:
        given = self._by_metric[asked["MetricDataQueries"][0]["MetricStat"]["Metric"]["MetricName"]]
        if isinstance(given, Exception):
            raise given
        return given


METRIC = Metric("Shop", "Placed", (("Stage", "prod"),), "111122223333", "us-east-1")


def test_a_metric_is_asked_for_daily_sums_of_days_that_are_over() -> None:
    aws = FakeAws({"cloudwatch:GetMetricData": points(5.0, 7.0)})
    assert fetch(aws, "orders", METRIC, MONDAY.date()) == {date(2026, 11, 1): 5.0, date(2026, 11, 2): 7.0}  # type: ignore[arg-type]
    [(_, asked)] = aws.calls
    [query] = asked["MetricDataQueries"]
    assert (query["MetricStat"]["Stat"], query["MetricStat"]["Period"]) == ("Sum", 86400)
    assert query["MetricStat"]["Metric"]["Dimensions"] == [{"Name": "Stage", "Value": "prod"}]
    assert asked["EndTime"] == datetime(2026, 11, 23, tzinfo=UTC)
    charge = charge_of("cloudwatch", "GetMetricData", asked)
    assert charge is not None
    assert charge.usd == pytest.approx(0.00001)


def test_a_metric_that_fails_is_noted_and_keeps_what_was_known(bot: Context, tmp_path: Path) -> None:
    place = 'namespace = "S", account = "111122223333", region = "us-east-1"'
    units = [f'[{key}]\nmetric = {{ name = "{key.upper()}", {place} }}' for key in "ab"]
    (tmp_path / "u.toml").write_text("\n".join(units))
    settings = bot.settings.model_copy(update={"units_file": tmp_path / "u.toml"})
    answers: dict[str, Any] = {"A": points(5.0), "B": points(6.0)}
    metered = dataclasses.replace(bot, settings=settings, aws=ByMetric(answers))  # type: ignore[arg-type]
    assert refresh_counts(metered) == 2
    answers |= {"A": refused(), "B": points()}
    assert refresh_counts(metered) == 0
    stored = bot.store.units.of("a")
    assert stored is not None
    assert (stored.by_start, stored.source) == ({date(2026, 11, 1): 5.0}, "the metric A of S")
    said = {health.source: health.sentence for health in bot.store.source_health() if not health.ok}
    assert "cloudwatch:GetMetricData" in said["unit_counts a"]
    assert "CloudWatch has no sums of the metric B of S" in said["unit_counts b"]
    assert any("has no sums" in line for line in described_units(metered))


def test_no_money_left_is_said_by_cloudwatch_alone(bot: Context) -> None:
    class Refusing(FakeAws):
        def client(self, *_: Any, **__: Any) -> Any:
            raise SourceUnavailable("CloudWatch metrics are not read: the cap is reached.")

    with pytest.raises(SourceUnavailable, match="the cap is reached"):
        fetch(Refusing({}), "orders", METRIC, MONDAY.date())  # type: ignore[arg-type]


# Answers


def test_the_first_line_is_what_a_unit_costs_and_how_it_moved(bot: Context) -> None:
    reply = ask(bot, "orders --days 14")
    assert reply.text == (
        "1,000 orders cost $155 in Nov 8–21, −43 % on the 14 days before. A day cost 15 % more, for 100 % more orders."
    )
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    [chart] = [block for block in reply.blocks if block["type"] == "data_visualization"]
    assert len(chart["chart"]["series"][0]["data"]) == 14
    assert "Usage of all costs by counts of the file orders.csv; 14 of 14 days have both." in texts(reply)


def test_the_unit_cost_is_the_bill_over_the_counts(bot: Context) -> None:
    billed = bot.costs.daily(start=LAST - timedelta(days=6), end=LAST + timedelta(days=1))["cost"].sum()
    assert f"cost {small_money(billed / 7, 'USD')} in Nov 15–21" in ask(bot, "orders --days 7").text


def test_a_unit_of_a_team_without_counts_says_what_is_missing(bot: Context) -> None:
    bot.store.units.replace("checkouts", "day", {}, source="nowhere", now=MONDAY)
    reply = ask(bot, "checkouts")
    assert "No day has both a stored cost of team payments and a count of checkouts" in reply.text
    assert "<!channel>" not in json.dumps(reply.blocks[:1])
    assert "$0" not in texts(reply)


def test_counts_by_month_are_compared_by_whole_months(bot: Context) -> None:
    counts = {date(2026, month, 1): 100.0 for month in (9, 10, 11)}
    bot.store.units.replace("checkouts", "month", counts, source="x", now=MONDAY)
    assert ask(bot, "checkouts").text.startswith("checkouts of &lt;!channel&gt; cost $23.00 each in October 2026.")


def test_a_month_is_not_held_against_one_before_a_gap(bot: Context, tmp_path: Path) -> None:
    counts = {date(2026, month, 1): 100.0 for month in (9, 11)}
    lasting = dataclasses.replace(bot, clock=FakeClock(MONDAY + timedelta(days=9)), costs=CostFiles(tmp_path))
    store(lasting.costs, [full(day, 10.0) for day in days(date(2026, 9, 1), 91)], "focus")
    bot.store.units.replace("rides", "month", counts, source="x", now=MONDAY)
    line = unit_figures(lasting, UnitOf("rides", "rides"), 30).line
    assert line.now is not None
    assert (line.now.start, line.before) == (date(2026, 11, 1), None)
    bot.store.units.replace("rides", "month", counts | {date(2026, 10, 1): 50.0}, source="x", now=MONDAY)
    assert unit_figures(lasting, UnitOf("rides", "rides"), 30).line.moved.units == pytest.approx(1.0)


@pytest.mark.parametrize("typed", ["oders", "orders --days 8", "--by team"])
def test_what_it_does_not_know_is_one_sentence(bot: Context, typed: str) -> None:
    with pytest.raises(CostbotError):
        ask(bot, typed)


def test_without_a_definition_it_says_how_to_write_one(bot: Context) -> None:
    reply = ask(dataclasses.replace(bot, settings=bot.settings.model_copy(update={"units_file": None})))
    assert "COSTBOT_UNITS_FILE" in reply.text
    assert 'csv = "orders.csv"' in texts(reply)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0.00412, "$0.00412"), (1.234e-7, "$0.000000123"), (12.3456, "$12.35"), (0.0, "$0.00"), (None, "unknown")],
)
def test_small_amounts_keep_three_digits(amount: float | None, shown: str) -> None:
    assert small_money(amount, "USD") == shown


def test_the_report_has_the_units_of_its_costs(bot: Context) -> None:
    whole = gather_report(bot, scope_of(bot.costs, "team"), Length.WEEK).section("units")
    assert whole.lines[0].startswith("1,000 orders cost $")
    assert whole.chart is not None
    team = gather_report(bot, scope_of(bot.costs, "team", team="search"), Length.WEEK).section("units")
    assert team.problem == "No unit is made of the costs of team search."
