"""A policy or a schedule against what a group really had, on the same recorded load: hours, full minutes, dollars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from pandas import DataFrame

from analysis.daily_metrics import SERIES_S
from analysis.models import Chart
from analysis.models import Series as Line
from analysis.pricing import HOURS_A_MONTH
from analysis.scaling.load import GroupLoad, group_loads, two_hourly
from analysis.scaling.policy import Replay, needed, recorded
from analysis.scaling.scope import ENOUGH

#: What a proposal says of one group (its columns and its load): the replay, and more columns of its own.
Propose = Callable[[Mapping[Any, Any], GroupLoad], tuple[Replay, dict[str, object]]]


def compared(
    groups: DataFrame,
    metrics: DataFrame,
    activities: DataFrame,
    propose: Propose,
    *,
    target_percent: float,
    min_days: float,
) -> DataFrame:
    """Each group as it was against the proposal.

    Returns:
        Index of `groups`: `days` (of load; missing where none was read), `hours_before` and `hours_after` (instance
        hours a month of 730 h), `full_before` and `full_after` (minutes in these days at which instances were full),
        `smallest` and `largest` size of the proposal, `moved` (it changed its size meanwhile), `saved_hours` a month,
        `chart`, and what `propose` adds. All but `days` are missing where fewer than nine tenths of `min_days` are
        known.
    """
    rows: dict[object, dict[str, object]] = {}
    of_group = groups.to_dict("index")
    for index, found in group_loads(groups, metrics, activities):
        known = ~np.isnan(found.load)
        if found.days < min_days * ENOUGH:
            rows[index] = {"days": found.days}
            continue
        before = recorded(found.load, found.instances, step_s=SERIES_S)
        after, more = propose(of_group[index], found)
        hours = known.sum() * SERIES_S / 3600
        rows[index] = {
            "days": found.days,
            "hours_before": before.instance_hours / hours * HOURS_A_MONTH,
            "hours_after": after.instance_hours / hours * HOURS_A_MONTH,
            "full_before": before.saturated_minutes,
            "full_after": after.saturated_minutes,
            "largest": float(after.running.max()),
            "smallest": float(after.running.min()),
            "moved": bool(np.nanmax(found.desired) > np.nanmin(found.desired)),
            "chart": _chart(found, before, after, target_percent),
            **more,
        }
    made = DataFrame.from_dict(rows, orient="index").reindex(groups.index)
    for name in ("days", "hours_before", "hours_after", "full_before", "full_after", "largest", "smallest"):
        made[name] = made[name].astype("float64") if name in made else float("nan")
    made["saved_hours"] = made["hours_before"] - made["hours_after"]
    for name in ("chart", "moved"):
        made[name] = made[name].astype("object") if name in made else None
    return made


def _chart(found: GroupLoad, before: Replay, after: Replay, target_percent: float) -> Chart:
    labels = tuple(f"{hour:02d}:00" for hour in range(0, 24, 2))
    asked = needed(found.load, target_percent)
    lines = (
        Line("As it was", two_hourly(before.running, found.moments)),
        Line("Proposed", two_hourly(after.running, found.moments)),
        Line(f"Needed at {target_percent:.0f} % CPU", two_hourly(asked, found.moments)),
    )
    return Chart("Instances on a working day (UTC)", labels, lines, unit="instances")
