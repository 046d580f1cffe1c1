"""The thinking of a forecast: stored costs in, the month's end and the days to come out; runs in the worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analysis.forecast_rehearsals import rehearsals
from analysis.forecasting import HISTORY_DAYS, LEAST_DAYS, TOTAL, KnownChange, forecast, month_end
from analysis.forecasting.totals import horizon_total
from analysis.month_ends import whole_days
from analysis.usage_types import usage_region
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData
from bot.settings import CostView

#: Parts that are forecast by themselves: the dearest of the last month.
MOST_PARTS = 40
PART_DAYS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the worker, small and picklable.

    `until` is the last complete day, `as_of` the day that decides which month is meant; `unknown` are days before
    `until` of which something is missing: they are not zero. `by` is None where no parts are wanted. `facts` are what
    is known of all of it (of the key `TOTAL`), `part_facts` of single parts.
    """

    where: Mapping[str, str | tuple[str, ...]]
    pattern: str | None
    by: str | None
    view: CostView
    first_day: date
    until: date
    as_of: date
    horizon_days: int
    unknown: frozenset[date]
    facts: tuple[KnownChange, ...] = ()
    part_facts: tuple[KnownChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A forecast with its central 80 and 95 %."""

    mean: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class Part:
    """One key of the breakdown: dollars of the month so far and at its end."""

    key: str
    so_far: float
    end: Band


@dataclass(frozen=True, slots=True)
class Unmoved:
    """What would be forecast without known changes: the month's end, all days to come together, and each of them."""

    end: float
    total: float
    ahead: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found: `history` and `ahead` by day, oldest first; `misses` as `rehearsals` gives them.

    `total` is all days to come together: its band is not the sum of theirs. `last_month` is None where it is not
    wholly stored, `unmoved` where nothing was known.
    """

    so_far: float
    end: Band
    last_month: float | None
    history: tuple[tuple[date, float], ...]
    ahead: tuple[tuple[date, Band], ...]
    total: Band
    misses: tuple[float, ...]
    parts: tuple[Part, ...]
    unmoved: Unmoved | None = None


def forecast_costs(data_dir: str, asked: Asked) -> Figures:
    """Forecast what was asked for.

    Raises:
        NotEnoughData: less than `LEAST_DAYS` days are stored, or nothing of this.
    """
    length = (asked.until - asked.first_day).days + 1
    if length < LEAST_DAYS:
        raise NotEnoughData(
            f"Only {length} day{'s' if length > 1 else ''} of costs are stored; a forecast needs {LEAST_DAYS}.",
            "They fill up by themselves, or ingest an export that goes further back.",
        )
    costs = CostFiles(Path(data_dir))
    start = max(asked.first_day, asked.until - timedelta(days=HISTORY_DAYS - 1))
    total = _whole(_by_key(costs, asked, start, None), asked, start)
    if not total["cost"].fillna(0.0).abs().gt(0).any():
        raise NotEnoughData("Nothing of this has cost anything yet.", "/cost trend shows what does.")
    ending = month_end(total, asked.as_of, facts=asked.facts).iloc[0]
    ahead = forecast(total, asked.horizon_days, facts=asked.facts)
    return Figures(
        so_far=float(ending["mtd"]),
        end=_band(ending),
        last_month=_last_month(total, asked),
        history=tuple((day.date(), float(cost)) for day, cost in zip(total["date"], total["cost"], strict=True)),
        ahead=tuple((row["date"].date(), _band(row)) for _, row in ahead.iterrows()),
        total=_band(horizon_total(total, asked.horizon_days, facts=asked.facts).iloc[0]),
        misses=rehearsals(total, asked.horizon_days),
        parts=_parts(costs, asked, start),
        unmoved=_unmoved(total, asked) if asked.facts else None,
    )


def _unmoved(total: pd.DataFrame, asked: Asked) -> Unmoved:
    ahead = forecast(total, asked.horizon_days)["mean"]
    end = float(month_end(total, asked.as_of)["mean"].iloc[0])
    return Unmoved(end, float(ahead.sum()), tuple(float(mean) for mean in ahead))


def _parts(costs: CostFiles, asked: Asked, start: date) -> tuple[Part, ...]:
    """The breakdown, dearest first; nothing where the source does not know both dimensions together."""
    if asked.by is None:
        return ()
    try:
        by_key = _by_key(costs, asked, start, asked.by)
    except NotEnoughData:
        return ()
    recent = by_key[by_key["date"] > pd.Timestamp(asked.until - timedelta(days=PART_DAYS))]
    dearest = recent.groupby("key")["cost"].sum().abs().nlargest(MOST_PARTS).index
    kept = by_key[by_key["key"].isin(dearest)]
    if kept.empty:
        return ()
    # The frame ends where the history does, also where no part cost anything on its last day.
    whole = pd.concat([_whole(rows, asked, start, str(key)) for key, rows in kept.groupby("key")], ignore_index=True)
    facts = [fact for fact in asked.part_facts if fact.key in set(dearest)]
    ends = month_end(whole, asked.as_of, facts=facts)
    parts = [Part(str(row["key"]), float(row["mtd"]), _band(row)) for _, row in ends.iterrows()]
    return tuple(sorted(parts, key=lambda part: (-abs(part.end.mean), part.key)))


def _by_key(costs: CostFiles, asked: Asked, start: date, by: str | None) -> pd.DataFrame:
    """Costs by day and key: columns date, key, cost; without `by` there is one key."""
    end = asked.until + timedelta(days=1)
    return costs_of(costs, asked.where, asked.pattern, start=start, end=end, view=asked.view, by=by)


def costs_of(
    costs: CostFiles,
    where: Mapping[str, str | tuple[str, ...]],
    pattern: str | None,
    *,
    start: date,
    end: date,
    view: CostView,
    by: str | None = None,
) -> pd.DataFrame:
    """What a target costs, by day and key over [start, end): columns date, key, cost; without `by` there is one key.

    Raises:
        NotEnoughData: no day is stored, or the source does not know these dimensions together.
    """
    if pattern is None:
        frame = costs.daily(by=(by,) if by else (), start=start, end=end, view=view, where=dict(where))
        return frame.assign(key=frame[by] if by else TOTAL)[["date", "key", "cost"]]
    if by == "account":
        # Cost Explorer knows usage types by account or by service, never by both.
        where = {name: value for name, value in where.items() if name != "service"}
    extra = () if by in (None, "usage_type", "region") else (by,)
    frame = costs.daily(by=(*extra, "usage_type"), start=start, end=end, view=view, where=dict(where))
    frame = frame[frame["usage_type"].str.contains(pattern, regex=True)]
    key = frame["usage_type"].map(lambda text: usage_region(text) or "global") if by == "region" else TOTAL
    if by is not None and by != "region":
        key = frame[by]
    return frame.assign(key=key).groupby(["date", "key"])["cost"].sum().reset_index()


def _whole(frame: pd.DataFrame, asked: Asked, start: date, key: str = TOTAL) -> pd.DataFrame:
    """A row for each day from the first cost on: a day without a charge cost nothing, a missing one is unknown."""
    return whole_days(frame, start, asked.until, asked.unknown).assign(key=key)


def _last_month(total: pd.DataFrame, asked: Asked) -> float | None:
    """What the month before the one that is meant cost; None where a day of it is not known."""
    end = asked.as_of.replace(day=1)
    first = (end - timedelta(days=1)).replace(day=1)
    inside = total[(total["date"] >= pd.Timestamp(first)) & (total["date"] < pd.Timestamp(end))]
    if len(inside) < (end - first).days or inside["cost"].isna().any():
        return None
    return float(inside["cost"].sum())


def _band(row: pd.Series[float]) -> Band:
    return Band(*(float(row[name]) for name in ("mean", "lo80", "hi80", "lo95", "hi95")))
