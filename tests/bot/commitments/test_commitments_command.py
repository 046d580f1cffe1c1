"""`/cost commitments`: what is known is said with its number, and what is not is said to be unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.blocks.commitments_report import CommitmentsReport, Owned, Part, Shares, commitments_reply
from bot.commands import Request, find
from bot.commitments.kept import keep_commitments, kept_commitments
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import UsageError
from bot.terminal import render
from tests.bot.commitments.commitment_scans import scanned
from tests.bot.commitments.hourly_bills import EC2
from tests.bot.costs.cost_factories import texts
from tests.bot.decisions_factories import context as faked

PLAN = Owned(
    name="EC2 Instance Savings Plan c5 $1.60/h",
    account="prod",
    region="eu-west-1",
    terms="1 yr Partial Upfront",
    monthly=1168.0,
    utilization=0.94,
    unused=67.16,
    ends=date(2026, 12, 10),
    days_left=19.6,
    cliff=499.93,
)
IDLE = Owned(
    name="12 × r5.xlarge",
    account="data",
    region="us-east-1",
    terms="1 yr No Upfront",
    monthly=1392.84,
    utilization=None,
    unused=None,
    ends=None,
    days_left=None,
    cliff=None,
)
REPORT = CommitmentsReport(
    owned=(PLAN, IDLE),
    bill_only=(),
    problems=(),
    days=30,
    start=date(2026, 10, 20),
    end=date(2026, 11, 19),
    now=Shares(0.89, 0.17, 0.054, 671.0, 2857.0),
    before=Shares(0.91, 0.17, None, 500.0, None),
    points=[("Nov 18", 0.9, 0.2, -0.05), ("Nov 19", 0.88, 0.17, 0.05)],
    by="",
    parts=(),
    by_export=True,
    scanned_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    look_back="",
    today=date(2026, 11, 20),
    command="/cost commitments --days 30",
    commands={"30 days": "/cost commitments --days 30"},
)


def asked(context: Context, *words: str) -> Any:
    return find("commitments").answer(Request("commitments", words, "U0ANA", "C0COSTS"), context)


def shown(**changed: Any) -> Any:
    reply = commitments_reply(replace(REPORT, **changed))
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    return reply


def test_the_news_is_the_cost_and_the_waste() -> None:
    assert shown().text.startswith(
        "2 commitments for $2,561 a month: 89 % utilized, $671 unused in Oct 20 – Nov 18. "
        "Utilization 89 %, down 2.0 points · Coverage 17 % · Effective savings rate 5.4 % (against the 30 days before)."
    )


def test_what_ends_soon_has_its_dollars() -> None:
    assert (
        "EC2 Instance Savings Plan c5 $1.60/h ends on Dec 10, in 20 days: the bill rises by $500 a month"
        in shown().text
    )
    assert "the bill falls by $60.00 a month" in shown(owned=[replace(PLAN, cliff=-60.0)]).text
    assert "what its usage then costs is not known yet" in shown(owned=[replace(PLAN, cliff=None)]).text
    assert "ends on" not in shown(owned=[replace(PLAN, days_left=61.0)]).text


def test_what_is_unknown_is_no_zero() -> None:
    [table] = [block for block in shown().blocks if block["type"] == "table"]
    plan, idle = [[cell["text"] for cell in row] for row in table["rows"][1:]]

    assert plan[1:] == ["94 %", "$67.16", "Dec 10", "+$500", "$1,168", "1 yr Partial Upfront", "prod, eu-west-1"]
    assert idle[1:5] == ["unknown", "unknown", "unknown", "unknown"]


def test_the_chart_draws_what_is_known() -> None:
    [chart] = [block for block in shown().blocks if block["type"] == "data_visualization"]
    assert [one["name"] for one in chart["chart"]["series"]] == ["Utilization", "Coverage", "Savings rate"]

    points = [("Nov 18", 0.9, None, None), ("Nov 19", 0.88, None, None)]
    [chart] = [block for block in shown(points=points).blocks if block["type"] == "data_visualization"]
    assert [one["name"] for one in chart["chart"]["series"]] == ["Utilization"]
    assert not [b for b in shown(points=points[:1]).blocks if b["type"] == "data_visualization"]


def test_a_breakdown_takes_the_table() -> None:
    parts = [Part("EC2", 0.88, 669.0, 0.24, 25198.0, 0.078), Part("ECS", None, None, 0.0, 2810.0, 0.0)]
    reply = shown(by="service", parts=parts)
    [table] = [block for block in reply.blocks if block["type"] == "table"]

    assert [cell["text"] for cell in table["rows"][2]] == ["ECS", "–", "–", "0 %", "$2,810", "0 %"]
    assert "Unused dollars count where their commitment is used" in texts(reply)


def test_what_only_the_bill_knows_is_said_with_what_is_missing() -> None:
    reply = shown(owned=(), bill_only=("RDS r5 reservation", "<!channel>"), problems=("AWS refuses <it>.",))

    assert reply.text.startswith("The bill tells of 2 commitments that AWS's own lists do not have.")
    assert "Only the bill tells of RDS r5 reservation, &lt;!channel&gt;" in texts(reply)
    assert "AWS refuses &lt;it&gt;." in texts(reply)


@pytest.mark.parametrize(
    ("changed", "news"),
    [
        ({"scanned_at": None}, "What is owned is not known yet: the first scan for savings reads it."),
        ({}, "No Savings Plan and no reservation is owned."),
        ({"problems": ("refused.",)}, "No Savings Plan and no reservation is owned, as far as could be read."),
    ],
)
def test_nothing_owned_is_told_from_nothing_known(changed: dict[str, Any], news: str) -> None:
    nothing = Shares(None, None, None, None, None)

    assert shown(owned=(), now=nothing, before=nothing, points=(), start=None, **changed).text.startswith(news)


def test_many_commitments_fit_a_message() -> None:
    long = replace(PLAN, name="n" * 300, account="a" * 300)

    assert "20 more are not listed." in texts(shown(owned=[long] * 60))


@pytest.mark.parametrize("words", [("now",), ("--by", "team"), ("--days", "31")])
def test_refuses_what_it_does_not_know(tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        asked(faked(tmp_path), *words)


def test_a_scan_that_did_not_read_a_table_leaves_the_last_one(tmp_path: Path) -> None:
    context = scanned(tmp_path)
    (tmp_path / "scan-2").mkdir()
    keep_commitments(tmp_path / "scan-2", context.settings.data_dir)

    kept = kept_commitments(context.settings.data_dir)
    assert {name: len(table) for name, table in kept.items()} == {
        "savings_plans": 1,
        "reservations": 1,
        "savings_plans_use": 1,
    }


def test_without_a_bill_the_last_scan_answers(tmp_path: Path) -> None:
    reply = asked(scanned(tmp_path))

    assert reply.text.startswith("1 commitment for $1,168 a month: $73.00 of it a month unused.")
    assert "in 20 days: the bill rises by $292 a month" in reply.text
    assert "AWS refuses it." in render(reply)
    assert "Owned as of" in render(reply)


def test_before_the_first_scan_nothing_is_claimed(tmp_path: Path) -> None:
    assert asked(faked(tmp_path)).text == "What is owned is not known yet: the first scan for savings reads it."


@pytest.mark.parametrize("last_use", [None, date(2026, 10, 3)])
def test_an_export_without_usage_to_cover_says_so(tmp_path: Path, last_use: date | None) -> None:
    context = faked(tmp_path)
    today = context.clock.today()
    for month in (date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)):
        days = [day.date() for day in pd.date_range(month, periods=month_days(month))]
        of_storage = [billed(day, "TimedStorage-ByteHrs") for day in days if day < today]
        of_machines = [billed(day, "BoxUsage:m5.large") for day in days if last_use and day <= last_use]
        context.costs.replace_month("focus", month, DataFrame([*of_storage, *of_machines]))

    reply = asked(context, "--by", "service", "--days", "30")

    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    assert "The billing export has no usage that a commitment covers, or could cover, in Oct 21 – Nov 19." in reply.text


def test_days_without_usage_to_cover_are_known_days(tmp_path: Path) -> None:
    context = faked(tmp_path)
    weekdays = [day.date() for day in pd.bdate_range("2026-11-02", "2026-11-19")]
    every = [day.date() for day in pd.date_range("2026-11-01", "2026-11-19")]
    of_machines = [billed(day, "BoxUsage:m5.large") for day in weekdays]
    of_storage = [billed(day, "TimedStorage-ByteHrs") for day in every]
    context.costs.replace_month("focus", date(2026, 11, 1), DataFrame([*of_storage, *of_machines]))

    assert "*Coverage* 0 %" in str(asked(context, "--days", "14").blocks)


def month_days(month: date) -> int:
    return int(pd.Timestamp(month).days_in_month)


def billed(day: date, usage_type: str) -> dict[str, Any]:
    """A dollar of usage that a billing export tells of."""
    usage = {"cut": Cut.FULL.value, "provider": "AWS", "charge_category": ChargeCategory.USAGE.value, "currency": "USD"}
    dollars = dict.fromkeys(("billed_cost", "effective_cost", "list_cost"), 1.0)
    return usage | dollars | {"date": day, "service_name": EC2, "usage_type": usage_type, "estimated": False}
