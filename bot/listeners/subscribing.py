"""The dialogs of subscriptions and channel settings: parse, say what is wrong at its field, acknowledge, hand over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.inputs import filled, ticked
from bot.blocks.settings_modal import SETTINGS
from bot.blocks.subscribe_modal import ONLY_CHANGES, SUBSCRIBE
from bot.commands.settings import changed, settings_reply
from bot.commands.subscribe import subscribed
from bot.context import Context
from bot.errors import CostbotError, report
from bot.listeners.commands import error_reply
from bot.reply import Block, Reply
from bot.store import Subscription
from bot.words.channel_settings import SettingsWish
from bot.words.subscription import Wish, WrongWord, subscriptions_of


def register(app: App, context: Context) -> None:
    """Listen to the answers of both dialogs."""

    @app.view(SUBSCRIBE)
    def wished(ack: Ack, body: dict[str, Any], view: Block) -> None:
        user = body["user"]["id"]
        # What a channel may get is looked up in stored costs, so that a wrong name is said at its field.
        found = read_wish(context, view, user)
        if isinstance(found, WrongWord):
            ack(response_action="errors", errors={found.field: f"{found.cause} {found.remedy}"})
            return
        ack()
        context.work.submit(answer_wish, context, found)

    @app.view(SETTINGS)
    def set_(ack: Ack, body: dict[str, Any], view: Block) -> None:
        channel, user = str(view["private_metadata"]), body["user"]["id"]
        wish = SettingsWish(**{name: filled(view, name) for name in SettingsWish.__slots__})
        try:
            wanted = changed(context, channel, wish, user)
        except WrongWord as wrong:
            ack(response_action="errors", errors={wrong.field: f"{wrong.cause} {wrong.remedy}"})
            return
        ack()
        context.work.submit(answer_settings, context, channel, user, wanted)


def read_wish(context: Context, view: Block, user: str) -> list[Subscription] | WrongWord:
    """The subscriptions that a filled-in dialog means, or what is wrong at which field."""
    wish = Wish(
        kinds=ticked(view, "kinds"),
        teams=filled(view, "teams"),
        accounts=filled(view, "accounts"),
        least=filled(view, "least"),
        at=filled(view, "at"),
        only_changes=ONLY_CHANGES in ticked(view, ONLY_CHANGES),
        is_typed=False,
    )
    channel = filled(view, "channel") or str(view["private_metadata"])
    try:
        return subscriptions_of(context, wish, channel=channel, user=user)
    except WrongWord as wrong:
        return wrong


def answer_wish(context: Context, wanted: Sequence[Subscription]) -> None:
    """Keep the subscriptions, and tell the channel; the person where the channel does not take it."""
    channel, user = wanted[0].channel, wanted[0].by
    try:
        _tell(context, channel, user, subscribed(context, wanted))
    except Exception as error:  # noqa: BLE001 - the catch-all for this dialog: report() logs it and makes it a sentence
        _tell_person(context, channel, user, error_reply(error, f"subscribing {channel}"))


def answer_settings(context: Context, channel: str, user: str, wanted: Any) -> None:
    """Keep the settings, and tell the channel."""
    try:
        context.store.channels.set(channel, wanted, context.clock.now())
        _tell(context, channel, user, settings_reply(context, channel, in_channel=True))
    except Exception as error:  # noqa: BLE001 - the catch-all for this dialog: report() logs it and makes it a sentence
        _tell_person(context, channel, user, error_reply(error, f"setting {channel}"))


def _tell(context: Context, channel: str, user: str, reply: Reply) -> None:
    if context.slack is None:
        return
    try:
        context.slack.post(channel, reply.text, reply.blocks)
    except CostbotError as error:
        report(error, f"confirming in {channel}")
        _tell_person(context, channel, user, Reply(f"{reply.text} The channel could not be told: {error}", []))


def _tell_person(context: Context, channel: str, user: str, reply: Reply) -> None:
    if context.slack is None:
        return
    try:
        context.slack.ephemeral(channel, user, reply.text, reply.blocks)
    except CostbotError as error:
        report(error, f"answering {user}")
