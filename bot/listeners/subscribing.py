"""The dialogs of subscriptions and channel settings: parse, say what is wrong at its field, acknowledge, hand over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.inputs import filled, ticked
from bot.blocks.settings_modal import SETTINGS
from bot.blocks.subscribe_modal import ONLY_CHANGES, SUBSCRIBE
from bot.commands.settings import changed, settings_reply
from bot.commands.subscribe import subscribed
from bot.context import Context
from bot.dialogs import plain, take
from bot.errors import CostbotError, report
from bot.listeners.commands import error_reply
from bot.reply import Block, Reply
from bot.store import ChannelSettings, Subscription
from bot.words.channel_settings import SettingsWish
from bot.words.subscription import Wish, WrongWord, subscriptions_of


def register(app: App, context: Context) -> None:
    """Listen to the answers of both dialogs."""

    @app.view(SUBSCRIBE)
    def wished(ack: Ack, body: dict[str, Any], view: Block) -> None:
        user = body["user"]["id"]
        # A wrong name is said at its field: it is looked up in stored costs, which may take a while.
        take(context, ack, partial(read_wish, context, view, user), _errors, partial(answer_wish, context, view, user))

    @app.view(SETTINGS)
    def set_(ack: Ack, body: dict[str, Any], view: Block) -> None:
        user = body["user"]["id"]
        reading = partial(read_settings, context, view, user)
        take(context, ack, reading, _errors, partial(answer_settings, context, view, user))


def read_wish(context: Context, view: Block, user: str) -> list[Subscription] | Exception:
    """The subscriptions that a filled-in dialog means, or what is wrong."""
    wish = Wish(
        kinds=ticked(view, "kinds"),
        teams=filled(view, "teams"),
        accounts=filled(view, "accounts"),
        least=filled(view, "least"),
        at=filled(view, "at"),
        only_changes=ONLY_CHANGES in ticked(view, ONLY_CHANGES),
        is_typed=False,
    )
    try:
        return subscriptions_of(context, wish, channel=_channel(view), user=user)
    except Exception as error:  # noqa: BLE001 - the person is told: report() makes it a sentence when it is answered
        return error


def read_settings(context: Context, view: Block, user: str) -> ChannelSettings | Exception:
    """What is to hold in the channel of a filled-in dialog, or what is wrong."""
    wish = SettingsWish(**{name: filled(view, name) for name in SettingsWish.__slots__})
    try:
        return changed(context, _channel(view), wish, user)
    except Exception as error:  # noqa: BLE001 - the person is told: report() makes it a sentence when it is answered
        return error


def answer_wish(context: Context, view: Block, user: str, wanted: Sequence[Subscription] | Exception) -> None:
    """Keep the subscriptions, and tell the channel; the person where the channel does not take it."""
    channel = _channel(view)
    try:
        if isinstance(wanted, Exception):
            raise wanted
        _tell(context, channel, user, subscribed(context, wanted))
    except Exception as error:  # noqa: BLE001 - the catch-all for this dialog: report() logs it and makes it a sentence
        _tell_person(context, channel, user, error_reply(error, f"subscribing {channel}"))


def answer_settings(context: Context, view: Block, user: str, wanted: ChannelSettings | Exception) -> None:
    """Keep the settings, and tell the channel."""
    channel = _channel(view)
    try:
        if isinstance(wanted, Exception):
            raise wanted
        context.store.channels.set(channel, wanted, context.clock.now())
        _tell(context, channel, user, settings_reply(context, channel, in_channel=True))
    except Exception as error:  # noqa: BLE001 - the catch-all for this dialog: report() logs it and makes it a sentence
        _tell_person(context, channel, user, error_reply(error, f"setting {channel}"))


def _errors(found: object) -> dict[str, str]:
    """What is wrong at which field; what is wrong with none of them is told when the dialog has closed."""
    return {found.field: plain(found)} if isinstance(found, WrongWord) else {}


def _channel(view: Block) -> str:
    return filled(view, "channel") or str(view["private_metadata"])


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
