"""What the bill does on the day a commitment ends: its usage falls back to on-demand prices."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.commitments.holdings import HOURS_A_MONTH, key_of
from analysis.models import Risk
from analysis.verdicts import Verdicts, verdicts

#: Columns of `cliffs`.
CLIFF = ("days_left", "monthly_commitment", "monthly_on_demand", "monthly_cliff")


def cliffs(held: DataFrame, use: DataFrame, now: pd.Timestamp | None = None) -> DataFrame:
    """Of each commitment: days left, what it costs a month, what its usage costs on demand, and the difference.

    The difference is what the bill rises by when nothing takes its place: unused commitment falls away as well, so it
    may be below zero, where ending is a saving.

    Args:
        held: columns `TERMS`. use: columns `USE`; on-demand figures are missing where it tells none.
        now: naive, UTC; when AWS was asked where it is not given.
    Returns:
        Columns `CLIFF` on the index of `held`.
    """
    told = use[use["problem"].eq("") & use["days"].gt(0)]
    an_hour = (told["on_demand"] / told["days"] / 24).groupby(told["commitment_id"].map(key_of)).sum(min_count=1)
    on_demand = _matched(held["commitment_id"], an_hour) * HOURS_A_MONTH
    monthly = held["hourly_usd"] * HOURS_A_MONTH
    return DataFrame(
        {
            "days_left": _days_between(held["seen_at"] if now is None else now, held["ends_at"]),
            "monthly_commitment": monthly,
            "monthly_on_demand": on_demand,
            "monthly_cliff": on_demand - monthly,
        },
        index=held.index,
    )


def _days_between(first: Series[Any] | pd.Timestamp, last: Series[Any]) -> Series[float]:
    days: Series[float] = (last - first).dt.total_seconds() / 86_400
    return days


def _matched(ids: Series[str], values: Series[float]) -> Series[float]:
    """A value per commitment, by what two sources agree on; else by the last part of its id where that is of one."""
    keys = ids.map(key_of).astype("object")
    tails = values.groupby([str(key).rpartition("/")[2] for key in values.index]).agg(["first", "size"])
    alone = tails["first"].where(tails["size"].eq(1))
    # A source may tell the id only, without whose it is.
    bare = keys.str.contains("/").eq(False) | (not any("/" in str(key) for key in values.index))
    by_tail = keys.str.rpartition("/")[2].map(alone) if len(keys) else keys
    found = keys.map(values)
    return found.fillna(by_tail.where(bare)).astype("float64")


def renewed(held: DataFrame) -> Series[bool]:
    """Whether a queued purchase of the same kind, and no smaller, begins when it ends."""
    queued = held[held["state"].eq("queued")]
    same = ["account_id", "kind", "service", "type", "family", "scope_region", "zone", "platform"]
    at_end = pd.Series(False, index=held.index)
    for _, next_ in queued.iterrows():
        gap = (next_["starts_at"] - held["ends_at"]).abs()
        fits = held[same].eq(next_[same]).all(axis=1) & gap.le(pd.Timedelta(days=2))
        at_end |= fits & held["hourly_usd"].le(next_["hourly_usd"] * 1.0000001)
    return at_end


def ending(held: DataFrame, use: DataFrame, *, most_days_left: float) -> Verdicts:
    """A notice for whatever ends within some days, with the dollars a month that the bill rises by.

    Args:
        held: columns of `bot.inventory.HEAD` and `TERMS`. use: columns `USE`.
    """
    found = cliffs(held, use)
    left, cliff = found["days_left"], found["monthly_cliff"]
    has_end = held["ends_at"].notna() & left.notna()
    is_renewed = renewed(held)
    soon = has_end & left.le(most_days_left) & left.gt(0)
    day = held["ends_at"].dt.strftime("%b %d, %Y").fillna("")
    return verdicts(
        held,
        saves=pd.Series(float("nan"), index=held.index),
        fine=[
            (held["problem"].eq("") & held["state"].eq("queued"), "It has not begun yet."),
            (has_end & is_renewed, "A queued purchase of the same kind takes its place."),
            (
                has_end & left.gt(most_days_left),
                "It ends on " + day + ", more than " + f"{most_days_left:g} days away.",
            ),
            (has_end & left.le(0), "It has ended on " + day + "."),
        ],
        insufficient=[
            (held["problem"].ne(""), "Which reservations there are: " + held["problem"]),
            (~has_end, "When it ends: AWS does not tell."),
        ],
        notice=(soon, "It ends on " + day + "."),
        details=DataFrame(
            {
                "days_left": left.round(),
                "ends_on": day,
                "monthly_cost": found["monthly_commitment"],
                "monthly_on_demand": found["monthly_on_demand"],
                "monthly_cliff": cliff,
                "cliff": cliff.map(_cliff_words),
                "how": _how(found),
                "risk": pd.Series(Risk.LOW.value, index=held.index).mask(left.le(7), Risk.HIGH.value),
            }
        ),
    )


def _cliff_words(cliff: float) -> str:
    if math.isnan(cliff):
        return "what its usage then costs on demand is not known"
    if cliff < 0:
        return f"so much of it is unused that the bill falls by ${-cliff:,.2f} a month"
    return f"the bill rises by ${cliff:,.2f} a month"


def _how(found: DataFrame) -> Series[str]:
    told = [
        f"What it covers costs ${on_demand:,.2f} a month on demand, the commitment ${monthly:,.2f}: 730 hours at the "
        "use of the newest days."
        if pd.notna(on_demand) and pd.notna(monthly)
        else f"The commitment costs ${monthly:,.2f} a month; nothing tells yet what it covers."
        if pd.notna(monthly)
        else "Neither its cost nor what it covers is told."
        for on_demand, monthly in zip(found["monthly_on_demand"], found["monthly_commitment"], strict=True)
    ]
    return pd.Series(told, index=found.index, dtype="object")
