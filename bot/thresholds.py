"""From which money and per cent on anything is an anomaly: what an approver saved, else the settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.context import Context
from bot.store.thresholds import FACT

__all__ = ["FACT", "Thresholds", "forget", "from_settings", "save", "thresholds"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Both must pass: money a day in the bill's currency, and per cent of what was expected.

    `saved_by` and `saved_at` are None where they are the settings'.
    """

    min_impact: float
    min_percent: float
    saved_by: str | None = None
    saved_at: datetime | None = None

    @property
    def min_pct(self) -> float:
        """As a share: 0.2 is 20 %."""
        return self.min_percent / 100


def thresholds(context: Context) -> Thresholds:
    """Those that the next scan uses."""
    saved = context.store.recall(FACT)
    if saved is None:
        return from_settings(context)
    values = json.loads(saved)
    return Thresholds(
        float(values["min_impact"]),
        float(values["min_percent"]),
        str(values["by"]),
        datetime.fromisoformat(values["at"]),
    )


def from_settings(context: Context) -> Thresholds:
    """Those of the settings, whether or not others were saved."""
    return Thresholds(context.settings.anomaly_min_impact, context.settings.anomaly_min_percent)


def save(context: Context, chosen: Thresholds, by: str, channel: str | None = None) -> Thresholds:
    """Keep thresholds for all scans to come. Who may is the caller's to check."""
    _change(context, (chosen.min_impact, chosen.min_percent), by, channel)
    return thresholds(context)


def forget(context: Context, by: str, channel: str | None = None) -> Thresholds:
    """Go back to the settings."""
    _change(context, None, by, channel)
    return thresholds(context)


def _change(context: Context, chosen: tuple[float, float] | None, by: str, channel: str | None) -> None:
    own = from_settings(context)
    settings = (own.min_impact, own.min_percent)
    context.store.change_thresholds(chosen, settings, actor=by, now=context.clock.now(), channel=channel or None)
