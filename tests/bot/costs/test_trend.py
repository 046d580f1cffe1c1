"""`/cost trend`: the news first, only complete days, nothing made up, nothing that pings a channel."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.costs import Cut
from bot.commands import Reply
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData, UsageError
from bot.settings import CostView
from tests.bot.completeness.completeness_factories import restated
from tests.bot.costs.cost_factories import EC2, EC2_OTHER, NOW, ask, blocks, days, full, row, store, texts

LAST = date(2026, 11, 22)  # the last complete day at NOW


def cuts(day: date, cost: float, **changed: Any) -> list[dict[str, Any]]:
    """One charge as Cost Explorer's cuts have it."""
    known = {"service_name": EC2_OTHER, "account": "111122223333", "usage_type": "NatGateway-Bytes", "team": "payments"}
    values = known | changed
    service = {"service_name": values["service_name"]}
    account = {"sub_account_id": values["account"], "sub_account_name": "prod"}
    usage = {"usage_type": values["usage_type"]}
    return [
        row(day, cost, **service),
        row(day, cost, **service, **account, cut=Cut.ACCOUNT.value),
        row(day, cost, **service, cut=Cut.REGION.value, region_id="us-east-1"),
        row(day, cost, **service, **usage, cut=Cut.USAGE_TYPE.value),
        row(day, cost, service_name=None, **account, **usage, cut=Cut.ACCOUNT_USAGE_TYPE.value),
        row(day, cost, **service, cut=Cut.TAG.value, tag_key="team", tag_value=values["team"]),
    ]


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """60 days: S3 flat at 100 a day; NAT at 50 a day, 90 in the last 30; two more days still filling."""
    first = LAST - timedelta(days=59)
    rows: list[dict[str, Any]] = []
    for i, day in enumerate(days(first, 62)):
        unfinished = {"estimated": day > LAST}
        for line in cuts(day, 100.0, service_name="Amazon Simple Storage Service", usage_type="TimedStorage-ByteHrs"):
            rows.append(line | unfinished)
        for line in cuts(day, 50.0 if i < 30 else 90.0, team="search"):
            rows.append(line | unfinished)
    rows.append(row(date(2026, 11, 1), 77.0, charge_category="Tax", service_name="Tax"))
    rows.append(row(date(2026, 11, 2), -20.0, charge_category="Credit"))
    store(CostFiles(tmp_path), rows)
    return tmp_path


def priced_by_month(folder: Path, length: int) -> datetime:
    """S3 at $3,000 a month whatever its length, until March 28; returns the morning it is asked on."""
    last = date(2026, 3, 28)
    stored = days(last - timedelta(days=length - 1), length)
    rows = [full(day, 3000 / pd.Timestamp(day).days_in_month) for day in stored]
    store(CostFiles(folder), rows, "focus")
    return datetime(2026, 3, 30, 10, tzinfo=UTC)


def test_a_price_per_month_does_not_fall_because_march_is_long(tmp_path: Path) -> None:
    now = priced_by_month(tmp_path, 150)
    reply = ask(tmp_path, now=now)
    assert reply.text.startswith("All services steady at $97.37/day (−0.1 % against the 30 days before).")
    assert "like weekdays and equally long months compared" in reply.text
    assert "By the month is the price of S3: the days before count as if" in texts(reply)
    assert "The chart shows the bill." in texts(reply)


def test_without_months_to_learn_from_the_bill_is_compared_as_it_is(tmp_path: Path) -> None:
    now = priced_by_month(tmp_path, 56)
    reply = ask(tmp_path, now=now)
    assert reply.text.startswith("All services −9.1 % (−$9.78/day)")
    assert "like weekdays compared" in reply.text
    assert "By the month" not in texts(reply)


def test_nothing_stored_is_a_next_step_not_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(tmp_path)
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(tmp_path, "ec2")


def test_a_misspelt_service_gets_a_suggestion_and_an_example(grown: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ask(grown, "ec3")
    assert caught.value.remedy == "Did you mean ec2? Example: /cost trend ec2 --days 30"


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        ("ec2 s3", "Trend takes one service, not “ec2 s3”.", "Type /cost trend ec2 or /cost trend s3."),
        ("tag:team=payments", "Trend takes a service, not a tag", "--by tag:team"),
        ("prod", "“prod” is an account, not a service.", "Type /cost trend --by account"),
        ("payments", "“payments” is a value of the tag team", "Type /cost trend --by tag:team"),
        ("us-east-1", "“us-east-1” is a region", "Type /cost trend --by region"),
        ("ec2 7", "Trend takes a service, not “ec2 7”.", "/cost trend ec2 --days 30"),
        ("--by tag:", "--by tag: needs the tag's key.", "Stored are tag:team."),
        ("--by tag:colour", "No costs are stored by the tag “colour”.", "Stored are tag:team."),
        ("--days 7 --days 14", "--days is given twice.", "Write it once"),
        ("lambda", "No cost of Lambda is stored.", "Stored services are ec2, s3"),
        ("<!channel>", "No service is called “&lt;!channel&gt;”.", "Stored services are"),
        ("x" * 300, "No service is called “" + "x" * 39 + "…”.", "Stored services are"),
    ],
)
def test_words_that_are_no_service_get_a_way_that_works(grown: Path, words: str, cause: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(grown, words)
    assert caught.value.cause.startswith(cause)
    assert remedy in caught.value.remedy


def test_a_service_with_a_hostile_name_is_one_short_line_in_the_table(tmp_path: Path) -> None:
    hostile = "Evil\u202e\n" + "x" * 300
    rows = [full(day, 5.0, service_name=hostile) for day in days(LAST - timedelta(days=13), 14)]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path, "--days 7")
    name = blocks(reply, "table")[0]["rows"][1][0]["text"]
    assert name.startswith("Evil xxx")
    assert len(name) <= 100
    assert "\u202e" not in str(reply.blocks) + reply.text


@pytest.mark.parametrize("words", ["--days 12", "--by colour", "--weeks 3", "--days", "--by tag:"])
def test_wrong_options_are_usage_errors(grown: Path, words: str) -> None:
    with pytest.raises(UsageError):
        ask(grown, words)


def test_the_first_line_is_the_news_with_its_number(grown: Path) -> None:
    reply = ask(grown)
    assert reply.blocks[0]["text"]["text"] == (
        "*All services +27 % (+$40.00/day) against the 30 days before, "
        "mostly EC2 (mostly us-east-1 NAT gateway traffic).*"
    )
    assert reply.text.startswith("All services +27 % (+$40.00/day)")


def test_a_flat_service_is_called_steady(grown: Path) -> None:
    assert ask(grown, "s3").text.startswith("S3 steady at $100/day (0 % against the 30 days before).")


def test_the_pace_and_the_course_are_said_beside_the_comparison(grown: Path) -> None:
    figures = ask(grown, "--days 7").blocks[1]["text"]["text"]
    assert f"Run rate ${190 * 365 / 12:,.0f} a month; over 60 days rising (+" in figures
    assert "Run rate $3,042 a month; over 60 days flat (0 % a month)." in ask(grown, "s3").blocks[1]["text"]["text"]


def test_days_that_are_not_known_are_no_fall(tmp_path: Path) -> None:
    first = LAST - timedelta(days=29)
    rows = [line for day in days(first, 30) if day != date(2026, 11, 20) for line in cuts(day, 50.0)]
    store(CostFiles(tmp_path), rows)
    figures = ask(tmp_path).blocks[1]["text"]["text"]
    assert "Run rate $1,521 a month; over 30 days flat (0 % a month)." in figures


def test_no_course_is_told_over_two_weeks(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [line for day in days(LAST - timedelta(days=9), 10) for line in cuts(day, 50.0)])
    assert ask(tmp_path).blocks[1]["text"]["text"].endswith("Run rate $1,521 a month.")


def test_a_mover_says_its_share_of_the_change(grown: Path) -> None:
    def cells(reply: Reply) -> list[list[str]]:
        return [[cell["text"] for cell in line] for line in blocks(reply, "table")[0]["rows"]]

    titles, largest = cells(ask(grown))[:2]
    assert titles[-1] == "Of change"
    assert (largest[0], largest[-1]) == ("EC2", "100 %")
    assert "Of change" not in cells(ask(grown, "s3"))[0]


def test_only_complete_days_are_compared_and_the_rest_is_named(grown: Path) -> None:
    reply = ask(grown, "--days 7")
    assert "Data until Nov 22; Nov 23–24 still incomplete" in reply.text
    categories = blocks(reply, "data_visualization")[0]["chart"]["axis_config"]["categories"]
    assert categories[-1] == "Sun Nov 22"
    assert len(categories) == 7


def test_what_is_left_out_is_said_with_its_share(grown: Path) -> None:
    noted = {f"2026-{month:02}": {"fetched_at": NOW.isoformat()} for month in (9, 10, 11)}
    CostFiles(grown).months.note_facts("cost_explorer", {"months": noted})
    assert (
        "Data until Nov 22; Nov 23 is usually 35–80 % in, Nov 24 is usually 2–25 % in; both are left out "
        "(as late as AWS usually is; too few days were seen here)."
    ) in ask(grown, "--days 7").text


def test_a_day_that_a_provider_skipped_is_said_where_it_is_shown_and_not_compared(tmp_path: Path) -> None:
    fortnight = days(LAST - timedelta(days=29), 30)
    rows = [full(day, 10.0) for day in fortnight if day != date(2026, 11, 18)]
    store(CostFiles(tmp_path), rows, "focus")
    reply = ask(tmp_path, "--days 7")
    assert reply.text.startswith("All services steady at $10.00/day (0 % against the 7 days before).")
    assert "Nov 18 is missing from AWS's costs: unknown, not zero, and not compared." in texts(reply)
    labels = blocks(reply, "data_visualization")[0]["chart"]["axis_config"]["categories"]
    assert "Wed Nov 18" not in labels
    assert len(labels) == 6


def test_restated_days_are_said_where_they_are_shown(grown: Path) -> None:
    rows = [
        restated(date(2026, 11, 20), 190.0, 180.0, noted_at=NOW - timedelta(days=1)),
        restated(date(2026, 10, 3), 150.0, 120.0, noted_at=NOW - timedelta(days=1)),
        restated(date(2026, 11, 19), 190.0, 120.0, noted_at=NOW - timedelta(days=20)),
        restated(date(2026, 11, 20), 50.0, 20.0, provider="Microsoft", noted_at=NOW),
    ]
    shown = texts(ask(grown, "--days 7", restated=rows))
    assert "Nov 20 restated by −$10.00 (AWS)." in shown
    assert shown.count("restated") == 1
    assert texts(ask(grown, "--days 30", restated=rows)).count("restated") == 2
    assert texts(ask(grown, "--days 90", restated=rows)).count("restated") == 2


def test_tax_and_credits_are_named_apart(grown: Path) -> None:
    reply = ask(grown)
    assert "Not in these figures, same days: credits −$20.00, tax $77.00." in texts(reply)
    assert reply.blocks[1]["text"]["text"].startswith("$5,700 in the 30 days Oct 24 – Nov 22")


def test_ec2_says_that_it_includes_ec2_other(grown: Path) -> None:
    assert "compute plus “EC2 - Other”" in texts(ask(grown, "ec2"))


def test_long_windows_are_drawn_in_whole_weeks(grown: Path) -> None:
    chart = blocks(ask(grown, "--days 30"), "data_visualization")[0]["chart"]
    assert chart["axis_config"]["categories"] == ["Oct 26 – Nov 1", "Nov 2–8", "Nov 9–15", "Nov 16–22"]
    assert [[point["value"] for point in line["data"]] for line in chart["series"]] == [[190.0] * 4, [150.0] * 4]


@pytest.mark.parametrize("by", ["service", "account", "region", "usage_type", "tag:team"])
@pytest.mark.parametrize("service", ["", "ec2"])
def test_every_grouping_answers(grown: Path, by: str, service: str) -> None:
    table = blocks(ask(grown, f"{service} --by {by}"), "table")[0]
    assert table["rows"][1][3]["text"] == "+$40.00"


def test_a_part_of_a_service_is_told_by_its_usage(grown: Path) -> None:
    reply = ask(grown, "nat --by account")
    assert reply.text.startswith("NAT gateways +80 % (+$40.00/day)")
    assert blocks(reply, "table")[0]["rows"][1][0]["text"] == "prod (111122223333)"
    assert "the bill has no line of its own" in texts(reply)


def test_the_buttons_are_commands_one_could_type(grown: Path) -> None:
    elements = blocks(ask(grown, "ec2 --days 7 --by tag:team"), "actions")[0]["elements"]
    assert [(e["text"]["text"], e["value"]) for e in elements] == [
        ("7 days", "/cost trend ec2 --days 7 --by tag:team"),
        ("30 days", "/cost trend ec2 --days 30 --by tag:team"),
        ("90 days", "/cost trend ec2 --days 90 --by tag:team"),
        ("Share", "/cost trend ec2 --days 7 --by tag:team"),
    ]
    for element in elements:
        assert ask(grown, element["value"].removeprefix("/cost trend ")).text.startswith("EC2")


def test_a_tag_that_would_ping_the_channel_is_harmless(tmp_path: Path) -> None:
    hostile = "<!channel> & <@U0ANA>"
    first = LAST - timedelta(days=13)
    rows = [
        full(day, 10.0 if i < 7 else 90.0, usage_type=hostile, tags={"team": hostile}, sub_account_name=hostile)
        for i, day in enumerate(days(first, 14))
    ]
    store(CostFiles(tmp_path), rows, "focus")
    for words in ("--days 7", "s3 --days 7", "--days 7 --by tag:team", "--days 7 --by account"):
        reply = ask(tmp_path, words)
        shown = [reply.text, *(b["text"]["text"] for b in blocks(reply, "section"))]
        shown += [e["text"] for b in blocks(reply, "context") for e in b["elements"]]
        assert not any("<!channel" in text or "<@" in text for text in shown)


def test_a_short_history_says_how_short(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(day, 5.0) for day in days(LAST - timedelta(days=11), 12)])
    reply = ask(tmp_path, "--by service")
    assert reply.text.startswith(
        "All services: $5.00/day; only 12 days are stored, so there is nothing before to compare with."
    )
    assert [cell["text"] for cell in blocks(reply, "table")[0]["rows"][0]] == ["Service", "Per day"]


def test_a_shorter_period_before_is_said_to_be_all_there_is(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(day, 5.0) for day in days(LAST - timedelta(days=39), 40)])
    assert "against the 10 days before (all that is stored)" in ask(tmp_path).text


def test_a_single_day_is_enough_to_answer(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [row(LAST, 5.0)])
    assert "only 1 day is stored" in ask(tmp_path).text


def test_a_service_that_is_new_has_no_percentage(tmp_path: Path) -> None:
    first = LAST - timedelta(days=59)
    rows = [row(day, 5.0) for day in days(first, 60)]
    rows += [row(day, 8.0, service_name="Amazon Bedrock") for day in days(LAST - timedelta(days=9), 10)]
    rows += [
        row(day, 8.0, service_name="Amazon Bedrock", cut=Cut.USAGE_TYPE.value, usage_type="Tokens")
        for day in days(LAST - timedelta(days=9), 10)
    ]
    rows += [row(day, 5.0, cut=Cut.USAGE_TYPE.value, usage_type="TimedStorage-ByteHrs") for day in days(first, 60)]
    store(CostFiles(tmp_path), rows)
    assert ask(tmp_path, "bedrock").text.startswith(
        "Bedrock new: $2.63/day, nothing in the 30 days before, mostly Tokens."
    )
    assert blocks(ask(tmp_path), "table")[0]["rows"][1][4]["text"] == "new"


def test_a_net_credit_before_has_no_percentage(tmp_path: Path) -> None:
    rows = [full(day, -5.0 if day <= LAST - timedelta(days=7) else 5.0) for day in days(LAST - timedelta(days=13), 14)]
    store(CostFiles(tmp_path), rows, "focus")
    assert ask(tmp_path, "--days 7").text.startswith("All services +$10.00/day to $5.00/day against the 7 days before")


def test_a_service_without_usage_is_not_called_free(grown: Path) -> None:
    assert ask(grown, "tax").text.startswith("Tax: no usage cost in these 30 days, nor in the 30 before.")


def test_old_data_ends_the_window_and_says_so(grown: Path) -> None:
    reply = ask(grown, now=datetime(2027, 3, 1, 10, 0, tzinfo=UTC))
    assert "Data until Nov 22, 2026" in reply.text
    bare = ask(grown, "--days 7", now=datetime(2027, 3, 1, 10, 0, tzinfo=UTC))
    assert "Nov 16–22, 2026" in bare.text


def test_finished_old_data_says_how_old(tmp_path: Path) -> None:
    store(CostFiles(tmp_path), [full(day, 5.0) for day in days(date(2024, 9, 1), 30)], "focus")
    assert "Data until Sep 30, 2024, the last stored day, 785 days ago: this window ends there" in ask(tmp_path).text


def test_an_unusable_effective_cost_is_said_with_the_figures(tmp_path: Path) -> None:
    rows = [full(day, 5.5, effective_cost=None) for day in days(LAST - timedelta(days=13), 14)]
    store(CostFiles(tmp_path), rows, "focus")
    shown = texts(ask(tmp_path, "--days 7"))
    assert "in USD: billed cost (as invoiced); the export of AWS has no usable effective cost." in shown


def test_the_caption_says_which_cost_is_shown_for_which_provider(tmp_path: Path) -> None:
    fortnight = days(LAST - timedelta(days=13), 14)
    rows = [full(day, 5.5, effective_cost=None) for day in fortnight]
    rows += [full(day, 5.5, effective_cost=None, provider="Oracle") for day in fortnight]
    rows += [full(day, 7.0, provider="Microsoft", service_name="Virtual Machines") for day in fortnight]
    store(CostFiles(tmp_path), rows, "focus")
    shown = texts(ask(tmp_path, "--days 7"))
    assert "effective cost; billed cost for AWS and Oracle, whose export has no usable effective cost." in shown
    assert shown.count("billed cost") == 1
    assert "billed" not in texts(ask(tmp_path, "virtual-machines --days 7"))


def test_the_billed_view_is_named(grown: Path) -> None:
    assert "Usage only, in USD: billed cost (as invoiced)." in texts(ask(grown, cost_view=CostView.BILLED))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.floats(-1e4, 1e6), min_size=1, max_size=100),
    st.sampled_from(["7", "14", "30", "90"]),
    st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\x00" not in text),
)
def test_any_costs_and_names_fit_slack(tmp_path: Path, costs: list[float], length: str, name: str) -> None:
    folder = tmp_path / str(abs(hash((tuple(costs), length, name))))
    first = LAST - timedelta(days=len(costs) - 1)
    rows = DataFrame(
        [
            full(day, cost, usage_type=name, tags={"team": name}, service_name=EC2 if i % 2 else "X")
            for i, (day, cost) in enumerate(zip(days(first, len(costs)), costs, strict=True))
        ]
    )
    store(CostFiles(folder), rows.to_dict("records"), "focus")  # type: ignore[arg-type]
    reply = ask(folder, f"--days {length} --by tag:team", now=NOW)
    assert len(reply.blocks) <= 12
    assert 0 < len(reply.text) < 3000
    assert not re.search(r"nan|inf\b", reply.text)
    for block in blocks(reply, "section"):
        assert 0 < len(block["text"]["text"]) <= 3000
    for chart in blocks(reply, "data_visualization"):
        assert len(chart["title"]) <= 50
        assert 0 < len(chart["chart"]["axis_config"]["categories"]) <= 20
        assert all(len(label) <= 20 for label in chart["chart"]["axis_config"]["categories"])
        assert chart["chart"]["series"]
    for table in blocks(reply, "table"):
        assert len(table["rows"]) <= 6
