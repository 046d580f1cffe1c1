"""The stored costs judged: one series per service and account, with what each provider has not told left unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from analysis.anomalies import detect
from analysis.completeness import Basis
from bot.cost_files import CostFiles, Feed, Window

#: Between service and account in a series' key; occurs in neither.
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts as `detect(return_all=True)` gives them, by series key, and the provider of each series."""

    verdicts: pd.DataFrame
    feeds: Mapping[str, Feed]
    window: Window

    def window_of(self, key: str) -> Window:
        """The window as the provider of a series has it: a late one does not make the others' figures old."""
        feed = self.feeds[key]
        return replace(self.window, last_day=feed.last, complete_until=feed.complete_until, partial=feed.partial)


def judge(costs: CostFiles, window: Window, *, since: date, min_impact: float, min_pct: float) -> Judged:
    """Judge all days of all series.

    Args:
        since: verdicts of earlier days are not wanted. min_impact, min_pct: as `detect` takes them.
    """
    daily = costs.daily(
        by=("provider", "service_name", "account"),
        start=window.first_day,
        end=window.last_day + timedelta(days=1),
        view=window.view,
    )
    key = daily["service_name"].astype(str) + SEPARATOR + daily["account"].astype(str)
    series = pd.DataFrame({"date": daily["date"], "key": key, "cost": daily["cost"]})
    feeds = _feeds(key, daily["provider"], window)
    verdicts = detect(
        pd.concat([series, _unknown(feeds, window)], ignore_index=True),
        as_of=window.last_day,
        since=since,
        min_impact=min_impact,
        min_pct=min_pct,
        return_all=True,
    )
    return Judged(_without_drops_of_parts(verdicts, feeds), feeds, window)


def names_of(key: str) -> tuple[str, str]:
    """The service, as the bill spells it, and the account of a series."""
    name, account = key.split(SEPARATOR)
    return name, account


def _feeds(keys: pd.Series[str], providers: pd.Series[str], window: Window) -> dict[str, Feed]:
    """Each series' provider, as a feed."""
    by_provider = {feed.provider: feed for feed in window.feeds}
    pairs = zip(keys, providers, strict=True)
    return {key: by_provider[provider] for key, provider in pairs if provider in by_provider}


def _unknown(feeds: Mapping[str, Feed], window: Window) -> pd.DataFrame:
    """The days of each series of which its provider has told nothing: they are unknown, where a missing row is zero."""
    days = {feed.provider: _untold(feed, window) for feed in feeds.values()}
    rows = [(day, key) for key, feed in feeds.items() for day in days[feed.provider]]
    return pd.DataFrame(
        {
            "date": pd.Series([day for day, _ in rows], dtype="datetime64[us]"),
            "key": pd.Series([key for _, key in rows], dtype="str"),
            "cost": pd.Series([float("nan")] * len(rows), dtype=float),
        }
    )


def _untold(feed: Feed, window: Window) -> list[date]:
    after = [feed.last + timedelta(days=n + 1) for n in range((window.last_day - feed.last).days)]
    return [part.day for part in feed.missing if part.completeness.basis is Basis.NOTHING] + after


def _without_drops_of_parts(verdicts: pd.DataFrame, feeds: Mapping[str, Feed]) -> pd.DataFrame:
    """A day that is not all in may be too high already; that it is low says nothing."""
    parts = {(feed.provider, part.day) for feed in feeds.values() for part in (*feed.partial, *feed.missing)}
    drops = verdicts[verdicts["is_anomaly"] & (verdicts["direction"] == "down")]
    told = zip(drops.index, drops["key"], drops["date"], strict=True)
    of_parts = [at for at, key, stamp in told if key in feeds and (feeds[key].provider, stamp.date()) in parts]
    return verdicts.assign(is_anomaly=verdicts["is_anomaly"] & ~verdicts.index.isin(of_parts))
