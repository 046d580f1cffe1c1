"""Tells the admin channel of troubles: each once, again after a day if it lasts, and when it is over."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.blocks.status_alert import trouble_reply
from bot.context import Context
from bot.delivery.post_once import is_out, post_once
from bot.store.watch import Trouble
from bot.watch.verdict import Verdict

log = logging.getLogger("costbot.watch")

AGAIN_AFTER = timedelta(days=1)
#: What began less than so long ago may mend by itself: failed jobs are tried again after a quarter of an hour.
PATIENCE = timedelta(minutes=30)


def tell_troubles(context: Context, verdicts: Sequence[Verdict]) -> int:
    """Post what is new, what lasts and what is over, in one message; returns how many troubles it told.

    Raises:
        CostbotError: Slack refused; it is told at the next look.
    """
    now, room = context.clock.now(), context.store.watch
    found = {one.key: one for one in verdicts if one.since is None or now - one.since >= PATIENCE}
    room.note_troubles([(one.key, one.sentence) for one in found.values()], now)
    known = {one.key: one for one in room.troubles()}
    still = {one.key for one in verdicts}
    new = [one for key, one in found.items() if known[key].told_at is None]
    lasting = [(one, known[key]) for key, one in found.items() if _is_due(known[key], now)]
    over = [one for key, one in known.items() if key not in still]
    told_over = [one for one in over if one.told_at is not None]
    for one in new:
        log.warning("%s %s", one.sentence, one.remedy, extra={"trouble": one.key})
    channel = context.settings.admin_channel or context.settings.alert_channel
    is_told = False
    if (new or lasting or told_over) and channel is not None:
        subject = _subject([*new, *(one for one, _ in lasting)], known, told_over)
        reply = trouble_reply(new, lasting, told_over)
        is_told = post_once(context, subject, channel, lambda: reply) is not None or is_out(context, subject, channel)
    # Without a channel nobody is told, but the log is not told twice.
    keys = [one.key for one in (*new, *(one for one, _ in lasting))] if is_told or channel is None else []
    ended = [one.key for one in over if is_told or channel is None or one.told_at is None]
    room.troubles_told(keys, ended, now)
    return len(keys)


def _is_due(trouble: Trouble, now: datetime) -> bool:
    return trouble.told_at is not None and now - trouble.told_at >= AGAIN_AFTER


def _subject(told: Sequence[Verdict], known: dict[str, Trouble], over: Sequence[Trouble]) -> str:
    """The same for the same message: a process that ended after the post does not post it again."""
    marks = [f"{one.key} {known[one.key].since.isoformat()} {known[one.key].times_told}" for one in told]
    marks += [f"{one.key} {one.since.isoformat()} over" for one in over]
    return f"watch:{hashlib.sha256(' | '.join(sorted(marks)).encode()).hexdigest()[:16]}"
