"""`/cost tune`: a replay over the stored bill, nothing saved by looking, and nothing by who may not."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.blocks.tune_report import TuneReport, news, tune_reply, whose
from bot.commands import Reply, Request
from bot.commands.help import help_command
from bot.commands.tune import tune
from bot.context import Context
from bot.errors import NotEnoughData, SettingsError, UsageError
from bot.store import NotAllowed
from bot.thresholds import FACT, Thresholds, thresholds
from bot.workflows.replay_alerts import Alert, Replay, Replays, replay_alerts
from bot.workflows.scan_anomalies import gather
from tests.bot.anomalies.anomaly_factories import EC2, LAST, Bill
from tests.bot.costs.cost_factories import blocks, texts
from tests.bot.decisions_factories import NOW, anomaly, clock_of
from tests.bot.decisions_factories import context as made_context

S3 = "Amazon Simple Storage Service"


class NoAccounts:
    """Aws of somebody with one account without a name."""

    def accounts(self) -> tuple[()]:
        return ()


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return made_context(tmp_path, aws=NoAccounts())


def stored(context: Context, length: int = 150) -> None:
    """A large spike 40 days ago, a small one 20 days ago, a fall 60 days ago."""
    bill = Bill(length=length)
    large = bill.during(100, LAST - timedelta(days=40), 2, 400)
    bill.line(EC2, "BoxUsage:m5.large", large)
    bill.line(S3, "TimedStorage-ByteHrs", bill.during(40, LAST - timedelta(days=20), 1, 58))
    fall = np.array([5.0 if 0 <= (LAST - day).days - 58 < 3 else 200.0 for day in bill.days])
    bill.line("Amazon Relational Database Service", "InstanceUsage:db.m5.large", fall).store(context.costs)


def ask(context: Context, words: str = "", user: str = "U0BEN") -> Reply:
    return tune.answer(Request("tune", tuple(words.split()), user, "C0COSTS"), context)


def rows(reply: Reply) -> list[list[str]]:
    (table,) = blocks(reply, "table")
    return [[cell["text"] for cell in row] for row in table["rows"]][1:]


def buttons(reply: Reply) -> dict[str, str]:
    (actions,) = blocks(reply, "actions")
    return {one["text"]["text"]: one["value"] for one in actions["elements"]}


def alert(**changed: Any) -> Alert:
    known: dict[str, Any] = {
        "service": "ec2", "service_name": "EC2", "account": "111122223333", "direction": "up",
        "first_day": date(2026, 10, 1), "last_day": date(2026, 10, 2), "told_on": date(2026, 10, 2), "impact": 500.0,
    }  # fmt: skip
    return Alert(**(known | changed))


def report(now: tuple[Alert, ...], other: tuple[Alert, ...] = (), **changed: Any) -> TuneReport:
    replays = Replays(date(2026, 8, 22), date(2026, 11, 19), (Replay(10.0, 0.2, now), Replay(25.0, 0.3, other)))
    known: dict[str, Any] = {
        "now": Thresholds(10.0, 20.0), "replays": replays, "proposed": True, "noise": (), "changes": (),
        "account_names": {}, "currency": "USD",
        "save_command": "/cost tune --min-impact 25 --min-pct 30 --save",
        "command": "/cost tune --min-impact 25 --min-pct 30",
    }  # fmt: skip
    return TuneReport(**(known | changed))


def test_nothing_stored_is_a_next_step(context: Context) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        ask(context)


def test_four_weeks_are_too_few(context: Context) -> None:
    Bill(length=28).line(EC2, "BoxUsage:m5.large", 100).store(context.costs)
    with pytest.raises(NotEnoughData, match="Only 28 days of costs are stored; a replay needs more than 28"):
        ask(context)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("50", "/cost tune --min-impact 25 --min-pct 30"),
        ("--min-impact much", "“much” is no amount"),
        ("--min-impact -5", "“-5” is no amount"),
        ("--min-impact nan", "“nan” is no amount"),
        ("--min-pct 0.3", "Write per cent: --min-pct 30 for 30 %."),
        ("--save", "--save needs thresholds."),
        ("--reset --min-pct 30", "--reset goes alone."),
        ("--min-dollars 5", "It takes --min-impact, --min-pct"),
        ("<!channel>", "“&lt;!channel&gt;”"),
    ],
)
def test_wrong_words_are_refused_with_a_way_that_works(context: Context, words: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(context, words, user="U0ANA")
    assert said in str(caught.value)
    assert context.store.recall(FACT) is None


def test_the_replay_tells_what_higher_thresholds_leave_out(context: Context) -> None:
    stored(context)
    reply = ask(context, "--min-impact 50 --min-pct 30")
    assert reply.text.startswith("$50 a day and 30 % would have told 2 alerts in the last 90 days instead of 3: $60")
    assert "Would not have been told: S3 in 111122223333 +$1" in reply.text
    assert "on top" not in reply.text
    assert [row[:3] for row in rows(reply)] == [
        ["$10 a day and 20 % (now)", "3", "1.0"],
        ["$50 a day and 30 %", "2", "0.7"],
    ]


def test_looking_saves_nothing(context: Context) -> None:
    stored(context, 60)
    ask(context, "--min-impact 50 --min-pct 30")
    assert thresholds(context) == Thresholds(10.0, 20.0)


def test_without_thresholds_the_ones_in_use_are_told_with_two_examples(context: Context) -> None:
    stored(context)
    reply = ask(context)
    assert reply.text.startswith("The last 90 days with $10 a day and 20 %: 3 alerts, $6")
    assert [row[0] for row in rows(reply)] == ["$10 a day and 20 % (now)", "$25 a day and 20 %", "$50 a day and 20 %"]
    assert list(buttons(reply)) == ["Share"]


def test_a_short_history_replays_what_it_can(context: Context) -> None:
    stored(context, 60)
    assert "in the last 32 days" in ask(context, "--min-impact 50").text


def test_the_replay_sees_what_the_scan_would_have_told(context: Context) -> None:
    """The same incidents, told on the same day: judged causally, whichever day is asked."""
    stored(context, 130)
    (replay,) = replay_alerts(str(context.settings.data_dir), context.settings.cost_view, ((10.0, 0.2),)).replays
    large = next(one for one in replay.alerts if one.service == "ec2")
    assert (large.first_day, large.last_day, large.told_on) == (
        LAST - timedelta(days=40), LAST - timedelta(days=39), LAST - timedelta(days=40),
    )  # fmt: skip
    assert large.impact == pytest.approx(600, rel=0.05)
    fall = next(one for one in replay.alerts if one.service == "rds")
    assert fall.delay_days == 2
    assert fall.impact < 0


def test_what_people_called_noise_is_counted(context: Context) -> None:
    stored(context)
    start = LAST - timedelta(days=20)
    finding = context.store.record(
        anomaly(service="s3", account_id="111122223333", first_day=start, last_day=start), NOW
    )
    context.store.decide(finding.id, "dismiss", actor="U0ANA", now=NOW, reason="false positive")
    reply = ask(context, "--min-impact 50 --min-pct 30")
    assert [row[-1] for row in rows(reply)] == ["1", "0"]


def test_the_button_saves_what_was_shown_after_a_question(context: Context) -> None:
    stored(context, 60)
    reply = ask(context, "--min-impact 50 --min-pct 30")
    assert buttons(reply)["Save these thresholds"] == "/cost tune --min-impact 50 --min-pct 30 --save"
    (actions,) = blocks(reply, "actions")
    assert "confirm" in actions["elements"][0]


def test_the_thresholds_in_use_need_no_saving(context: Context) -> None:
    stored(context, 60)
    assert list(buttons(ask(context, "--min-impact 10 --min-pct 20"))) == ["Share"]


def test_who_is_no_approver_saves_nothing(context: Context) -> None:
    with pytest.raises(NotAllowed, match="that takes an approver"):
        ask(context, "--min-impact 50 --save", user="U0BEN")
    with pytest.raises(NotAllowed, match="that takes an approver"):
        ask(context, "--reset", user="U0BEN")
    assert context.store.recall(FACT) is None


def test_without_approvers_nobody_saves(tmp_path: Path) -> None:
    context = made_context(tmp_path, settings={"approvers": ()})
    with pytest.raises(SettingsError, match="Nobody may approve yet"):
        ask(context, "--min-impact 50 --save", user="U0ANA")
    assert context.store.recall(FACT) is None


def test_an_approver_saves_for_the_next_scan_and_the_channel_sees_it(context: Context) -> None:
    reply = ask(context, "--min-impact 50 --min-pct 30% --save", user="U0ANA")
    assert reply.in_channel
    assert reply.text == (
        "From the next scan on an anomaly takes $50 a day and 30 %; it was $10 a day and 20 %. Saved by <@U0ANA>."
    )
    assert thresholds(context) == Thresholds(50.0, 30.0, "U0ANA", NOW)
    question = gather(context)
    assert (question.min_impact, question.min_pct) == (50.0, 0.3)


def test_saved_ones_are_taken_back_to_the_settings(context: Context) -> None:
    ask(context, "--min-impact 50 --save", user="U0ANA")
    reply = ask(context, "--reset", user="U0ANA")
    assert reply.text.startswith(
        "From the next scan on an anomaly takes $10 a day and 20 %; it was $50 a day and 20 %."
    )
    assert gather(context).min_impact == 10.0


def test_the_record_keeps_old_and_new_values_and_cannot_be_altered(context: Context) -> None:
    ask(context, "--min-impact 50 --min-pct 30 --save", user="U0ANA")
    clock_of(context).pass_time(days=1)
    ask(context, "--min-pct 40 --save", user="U0ANA")
    ask(context, "--reset", user="U0ANA")
    kept = [(one.actor, one.verb, one.before, one.after) for one in context.store.threshold_changes(9)]
    assert kept == [
        ("U0ANA", "reset", (50.0, 40.0), (10.0, 20.0)),
        ("U0ANA", "save", (50.0, 30.0), (50.0, 40.0)),
        ("U0ANA", "save", (10.0, 20.0), (50.0, 30.0)),
    ]
    with closing(sqlite3.connect(context.settings.data_dir / "costbot.db")) as file:
        for statement in ("DELETE FROM threshold_changes", "UPDATE threshold_changes SET actor = 'U0BEN'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                file.execute(statement)


def test_taking_back_nothing_is_no_change(context: Context) -> None:
    ask(context, "--reset", user="U0ANA")
    assert context.store.threshold_changes() == []


def test_the_answer_names_who_set_what_and_what_it_was(context: Context) -> None:
    def said() -> str:
        changes = context.store.threshold_changes(4)
        return texts(tune_reply(replace(report(()), now=thresholds(context), changes=changes)))

    assert "In use: $10 a day and 20 %, from the settings. Try" in said()
    ask(context, "--min-impact 50 --min-pct 30 --save", user="U0ANA")
    assert "In use: $50 a day and 30 %, set by <@U0ANA> <!date^" in said()
    assert ">: was $10 a day and 20 %. `/cost tune --reset` goes back to the settings." in said()
    assert "Earlier" not in said()
    ask(context, "--min-pct 30.5 --save", user="U0ANA")
    assert "Earlier: <@U0ANA> <!date^" in said()
    assert "set $50 a day and 30 % (was $10 a day and 20 %)." in said()
    ask(context, "--reset", user="U0ANA")
    assert "from the settings, since <@U0ANA> took $50 a day and 30.5 % back <!date^" in said()


def test_what_was_saved_before_changes_were_kept_still_says_by_whom(context: Context) -> None:
    old = {"min_impact": 50.0, "min_percent": 30.0, "by": "U0ANA", "at": NOW.isoformat()}
    context.store.remember(FACT, json.dumps(old), NOW)
    said = whose(thresholds(context), context.store.threshold_changes(), "USD")
    assert said.startswith("set by <@U0ANA> <!date^")
    assert "was" not in said


def test_help_names_the_thresholds_in_use(context: Context) -> None:
    ask(context, "--min-impact 50 --min-pct 30 --save", user="U0ANA")
    reply = help_command.answer(Request("help", (), "U0BEN", "C0COSTS"), context)
    assert "An anomaly takes $50 a day and 30 %, set by <@U0ANA>" in texts(reply)


def test_an_option_that_is_left_out_stays_as_it_is(context: Context) -> None:
    ask(context, "--min-impact 50 --min-pct 30 --save", user="U0ANA")
    ask(context, "--min-pct 40 --save", user="U0ANA")
    assert (thresholds(context).min_impact, thresholds(context).min_percent) == (50.0, 40.0)


def test_the_same_alerts_are_said_to_be_the_same() -> None:
    assert news(report((alert(),), (alert(),))) == (
        "$25 a day and 30 % would have told the same 1 alert in the last 90 days."
    )


def test_no_alert_has_no_delay() -> None:
    assert news(report((alert(),))) == (
        "$25 a day and 30 % would have told 0 alerts in the last 90 days instead of 1: $0.00 above expectation instead "
        "of $500."
    )


def test_lower_thresholds_say_what_comes_on_top() -> None:
    reply = tune_reply(report((), tuple(alert(account=f"{n:012d}", impact=float(n)) for n in range(9, 0, -1))))
    assert "*Would have been told on top*" in str(reply.blocks)
    assert "• and 3 more" in str(reply.blocks)
    assert reply.text.endswith("3 more.")


def test_foreign_names_ping_nobody() -> None:
    hostile = "<!channel> & <@U0ANA>"
    made = report((alert(service_name=hostile),), account_names={"111122223333": hostile})
    reply = tune_reply(made)
    shown = [block for block in reply.blocks if block["type"] != "table"]
    assert "<!channel>" not in json.dumps(shown) + reply.text
    assert "&lt;!channel&gt;" in reply.text
