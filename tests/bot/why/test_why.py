"""`/cost why`: one sentence with the number, the waterfall, the lines, what is not known."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import AnomalyKind, Part
from bot.blocks.elements import Block
from bot.commands import Reply, Request
from bot.commands.trend import trend
from bot.errors import CostbotError, NotEnoughData
from bot.terminal import render
from bot.workflows.judge_costs import SEPARATOR
from tests.bot.costs.cost_factories import EC2, EC2_OTHER, S3, blocks, texts
from tests.bot.decisions_factories import NOW, recommendation
from tests.bot.decisions_factories import anomaly as made
from tests.bot.decisions_factories import context as made_context
from tests.bot.why.why_factories import (
    DAY,
    MACHINES,
    NAT,
    PROD,
    STAGING,
    STORAGE,
    VOLUMES,
    ask,
    bot,
    by_explorer,
    by_export,
    line,
    on,
)  # fmt: skip

GOLDEN = Path(__file__).parents[2] / "golden" / "why.json"
ALL = (NAT, VOLUMES, MACHINES, STORAGE)


def news(reply: Reply) -> str:
    return str(reply.blocks[0]["text"]["text"]).strip("*")


def rows(reply: Reply) -> list[list[str]]:
    (table,) = blocks(reply, "table")
    return [[cell["text"] for cell in row] for row in table["rows"]]


def bars(reply: Reply) -> list[tuple[str, float]]:
    (picture,) = blocks(reply, "waterfall")
    return [(bar["label"], bar["amount"]) for bar in picture["bars"]]


def refused(context: Any, words: str) -> CostbotError:
    with pytest.raises(CostbotError) as caught:
        ask(context, words)
    assert caught.value.remedy
    return caught.value


def test_nothing_stored_is_a_next_step_not_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(made_context(tmp_path))


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        ("ec3", "No service is called “ec3”.", "Did you mean ec2? Example: /cost why ec2 2026-11-17"),
        ("lambda", "No cost of Lambda is stored.", "Stored services are ec2, s3"),
        ("ec2 17.11.2026", "“17.11.2026” is no day costbot can read.", "Write it as year-month-day."),
        ("ec2 2026-13-40", "“2026-13-40” is no day costbot can read.", "Example: /cost why ec2 2026-11-17"),
        ("ec2 2025-01-01", "No costs are stored of Jan 1, 2025; stored are Sep 10, 2026 –", "/cost why ec2 2026-11-18"),
        ("ec2 2027-01-01", "No costs are stored of Jan 1, 2027", "/cost why ec2 2026-11-18"),
        ("2026-09-12", "No Saturday is stored before Sep 12 to compare it with", "Ask for a later day"),
        ("ec2 2026-11-17 --days 7", "--days compares two periods", "Leave it out."),
        ("--days 12", "--days “12” is not possible.", "7, 14, 30, 90"),
        ("A-9999", "There is no finding “A-9999”.", "/cost anomalies"),
        ("<!channel>", "No service is called “&lt;!channel&gt;”.", "Stored services are"),
    ],
)
def test_words_that_mean_nothing_get_a_way_that_works(tmp_path: Path, words: str, cause: str, remedy: str) -> None:
    error = refused(bot(tmp_path, by_export(*ALL)), words)
    assert error.cause.startswith(cause)
    assert remedy in error.remedy


def test_a_saving_has_no_cause(tmp_path: Path) -> None:
    context = bot(tmp_path, by_export(*ALL))
    finding = context.store.record(recommendation(), NOW)
    assert "is a saving" in refused(context, finding.id).cause


def test_the_answer_is_as_agreed(tmp_path: Path) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    reply = ask(bot(tmp_path, by_export(*ALL)), "ec2 2026-11-17")
    assert reply.blocks == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_first_line_is_the_answer_with_its_number(tmp_path: Path) -> None:
    reply = ask(bot(tmp_path, by_export(*ALL)), "ec2 2026-11-17")
    assert news(reply) == (
        "EC2 +$225.00/day (+74 %) on Tuesday, Nov 17 against the four Tuesdays before: "
        "us-east-1 NAT gateway traffic in prod, team platform (more used) makes all of it."
    )
    assert "usage (quantity) +$225.00 (100 %), residual $0.00 (0 %)" in reply.text


def test_the_waterfall_leads_from_before_to_now(tmp_path: Path) -> None:
    found = bars(ask(bot(tmp_path, by_export(*ALL)), "ec2 2026-11-17"))
    assert found == [
        ("Before", 305.0),
        ("us-east-1 NAT gateway traffic, prod: more used", 225.0),
        ("Now", 530.0),
    ]


def test_each_step_of_the_waterfall_is_one_effect(tmp_path: Path) -> None:
    both = line(on(DAY, (100.0, 50.0), (200.0, 160.0)), usage_type="BoxUsage:m5.large", service=EC2, unit="Hrs")
    found = bars(ask(bot(tmp_path, by_export(both)), "ec2 2026-11-17"))
    assert [amount for _, amount in found] == [50.0, 65.0, 45.0, 160.0]
    assert found[1][1] + found[2][1] == found[3][1] - found[0][1]


def test_the_table_adds_up_and_says_how(tmp_path: Path) -> None:
    grown = line(on(DAY, (10.0, 10.0), (12.0, 12.0)), usage_type="EBS:SnapshotUsage", unit="GB-Mo")
    shown = rows(ask(bot(tmp_path, by_export(*ALL, grown)), "ec2 2026-11-17"))
    assert shown[1:] == [
        ["us-east-1 NAT gateway traffic: more used, 1,000 → 6,000 GB a day", "prod, team platform", "$45.00", "$270.00",
         "+$225.00", "99 %"],
        ["1 other line", "–", "–", "–", "+$2.00", "0.9 %"],
        ["Residual", "–", "–", "–", "$0.00", "0 %"],
        ["All", "–", "$315.00", "$542.00", "+$227.00", "100 %"],
    ]  # fmt: skip


def test_a_flat_total_shows_the_moves_it_hides(tmp_path: Path) -> None:
    fall = line(on(DAY, (6000.0, 270.0), (1000.0, 50.0)), account=STAGING, name="staging", team="search")
    reply = ask(bot(tmp_path, by_export(*ALL, fall)), "2026-11-17")
    assert news(reply) == (
        "All services flat at $610.00/day (+0.8 %) on Tuesday, Nov 17 against the four Tuesdays before, but moves hide "
        "each other: us-east-1 NAT gateway traffic in prod, team platform (more used) +$225.00 and us-east-1 NAT "
        "gateway traffic in staging, team search (less used) −$220.00."
    )
    assert [row[4] for row in rows(reply)[1:]] == ["+$225.00", "−$220.00", "$0.00", "+$5.00"]


def test_a_change_of_many_lines_says_how_many_it_takes(tmp_path: Path) -> None:
    many = [line(on(DAY, (1.0, 10.0), (2.0, 20.0)), service=f"Kind {n}", account=f"{n:012}") for n in range(40)]
    reply = ask(bot(tmp_path, by_export(*many)), "2026-11-17")
    assert "and 18 more lines make 50 % of it, four fifths take 32 lines." in news(reply)
    assert len(rows(reply)) == 1 + 20 + 3
    assert rows(reply)[-3][0] == "20 other lines"


def test_without_a_day_the_last_whole_week_is_explained(tmp_path: Path) -> None:
    reply = ask(bot(tmp_path, by_export(*ALL)))
    assert news(reply).startswith("All services +$64.29/day (+19 %) on Nov 12–18 against the 7 days before: ")
    assert news(ask(bot(tmp_path / "b", by_export(*ALL)), "nat --days 30")).startswith(
        "NAT gateways +$12.86/day (+29 %) on Oct 20 – Nov 18 against the 30 days before: "
    )


@pytest.mark.parametrize("words", ["", "ec2", "nat", "ec2 --days 30", "s3 --days 14"])
@pytest.mark.parametrize("source", [by_export, by_explorer])
def test_two_periods_are_compared_as_the_trend_compares_them(tmp_path: Path, words: str, source: Any) -> None:
    context = bot(tmp_path, source(*ALL))
    asked = words if "--days" in words else f"{words} --days 7"
    told = trend.answer(Request("trend", tuple(asked.split()), "U0BEN", "C0COSTS"), context).text
    reply = ask(context, words)
    if "nothing moved" in reply.text:
        assert "steady" in told
        return
    assert f"({rows(reply)[-1][4]}/day)" in told


def test_tax_of_a_month_is_no_cause_of_a_period_but_of_its_day(tmp_path: Path) -> None:
    nothing = {"usage_type": None, "unit": None, "pricing": None, "team": None}
    tax = line(on(date(2026, 11, 18), (None, 0.0), (None, 900.0)), category="Tax", service="Tax", **nothing)
    credit = line(on(DAY, (None, -7.0), (None, 0.0)), category="Credit", **nothing)
    context = bot(tmp_path, by_explorer(NAT, tax, credit))
    week, day = ask(context), ask(context, "2026-11-18")
    assert news(week).startswith("All services +$66.29/day (+174 %)")
    assert "without tax and support, which are booked once a month" in texts(week)
    assert news(day).startswith("All services +$1,132.00/day")
    assert "tax (charged more) +$900.00" in news(day)
    for reply in (week, day):
        assert rows(reply)[-2][4] == "$0.00"  # the residual


def test_a_day_of_a_known_incident_is_held_against_the_days_before_it(tmp_path: Path) -> None:
    began = DAY - timedelta(days=7)
    context = bot(tmp_path, by_export(line(on(began, (1000.0, 45.0), (6000.0, 270.0))), STORAGE))
    polluted = news(ask(context, "ec2 2026-11-17"))
    assert polluted.startswith("EC2 +$168.75/day")
    context.store.record(made(service="ec2", first_day=began, last_day=date(2026, 11, 18)), NOW)
    assert news(ask(context, "ec2 2026-11-17")).startswith("EC2 +$225.00/day")
    assert news(ask(context, "s3 2026-11-17")).startswith("S3: $30.00/day on Tuesday, Nov 17")


def test_an_anomaly_is_explained_by_its_own_days_and_account(tmp_path: Path) -> None:
    there = line(on(DAY, (10.0, 500.0), (10.0, 900.0)), account=STAGING, name="staging")
    context = bot(tmp_path, by_export(*ALL, there))
    finding = context.store.record(made(service="ec2", service_name="NAT gateways", account_id=PROD), NOW)
    reply = ask(context, finding.id.lower())
    assert news(reply).startswith("EC2 in prod +$225.00/day (+74 %) on Nov 17–18 against the same weekdays")
    assert f"/cost anomaly {finding.id}" in json.dumps(reply.blocks)
    assert finding.value.explanation in texts(reply)  # type: ignore[union-attr]


def test_an_anomaly_is_explained_by_the_lines_that_made_it(tmp_path: Path) -> None:
    """EC2 is two lines of Cost Explorer's bill; what moved in the other is another matter."""
    grown = line(on(DAY, (24.0, 200.0), (30.0, 250.0)), service=EC2, usage_type="BoxUsage:m5.large", unit="Hrs")
    context = bot(tmp_path, by_export(NAT, VOLUMES, grown))
    told = context.store.record(made(service="ec2", lines=(f"{EC2_OTHER}{SEPARATOR}{PROD}",)), NOW)
    assert news(ask(context, told.id)).startswith("EC2 in prod +$225.00/day (+214 %)")
    renamed = made(service="ec2", first_day=DAY + timedelta(days=1), lines=(f"EC2 Anything{SEPARATOR}{PROD}",))
    assert news(ask(context, context.store.record(renamed, NOW).id)).startswith("EC2 in prod +$275.00/day")


def test_an_anomaly_of_several_services_is_explained_whole(tmp_path: Path) -> None:
    requests = line(on(DAY, (100.0, 20.0), (900.0, 90.0)), service=S3, usage_type="Requests-Tier1", unit="Requests")
    context = bot(tmp_path, by_export(NAT, requests, MACHINES))
    lines = tuple((f"{name}{SEPARATOR}{PROD}",) for name in (EC2_OTHER, S3))
    parts = (
        Part("ec2", "NAT gateways", AnomalyKind.STEP, 225.0, lines[0]),
        Part("s3", "S3", AnomalyKind.STEP, 70.0, lines[1]),
    )
    value = made(service="ec2", service_name="NAT gateways and S3", parts=parts, lines=(*lines[0], *lines[1]))
    reply = ask(context, context.store.record(value, NOW).id)
    assert news(reply).startswith("NAT gateways and S3 in prod +$295.00/day")
    assert rows(reply)[-2][4] == "$0.00"  # the residual
    (buttons,) = blocks(ask(context, "s3 2026-11-17"), "actions")
    assert "/cost why A-" in json.dumps(buttons)


def test_what_cost_explorer_cannot_tell_is_said(tmp_path: Path) -> None:
    shown = texts(ask(bot(tmp_path, by_explorer(*ALL)), "ec2 2026-11-17"))
    assert "Not known: Cost Explorer gives two dimensions at a time" in shown
    assert "*Team*\nplatform +$225.00" in shown
    unknown = bot(tmp_path / "b", by_explorer(NAT, line(NAT["amount"], account=STAGING), quantities_by_account=False))
    assert "whether usage or price moved them is not told" in texts(ask(unknown, "ec2 2026-11-17"))


def test_what_moved_nothing_says_so_without_a_picture(tmp_path: Path) -> None:
    reply = ask(bot(tmp_path, by_export(*ALL)), "s3 2026-11-17")
    assert news(reply) == ("S3: $30.00/day on Tuesday, Nov 17 against the four Tuesdays before; nothing moved.")
    assert [block["type"] for block in reply.blocks] == ["section", "context", "actions"]


@pytest.mark.parametrize("words", ["ec2 nov 17", "ec2 November 17, 2026", "17 nov 2026 ec2", "2026-11-17 ec2"])
def test_a_day_may_be_written_in_words_and_stand_first(tmp_path: Path, words: str) -> None:
    assert "on Tuesday, Nov 17" in news(ask(bot(tmp_path, by_export(NAT)), words))


def test_the_buttons_are_commands_one_could_type(tmp_path: Path) -> None:
    context = bot(tmp_path, by_export(*ALL))
    finding = context.store.record(made(service="ec2", account_id=PROD), NOW)
    (row,) = blocks(ask(context, "ec2 2026-11-17"), "actions")
    typed = [element["value"] for element in row["elements"]]
    assert typed == [
        f"/cost why {finding.id}", "/cost why ec2 --days 7", "/cost why ec2 --days 30", "/cost trend ec2",
        "/cost why ec2 2026-11-17",
    ]  # fmt: skip
    for command in typed:
        if command.startswith("/cost why "):
            assert ask(context, command.removeprefix("/cost why ")).text


def test_foreign_text_pings_nobody(tmp_path: Path) -> None:
    hostile = "<!channel> & <@U0ANA>"
    bill = [
        line(NAT["amount"], team=hostile, usage_type=hostile, name=hostile, region=hostile, unit=hostile),
        line(MACHINES["amount"], service=hostile),
    ]
    reply = ask(bot(tmp_path, by_export(*bill)), "2026-11-17")
    shown: list[Block] = [block for block in reply.blocks if block["type"] not in ("table", "waterfall")]
    for text in (reply.text, json.dumps(shown, ensure_ascii=False)):
        assert "<!channel" not in text
        assert "<@" not in text


def test_the_terminal_says_the_same(tmp_path: Path) -> None:
    reply = ask(bot(tmp_path, by_export(*ALL)), "ec2 2026-11-17")
    shown = render(reply)
    assert news(reply) in shown
    assert "[7 days] /cost why ec2 --days 7" in shown
    assert "residual $0.00" in shown
