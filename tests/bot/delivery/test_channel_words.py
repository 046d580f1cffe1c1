"""A channel is spoken to as was set there; else as the settings say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from bot.delivery import channel_words
from bot.store import ChannelSettings
from tests.bot.decisions_factories import NOW, clock_of
from tests.bot.decisions_factories import context as made_context


def test_what_was_set_holds_in_that_channel_alone(tmp_path: Path) -> None:
    context = made_context(tmp_path, settings={"time_zone": "Europe/Berlin"})
    wanted = ChannelSettings("Asia/Tokyo", mentions=False, threads=False, numbers="de")
    context.store.channels.set("C0TOKYO", wanted, NOW)
    clock_of(context).at = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)

    assert channel_words.local_zone(context, "C0TOKYO").key == "Asia/Tokyo"
    assert channel_words.local_today(context, "C0TOKYO") == date(2026, 11, 21)
    assert channel_words.number_format(context, "C0TOKYO") == "de"
    assert not channel_words.mentions_owners(context, "C0TOKYO")
    assert not channel_words.answers_in_threads(context, "C0TOKYO")

    assert channel_words.local_zone(context, "C0COSTS").key == "Europe/Berlin"
    assert channel_words.local_today(context, "C0COSTS") == date(2026, 11, 20)
    assert channel_words.number_format(context, "C0COSTS") == "en"


def test_a_time_zone_that_is_gone_is_that_of_the_settings(tmp_path: Path) -> None:
    context = made_context(tmp_path)
    context.store.channels.set("C0OLD", ChannelSettings("Mars/Olympus"), NOW)

    assert channel_words.local_zone(context, "C0OLD").key == "UTC"
