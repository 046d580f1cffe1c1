"""The list of people on a card: parse, acknowledge, hand over."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.blocks.elements import escape
from bot.context import Context
from bot.listeners.actions import Click, refresh_beside, tell
from bot.listeners.commands import error_reply
from bot.workflows.assign import assign

ACTION = "assign"


def register(app: App, context: Context) -> None:
    """Listen to `assign`; the finding's id is the end of the block's id."""

    @app.action(ACTION)
    def chosen(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        context.work.submit(answer, context, body)


def answer(context: Context, body: dict[str, Any]) -> None:
    """Assign, and tell the person; whatever goes wrong, they are told that."""
    action = body["actions"][0]
    click = Click.from_body(body)
    finding_id = escape(str(action.get("block_id", "")).rpartition(".")[2])
    try:
        reply = assign(
            context,
            finding_id,
            action.get("selected_user"),
            user_id=click.user_id,
            channel=click.channel,
            ts=click.ts,
        )
    except Exception as error:  # noqa: BLE001 - the catch-all for this list: report() logs it and makes it a sentence
        reply = error_reply(error, f"assigning {finding_id}")
    tell(context, click, reply)
    refresh_beside(context, click)
