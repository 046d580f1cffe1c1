"""The buttons of a finding: parse, acknowledge, hand over; dialogs are opened at once, their answers are in `views`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App

from analysis.lifecycle import Verb, rule_of
from bot.blocks.decision_line import already_text
from bot.blocks.decision_modals import Origin, dismiss_modal, snooze_modal
from bot.blocks.elements import escape
from bot.blocks.mine_report import PLACE
from bot.commands import Reply
from bot.commands.mine import mine_reply
from bot.context import Context
from bot.errors import report
from bot.listeners.commands import deliver, error_reply
from bot.listeners.home import publish, refresh
from bot.owners.owned_card import owned_card
from bot.store import Finding
from bot.workflows.decide import Outcome, attempt
from bot.workflows.redraw import may_still_undo, redraw

_DIALOGS = {Verb.DISMISS: dismiss_modal, Verb.SNOOZE: snooze_modal}


@dataclass(frozen=True, slots=True)
class Click:
    """A pressed button, from Slack's payload; the finding's id is all that is taken from the button itself."""

    verb: str
    finding_id: str
    user_id: str
    channel: str | None
    ts: str | None
    response_url: str | None
    trigger_id: str
    block_id: str = ""

    @property
    def is_in_own_list(self) -> bool:
        """Whether it was pressed in the answer to `/cost mine`."""
        return self.block_id.startswith(f"{PLACE}.")

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Click:
        action, container = body["actions"][0], body.get("container", {})
        return cls(
            verb=str(action["action_id"]).removeprefix("decide."),
            finding_id=escape(str(action.get("value", ""))),
            user_id=body["user"]["id"],
            channel=container.get("channel_id") or body.get("channel", {}).get("id"),
            ts=container.get("message_ts"),
            response_url=body.get("response_url"),
            trigger_id=body.get("trigger_id", ""),
            block_id=str(action.get("block_id", "")),
        )


def register(app: App, context: Context) -> None:
    """Listen to `decide.*`."""

    @app.action(re.compile(r"^decide\.\w+$"))
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        context.work.submit(answer_click, context, Click.from_body(body))


def answer_click(context: Context, click: Click) -> None:
    """Open the dialog that the verb needs, or decide; whatever goes wrong, the person is told."""
    try:
        if click.verb in _DIALOGS:
            _open_dialog(context, click)
            return
        outcome = attempt(
            context, click.finding_id, click.verb, user_id=click.user_id, channel=click.channel, ts=click.ts
        )
        show(context, click, outcome)
        refresh_beside(context, click)
    except Exception as error:  # noqa: BLE001 - the catch-all for buttons: report() logs it and makes it a sentence
        tell(context, click, error_reply(error, f"deciding on {click.finding_id}"))


def refresh_beside(context: Context, click: Click) -> None:
    """After a decision in a channel the person's Home tab shows it too; one on the tab is shown there already."""
    if click.channel:
        refresh(context, click.user_id)


def tell(context: Context, click: Click, reply: Reply) -> None:
    """Answer the person who pressed: beside the message, or on their Home tab."""
    try:
        if click.response_url and click.channel:
            deliver(context, reply, click.response_url, click.channel, click.user_id)
        elif click.channel and context.slack is not None:
            context.slack.ephemeral(click.channel, click.user_id, reply.text, reply.blocks)
        else:
            publish(context, click.user_id, notice=reply.text)
    except Exception as error:  # noqa: BLE001 - there is no other way left to reach the person: it is in the log
        report(error, f"answering {click.user_id}")


def _open_dialog(context: Context, click: Click) -> None:
    if context.slack is None:
        return
    finding = context.store.finding(click.finding_id)
    rule = rule_of(finding.kind, click.verb)
    if rule is None or finding.state not in rule.sources:
        redraw(context, finding)
        show(context, click, Outcome(finding, Reply(already_text(finding)), False))
        return
    url = None if _is_recorded(context, finding, click) else click.response_url
    origin = Origin(finding.id, click.channel, click.ts, url)
    context.slack.open_view(click.trigger_id, _DIALOGS[Verb(click.verb)](finding, origin))


def show(context: Context, click: Click, outcome: Outcome) -> None:
    """A recorded message was redrawn by the decision; any other that was clicked is redrawn through its own URL: a
    person's own list as the list that it is then, all others as the finding's card."""
    if not click.channel:
        publish(context, click.user_id, notice=outcome.reply.text)
        return
    if click.is_in_own_list and click.response_url:
        own = mine_reply(context, click.user_id, notice=outcome.reply.text)
        deliver(context, own, click.response_url, click.channel, click.user_id, replace=True)
        return
    if not outcome.is_decided:
        tell(context, click, outcome.reply)
    if not _is_recorded(context, outcome.finding, click) and click.response_url:
        undo = may_still_undo(outcome.finding, context.clock.now())
        shown = owned_card(context, outcome.finding, click.channel, undo=undo)
        deliver(context, shown, click.response_url, click.channel, click.user_id, replace=True)


def _is_recorded(context: Context, finding: Finding, click: Click) -> bool:
    return (click.channel, click.ts) in {(post.channel, post.ts) for post in context.store.posts(finding.id)}
