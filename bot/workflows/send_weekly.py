"""The weekly report of a channel: the message once, and its PDF in the thread once, each claimed before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from bot.blocks.report import Report
from bot.blocks.report_message import report_reply
from bot.context import Context
from bot.delivery.by_the_clock import Due
from bot.delivery.channel_words import local_zone
from bot.delivery.post_once import once, post_once
from bot.digest_times import last_due_of_week
from bot.posting import Poster
from bot.reply import Reply
from bot.reports.gather import gather_report
from bot.reports.scope import Length, scope_of
from bot.store import Post, Subscription
from bot.workflows.post_report import report_file

KIND = "weekly"
#: Where a subscription names no time.
AT = time(9)
NOTE = "The PDF is in the thread. `/cost unsubscribe weekly` ends this."


def due_of(context: Context, wanted: Subscription) -> Due | None:
    """What a channel has not got yet, message and file, of the latest Monday whose time has come in its own zone."""
    monday, due_at = last_due_of_week(wanted.at or AT, local_zone(context, wanted.channel), context.clock.now())
    due = Due(wanted, monday, due_at)
    is_sent = all(_post(context, subject, wanted.channel) for subject in (_subject(due), _file_subject(due)))
    return None if is_sent else due


def made_report(context: Context, team: str, account: str) -> Report:
    """The report of a team and an account alone, where they are named.

    Raises:
        CostbotError: no costs are stored, or none of that team or account.
    """
    scope = scope_of(context.costs, context.settings.owner_tag, team=team, account=account)
    return gather_report(context, scope, Length.WEEK)


def send_weekly(context: Context, due: Due, make: Callable[[], Report]) -> bool:
    """Send what is not out yet; False when somebody else is at it.

    Raises:
        CostbotError: Slack refused, or the report could not be made; it may be tried again.
    """
    channel = due.channel

    def draw() -> Reply:
        return report_reply(make(), buttons=False, note=NOTE)

    sent = _post(context, _subject(due), channel)
    ts = sent.ts if sent else post_once(context, _subject(due), channel, draw)
    return ts is not None and (
        _post(context, _file_subject(due), channel) is not None or _upload(context, due, make, ts)
    )


def _upload(context: Context, due: Due, make: Callable[[], Report], ts: str) -> bool:
    """The file in the thread of its message; a process that is killed in between repeats it once."""

    def upload(slack: Poster) -> str:
        file = report_file(context, make())
        return slack.upload(file.name, file.content, channel=due.channel, thread_ts=ts)

    return once(context, _file_subject(due), due.channel, upload) is not None


def _subject(due: Due) -> str:
    """What its message is claimed by."""
    whose = f":{due.wanted.team!r}:{due.wanted.account!r}" if due.wanted.team or due.wanted.account else ""
    return f"{KIND}:{due.day.isoformat()}{whose}"


def _file_subject(due: Due) -> str:
    """What its file is claimed by."""
    return f"{_subject(due)}:pdf"


def _post(context: Context, subject: str, channel: str) -> Post | None:
    """The post of a subject that is out in a channel."""
    return next((post for post in context.store.posts(subject) if post.channel == channel and post.ts), None)
