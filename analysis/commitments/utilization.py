"""How far commitments are used: what of their cost went to usage. It says nothing about how much usage they cover."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pandas import DataFrame

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
