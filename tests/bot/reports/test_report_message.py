"""The report as a message, and as a PDF with the same figures."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from bot.blocks.report import Report, Section, Table
from bot.blocks.report_message import report_reply
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError, UsageError
from bot.reports.fonts import BOX, drawable
from bot.reports.gather import gather_report
from bot.reports.pdf import report_pdf
from bot.reports.scope import Length, Scope
from bot.workflows import post_report
from tests.bot.decisions_factories import slack_of
from tests.bot.reports.report_worlds import world

GOLDEN = Path(__file__).parents[2] / "golden" / "report_week.json"
AMOUNT = re.compile(r"[+−]?\$[0-9][0-9,.]*[0-9]")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    made = world(tmp_path_factory.mktemp("message"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def made(bot: Context) -> Report:
    return gather_report(bot, Scope(tag="team"), Length.WEEK)


@pytest.fixture(scope="module")
def pages(made: Report) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report_pdf(made))).pages]


def test_the_message_is_what_it_was(made: Report) -> None:
    """After a wanted change, write the new blocks to the golden file and look at the difference."""
    assert report_reply(made).blocks == json.loads(GOLDEN.read_text())


def test_slack_takes_it_with_all_that_makes_it_longer(made: Report) -> None:
    assert check_message({"text": report_reply(made).text, "blocks": report_reply(made).blocks}) == []
    many = tuple(f"{n} {'<!channel> ' * 40}" for n in range(6))
    drawn = made.section("forecast").chart
    sections = tuple(dataclasses.replace(one, points=many, chart=drawn) for one in made.sections)
    longer = dataclasses.replace(made, sections=sections)
    assert check_message({"text": "x", "blocks": report_reply(longer).blocks}) == []
    assert "<!channel>" not in json.dumps(report_reply(longer).blocks)


def test_a_part_that_is_not_known_says_why_and_has_no_figure(made: Report) -> None:
    [text] = [
        block["text"]["text"]
        for block in report_reply(made).blocks
        if block["type"] == "section" and "Commitments" in str(block)
    ]
    assert text == "*Commitments ending in 60 days*\nNot known: No scan for savings has read yet what is owned."


def test_every_amount_of_the_message_is_in_the_file(made: Report, pages: list[str]) -> None:
    def words(node: Any) -> str:
        if isinstance(node, dict):
            return " ".join(words(value) for key, value in node.items() if key not in ("value", "chart"))
        return " ".join(map(words, node)) if isinstance(node, list) else str(node)

    said = set(AMOUNT.findall(words(report_reply(made).blocks)))
    assert len(said) > 25
    assert said - set(AMOUNT.findall(" ".join(pages))) == {"+$344"}  # a day's rate, where the file tells the sum


def test_the_file_says_what_it_rests_on(pages: list[str]) -> None:
    text = " ".join(" ".join(pages).split())
    for said in (
        "Effective cost (amortised, after discounts), in USD. Data until Nov 21.",
        "Waiting: the monthly saving / 30.4 ×",
        "Left out: commitments",
        "Usage only. Beside it Nov 1–21 has tax $105.",
        "Made by costbot Nov 23, 2026 at 09:00 UTC from stored costs.",
    ):
        assert said in text


def test_pages_are_numbered_and_named(pages: list[str]) -> None:
    assert 2 <= len(pages) <= 4
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
        assert "Weekly cost report · all costs · Nov 15–21, 2026" in page


@pytest.mark.parametrize(
    ("foreign", "drawn"),
    [
        ("Überblick Łódź Ωμέγα Киев", "Überblick Łódź Ωμέγα Киев"),
        ("日本 staging 🚀", f"{BOX}{BOX} staging {BOX}"),
        ("a\u202eb\x00c\u200b", "abc"),
        ("cafe\u0301", "café"),
    ],
)
def test_letters_of_any_script_are_drawn_or_boxed(foreign: str, drawn: str) -> None:
    assert drawable(foreign) == drawn


def test_hostile_names_make_a_file(made: Report) -> None:
    name = "\u202e日本'; drop table costs; -- <!channel> **x** " * 30
    table = Table(("What", "Cost"), tuple((name, "$1.00") for _ in range(90)), (1,), sums=1)
    sections = (*made.sections, Section("x", name, (name,), (name,), table, details=(name,)))
    file = pypdf.PdfReader(io.BytesIO(report_pdf(dataclasses.replace(made, about=name, sections=sections))))
    text = file.pages[-1].extract_text()
    assert "□ stands for letters that the font does not have." in " ".join(text.split())
    assert file.metadata is not None
    assert "drop table" in str(file.metadata.title)


def ask(bot: Context, typed: str, channel: str = "C0COSTS") -> Reply:
    return find("report").answer(Request("report", tuple(typed.split()), "U0BEN", channel), bot)


def test_the_command_answers_at_once_and_offers_the_file(bot: Context) -> None:
    reply = ask(bot, "")
    commands = [button["value"] for button in reply.blocks[-1]["elements"]]
    assert commands == ["/cost report week", "/cost report month", "/cost report week --pdf", "/cost report week"]
    assert reply.text.startswith("Weekly cost report. Nov 1–21 cost $3,121")


def test_the_file_comes_into_the_thread_of_the_message(bot: Context) -> None:
    reply = ask(bot, "month --team payments --pdf")
    assert reply.text == "The report of the month on team payments is being made; it comes here in some seconds."
    [message], [file] = slack_of(bot).of("post"), slack_of(bot).of("upload")
    assert "<@U0BEN>" in json.dumps(message["blocks"][-1])
    assert (file["name"], file["thread_ts"]) == ("cost_report_month_2026-11-21_payments.pdf", "1700000000.000001")
    assert file["content"].startswith(b"%PDF-")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that need not be drawn."""
    monkeypatch.setattr(post_report, "report_pdf", lambda made: b"%PDF-")


@pytest.mark.usefixtures("quick")
def test_in_a_dm_the_file_comes_alone(bot: Context) -> None:
    slack_of(bot).calls.clear()
    ask(bot, "--pdf", channel="D0BEN")
    assert [method for method, _ in slack_of(bot).calls] == ["upload"]


@pytest.mark.usefixtures("quick")
def test_who_asked_is_told_when_slack_takes_no_file(bot: Context) -> None:
    slack_of(bot).calls.clear()
    slack_of(bot).refuses["upload"] = CostbotError("costbot lacks the Slack permission files:write.")
    try:
        ask(bot, "--pdf")
    finally:
        slack_of(bot).refuses.clear()
    assert "files:write" in slack_of(bot).of("ephemeral")[0]["text"]


@pytest.mark.usefixtures("quick")
def test_in_a_terminal_the_file_is_the_answer(bot: Context) -> None:
    reply = ask(dataclasses.replace(bot, slack=None), "--pdf", channel="terminal")
    assert reply.file is not None
    assert reply.file.content.startswith(b"%PDF-")


@pytest.mark.parametrize("typed", ["quarter", "week month", "--days 7", "--team"])
def test_what_it_does_not_know_is_one_sentence(bot: Context, typed: str) -> None:
    with pytest.raises(UsageError):
        ask(bot, typed)
