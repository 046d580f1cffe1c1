"""How a channel is spoken to: the dialog that asks, and what holds in words."""

from __future__ import annotations

from bot.blocks.elements import Block
from bot.blocks.inputs import choices, modal, text_input
from bot.store.channels import ChannelSettings

SETTINGS = "settings"
_NUMBERS = {"en": ("1,234.50", "$1,234.50 and 3.5 %"), "de": ("1.234,50", "1.234,50 $ and 3,5 %"),
            "fr": ("1 234,50", "1 234,50 $ and 3,5 %")}  # fmt: skip


def settings_modal(channel: str, now: ChannelSettings, *, zone: str, alerts: int) -> Block:
    """The dialog, filled with what holds now.

    Args:
        zone: the time zone of costbot's settings. alerts: its number of alerts a day.
    """
    threads = {"on": ("Into its thread", "The card is redrawn too"), "off": ("Only redraw the card", "No replies")}
    mentions = {"on": ("Mention them", "They are notified"), "off": ("Only name them", "Nobody is notified")}
    return modal(
        SETTINGS,
        "Settings of this channel",
        "Save",
        [
            choices("threads", "News of a card", threads, _switch(now.threads)),
            choices("mentions", "Owners", mentions, _switch(now.mentions)),
            choices("numbers", "Amounts", _NUMBERS, now.numbers),
            text_input(
                "zone",
                "Time zone",
                zone,
                optional=True,
                hint=f"Of digests and of a day's alerts. “default” is {zone}.",
                initial=now.time_zone or "default",
            ),
            text_input(
                "alerts",
                "Alerts a day that are posted one by one",
                str(alerts),
                optional=True,
                hint=f"The rest is one line. “default” is {alerts}.",
                initial="default" if now.alerts_a_day is None else str(now.alerts_a_day),
            ),
        ],
        metadata=channel,
    )


def settings_lines(now: ChannelSettings, *, zone: str, alerts: int) -> list[str]:
    """What holds in a channel, a line each; `zone` and `alerts` as for the dialog."""
    return [
        f"News of a card: {'a reply in its thread' if now.threads else 'the card is redrawn, no replies'}",
        f"Owners: {'mentioned' if now.mentions else 'named, nobody is notified'}",
        f"Amounts: {_NUMBERS[now.numbers][0]}",
        f"Time zone: {now.time_zone or f'{zone} (default)'}",
        f"Alerts a day, one by one: {f'{alerts} (default)' if now.alerts_a_day is None else now.alerts_a_day}",
    ]


def _switch(is_on: bool) -> str:
    return "on" if is_on else "off"
