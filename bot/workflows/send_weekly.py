"""The weekly report of a channel: the message once, and its PDF in the thread once, each claimed before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.blocks.report import Report
from bot.blocks.report_message import report_reply
from bot.context import Context
from bot.delivery.channel_words import local_zone
from bot.delivery.post_once import post_once
from bot.digest_times import last_due_of_week
from bot.reply import Reply
from bot.reports.gather import gather_report
from bot.reports.scope import Length, scope_of
from bot.store import Post, Subscription
from bot.workflows.post_report import report_file

KIND = "weekly"
#: Where a subscription names no time.
AT = time(9)
NOTE = "The PDF is in the thread. `/cost unsubscribe weekly` ends this."


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is to be sent: for whom, and of which Monday."""

    wanted: Subscription
    monday: date
    due_at: datetime

    @property
    def subject(self) -> str:
        """What its message is claimed by."""
        whose = f":{self.wanted.team!r}:{self.wanted.account!r}" if self.wanted.team or self.wanted.account else ""
        return f"{KIND}:{self.monday.isoformat()}{whose}"

    @property
    def file_subject(self) -> str:
        """What its file is claimed by."""
        return f"{self.subject}:pdf"


def due_of(context: Context, wanted: Subscription) -> Due:
    """The latest Monday whose time has come in the channel's own zone."""
    monday, due_at = last_due_of_week(wanted.at or AT, local_zone(context, wanted.channel), context.clock.now())
    return Due(wanted, monday, due_at)


def is_sent(context: Context, due: Due) -> bool:
    """Whether the message and its file are out."""
    return all(_post(context, subject, due.wanted.channel) for subject in (due.subject, due.file_subject))


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
    channel = due.wanted.channel

    def draw() -> Reply:
        return report_reply(make(), buttons=False, note=NOTE)

    sent = _post(context, due.subject, channel)
    ts = sent.ts if sent else post_once(context, due.subject, channel, draw)
    return ts is not None and (_post(context, due.file_subject, channel) is not None or _upload(context, due, make, ts))


def _upload(context: Context, due: Due, make: Callable[[], Report], ts: str) -> bool:
    """Claim the file, upload it, confirm; a process that is killed in between repeats it once."""
    store, slack, channel = context.store, context.slack, due.wanted.channel
    if slack is None or not store.claim_post(due.file_subject, channel, context.clock.now()):
        return False
    try:
        file = report_file(context, make())
        file_id = slack.upload(file.name, file.content, channel=channel, thread_ts=ts)
    except Exception:
        store.abandon_post(due.file_subject, channel)
        raise
    store.confirm_post(due.file_subject, channel, file_id, context.clock.now())
    return True


def _post(context: Context, subject: str, channel: str) -> Post | None:
    """The post of a subject that is out in a channel."""
    return next((post for post in context.store.posts(subject) if post.channel == channel and post.ts), None)
