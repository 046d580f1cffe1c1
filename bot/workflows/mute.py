"""Mute a pattern or take that back: checked, kept for good with who and why, and told."""

from __future__ import annotations

from analysis.lifecycle import RECOMMENDATION
from bot.approvers import require_approver
from bot.blocks import elements
from bot.blocks.elements import escape, money
from bot.blocks.mute_report import muted_text, unmuted_text
from bot.context import Context
from bot.delivery.muted import muted_cost
from bot.reply import Reply
from bot.store import Mute


def mute(context: Context, wanted: Mute, *, channel: str | None) -> Reply:
    """Keep a mute, and say so to the channel.

    Raises:
        NotAllowed: savings are dismissed, and so muted, by approvers.
        CostbotError: who may could not be found out; nothing was kept.
    """
    if wanted.kind == RECOMMENDATION:
        require_approver(context, wanted.by, f"mute {escape(wanted.label)}")
    kept = _standing(context, wanted) or context.store.mutes.add(wanted, channel=channel)
    how = f"It is recorded as ever and not posted; `/cost mute` says what it costs, `/cost unmute {kept.id}` ends it."
    text = muted_text(kept)
    return Reply(text, [elements.section(text), elements.context(how)], in_channel=True)


def _standing(context: Context, wanted: Mute) -> Mute | None:
    """The same, said before: Slack delivers a click again when it missed our acknowledgement."""
    said = (wanted.by, wanted.kind, wanted.patterns, wanted.accounts, wanted.direction, wanted.until)
    holding = context.store.mutes.holding(context.clock.now())
    return next((m for m in holding if (m.by, m.kind, m.patterns, m.accounts, m.direction, m.until) == said), None)


def unmute(context: Context, mute_id: str, *, user: str, channel: str | None) -> Reply:
    """Take a mute back, and say what it has cost.

    Raises:
        UsageError: there is none of that id, or it has ended.
    """
    now = context.clock.now()
    ended = context.store.mutes.end(mute_id, actor=user, now=now, channel=channel)
    cost = muted_cost(context, ended, now)
    text = f"{unmuted_text(ended)} It has cost {money(cost.dollars, cost.currency)} since it was muted."
    return Reply(text, [elements.section(text), elements.context(f"Set by <@{user}>.")], in_channel=True)
