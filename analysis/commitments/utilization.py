"""How far commitments are used: what of their cost went to usage. It says nothing about how much usage they cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import DataFrame, Series

from analysis.commitments.daily_charges import between, share, summed

#: What a source tells of one commitment's use, of two spans of days.
USE: dict[str, str] = {
    "commitment_id": "str",
    "kind": "str",  # Savings Plan, Reserved
    "type": "str",  # of a reservation its instance type, of a plan its kind; empty where the source does not tell
    "count": "float64",  # instances or nodes; missing where not told
    "source": "str",  # the billing export, Cost Explorer
    "first_day": "datetime64[us]",  # of the newer span
    "last_day": "datetime64[us]",
    "days": "float64",  # of it on which the commitment ran
    "used": "float64",  # dollars of it in those days
    "unused": "float64",
    "on_demand": "float64",  # what the same usage costs on demand; missing where not told
    "used_before": "float64",  # of the span before; missing where not known
    "unused_before": "float64",
    "problem": "str",  # why nothing is known; empty where something is
}


def utilization(charges: DataFrame, by: Sequence[str]) -> DataFrame:
    """Used and unused dollars of commitments, and the share that was used.

    Args:
        charges: columns `CHARGES`. by: of `DIMENSIONS`; usage that nothing covers is left out.
    Returns:
        Columns used, unused, total, utilization (0 to 1; missing where nothing was committed), indexed by `by`.
    """
    own = charges[charges["kind"].ne("")]
    used = summed(own, own["cost"].where(~own["is_unused"], 0.0), by)
    unused = summed(own, own["cost"].where(own["is_unused"], 0.0), by)
    total = used + unused
    return DataFrame({"used": used, "unused": unused, "total": total, "utilization": share(used, total)})


def use_of_each(charges: DataFrame, end: pd.Timestamp, *, recent: int, before: int) -> DataFrame:
    """The use of every commitment in the newest days, and in those before, with the columns of `USE` it can tell.

    Args:
        charges: columns `CHARGES`.
        end: the first day that is not complete.
        recent, before: lengths of the spans in days; the second ends where the first begins.
    """
    start = end - pd.Timedelta(days=recent)
    own = charges[charges["kind"].ne("")]
    new, old = between(own, start, end), between(own, start - pd.Timedelta(days=before), start)
    key = ["commitment_id", "kind"]
    now, then = utilization(new, key), utilization(old, key)
    found = DataFrame(
        {
            "first_day": start,
            "last_day": end - pd.Timedelta(days=1),
            "days": new.groupby(key)["date"].nunique().astype("float64"),
            "used": now["used"],
            "unused": now["unused"],
            "on_demand": summed(new, new["on_demand"], key),
            "used_before": then["used"].reindex(now.index),
            "unused_before": then["unused"].reindex(now.index),
        },
        index=now.index,
    )
    return found.reset_index()


def attributed(charges: DataFrame, by: str) -> DataFrame:
    """The charges with unused commitment where its commitment is used, in proportion to the dollars used there.

    A bill books what is unused with the owner of the commitment, and of a plan with a service of its own: by account or
    service it would stand beside usage that has nothing to do with it. Sums stay as they are.

    Args:
        charges: columns `CHARGES`. by: the dimension that is to be told apart; commitments used nowhere stay put.
    """
    is_unused = charges["is_unused"] & charges["commitment_id"].ne("")
    used = charges[~charges["is_unused"] & charges["commitment_id"].ne("")]
    weight = used.groupby(["commitment_id", by])["cost"].sum()
    weight = weight[weight.gt(0)]
    parts = (weight / weight.groupby("commitment_id").transform("sum")).rename("part").reset_index()
    unused = charges[is_unused].drop(columns=by).merge(parts, on="commitment_id", how="inner")
    spread = unused.assign(cost=unused["cost"] * unused["part"]).drop(columns="part")
    nowhere = is_unused & ~charges["commitment_id"].isin(parts["commitment_id"])
    return pd.concat([charges[~is_unused | nowhere], spread[list(charges.columns)]], ignore_index=True)


def of_fees(unused: Series[float], held: DataFrame, days: pd.DatetimeIndex) -> DataFrame:
    """Utilization day by day of all commitments of a kind, from the fees of the bill and what is owned.

    For bills that do not tell one commitment from the other. A commitment that has ended is no longer listed, so that
    the days before the newest end may look fuller than they were.

    Args:
        unused: amortised dollars of the kind that went unused, by day; a day without a row had none.
        held: columns `TERMS`, of the kind.
    Returns:
        Columns used, unused, total, utilization, by day; missing on days whose commitment is not known.
    """
    midnights = days.to_numpy(dtype="datetime64[s]").astype("float64")[:, None] / 3600
    starts, ends = (_hours(held[name]) for name in ("starts_at", "ends_at"))
    # A start or an end that is not told lies outside of the days.
    until = np.minimum(np.where(np.isnan(ends), np.inf, ends), midnights + 24)
    since = np.maximum(np.where(np.isnan(starts), -np.inf, starts), midnights)
    hourly = held["hourly_usd"].to_numpy(dtype="float64")
    committed = pd.Series((np.maximum(until - since, 0.0) * hourly).sum(axis=1), index=days)
    lost = unused.reindex(days, fill_value=0.0).clip(lower=0.0)
    lost = pd.concat([lost, committed], axis=1).min(axis=1, skipna=False)
    return DataFrame(
        {
            "used": committed - lost,
            "unused": lost,
            "total": committed,
            "utilization": share(committed - lost, committed),
        }
    )


def _hours(moments: Series[Any]) -> NDArray[np.float64]:
    """Hours since the epoch; missing where there is no moment."""
    seconds = moments.to_numpy(dtype="datetime64[s]")
    hours: NDArray[np.float64] = np.where(np.isnat(seconds), np.nan, seconds.astype("int64") / 3600)
    return hours
