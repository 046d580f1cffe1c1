"""The thinking of the anomaly scan: stored costs in, incidents out. Runs in the worker process, from a path alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analysis.anomalies import detect, episodes
from analysis.completeness import Basis
from analysis.models import to_json
from analysis.services import service_key
from bot.cost_files import CostFiles, Feed, Window
from bot.errors import NotEnoughData
from bot.workflows.incident_lines import one_per_cause
from bot.workflows.incidents import NEW_FOR_DAYS, Group, Question, describe

#: Between service and account in a series' key; occurs in neither.
SEPARATOR = "\x1f"

#: Days of history without which nothing can be called unusual.
LEAST_DAYS = 28

#: Incidents this far back are looked at again: bills are restated, and what was told may have to be corrected.
LOOK_BACK_DAYS = 35


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: anomalies as JSON, dearest first. Days before `since` were not looked at; `until` is the last.

    Each anomaly's own `data_until` is the last complete day of its provider: only days up to it can be quiet ones.
    """

    since: date
    until: date
    anomalies: tuple[str, ...]


def find_anomalies(data_dir: str, question: Question) -> Scan:
    """The incidents of the last weeks in the stored costs.

    Raises:
        NotEnoughData: nothing is stored, or less than `LEAST_DAYS` days.
    """
    costs = CostFiles(Path(data_dir))
    window = costs.window(view=question.view)
    length = (window.last_day - window.first_day).days + 1
    if length < LEAST_DAYS:
        raise NotEnoughData(
            f"Only {length} days of costs are stored; anomalies need {LEAST_DAYS}.", "They fill up by themselves."
        )
    since = max(window.first_day, window.last_day - timedelta(days=LOOK_BACK_DAYS - 1))
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
        since=max(window.first_day, since - timedelta(days=NEW_FOR_DAYS + 60)),
        min_impact=question.min_impact,
        min_pct=question.min_pct,
        return_all=True,
    )
    verdicts = _without_drops_of_parts(verdicts, feeds)
    flagged = verdicts[verdicts["is_anomaly"] & (verdicts["date"] >= pd.Timestamp(since))]
    anomalies = [
        describe(group, verdicts, costs, _of_feed(window, feeds[group.keys[0]]), question)
        for group in one_per_cause(
            groups(episodes(flagged)), costs, lambda group: _of_feed(window, feeds[group.keys[0]])
        )
    ]
    anomalies.sort(key=lambda one: -abs(one.impact_per_day))
    return Scan(since, window.last_day, tuple(to_json(one) for one in anomalies))


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


def _of_feed(window: Window, feed: Feed) -> Window:
    """The window as one provider has it: a late one does not make the others' figures old."""
    return replace(window, last_day=feed.last, complete_until=feed.complete_until, partial=feed.partial)


def groups(told: pd.DataFrame) -> list[Group]:
    """Incidents of lines that are one service (EC2's compute and its "Other") in one account, taken together."""
    result: list[Group] = []
    for row in told.reindex(told["impact"].abs().sort_values(ascending=False, kind="stable").index).itertuples():
        name, account = str(row.key).split(SEPARATOR)
        start, end = pd.Timestamp(str(row.start)).date(), pd.Timestamp(str(row.end)).date()
        same = next(
            (group for group in result if group.is_same(service_key(name), account, str(row.direction), start)), None
        )
        if same is not None:
            same.keys.append(str(row.key))
            same.names.append(name)
            continue
        result.append(
            Group(service_key(name), account, str(row.direction), str(row.kind), start, end, [str(row.key)], [name])
        )
    return result
