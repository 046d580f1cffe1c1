"""Brings the messages of a finding up to its state: card redrawn, what happened said in its thread.

What is to be redrawn is noted in the store, in the transaction that changed the state, and struck out only when
Slack has taken it: a failing Slack or a killed process delays a redraw, and never undoes a decision.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from analysis.lifecycle import UNDO_WINDOW
from bot.blocks import decision_line, elements
from bot.context import Context
from bot.delivery.channel_words import answers_in_threads
from bot.delivery.post_once import post_once
from bot.errors import CostbotError, report
from bot.owners.owned_card import owned_card
from bot.posting import Poster
from bot.reply import Reply
from bot.store import AuditRow, Finding, Post
from bot.store.escalations import VERB as ESCALATE
from bot.workflows.owner_savings import redraw_lists

log = logging.getLogger("costbot")

RETRY_AFTER = timedelta(minutes=5)
#: A card that could not be redrawn for so long is left as it is: its channel is archived, or the message is gone.
GIVE_UP_AFTER = timedelta(days=1)


def redraw(context: Context, finding: Finding) -> bool:
    """Redraw every message of the finding; False when Slack did not take one and it is tried again later."""
    return redraw_all(context, [finding])


def redraw_all(context: Context, findings: Iterable[Finding]) -> bool:
    """The same of several findings; a list that names some of them is drawn once."""
    every = list(findings)
    if context.slack is not None:
        redraw_lists(context, every)  # before the cards, whose redraw is struck out
    taken = [_redraw_cards(context, finding) for finding in every]
    return all(taken)


def _redraw_cards(context: Context, finding: Finding) -> bool:
    slack = context.slack
    if slack is None:
        return False
    drawn = finding
    while True:
        taken = [_redraw_one(context, slack, drawn, post) for post in context.store.posts(drawn.id)]
        current = context.store.finding(drawn.id)
        if current.version == drawn.version:
            break
        drawn = current  # somebody decided meanwhile: the last one to look draws the last state
    now = context.clock.now()
    if all(taken):
        context.store.redrawn(drawn, now)
    elif now - context.store.audit(drawn.id)[-1].at > GIVE_UP_AFTER:
        log.warning("%s: its card could not be redrawn for a day; leaving it", drawn.id)
        context.store.forget_redraw(drawn.id)
    else:
        context.store.redraw_later(drawn.id, now + RETRY_AFTER)
    return all(taken)


def redraw_due(context: Context) -> int:
    """Redraw all that is noted as due; returns how many findings that was."""
    if context.slack is None:
        return 0
    waiting = context.store.redraws_due(context.clock.now())
    redraw_all(context, map(context.store.finding, waiting))
    return len(waiting)


def may_still_undo(finding: Finding, now: datetime) -> bool:
    """Whether the person who decided can take it back now."""
    return finding.decided_at is not None and now - finding.decided_at <= UNDO_WINDOW


def _redraw_one(context: Context, slack: Poster, finding: Finding, post: Post) -> bool:
    if post.ts is None:  # it is on its way, perhaps with the old state; a claim that was given up is no message
        return context.clock.now() - post.claimed_at > RETRY_AFTER
    undo = may_still_undo(finding, context.clock.now())
    shown = owned_card(context, finding, post.channel, undo=undo)
    try:
        slack.update(post.channel, post.ts, shown.text, shown.blocks)
        _tell_thread(context, finding, post)
    except CostbotError as error:
        report(error, f"redrawing {finding.id}")
        return False
    return True


def _tell_thread(context: Context, finding: Finding, post: Post) -> None:
    if not answers_in_threads(context, post.channel):
        return
    for number, row in enumerate(context.store.audit(finding.id)):
        if row.from_state is None or row.at < post.claimed_at or row.verb == ESCALATE:  # that was said there already
            continue
        subject = f"{finding.id}#{number}"
        post_once(context, subject, post.channel, partial(_history, finding, row), thread_ts=post.ts)


def _history(finding: Finding, row: AuditRow) -> Reply:
    shown = decision_line.history_text(finding, row)
    return Reply(shown.split("\n")[0].rstrip(".") + ".", [elements.section(shown)])
