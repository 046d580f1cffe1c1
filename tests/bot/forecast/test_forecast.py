"""`/cost forecast`: the month's end first, bands that hold, nothing unknown taken for zero, nothing that pings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.blocks.forecast_report import fan, figures_text, forecast_reply, news
from bot.commands import Reply, Request
from bot.commands.forecast import forecast
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.forecasts.forecast_costs import Part
from tests.bot.anomalies.anomaly_factories import LAST, Bill
from tests.bot.costs.cost_factories import blocks, row, texts
from tests.bot.costs.cost_factories import store as keep
from tests.bot.decisions_factories import clock_of
from tests.bot.decisions_factories import context as made_context
from tests.bot.forecast.forecast_factories import S3, bill, report


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return made_context(tmp_path)


def ask(context: Context, words: str = "") -> Reply:
    return forecast.answer(Request("forecast", tuple(words.split()), "U0BEN", "C0COSTS"), context)


def chart(reply: Reply) -> dict[str, Any]:
    (block,) = blocks(reply, "data_visualization")
    return dict(block["chart"])


def values(reply: Reply, name: str) -> list[float]:
    (line,) = [one for one in chart(reply)["series"] if one["name"] == name]
    return [point["value"] for point in line["data"]]


def test_nothing_stored_is_a_next_step(context: Context) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(context)
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(context, "ec2")


def test_three_weeks_are_too_few(context: Context) -> None:
    bill(21).store(context.costs)
    with pytest.raises(NotEnoughData, match="Only 21 days of costs are stored; a forecast needs 28"):
        ask(context)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nothing-like-it", "No service, account or team is called “nothing-like-it”. Stored services are ec2, s3."),
        ("stagin", "Did you mean “staging”?"),
        ("lambda", "No cost of Lambda is stored."),
        ("tag:team=colour", "No cost is tagged “team=colour”. Stored are data, platform."),
        ("tag:colour=red", "No costs are stored by the tag “colour”. Stored are team."),
        ("<!channel>", "No service, account or team is called “&lt;!channel&gt;”."),
        ("--by tag:colour", "Type /cost forecast --by tag:team"),
        ("--days 12", "Use one of 7, 14, 30, 90."),
        ("--weeks 3", "It takes --days, --by."),
    ],
)
def test_words_that_mean_nothing_get_a_way_that_works(context: Context, words: str, said: str) -> None:
    bill(40).store(context.costs)
    with pytest.raises(UsageError) as caught:
        ask(context, words)
    assert said in str(caught.value)


def test_the_first_line_is_the_month_s_end_and_the_text_says_all(context: Context) -> None:
    bill().store(context.costs)
    reply = ask(context)
    first = reply.blocks[0]["text"]["text"].strip("*")
    assert first.startswith("All services: November ends at about $7,9")
    assert "against October" in first
    assert reply.text.startswith(first)
    assert "in four of five cases" in reply.text
    assert "so far (Nov 1–19)" in reply.text
    assert "to come in 11 days" in reply.text
    assert "Next 30 days (Nov 20 – Dec 19): about $" in reply.text
    assert "off by" in reply.text
    assert not reply.in_channel


def test_so_far_is_what_the_bill_has_to_the_cent(context: Context) -> None:
    made = bill()
    made.store(context.costs)
    spent = sum(row["effective_cost"] for row in made.rows if row["date"] >= np.datetime64("2026-11-01"))
    assert f"${spent:,.0f} so far" in ask(context).text


def test_currency_cost_view_and_what_is_ignored_are_named(context: Context) -> None:
    bill(60).store(context.costs)
    shown = texts(ask(context))
    assert "Usage only, in USD: effective cost (amortised, after discounts)." in shown
    assert "no planned change, no commitment or price that begins or ends" in shown
    assert "Data until Nov 19" in shown


def test_days_that_are_not_all_in_are_left_out_and_named(context: Context) -> None:
    made = bill(60)
    for line in made.rows:
        line["estimated"] = line["date"] > np.datetime64("2026-11-17")
    keep(context.costs, made.rows, "focus")
    reply = ask(context)
    assert "Nov 18–19 still incomplete" in reply.text
    assert "so far (Nov 1–17)" in reply.text
    assert "Next 30 days (Nov 18 – Dec 17)" in reply.text


def test_a_missing_day_is_unknown_and_said_not_forecast_as_zero(context: Context) -> None:
    made = bill(90)
    whole = made.rows
    keep(context.costs, [line for line in whole if line["date"] != np.datetime64("2026-11-16")], "focus")
    reply = ask(context)
    assert "Nov 16 is missing from AWS's costs: unknown, not zero" in texts(reply)
    assert "Nov 16" not in chart(ask(context, "--days 7"))["axis_config"]["categories"]
    assert min(values(reply, "Cost, then forecast")) > 100


@pytest.mark.parametrize(
    ("words", "label", "first_part"),
    [
        ("ec2", "EC2", "m5.large"),
        ("nat", "NAT gateways", "NAT gateway"),
        ("staging", "Staging (444455556666)", "S3"),
        ("444455556666", "Staging (444455556666)", "S3"),
        ("data", "Team data", "S3"),
        ("tag:team=platform", "Team platform", "EC2"),
        ("team=DATA", "Team data", "S3"),
        ("--by tag:team", "All services", "platform"),
        ("ec2 --by account", "EC2", "111122223333"),
        ("nat --by account", "NAT gateways", "111122223333"),
        ("nat --by region", "NAT gateways", "us-east-1"),
    ],
)
def test_a_service_an_account_or_a_team(context: Context, words: str, label: str, first_part: str) -> None:
    bill(60).store(context.costs)
    reply = ask(context, words)
    assert reply.text.startswith(f"{label}: November ends at about $")
    (table,) = blocks(reply, "table")
    assert first_part in table["rows"][1][0]["text"]


def test_the_parts_come_dearest_first_with_their_bands(context: Context) -> None:
    bill(60).store(context.costs)
    (table,) = blocks(ask(context), "table")
    assert [cell["text"] for cell in table["rows"][0]] == [
        "Service",
        "November so far",
        "November in all",
        "4 of 5 cases",
    ]
    assert [row[0]["text"] for row in table["rows"][1:]] == ["EC2", "S3"]


def test_what_cost_explorer_does_not_tell_together_is_left_out_not_refused(context: Context) -> None:
    last = LAST
    keep(context.costs, [row(last - timedelta(days=n), 10.0) for n in range(60)])
    reply = ask(context)
    assert reply.text.startswith("All services: November ends at about $300")


def test_the_fan_starts_from_what_was_and_opens(context: Context) -> None:
    bill(90).store(context.costs)
    reply = ask(context)
    low95, low80 = values(reply, "95 %, low"), values(reply, "80 %, low")
    mean, high80, high95 = (values(reply, name) for name in ("Cost, then forecast", "80 %, high", "95 %, high"))
    assert len(mean) == 20
    assert low95[:5] == low80[:5] == mean[:5] == high80[:5] == high95[:5]
    for a, b, c, d, e in zip(low95, low80, mean, high80, high95, strict=True):
        assert a <= b <= c <= d <= e
    assert high95[-1] > low95[-1]
    assert chart(reply)["axis_config"]["categories"][-1] == "Dec 19"


@pytest.mark.parametrize(
    ("days", "unit", "last"), [(7, "USD per day", 26), (14, "USD per day", 3), (90, "6th day", 17)]
)
def test_every_length_fits_slack_and_ends_with_its_last_day(context: Context, days: int, unit: str, last: int) -> None:
    bill(90).store(context.costs)
    picture = chart(ask(context, f"--days {days}"))
    assert len(picture["axis_config"]["categories"]) <= 20
    assert picture["axis_config"]["categories"][-1].endswith(f" {last}")
    assert picture["axis_config"]["y_label"].endswith(unit)


def test_the_buttons_are_commands_one_could_type(context: Context) -> None:
    bill(60).store(context.costs)
    (actions,) = blocks(ask(context, "team=platform --days 7 --by service"), "actions")
    assert [(one["text"]["text"], one["value"]) for one in actions["elements"]] == [
        ("7 days", "/cost forecast tag:team=platform --days 7 --by service"),
        ("30 days", "/cost forecast tag:team=platform --days 30 --by service"),
        ("90 days", "/cost forecast tag:team=platform --days 90 --by service"),
        ("Share", "/cost forecast tag:team=platform --days 7 --by service"),
    ]
    for element in actions["elements"]:
        assert ask(context, element["value"].removeprefix("/cost forecast ")).text.startswith("Team platform")


def test_on_the_first_of_a_month_the_new_month_is_meant(context: Context) -> None:
    made = Bill(last=date(2026, 10, 31), length=90)
    made.line(S3, "TimedStorage-ByteHrs", 100).store(context.costs)
    clock_of(context).at = datetime(2026, 11, 2, 10, tzinfo=UTC)
    reply = ask(context)
    assert reply.text.startswith("All services: November ends at about $3,0")
    assert "against October ($3,1" in reply.text
    assert "No day of November is complete yet." in reply.text


def test_old_data_is_not_taken_for_this_month(context: Context) -> None:
    Bill(last=date(2026, 9, 30), length=90).line(S3, "TimedStorage-ByteHrs", 100).store(context.costs)
    reply = ask(context)
    assert reply.text.startswith("All services: September cost $3,0")
    assert "51 days ago" in reply.text


def test_a_tag_that_would_ping_the_channel_is_harmless(context: Context) -> None:
    hostile = "<!channel> & <@U0ANA>"
    made = Bill(length=60)
    made.line(S3, hostile, 50, tags={"team": hostile}, sub_account_name=hostile).store(context.costs)
    for words in ("", "s3", "--by tag:team", "--by account", "111122223333"):
        reply = ask(context, words)
        shown = [block for block in reply.blocks if block["type"] not in ("table", "data_visualization", "actions")]
        assert "<!channel>" not in json.dumps(shown) + reply.text


def test_a_team_that_has_cost_nothing_lately_is_not_made_up(context: Context) -> None:
    made = bill(120)
    for line in made.rows:
        if line["date"] < np.datetime64("2026-08-15"):
            line["tags"] = {"team": "gone"}
    keep(context.costs, made.rows, "focus")
    with pytest.raises(UsageError, match="Stored are data, platform"):
        ask(context, "team=gone")


def test_news_of_a_month_that_is_over() -> None:
    over = report(as_of=date(2026, 11, 30), until=date(2026, 11, 30))
    assert news(over) == "EC2: November cost $3,391, +9.4 % against October ($3,100)."
    assert "so far" not in figures_text(over)


def test_news_without_a_month_to_compare_with() -> None:
    made = report()
    alone = replace(made, figures=replace(made.figures, last_month=None))
    assert news(alone) == "EC2: November ends at about $3,391."
    same = replace(made, figures=replace(made.figures, last_month=3390.0))
    assert news(same) == "EC2: November ends at about $3,391, as October did."


def test_the_figures_are_sentences() -> None:
    assert figures_text(report()) == (
        "$3,350–$3,430 in four of five cases, $3,300–$3,480 in 19 of 20. "
        "$2,071 so far (Nov 1–19), about $1,320 to come in 11 days. Next 30 days (Nov 20 – Dec 19): about $3,600, "
        "$3,520–$3,680 in four of five cases. "
        "Made the same way, 2 earlier forecasts of 30 days were off by 3.0 % on average, 5.0 % at most."
    )


def test_the_total_has_a_band_of_its_own_narrower_than_the_days_added_up(context: Context) -> None:
    bill().store(context.costs)
    reply = ask(context)
    said = re.search(r"Next 30 days .*?: about \$([\d,]+), \$([\d,]+)–\$([\d,]+) in four of five cases", reply.text)
    assert said is not None
    mean, low, high = (float(number.replace(",", "")) for number in said.groups())
    assert low < mean < high
    added = [values(reply, f"80 %, {side}") for side in ("low", "high")]
    assert high - low < 2 * (sum(added[1]) - sum(added[0]))
    (block,) = blocks(reply, "data_visualization")
    assert block["title"] == f"All services: 30 days ${low:,.0f}–${high:,.0f} (80 %)"


def test_the_title_says_the_band_in_full_whatever_the_name() -> None:
    picture = fan(report(label="A service whose name is longer than any title of a chart may be at all"))
    assert picture is not None
    assert picture.title.endswith("…: 30 days $3,520–$3,680 (80 %)")
    assert len(picture.title) <= 50


def test_without_a_rehearsal_nothing_is_claimed_of_it() -> None:
    made = report()
    assert "off by" not in figures_text(replace(made, figures=replace(made.figures, misses=())))


def test_without_a_known_day_there_is_no_chart() -> None:
    made = report()
    unknown = replace(made.figures, history=((LAST, float("nan")),))
    assert fan(replace(made, figures=unknown)) is None
    assert blocks(forecast_reply(replace(made, figures=unknown)), "data_visualization") == []


def test_no_more_parts_than_fit() -> None:
    made = report()
    many = tuple(Part(f"usage {n}", 1.0, made.figures.end) for n in range(40))
    (table,) = blocks(forecast_reply(replace(made, figures=replace(made.figures, parts=many))), "table")
    assert len(table["rows"]) == 6
