"""The days of one incident: which they are, what each cost against what, and where it stands in its life."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from analysis.anomalies.life_cycle import QUIET_DAYS, phase, stayed
from analysis.models import AnomalyKind, Chart, DayCost, Direction, Phase, Series
from bot.blocks import elements

#: Days a new service stays news, and a ramp: for so long each is told of as one incident.
NEW_FOR_DAYS = 14

#: Points of a card's chart, and days before the incident that are kept for the picture of the band.
CHART_DAYS, BAND_DAYS = 14, 20

#: Share of an incident's size above which a day that was not told again still belongs to it.
STILL_AWAY = 0.5

#: A new service that costs less than this share of its first days is gone again.
STILL_THERE = 0.1

#: Weeks before a ramp's alert in which its cost had already begun to rise.
RAMP_WEEKS = 4

_COLUMNS = ["cost", "expected", "impact", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class IncidentDays:
    """Days of an incident.

    `lines` has cost, expected, impact, lower and upper by day, the group's lines together. `away` are the days from
    `first` to `last` on which the cost was on its side of normal; `told` those of them that are complete, or all where
    none is. `until` is the last complete day.
    """

    kind: AnomalyKind
    direction: Direction
    lines: pd.DataFrame
    first: date
    last: date
    until: date
    away: tuple[date, ...]
    told: tuple[date, ...]

    @property
    def impact_per_day(self) -> float:
        """Dollars off expectation, the mean of the days that are told."""
        return float(self.lines["impact"].loc[_stamps(self.told)].mean())

    @property
    def impact_total(self) -> float:
        """Dollars off expectation on all its days so far, also those that are not all in."""
        return float(self.lines["impact"].loc[_stamps(self.away)].sum())

    @property
    def is_gone(self) -> bool:
        """Whether a new cost went away again while it was news."""
        return self.last < self.until and (self.last - self.first).days < NEW_FOR_DAYS - 1

    def phase(self, judged_until: date, min_growth: float) -> Phase:
        """Where it stands.

        Args:
            judged_until: the last day of which is certain that it is not far below; a fall waits for late data.
            min_growth: dollars a day below which more is not growth.
        """
        last_judged = min(self.until, judged_until) if self.direction == Direction.DOWN else self.until
        # A day that is not known has no line: it is not a quiet one.
        quiet = sum(self.last < day <= last_judged for day in _days(self.lines))
        impacts = self.lines["impact"].loc[_stamps([day for day in self.away if day <= self.until])]
        return phase([float(one) for one in impacts], quiet, min_growth=min_growth)

    def stayed(self) -> bool:
        """Whether the cost kept its new level on the days after it."""
        cost = self.lines["cost"]
        days = [day for day in _days(self.lines) if self.last < day <= self.until]
        if self.kind == AnomalyKind.NEW:
            return bool(days) and float(cost.loc[_stamps(days)].mean()) >= STILL_AWAY * self.impact_per_day
        weeks = RAMP_WEEKS if self.kind == AnomalyKind.RAMP else 0
        return stayed(cost, days, first_day=self.first, impact=self.impact_per_day, weeks_apart=weeks)

    def daily(self) -> tuple[DayCost, ...]:
        """The days that are worth keeping: the incident's, and some before it."""
        start = min(self.first, self.last_shown - timedelta(days=BAND_DAYS - 1))
        shown = self.lines.loc[pd.Timestamp(start) : pd.Timestamp(self.last_shown)]
        return tuple(
            DayCost(day, _cents(row["cost"]), _cents(row["expected"]), _known(row["lower"]), _known(row["upper"]))
            for day, (_, row) in zip(_days(shown), shown.iterrows(), strict=True)
        )

    @property
    def last_shown(self) -> date:
        """The last complete day; later ones, which look like a fall, only where the incident began on one of them."""
        if self.first <= self.until:
            return self.until
        return max(self.until, min(self.last, _days(self.lines)[-1]))

    def chart(self) -> Chart:
        """Two weeks; before a new cost the bill had nothing, and the chart shows it."""
        lines, until = self.lines, pd.Timestamp(self.last_shown)
        if self.kind == AnomalyKind.NEW:
            lines = lines.reindex(pd.date_range(end=until, periods=CHART_DAYS), fill_value=0.0)
        shown = lines.loc[:until].tail(CHART_DAYS)
        return Chart(
            title="Cost per day, actual and expected",
            labels=tuple(elements.day(stamp.date()) for stamp in shown.index),
            series=(
                Series("Actual", tuple(round(float(value), 2) for value in shown["cost"])),
                Series("Expected", tuple(round(float(value), 2) for value in shown["expected"])),
            ),
        )


def incident_days(
    mine: pd.DataFrame, kind: AnomalyKind, direction: Direction, start: date, end: date, until: date
) -> IncidentDays:
    """The days of an incident from `start` to `end`.

    Args:
        mine: verdicts of the incident's series, all days, as `detect(return_all=True)` gives them.
        until: the last complete day.
    """
    lines = _together(mine, kind)
    last = end
    if kind == AnomalyKind.NEW:
        last = _last_there(lines, start, end)
    if kind == AnomalyKind.RAMP:
        lines = _held_against_its_start(lines, start, end)
    if kind in (AnomalyKind.RAMP, AnomalyKind.DROP):
        last = _last_away(lines, start, end, until)
    away = _days_away(lines, start, last, direction)
    told = tuple(day for day in away if day <= until) or away
    return IncidentDays(kind, direction, lines, start, last, until, away, told)


def together(parts: Sequence[IncidentDays]) -> IncidentDays:
    """The days of an incident of several services, whose own comes first: what each cost and was off, added up."""
    if len(parts) == 1:
        return parts[0]
    stamps = sorted({stamp for part in parts for stamp in part.lines.index})
    # A day on which a service has no line cost nothing there; an unknown part of a band makes all of it unknown.
    lines = sum(part.lines.reindex(stamps, fill_value=0.0) for part in parts[1:]) + parts[0].lines.reindex(
        stamps, fill_value=0.0
    )
    until = min(part.until for part in parts)
    away = tuple(sorted({day for part in parts for day in part.away}))
    return replace(
        parts[0],
        lines=lines,
        first=min(part.first for part in parts),
        last=max(part.last for part in parts),
        until=until,
        away=away,
        told=tuple(day for day in away if day <= until) or away,
    )


def goes_on(mine: pd.DataFrame, first: date, last: date, next_start: date, direction: Direction) -> bool:
    """Whether a second incident is the first one going on: its cost had stayed where it was until the second began.

    Args:
        mine: verdicts of the series of both. first, last: days of the first one.
    """
    between = next_start - timedelta(days=1)
    return incident_days(mine, AnomalyKind.STEP, direction, first, last, until=between).stayed()


def as_told(found: IncidentDays, days: Sequence[date]) -> IncidentDays:
    """The same days again for an incident that is no longer one: they were told, so they are answered for."""
    known = tuple(day for day in days if pd.Timestamp(day) in found.lines.index)
    return replace(found, away=known, told=known)


def _together(mine: pd.DataFrame, kind: AnomalyKind) -> pd.DataFrame:
    """Cost, expectation, impact and band of several lines, by day.

    Where a line has no expectation yet, it is as expected, and its band is unknown; a new cost was not expected.
    """
    expected = mine["expected"].where(mine["expected"].notna(), 0.0 if kind == AnomalyKind.NEW else mine["cost"])
    impact = mine["impact"].where(mine["is_anomaly"] & mine["impact"].notna(), mine["cost"] - expected)
    # An unknown part of a band makes all of it unknown; a sum would leave it out.
    frame = mine.assign(expected=expected, impact=impact)
    known = frame[["lower", "upper"]].notna().groupby(frame["date"]).all()
    sums = frame.groupby("date")[_COLUMNS].sum()
    sums[["lower", "upper"]] = sums[["lower", "upper"]].where(known)
    return sums


def _last_there(lines: pd.DataFrame, start: date, end: date) -> date:
    """The last day on which a new cost is still there, as long as it is news."""
    news = lines.loc[pd.Timestamp(start) : pd.Timestamp(start + timedelta(days=NEW_FOR_DAYS - 1)), "cost"]
    least = STILL_THERE * float(news.loc[: pd.Timestamp(end)].mean())
    there = news[news >= least]
    return max([end, *_days(there.to_frame())])


def _held_against_its_start(lines: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """A ramp is told once: the days after it are held against what it was told against."""
    after = (lines.index > pd.Timestamp(end)) & (lines.index < pd.Timestamp(start + timedelta(days=NEW_FOR_DAYS)))
    level = float(lines["expected"][pd.Timestamp(end)])
    expected = lines["expected"].mask(after, level)
    return lines.assign(expected=expected, impact=lines["impact"].mask(after, lines["cost"] - level))


def _last_away(lines: pd.DataFrame, start: date, end: date, until: date) -> date:
    """The last day of what is told once, a ramp or a fall: on it the cost is still off by half as much.

    Only complete days count: of a part one cannot tell that it is low.
    """
    last, size = end, float(lines["impact"][pd.Timestamp(end)])
    for stamp, impact in lines["impact"].loc[pd.Timestamp(end) : pd.Timestamp(until)].items():
        day = pd.Timestamp(str(stamp)).date()
        is_near = (day - last).days <= QUIET_DAYS + 1 and (day - start).days < NEW_FOR_DAYS
        if is_near and size and float(impact) / size >= STILL_AWAY:
            last = day
    return last


def _days_away(lines: pd.DataFrame, first: date, last: date, direction: Direction) -> tuple[date, ...]:
    days = [day for day in _days(lines) if first <= day <= last]
    sign = -1 if direction == Direction.DOWN else 1
    return tuple(day for day in days if sign * float(lines["impact"][pd.Timestamp(day)]) > 0) or tuple(days)


def _days(lines: pd.DataFrame) -> list[date]:
    return [stamp.date() for stamp in lines.index]


def _stamps(days: Sequence[date]) -> list[pd.Timestamp]:
    return [pd.Timestamp(day) for day in days]


def _cents(value: float) -> float:
    return round(float(value), 2)


def _known(value: float) -> float | None:
    return _cents(value) if math.isfinite(value) else None
