"""What Auto Scaling groups did, and why: read from the `Cause` of their activities, which alone tells it.

`Description` only says "Launching a new EC2 instance: i-…"; the change of capacity and who asked for it stand in
`Cause`, as "At 2026-11-20T08:05:10Z a monitor alarm … in state ALARM triggered policy cpu changing the desired capacity
from 3 to 4.  At … an instance was started in response to a difference between desired and actual capacity, increasing
the capacity from 3 to 4."
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.daily_metrics import KEY

#: Columns of the table of activities; AWS keeps six weeks of them.
ACTIVITIES: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",  # the group's name
    "activity_id": "str",
    "started_at": "datetime64[us]",  # UTC
    "ended_at": "datetime64[us]",  # missing while it goes on
    "status": "str",
    "description": "str",
    "cause": "str",
}
KEPT_DAYS = 42


class By(StrEnum):
    """Who or what made a group launch or terminate instances."""

    POLICY = "policy"
    SCHEDULE = "schedule"
    PERSON = "person"
    HEALTH = "health"
    REFRESH = "refresh"
    BALANCE = "balance"
    OTHER = "other"


#: A sentence of a cause; the first pattern that is found in it says who made it.
_MADE_BY = (
    (By.POLICY, r"triggered policy|predictive scaling"),
    (By.SCHEDULE, r"scheduled action"),
    (By.PERSON, r"user request"),
    (By.REFRESH, r"instance refresh"),
    (By.HEALTH, r"health[- ]check|interruption|rebalance recommendation"),
    (By.BALANCE, r"balanc"),
)
# The last change of the desired capacity counts: a cause may tell of several that were met together.
_DESIRED = (
    r"(?s)^(?P<before>.*)\bAt (?P<decided_at>\d{4}-\d\d-\d\dT[\d:.]+Z) (?P<trigger>(?:(?!\bAt \d{4}-).)*?)"
    r"changing the desired capacity from (?P<desired_from>\d+) to (?P<desired_to>\d+)"
)
_FIRST_DESIRED = r"changing the desired capacity from (\d+) to \d+"
_ACTUAL = r"(?:increasing|shrinking|decreasing) the capacity from (\d+) to (\d+)"


def parsed(activities: DataFrame) -> DataFrame:
    """What each activity's cause says.

    Returns:
        Same index and columns plus `desired_from`, `desired_to`, `capacity_from`, `capacity_to` (missing where the
        cause tells none), `decided_at` (UTC, when the desired capacity was changed), `by` (a `By`), `minutes` (from
        start to end).
    """
    cause = activities["cause"].astype("str")
    desired = cause.str.extract(_DESIRED)
    actual = cause.str.extract(_ACTUAL)
    first = cause.str.extract(_FIRST_DESIRED)[0]
    told = desired["trigger"].fillna("").where(desired["trigger"].notna(), cause)
    decided = pd.to_datetime(desired["decided_at"], utc=True, format="ISO8601", errors="coerce").dt.tz_localize(None)
    return activities.assign(
        desired_from=pd.to_numeric(first),
        desired_to=pd.to_numeric(desired["desired_to"]),
        capacity_from=pd.to_numeric(actual[0]),
        capacity_to=pd.to_numeric(actual[1]),
        decided_at=decided.astype("datetime64[us]"),
        by=_made_by(told),
        minutes=(activities["ended_at"] - activities["started_at"]).dt.total_seconds() / 60,
    )


def _made_by(told: Series[str]) -> Series[str]:
    by = pd.Series(By.OTHER.value, index=told.index, dtype="object")
    for who, pattern in reversed(_MADE_BY):
        by = by.mask(told.str.contains(pattern, case=False, regex=True), who.value)
    return by.astype("str")


def decisions(activities: DataFrame) -> DataFrame:
    """The changes of desired capacity, each once: every instance that one launches is an activity with the same cause.

    A replacement (health check, refresh, balancing of zones) changes no desired capacity and is none. What failed or
    was cancelled launched nothing.

    Returns:
        Columns `KEY`, `decided_at`, `desired_from`, `desired_to`, `by`; by group and time.
    """
    read = parsed(activities[~activities["status"].isin(["Failed", "Cancelled"])])
    changed = read[read["decided_at"].notna() & read["desired_from"].ne(read["desired_to"])]
    columns = [*KEY, "decided_at", "desired_from", "desired_to", "by"]
    return changed[columns].drop_duplicates().sort_values([*KEY, "decided_at"], ignore_index=True)


def reversals(made: DataFrame, *, within_minutes: float) -> DataFrame:
    """Scale-outs of policies that a policy took back within so many minutes.

    Args:
        made: what `decisions` found.
    Returns:
        Columns `KEY`, `out_at`, `minutes` (until it was taken back), `instances` (launched for nothing).
    """
    by_policy = made[made["by"].eq(By.POLICY.value)]
    following = by_policy.groupby(KEY)[["decided_at", "desired_from", "desired_to"]].shift(-1)
    added = by_policy["desired_to"] - by_policy["desired_from"]
    taken = following["desired_from"] - following["desired_to"]
    minutes = (following["decided_at"] - by_policy["decided_at"]).dt.total_seconds() / 60
    found = added.gt(0) & taken.gt(0) & minutes.le(within_minutes)
    every = by_policy[KEY].assign(out_at=by_policy["decided_at"], minutes=minutes, instances=np.minimum(added, taken))
    return every[found].reset_index(drop=True)


def launch_minutes(activities: DataFrame) -> Series[float]:
    """Median minutes that a launch of each group takes, by `KEY`."""
    read = parsed(activities[activities["status"].eq("Successful")])
    launched = read[read["description"].str.startswith("Launching")]
    return launched.groupby(KEY)["minutes"].median()


def capacity(made: DataFrame, moments: NDArray[np.datetime64], now: float) -> NDArray[np.float64]:
    """Desired capacity of one group at each moment, from its decisions and what it is now.

    Args:
        made: the decisions of one group. moments: ascending.
    """
    if made.empty:
        return np.full(len(moments), now)
    ordered = made.sort_values("decided_at")
    at = ordered["decided_at"].to_numpy(dtype="datetime64[us]")
    sizes = np.concatenate([[ordered["desired_from"].iloc[0]], ordered["desired_to"].to_numpy(dtype="float64")])
    found: NDArray[np.float64] = sizes[np.searchsorted(at, moments.astype("datetime64[us]"), side="right")]
    return found


def share_at_floor(desired: NDArray[np.float64], floor: float) -> float:
    """Share of the moments at which a group was no larger than its minimum; missing where nothing is known."""
    known = desired[~np.isnan(desired)]
    return float((known <= floor).mean()) if len(known) else float("nan")
