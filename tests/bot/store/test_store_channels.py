"""What was set in a channel holds there until somebody sets it again."""

from __future__ import annotations

from pathlib import Path

from bot.store import ChannelSettings, Store
from tests.bot.decisions_factories import NOW


def test_a_channel_keeps_what_was_set_and_others_keep_the_defaults(tmp_path: Path) -> None:
    store = Store(tmp_path / "costbot.sqlite")
    wanted = ChannelSettings("Europe/Berlin", mentions=False, threads=False, numbers="de", alerts_a_day=3, by="U0ANA")

    store.channels.set("C0COSTS", wanted, NOW)
    store.channels.set("C0COSTS", ChannelSettings(numbers="fr", by="U0BEN"), NOW)
    store.channels.set("C0PLATFORM", wanted, NOW)

    assert store.channels.settings("C0COSTS") == ChannelSettings(numbers="fr", by="U0BEN")
    assert store.channels.settings("C0PLATFORM") == wanted
    assert store.channels.settings("C0OTHER") == ChannelSettings()
    store.close()
