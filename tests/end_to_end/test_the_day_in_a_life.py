"""A Monday of a team, from 08:55 to the evening: digest, alert, assignment, snooze, weekly report, a budget's breach.

The clock is moved as an operator's would be who starts the bot again: the same data directory, a later hour.
"""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import expect

from bot.app import DATABASE
from bot.demo.launcher import clock_offset, message_kinds, start_bot, started
from bot.demo.slack.client import Person

#: On the worker of the other demo, so that two never start side by side.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]

DAY = "2026-11-23"  # a Monday
COSTS, TEAM = "C0COSTS", "C0PAYMENTS"
#: How the digest begins: the newest day that is complete enough.
DIGEST = "Saturday, Nov 21: "


class Day:
    """The demo of one day, and what its hands do."""

    def __init__(self, demo):
        self.demo = demo
        self.ana, self.ben = Person(demo.url, "U0ANA"), Person(demo.url, "U0BEN")

    def becomes(self, clock):
        """The bot is started again, and it is `clock` for it."""
        self.demo.bot.terminate()
        self.demo.bot.wait(60)
        self.ana.wait_for(lambda state: not state["bot_connected"])
        self.demo.environment["COSTBOT_CLOCK_OFFSET"] = str(clock_offset(f"{DAY}T{clock}"))
        self.demo.bot = start_bot(self.demo.environment, self.demo.data_dir)
        self.ana.wait_for(lambda state: state["bot_connected"])

    def posts(self, channel, beginning):
        """What everybody sees in a channel, threads included."""
        return [m for m in self.ben.messages(channel) if not m["ephemeral"] and m["text"].startswith(beginning)]

    def has_run(self, job, due):
        """Whether a job has ended for a slot of the day."""
        with closing(sqlite3.connect(f"file:{self.demo.data_dir / DATABASE}?mode=ro", uri=True)) as db:
            sql = "SELECT 1 FROM job_runs WHERE job = ? AND due_at LIKE ? AND finished_at IS NOT NULL"
            return db.execute(sql, (job, f"{DAY}T{due}%")).fetchone() is not None

    def types(self, person, channel, text, answer):
        person.say(channel, text)
        return person.wait_for_message(channel, answer)


@pytest.fixture(scope="module")
def day():
    with started(now=f"{DAY}T08:55") as demo:
        yield Day(demo)


@pytest.fixture
def page(browser, day):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(f"{day.demo.url}/?user=U0BEN&channel=home")
    yield opened
    opened.close()


def cards(day, kind):
    return [m for m in day.posts(COSTS, "") if kind in message_kinds(m)]


def id_of(card):
    return re.search(r"\b[AS]-\w{4,}\b", str(card["blocks"]) + card["text"])[0]


def test_a_monday_from_morning_to_evening(day, page):
    ana, ben = day.ana, day.ben

    # 08:55: the team sets up its channels; a budget that is spent already says so at once.
    day.types(ana, TEAM, "/cost subscribe digest --at 09:00", "daily digest at 09:00")
    day.types(ana, TEAM, "/cost subscribe weekly --at 09:30", "weekly report at 09:30")
    day.types(ana, TEAM, "/cost subscribe budgets", "news of every budget")
    day.types(ana, TEAM, "/cost budget set 100 --service s3", "budget of $100 a month")
    nat, bedrock = (id_of(card) for card in cards(day, "anomaly"))
    assert len(day.posts(COSTS, DIGEST)) == 1, "the launcher's"

    # 09:00: the digest, once in each channel that asked for it.
    day.becomes("09:01")
    ben.wait_for(lambda _: len(day.posts(COSTS, DIGEST)) == 2 and len(day.posts(TEAM, DIGEST)) == 1)
    # An alert is given to somebody, whose Home begins with it; another one sleeps until tomorrow.
    day.types(ana, COSTS, f"/cost assign {nat} @ben", "is with <@U0BEN> now")
    home = page.get_by_role("region", name="costbot Home")
    page.reload()
    expect(home).to_contain_text("Assigned to you")
    assert home.inner_text().index(nat) < home.inner_text().index("Costs")
    day.types(ana, COSTS, f"/cost snooze {bedrock} --until 1d", f"You snoozed {bedrock}")

    # 09:30: the week's report, with its file in the thread.
    day.becomes("09:31")
    report = ben.wait_for_message(TEAM, "Weekly cost report")
    ben.wait_for(lambda _: [m for m in ben.messages(TEAM) if m.get("thread_ts") == report["ts"] and m.get("files")])

    # Noon: costs are read again, and the budget is told, once.
    day.becomes("12:01")
    ben.wait_for_message(TEAM, "Budget reached: S3")

    # The evening: another refresh has come in; nothing was told twice, no card is missing, and costbot is well.
    day.becomes("19:00")
    ben.wait_for(lambda _: day.has_run("budget_alerts", "18:00"), timeout=300)
    day.types(ana, COSTS, "/cost status", "All is well")
    for words in (DIGEST, "Weekly cost report", "Budget reached: S3"):
        assert len(day.posts(TEAM, words)) == 1, words
    assert len(day.posts(COSTS, DIGEST)) == 2
    assert [m["text"] for m in day.posts(COSTS, "Something is wrong")] == []
    told = [id_of(card) for kind in ("anomaly", "recommendation") for card in cards(day, kind)]
    assert len(told) == len(set(told))
