"""Labelled bills for detection: any families, all seven kinds of incident, and the mornings they are looked at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tests.analysis.generators import Family, Incident, Labelled, Values
from tests.analysis.generators_incidents import (
    APART_DAYS,
    DAYS_LEFT,
    KINDS,
    LEAST_DOLLARS,
    QUIET_DAYS,
    inject_any,
)

#: Share of the keys whose cost arrives a day later than the others', and how much of a newest day is there.
LATE_KEYS, LEAST_THERE, MOST_THERE = 0.25, 0.35, 0.80

#: Relative spread from day to day above which nobody could say whether an incident is one.
_WILD = 0.5


def labelled(
    seed: int,
    families: dict[str, tuple[Family, float]],
    *,
    series: int = 120,
    length: int = 400,
    incident_share: float = 0.65,
    start: str | None = None,
    quiet_days: int = QUIET_DAYS,
) -> Labelled:
    """A bill of `series` keys; of those that can carry an incident `incident_share` get one, of these some a second.

    No incident begins before day `quiet_days`; at least 28 are needed to know what is usual.
    """
    rng = np.random.default_rng(seed)
    days = pd.date_range(start or _any_start(rng), periods=length, freq="D")
    names = list(families)
    weights = np.array([weight for _, weight in families.values()])
    frames, truth = [], []
    for number in range(series):
        name = str(rng.choice(names, p=weights / weights.sum()))
        key = f"{name}-{number:03d}"
        frame, incidents = one_key(key, families[name][0](days, rng), days, rng, incident_share, quiet_days)
        frames.append(frame)
        truth += incidents
    return Labelled(pd.concat(frames, ignore_index=True), tuple(truth))


def one_key(
    key: str,
    values: Values,
    days: pd.DatetimeIndex,
    rng: np.random.Generator,
    incident_share: float,
    quiet_days: int = QUIET_DAYS,
) -> tuple[pd.DataFrame, list[Incident]]:
    """The long frame of one key, perhaps with one or two incidents."""
    incidents: list[Incident] = []
    begin, low, high = 0, quiet_days, len(days) - DAYS_LEFT
    while rng.random() < incident_share and low < high and carries(values):
        kind = _kind(values, days, rng)
        if kind == "new" and incidents:
            break
        injected = inject_any(values, days, kind, rng, between=(low, min(high, low + 160)))
        if injected is None:
            break
        values = injected.values
        incidents.append(Incident(key, kind, days[injected.first], days[min(injected.last, len(days) - 1)]))
        begin = injected.first if kind == "new" else begin
        low = injected.last + APART_DAYS
    return pd.DataFrame({"date": days[begin:], "key": key, "cost": values[begin:]}), incidents


def _kind(values: Values, days: pd.DatetimeIndex, rng: np.random.Generator) -> str:
    weekend = np.asarray(days.day_of_week) >= 5
    off_at_weekends = values[weekend].mean() < 0.6 * values[~weekend].mean()
    if off_at_weekends and rng.random() < 0.3:
        return "weekend"
    return str(rng.choice([kind for kind in KINDS if kind != "weekend"]))


def carries(values: Values) -> bool:
    """Whether an incident in the series can be told from what it does anyway."""
    ratio = np.abs(np.diff(values, n=1)) / max(float(np.median(values)), 0.01)
    return bool(
        np.median(values) >= LEAST_DOLLARS and np.quantile(ratio, 0.9) < _WILD * 2 and (values > 0.01).mean() > 0.95
    )


def mornings(bill: Labelled, seed: int, since: pd.Timestamp) -> Iterator[tuple[pd.Timestamp, pd.DataFrame]]:
    """Each day from `since`, and the bill as known the morning after: the newest day in part, some keys a day late."""
    rng = np.random.default_rng(seed)
    keys = bill.daily["key"].unique()
    for day in pd.date_range(since, bill.daily["date"].max(), freq="D"):
        there = dict(zip(keys, rng.uniform(LEAST_THERE, MOST_THERE, len(keys)), strict=True))
        late = set(keys[rng.random(len(keys)) < LATE_KEYS])
        known = bill.daily[bill.daily["date"] <= day]
        is_late = known["key"].isin(late)
        newest = known["date"] == day
        partial = np.where(is_late, known["date"] == day - pd.Timedelta(days=1), newest)
        cost = np.where(partial, known["cost"] * known["key"].map(there).astype(float), known["cost"])
        yield day, known.assign(cost=cost)[~(is_late & newest)]


def _any_start(rng: np.random.Generator) -> str:
    return str((pd.Timestamp("2023-06-01") + pd.Timedelta(days=int(rng.integers(0, 500)))).date())
