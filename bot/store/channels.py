"""How a channel wants to be spoken to; what nobody set there follows costbot's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.connection import StoreFile
from bot.store.rows import written


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What was set in a channel.

    Attributes:
        time_zone: IANA name; None for that of costbot's settings.
        mentions: whether owners are mentioned there, which notifies them; else they are named.
        threads: whether news of a card that is out goes into its thread; else only the card is redrawn.
        numbers: how amounts are written: `en` (1,234.50), `de` (1.234,50) or `fr` (1 234,50).
        alerts_a_day: alerts a local day that are posted, the rest is folded into one line; None for costbot's setting.
        by: who set it last; "" where nobody did.
    """

    time_zone: str | None = None
    mentions: bool = True
    threads: bool = True
    numbers: str = "en"
    alerts_a_day: int | None = None
    by: str = ""


class Channels:
    """Settings by channel."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    def settings(self, channel: str) -> ChannelSettings:
        """What holds in a channel."""
        with self._file.reading() as db:
            row = next(iter(db.query("SELECT * FROM channel_settings WHERE channel = ?", [channel])), None)
        if row is None:
            return ChannelSettings()
        return ChannelSettings(
            time_zone=row["time_zone"],
            mentions=bool(row["mentions"]),
            threads=bool(row["threads"]),
            numbers=row["numbers"],
            alerts_a_day=row["alerts_a_day"],
            by=row["by"],
        )

    def set(self, channel: str, wanted: ChannelSettings, now: datetime) -> None:
        """Replace what holds in a channel."""
        with self._file.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO channel_settings (channel, time_zone, mentions, threads, numbers, "
                "alerts_a_day, by, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    channel,
                    wanted.time_zone,
                    int(wanted.mentions),
                    int(wanted.threads),
                    wanted.numbers,
                    wanted.alerts_a_day,
                    wanted.by,
                    written(now),
                ),
            )
