"""What the last weeks would have alerted with other thresholds: the stored costs judged again, as of each morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analysis.anomalies import episodes
from analysis.models import AnomalyKind, Direction
from analysis.services import service_label
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData
from bot.settings import CostView
from bot.workflows.find_anomalies import LEAST_DAYS, going_on, groups
from bot.workflows.incident_days import incident_days
from bot.workflows.incident_group import Group
from bot.workflows.judge_costs import judge

#: Days that are replayed, where as many are stored after those that a first verdict needs.
REPLAY_DAYS = 90

#: A pair of thresholds: money a day, and a share of what was expected.
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Alert:
    """An incident as it would have been told: `impact` is money off expectation on all of its days together."""

    service: str
    service_name: str
    account: str
    direction: str
    first_day: date
    last_day: date
    told_on: date
    impact: float

    @property
    def delay_days(self) -> int:
        """Days from its first one to the one it would have been told on."""
        return max((self.told_on - self.first_day).days, 0)

    def is_same(self, other: Alert) -> bool:
        """Whether both are of one service, account and direction, and share a day."""
        same = (self.service, self.account, self.direction) == (other.service, other.account, other.direction)
        return same and self.first_day <= other.last_day and other.first_day <= self.last_day


@dataclass(frozen=True, slots=True)
class Replay:
    """The alerts of one pair of thresholds, dearest first."""

    min_impact: float
    min_pct: float
    alerts: tuple[Alert, ...]

    @property
    def money(self) -> float:
        """What its rises were above expectation."""
        return sum(alert.impact for alert in self.alerts if alert.impact > 0)

    @property
    def delay_days(self) -> float | None:
        """Mean delay; None without an alert."""
        return sum(alert.delay_days for alert in self.alerts) / len(self.alerts) if self.alerts else None


@dataclass(frozen=True, slots=True)
class Replays:
    """Several, in the order they were asked for, over the days [since, until]."""

    since: date
    until: date
    replays: tuple[Replay, ...]

    @property
    def days(self) -> int:
        """Days that were replayed."""
        return (self.until - self.since).days + 1


def replay_alerts(data_dir: str, view: CostView, pairs: Sequence[Pair]) -> Replays:
    """Replay the last `REPLAY_DAYS` days once for each pair of thresholds.

    Raises:
        NotEnoughData: too little is stored.
    """
    costs = CostFiles(Path(data_dir))
    window = costs.window(view=view)
    stored = (window.complete_until - window.first_day).days + 1
    if stored <= LEAST_DAYS:
        raise NotEnoughData(
            f"Only {stored} day{'s' if stored > 1 else ''} of costs are stored; a replay needs more than {LEAST_DAYS}.",
            "They fill up by themselves, or ingest an export that goes further back.",
        )
    until = window.complete_until
    since = until - timedelta(days=min(REPLAY_DAYS, stored - LEAST_DAYS) - 1)
    found = []
    for min_impact, min_pct in pairs:
        # A few weeks before, so that what began there is not taken for new.
        judged = judge(costs, window, since=since - timedelta(days=LEAST_DAYS), min_impact=min_impact, min_pct=min_pct)
        verdicts = judged.verdicts[judged.verdicts["date"] <= pd.Timestamp(until)]
        told = episodes(verdicts[verdicts["is_anomaly"]])
        alerts = (_alert(group, told, verdicts, until) for group in going_on(groups(told), verdicts))
        inside = [alert for alert in alerts if since <= alert.told_on <= until]
        inside.sort(key=lambda alert: (-abs(alert.impact), alert.first_day, alert.service, alert.account))
        found.append(Replay(min_impact, min_pct, tuple(inside)))
    return Replays(since, until, tuple(found))


def _alert(group: Group, told: pd.DataFrame, verdicts: pd.DataFrame, until: date) -> Alert:
    mine = told[
        told["key"].isin(group.keys)
        & (told["direction"] == group.direction)
        & told["start"].between(pd.Timestamp(group.start), pd.Timestamp(group.end))
    ]
    found = incident_days(
        verdicts[verdicts["key"].isin(group.keys)],
        AnomalyKind(group.kind),
        Direction(group.direction),
        group.start,
        group.end,
        until,
    )
    return Alert(
        service=group.service,
        service_name=service_label(group.names[0]),
        account=group.account,
        direction=group.direction,
        first_day=group.start,
        last_day=found.last,
        told_on=mine["alert_date"].min().date(),
        impact=found.impact_total,
    )
