"""The thinking of the anomaly scan: stored costs in, incidents out. Runs in the worker process, from a path alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analysis.anomalies import detect, episodes
from analysis.models import to_json
from analysis.services import service_key
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData
from bot.workflows.incidents import NEW_FOR_DAYS, Group, Question, describe

#: Between service and account in a series' key; occurs in neither.
SEPARATOR = "\x1f"

#: Days of history without which nothing can be called unusual.
LEAST_DAYS = 28

#: Incidents this far back are looked at again: bills are restated, and what was told may have to be corrected.
LOOK_BACK_DAYS = 35


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: anomalies as JSON, dearest first. Days before `since` were not looked at; `until` is the last."""

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
        by=("service_name", "account"),
        start=window.first_day,
        end=window.last_day + timedelta(days=1),
        view=window.view,
    )
    key = daily["service_name"].astype(str) + SEPARATOR + daily["account"].astype(str)
    verdicts = detect(
        pd.DataFrame({"date": daily["date"], "key": key, "cost": daily["cost"]}),
        as_of=window.last_day,
        since=max(window.first_day, since - timedelta(days=NEW_FOR_DAYS + 60)),
        min_impact=question.min_impact,
        min_pct=question.min_pct,
        return_all=True,
    )
    flagged = verdicts[verdicts["is_anomaly"] & (verdicts["date"] >= pd.Timestamp(since))]
    anomalies = [describe(group, verdicts, costs, window, question) for group in groups(episodes(flagged))]
    anomalies.sort(key=lambda one: -abs(one.impact_per_day))
    return Scan(since, window.last_day, tuple(to_json(one) for one in anomalies))


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
