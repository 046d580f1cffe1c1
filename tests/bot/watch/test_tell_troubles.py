"""The admin channel is told of a trouble once, again after a day, and when it is over; nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from bot.context import Context
from bot.data_lock import sole_owner
from bot.errors import CostbotError
from bot.jobs.self_watch import run
from bot.store.watch import Watch
from bot.watch.facts import STARTED
from bot.watch.tell import PATIENCE, tell_troubles
from bot.watch.verdict import Severity, Verdict
from tests.bot.decisions_factories import NOW, clock_of, context, slack_of
from tests.bot.watch.watch_factories import AuthTest, Lasting, Serving, running

DISK = Verdict("disk", Severity.WARNING, "The disk is nearly full.", "Make room.")
FAILING = Verdict("job.x.failed", Severity.BROKEN, "The refresh failed twice in a row.", "Look.")


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    made = running(tmp_path)
    with sole_owner(tmp_path):
        yield made
    made.store.close()


def posted(bot: Context) -> list[tuple[str, str]]:
    """Channel and text of what was posted since the last look."""
    found = [(call["channel"], call["text"]) for call in slack_of(bot).of("post")]
    slack_of(bot).calls.clear()
    return found


def test_a_trouble_is_told_once_then_daily_then_that_it_is_over(bot: Context) -> None:
    tell_troubles(bot, [DISK])
    assert posted(bot) == [("C0ADMIN", "Something is wrong with costbot. The disk is nearly full. Make room.")]
    for _ in range(3):
        clock_of(bot).pass_time(hours=7)
        tell_troubles(bot, [replace(DISK, sentence="The disk is full.")])
    assert posted(bot) == []
    clock_of(bot).pass_time(hours=4)
    tell_troubles(bot, [DISK, FAILING])
    assert [text for _, text in posted(bot)] == [
        "Something is wrong with costbot. The refresh failed twice in a row. Look. Still, since "
        "<!date^1795168800^{date_short_pretty} {time}|Nov 20 10:00 UTC>: The disk is nearly full. Make room."
    ]
    tell_troubles(bot, [FAILING])
    assert [text for _, text in posted(bot)] == ["One trouble of costbot is over. Over: The disk is nearly full."]
    tell_troubles(bot, [FAILING])
    assert posted(bot) == []
    tell_troubles(bot, [DISK, FAILING])
    assert len(posted(bot)) == 1, "it came back"


def test_what_may_mend_by_itself_is_waited_for(bot: Context) -> None:
    young = replace(FAILING, since=NOW)
    tell_troubles(bot, [young])
    assert posted(bot) == []
    tell_troubles(bot, [])
    assert posted(bot) == [], "nobody was told of it, so nobody is told that it is over"
    clock_of(bot).pass_time(seconds=PATIENCE.total_seconds())
    tell_troubles(bot, [young])
    assert len(posted(bot)) == 1


def test_what_slack_refuses_is_told_at_the_next_look(bot: Context) -> None:
    slack_of(bot).refuses["C0ADMIN"] = CostbotError("The channel is archived.")
    with pytest.raises(CostbotError):
        tell_troubles(bot, [DISK])
    slack_of(bot).refuses.clear()
    clock_of(bot).pass_time(minutes=10)
    tell_troubles(bot, [DISK])
    assert len(posted(bot)) == 1


def test_a_process_that_ended_after_the_post_does_not_post_again(bot: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Watch, "troubles_told", killed)
        with pytest.raises(KeyboardInterrupt):
            tell_troubles(bot, [DISK])
    assert len(posted(bot)) == 1
    clock_of(bot).pass_time(minutes=10)
    tell_troubles(bot, [DISK])
    assert posted(bot) == []


def test_without_an_admin_channel_the_alert_channel_is_told(tmp_path: Path) -> None:
    made = running(tmp_path, settings={"admin_channel": None})
    tell_troubles(made, [DISK])
    assert [channel for channel, _ in posted(made)] == ["C0COSTS"]
    made.store.close()


def test_the_job_finds_what_is_wrong_by_itself(bot: Context) -> None:
    run.run(bot, NOW)
    assert posted(bot) == []
    answer = {"ok": False, "error": "token_revoked"}
    slack_of(bot).client.answer = SlackApiError("no", answer)  # type: ignore[attr-defined]
    run.run(bot, NOW)
    assert posted(bot) == [
        (
            "C0ADMIN",
            "Something is wrong with costbot. Slack says the bot token was revoked. "
            "Install the app again and set SLACK_BOT_TOKEN.",
        )
    ]
    slack_of(bot).client.answer = {"ok": True, "expires_in": 7200}  # type: ignore[attr-defined]
    assert isinstance(bot.aws, Lasting)
    bot.aws.end = NOW + timedelta(hours=3)
    run.run(bot, NOW)
    assert [text for _, text in posted(bot)] == [
        "Something is wrong with costbot. The AWS credentials end in 3 h, and nothing renews them. Give costbot fresh "
        "ones before; a role of the instance or container renews itself."
    ], "the token is still the same trouble"
    clock_of(bot).pass_time(days=1)
    for due_at in (NOW, NOW + timedelta(minutes=15)):
        bot.store.claim_job("costs_refresh", due_at, clock_of(bot).now())
        bot.store.finish_job("costs_refresh", due_at, clock_of(bot).now(), "No.")
    bot.store.watch.channel_refused("C0COSTS", "is_archived", "The channel <#C0COSTS> is archived.", NOW)
    run.run(bot, NOW)
    (text,) = [text for _, text in posted(bot)]
    assert "The refresh of costs failed twice in a row: No." in text
    assert "The channel <#C0COSTS> is archived." in text


def test_a_costbot_that_has_just_been_started_is_given_time_to_fetch_costs(tmp_path: Path) -> None:
    made = context(tmp_path, settings={"alert_channel": "C0COSTS"}, aws=Lasting(), work=Serving())
    slack_of(made).client = AuthTest()  # type: ignore[attr-defined]
    made.store.remember(STARTED, NOW.isoformat(), NOW)
    with sole_owner(tmp_path):
        run.run(made, NOW)
        assert posted(made) == []
        clock_of(made).pass_time(minutes=40)
        run.run(made, NOW)
    assert [text[:65] for _, text in posted(made)] == [
        "Something is wrong with costbot. No costs are stored yet. Run `co"
    ]
    made.store.close()
