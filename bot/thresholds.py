"""From which money and per cent on anything is an anomaly: what an approver saved, else the settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from bot.context import Context

#: The small fact of the store that keeps saved ones.
FACT = "anomaly.thresholds"


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


def save(context: Context, chosen: Thresholds, by: str) -> Thresholds:
    """Keep thresholds for all scans to come. Who may is the caller's to check."""
    now = context.clock.now()
    values = {"min_impact": chosen.min_impact, "min_percent": chosen.min_percent, "by": by, "at": now.isoformat()}
    context.store.remember(FACT, json.dumps(values), now)
    return thresholds(context)


def forget(context: Context) -> Thresholds:
    """Go back to the settings."""
    context.store.forget(FACT)
    return thresholds(context)
