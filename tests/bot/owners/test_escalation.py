"""When nobody reacts: the owner is told again, then the escalation contact, and whatever anybody does ends it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Direction, Severity
from bot.context import Context
from bot.demo.slack.limits import check_message
from bot.errors import CostbotError
from bot.store import ChannelSettings
from bot.workflows.escalate import escalate
from bot.workflows.redraw import redraw
from tests.bot.decisions_factories import anomaly, clock_of, recommendation, slack_of
from tests.bot.decisions_factories import context as a_context

CHANNEL = "C0COSTS"
#: A Monday, 10:00 in UTC.
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    owners = tmp_path / "owners.csv"
    owners.write_text("kind,value,owner\ntag,payments,U0BEN\n")
    bot = a_context(tmp_path, settings={"owners_file": owners, "escalation_contact": "S0FINOPS"})
    clock_of(bot).at = MONDAY
    return bot


def posted(context: Context, value: Any = None, channel: str = CHANNEL) -> str:
    """A finding whose card went out just now."""
    finding = context.store.record(value or anomaly(owner="payments"), context.clock.now())
    context.store.claim_post(finding.id, channel, context.clock.now())
    context.store.confirm_post(finding.id, channel, "1.1", context.clock.now())
    return finding.id


def told(context: Context) -> list[str]:
    """What escalations said, first to last."""
    return [post["text"] for post in slack_of(context).of("post")]


def pass_days(context: Context, days: float) -> list[int]:
    """The steps that were taken at each full hour."""
    taken = []
    for _ in range(int(days * 24)):
        clock_of(context).pass_time(hours=1)
        taken.append(escalate(context))
    return taken


def test_first_the_owner_then_the_contact_then_nobody(context: Context) -> None:
    finding_id = posted(context)

    taken = pass_days(context, 7)

    assert [at + 1 for at, steps in enumerate(taken) if steps] == [24, 48], "8 working hours each: 10 o'clock"
    first, second = slack_of(context).of("post")
    assert first["text"] == (
        f"<@U0BEN>: nobody has reacted to {finding_id} for 8 working hours. "
        "Amazon Virtual Private Cloud +$344/day in prod."
    )
    assert second["text"].startswith(f"<!subteam^S0FINOPS>: {finding_id} still waits, 8 working hours after <@U0BEN>")
    assert "Without an answer <!subteam^S0FINOPS> is asked next" in str(first["blocks"])
    assert "asked next" not in str(second["blocks"])
    assert {(post["channel"], post["thread_ts"]) for post in (first, second)} == {(CHANNEL, "1.1")}
    assert [(row.actor, row.verb, row.note, row.to_state) for row in context.store.audit(finding_id)[1:]] == [
        ("costbot", "escalate", "U0BEN", "open"),
        ("costbot", "escalate", "S0FINOPS", "open"),
    ]
    for post in (first, second):
        assert check_message({"text": post["text"], "blocks": post["blocks"]}) == []


@pytest.mark.parametrize("verb", ["acknowledge", "dismiss", "snooze", "assign", "resolve"])
@pytest.mark.parametrize("steps", [0, 1])
def test_whatever_anybody_does_ends_it(context: Context, verb: str, steps: int) -> None:
    finding_id = posted(context)
    pass_days(context, steps)
    now = context.clock.now()
    if verb == "assign":
        context.store.assign(finding_id, "U0CLEO", actor="U0ANA", now=now)
    elif verb == "resolve":
        context.store.resolve(finding_id, now, "back to normal")
    else:
        until = now + timedelta(days=30) if verb == "snooze" else None
        context.store.decide(finding_id, verb, actor="U0ANA", now=now, reason="expected", until=until)
    pass_days(context, 4)
    assert len(told(context)) == steps


def test_what_is_open_again_is_counted_anew_but_never_told_more_than_twice(context: Context) -> None:
    finding_id = posted(context)
    pass_days(context, 1)
    now = context.clock.now()
    context.store.decide(finding_id, "snooze", actor="U0ANA", now=now, until=now + timedelta(hours=5))
    clock_of(context).pass_time(hours=6)
    context.store.wake(context.clock.now())
    assert pass_days(context, 0.9) == [0] * 21
    assert sum(pass_days(context, 10)) == 1
    assert len(told(context)) == 2


@pytest.mark.parametrize(
    "value",
    [
        anomaly(owner="payments", severity=Severity.MEDIUM, impact_per_day=30.0),
        anomaly(owner="payments", direction=Direction.DOWN, impact_per_day=-900.0),
        recommendation(owner="payments", monthly_savings=999.0),
        recommendation(owner="payments", monthly_savings=0.0),
    ],
)
def test_what_is_not_urgent_waits_in_peace(context: Context, value: Any) -> None:
    posted(context, value)
    pass_days(context, 4)
    assert told(context) == []


@pytest.mark.parametrize(
    "value",
    [
        anomaly(owner="payments", severity=Severity.CRITICAL, impact_per_day=5.0),
        anomaly(owner="payments", severity=Severity.LOW, impact_per_day=34.0),
        recommendation(owner="payments", monthly_savings=1000.0),
    ],
)
def test_severity_or_money_makes_it_urgent(context: Context, value: Any) -> None:
    posted(context, value)
    pass_days(context, 2)
    assert len(told(context)) == 2


def test_what_was_never_posted_is_told_to_nobody(context: Context) -> None:
    context.store.record(anomaly(owner="payments"), context.clock.now())
    pass_days(context, 4)
    assert told(context) == []


@pytest.mark.parametrize(
    ("owner", "contact", "asked"),
    [
        (None, "S0FINOPS", ["<!subteam^S0FINOPS>"]),
        ("payments", "U0BEN", ["<@U0BEN>"]),
        ("payments", None, ["<@U0BEN>"]),
        (None, None, []),
    ],
)
def test_nobody_is_asked_twice(context: Context, owner: str | None, contact: str | None, asked: list[str]) -> None:
    settings = context.settings.model_copy(update={"escalation_contact": contact})
    changed = dataclasses.replace(context, settings=settings)
    posted(changed, anomaly(owner=owner))
    pass_days(changed, 4)
    assert [text.partition(":")[0] for text in told(changed)] == asked


def test_off_is_off(context: Context) -> None:
    off = dataclasses.replace(context, settings=context.settings.model_copy(update={"escalate_after_hours": 0.0}))
    posted(off)
    pass_days(off, 4)
    assert told(off) == []


def test_the_weekend_and_the_night_of_the_channel_are_respected(context: Context) -> None:
    context.store.channels.set(CHANNEL, ChannelSettings(time_zone="America/New_York"), MONDAY)
    clock_of(context).at = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # Friday, 11:00 in New York
    posted(context)
    taken = pass_days(context, 3.5)
    (at,) = [number for number, steps in enumerate(taken) if steps]
    told_at = datetime(2026, 11, 20, 17, 0, tzinfo=UTC) + at * timedelta(hours=1)
    assert told_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "Monday, 11:00 in New York"


def test_a_channel_without_mentions_or_threads_reads_a_name_in_the_channel(context: Context) -> None:
    slack_of(context).directory.names["U0BEN"] = "Ben Example"
    context.store.channels.set(CHANNEL, ChannelSettings(mentions=False, threads=False), MONDAY)
    posted(context)
    pass_days(context, 1)
    (post,) = slack_of(context).of("post")
    assert post["text"].startswith("Ben Example: nobody has reacted")
    assert post["thread_ts"] is None


def test_a_refusal_is_tried_again_and_stops_no_other(context: Context) -> None:
    posted(context, anomaly(owner="payments", service="AmazonS3"), "C0GONE")
    posted(context)
    slack_of(context).refuses["C0GONE"] = CostbotError("The channel is archived.")
    pass_days(context, 1)
    assert len(told(context)) == 1
    slack_of(context).refuses.clear()
    assert escalate(context) == 1


def test_a_long_stop_and_a_first_start_bring_no_flood(context: Context) -> None:
    posted(context)
    clock_of(context).pass_time(days=9)
    assert sum(pass_days(context, 1)) == 0
    for number in range(7):
        posted(context, anomaly(owner="payments", service=f"service-{number}"))
    assert max(pass_days(context, 1)) == 5


def test_what_was_said_before_the_process_was_killed_is_noted_and_not_repeated(context: Context) -> None:
    finding_id = posted(context)
    clock_of(context).pass_time(days=1)
    subject = f"{finding_id}:escalation-1"
    context.store.claim_post(subject, CHANNEL, context.clock.now())
    context.store.confirm_post(subject, CHANNEL, "2.2", context.clock.now())
    assert escalate(context) == 1
    assert told(context) == []
    assert [row.note for row in context.store.audit(finding_id)[1:]] == ["U0BEN"]


def test_a_redraw_does_not_say_it_again(context: Context) -> None:
    finding_id = posted(context)
    pass_days(context, 1)
    redraw(context, context.store.finding(finding_id))
    assert len(told(context)) == 1
