"""The thinking of the anomaly scan: stored costs in, incidents out. Runs in the worker process, from a path alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analysis.anomalies import episodes
from analysis.anomalies.matching import is_same_incident
from analysis.models import Anomaly, Direction, to_json
from analysis.services import service_key
from bot.cost_files import CostFiles, Window
from bot.errors import NotEnoughData
from bot.workflows.incident_days import goes_on
from bot.workflows.incident_group import Group
from bot.workflows.incident_joins import Joining, one_per_cause
from bot.workflows.incidents import Question, describe, owner_of
from bot.workflows.judge_costs import Judged, judge, names_of
from bot.workflows.ordinary_again import ordinary_again

#: Days of history without which nothing can be called unusual.
LEAST_DAYS = 28

#: Incidents this far back are looked at again: bills are restated, and what was told may have to be corrected.
LOOK_BACK_DAYS = 35

#: Days before them that verdicts are wanted of: what explains a day lies in the weeks and months before it.
EXPLAINED_BY_DAYS = 100


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: anomalies as JSON, dearest first. Days before `since` were not looked at; `until` is the last.

    Each anomaly's own `data_until` is the last complete day of its provider: only days up to it can be quiet ones.
    `ordinary` are incidents that had been told and are none any more, with the figures of their days as they are now.
    """

    since: date
    until: date
    anomalies: tuple[str, ...]
    ordinary: tuple[str, ...] = ()


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
    judged = judge(
        costs,
        window,
        since=max(window.first_day, since - timedelta(days=EXPLAINED_BY_DAYS)),
        min_impact=question.min_impact,
        min_pct=question.min_pct,
    )
    verdicts = judged.verdicts
    flagged = verdicts[verdicts["is_anomaly"] & (verdicts["date"] >= pd.Timestamp(since))]
    anomalies = [
        describe(group, verdicts, costs, judged.window_of(group.keys[0]), question)
        for group in one_per_cause(going_on(groups(episodes(flagged)), verdicts), _joining(costs, judged, question))
    ]
    anomalies.sort(key=lambda one: -abs(one.impact_per_day))
    ordinary = _ordinary(question, anomalies, judged, since)
    return Scan(since, window.last_day, tuple(map(to_json, anomalies)), tuple(map(to_json, ordinary)))


def _joining(costs: CostFiles, judged: Judged, question: Question) -> Joining:
    """What decides which incidents are one."""

    def window_of(group: Group) -> Window:
        return judged.window_of(group.keys[0])

    def owner(group: Group) -> str:
        return owner_of(group, costs, window_of(group), question.owner_tag)

    return Joining(costs, judged.verdicts, window_of, owner, question.known)


def _ordinary(question: Question, found: Sequence[Anomaly], judged: Judged, since: date) -> list[Anomaly]:
    """What was told, lies within what was looked at, and was not found again."""
    result = []
    for told in question.told:
        if told.first_day < since or any(is_same_incident(told, one) for one in found):
            continue
        keys = [key for key in told.lines if key in judged.feeds]
        window = judged.window_of(keys[0]) if keys else judged.window
        now = ordinary_again(told, judged.verdicts, keys, window, question)
        result += [now] if now else []
    return result


def groups(told: pd.DataFrame) -> list[Group]:
    """Incidents of lines that are one service (EC2's compute and its "Other") in one account, taken together."""
    result: list[Group] = []
    for row in told.reindex(told["impact"].abs().sort_values(ascending=False, kind="stable").index).itertuples():
        name, account = names_of(str(row.key))
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


def going_on(found: list[Group], verdicts: pd.DataFrame) -> list[Group]:
    """Incidents of one service and account that follow each other as one, where the cost never went back between."""
    result: list[Group] = []
    for group in sorted(found, key=lambda one: one.start):
        before = next((one for one in reversed(result) if group.follows(one)), None)
        if before is None or not _goes_on(before, group, verdicts):
            result.append(group)
            continue
        new_keys = [(key, name) for key, name in zip(group.keys, group.names, strict=True) if key not in before.keys]
        before.keys += [key for key, _ in new_keys]
        before.names += [name for _, name in new_keys]
        before.end = max(before.end, group.end)
    return result


def _goes_on(before: Group, group: Group, verdicts: pd.DataFrame) -> bool:
    mine = verdicts[verdicts["key"].isin({*before.keys, *group.keys})]
    return goes_on(mine, before.start, before.end, group.start, Direction(group.direction))
