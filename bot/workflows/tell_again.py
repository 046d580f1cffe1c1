"""News of an anomaly that a channel knows: its thread hears that it grew, the channel that it doubled or is back.

The card itself shows its figures of now in any case; a new message is for what would be missed there.
"""

from __future__ import annotations

import html

from analysis.lifecycle import ANOMALY, State
from analysis.models import Anomaly
from bot.blocks.anomaly_again import again_blocks, again_text, grown_blocks, grown_text
from bot.context import Context
from bot.delivery.channel_words import answers_in_threads, local_today
from bot.delivery.muted import without_muted
from bot.delivery.post_once import is_out, post_once
from bot.delivery.tell import Alert, tell
from bot.errors import CostbotError, report
from bot.reply import Reply
from bot.store import Finding, Held, Post
from bot.store.held import DOUBLED

KIND = "anomalies"
#: From this many times the money that the thread was told last on, it is told again.
GREW = 1.25


def tell_again(context: Context) -> int:
    """Tell what is news; returns how many messages channels got, those in threads not counted.

    A channel that refuses does not stop the others.
    """
    sent = 0
    for finding in without_muted(context, context.store.findings(ANOMALY, {State.OPEN, State.ACKNOWLEDGED})):
        for post in context.store.posts(finding.id):
            if post.ts is None:
                continue
            try:
                sent += _tell_one(context, finding, post)
            except CostbotError as error:
                report(error, f"telling {post.channel} again of {finding.id}")
    return sent


def _tell_one(context: Context, finding: Finding, post: Post) -> bool:
    channel, value = post.channel, _value(finding)
    per_day = abs(value.impact_per_day)
    back = _came_back(context, finding, post)
    if back and not is_out(context, back, channel):
        return _tell_channel(context, finding, channel, back, None)
    told = context.store.held.most_told(channel, finding.id)
    in_thread = context.store.held.most_told(channel, finding.id, threads=True)
    if told is None or in_thread is None:
        return False
    if per_day >= GREW * in_thread:
        _tell_thread(context, finding, post, told)
    if per_day < DOUBLED * told:
        return False
    return _tell_channel(context, finding, channel, f"{finding.id}:from-{told:.2f}", told)


def _came_back(context: Context, finding: Finding, post: Post) -> str | None:
    """What the news is posted by that it opened again after this channel was told; None where it did not."""
    rows = enumerate(context.store.audit(finding.id))
    found = [number for number, row in rows if row.verb == "recur" and row.at >= post.claimed_at]
    return f"{finding.id}:back-{found[-1]}" if found else None


def _tell_channel(context: Context, finding: Finding, channel: str, subject: str, before: float | None) -> bool:
    def draw() -> Reply | None:
        now = context.store.finding(finding.id)
        if now.state not in (State.OPEN, State.ACKNOWLEDGED):
            return None
        return Reply(again_text(now, before), again_blocks(now, before))

    value = _value(finding)
    title = html.unescape(again_text(finding, before))
    return tell(context, Alert(subject, channel, KIND, value.impact_per_day, title, finding.id), draw)


def _tell_thread(context: Context, finding: Finding, post: Post, before: float) -> None:
    """One line in the card's thread, where the channel wants that."""
    channel, value = post.channel, _value(finding)
    if not answers_in_threads(context, channel):
        return
    subject = f"{finding.id}:thread-{abs(value.impact_per_day):.2f}"
    shown = Reply(grown_text(finding, before), grown_blocks(finding, before))
    if post_once(context, subject, channel, lambda: shown, thread_ts=post.ts) is None and not is_out(
        context, subject, channel
    ):
        return
    day, now = local_today(context, channel), context.clock.now()
    context.store.held.note_thread(Held(channel, subject, KIND, day, value.impact_per_day, shown.text, finding.id, now))


def _value(finding: Finding) -> Anomaly:
    if not isinstance(finding.value, Anomaly):
        raise TypeError(f"{finding.id} is no anomaly")
    return finding.value
