"""The dialogs' answers: parse, acknowledge, hand over."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from analysis.lifecycle import Verb
from bot.blocks.decision_modals import DISMISS, SNOOZE, Origin
from bot.context import Context
from bot.delivery.channel_words import answers_in_threads
from bot.delivery.muted import mute_of
from bot.errors import CostbotError, report
from bot.listeners.actions import Click, refresh_beside, show, tell
from bot.listeners.commands import error_reply
from bot.reply import Block, Reply
from bot.words.snooze import snooze_end
from bot.workflows.decide import attempt
from bot.workflows.mute import mute


def register(app: App, context: Context) -> None:
    """Listen to the submissions of both dialogs."""

    @app.view(DISMISS)
    def dismissed(ack: Ack, body: dict[str, Any], view: Block) -> None:
        reason = _selected(view, "reason")
        if reason is None:
            ack(response_action="errors", errors={"reason": "Choose a reason; it teaches costbot what not to show."})
            return
        ack()
        click = _click(body, view, Verb.DISMISS)
        context.work.submit(answer_dismissal, context, click, reason, _note(view), _selected(view, "mute"))

    @app.view(SNOOZE)
    def snoozed(ack: Ack, body: dict[str, Any], view: Block) -> None:
        until = _selected(view, "until")
        if until is None:
            ack(response_action="errors", errors={"until": "Choose how long."})
            return
        ack()
        context.work.submit(answer_snooze, context, _click(body, view, Verb.SNOOZE), until, _note(view))


def answer_dismissal(
    context: Context, click: Click, reason: str, note: str | None, muted_for: str | None = None
) -> None:
    """Dismiss, mute the pattern where that was chosen, and tell the person if that was not possible."""
    if _decide(context, click, reason=reason, note=note) and muted_for is not None:
        _mute(context, click, " – ".join(filter(None, (reason, note))), muted_for)


def answer_snooze(context: Context, click: Click, until: str, note: str | None = None) -> None:
    """Snooze, and tell the person if that was not possible."""
    _decide(context, click, note=note, typed_until=until)


def _mute(context: Context, click: Click, reason: str, muted_for: str) -> None:
    """Mute the pattern of what was dismissed; the person is told, and its thread keeps it."""
    try:
        now = context.clock.now()
        until = snooze_end(muted_for, now, context.settings.zone)
        wanted = mute_of(context.store.finding(click.finding_id), by=click.user_id, at=now, until=until, reason=reason)
        reply = mute(context, wanted, channel=click.channel)
        _tell_thread(context, click, reply)
    except Exception as error:  # noqa: BLE001 - the catch-all for dialogs: report() logs it and makes it a sentence
        reply = error_reply(error, f"muting the pattern of {click.finding_id}")
    tell(context, click, reply)


def _tell_thread(context: Context, click: Click, reply: Reply) -> None:
    """Keep it in the thread of the card that was clicked; what one person alone sees has none.

    One that Slack refuses is in the log: the mute holds, and the person is told of it.
    """
    is_card = click.channel and click.ts and not click.response_url
    if context.slack is None or not click.channel or not is_card or not answers_in_threads(context, click.channel):
        return
    try:
        context.slack.post(click.channel, reply.text, reply.blocks, thread_ts=click.ts)
    except CostbotError as error:
        report(error, f"telling the thread in {click.channel} of a mute")


def _decide(
    context: Context,
    click: Click,
    *,
    reason: str | None = None,
    note: str | None = None,
    typed_until: str | None = None,
) -> bool:
    """Whether it was decided."""
    try:
        until = snooze_end(typed_until, context.clock.now(), context.settings.zone) if typed_until else None
        outcome = attempt(
            context,
            click.finding_id,
            click.verb,
            user_id=click.user_id,
            channel=click.channel,
            ts=click.ts,
            reason=reason,
            note=note,
            until=until,
        )
        show(context, click, outcome)
        refresh_beside(context, click)
        return outcome.is_decided
    except Exception as error:  # noqa: BLE001 - the catch-all for dialogs: report() logs it and makes it a sentence
        tell(context, click, error_reply(error, f"deciding on {click.finding_id}"))
        return False


def _note(view: Block) -> str | None:
    return (view["state"]["values"].get("note", {}).get("note", {}).get("value") or "").strip() or None


def _click(body: dict[str, Any], view: Block, verb: Verb) -> Click:
    origin = Origin.from_metadata(view["private_metadata"])
    user_id = body["user"]["id"]
    return Click(verb.value, origin.finding_id, user_id, origin.channel, origin.ts, origin.response_url, trigger_id="")


def _selected(view: Block, name: str) -> str | None:
    option = view["state"]["values"].get(name, {}).get(name, {}).get("selected_option")
    return str(option["value"]) if option else None
