"""What a purchase could cover: usage by the hour as it was on demand, and what of it no commitment pays for today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas import DataFrame, DatetimeIndex, Series, Timestamp

from analysis.commitments.expiry import renewed
from analysis.commitments.holdings import RESERVED, SAVINGS_PLAN, key_of, same_commitment
from analysis.commitments.hourly import Part, hourly_parts
from analysis.commitments.usage import Floats, HourlyUsage

#: The newest weeks tell how far a commitment is used now.
RECENT_H = 28 * 24
#: A commitment that is on the bill of the newest day is taken to run on where AWS's lists do not tell of it.
_LATELY = pd.Timedelta(days=1)
#: Share of what runs on demand from which on a purchase of the look-back changes what is left of it.
MATERIAL = 0.02


@dataclass(frozen=True, slots=True)
class Held:
    """A commitment that runs.

    Attributes:
        id: as the bill or AWS's list has it. name: as a person calls it.
        kind: `Reserved`, or of a plan one of `PLAN_KINDS`; "" for a plan that AWS's lists do not have.
        hourly: what was committed, dollars an hour; missing (nan) where it is not told.
        used: dollars an hour that went to usage in the newest weeks.
        ends_at: aware, UTC; None where it is not known. is_renewed: a queued purchase takes its place.
        covers: what it paid for in the hours of `Eligible.everything`; None where that was nothing.
    """

    id: str
    name: str
    kind: str
    family: str
    region: str
    hourly: float
    used: float
    ends_at: Timestamp | None
    is_renewed: bool
    covers: Part | None


@dataclass(frozen=True, slots=True)
class Eligible:
    """Usage that commitments could cover, up to the last complete hour.

    Attributes:
        everything: at on-demand quantities, before any commitment.
        left: what runs on demand, of the same lines; where something large was bought in the look-back, of the hours
            since.
        until: the end of the last complete hour, aware, UTC.
        held: what is owned and runs, the first to end first. queued: names of what is bought and has not begun.
        is_owned_known: whether AWS's lists of what is owned were read; else the bill's newest day alone tells.
        cut_by: what was bought in the look-back and cuts `left` short; "" for nothing.
    """

    everything: HourlyUsage
    left: HourlyUsage
    until: Timestamp
    held: tuple[Held, ...]
    queued: tuple[str, ...] = ()
    is_owned_known: bool = True
    cut_by: str = ""

    @property
    def last_hour(self) -> Timestamp:
        """The start of the last complete hour that has usage."""
        return self.everything.hours[-1]

    def covered_by(self, one: Held) -> Floats:
        """What it pays for in the hours of `left`, a column per line."""
        shape = self.left.quantity.shape
        return np.zeros(shape) if one.covers is None else one.covers.whole(shape[1])[-shape[0] :]


def eligible(rows: DataFrame, owned: DataFrame, *, until: Timestamp, is_owned_known: bool = True) -> Eligible:
    """Split usage by what pays for it today.

    The bill's own commitment columns decide what is left, not a simulation: AWS has already applied what is owned, with
    sharing, tenancies, zones and account settings that only it knows, and on another's list a plan of an account that
    may not be read would be missing. What a commitment paid for that has ended since runs on demand today and is
    counted as left.

    Args:
        rows: as `analysis.commitments.hourly.hourly_usage` reads them, of one currency; naive UTC hours.
        owned: columns `analysis.commitments.holdings.TERMS`, with `name` and `account_id`; empty where nothing was
            read.
        until: hours from this one on have not arrived whole; aware.
    """
    known = owned[owned["problem"].eq("") & owned["state"].ne("")] if len(owned) else owned
    running = known[known["state"].eq("active")] if len(known) else known
    whose = _whose(rows, running, until)
    paid_by = rows["commitment_id"].map(whose).astype("object").fillna("")
    parts = hourly_parts(rows, paid_by, until=until)
    everything = parts.usage
    paid = np.zeros_like(everything.quantity)
    for part in parts.of.values():
        paid[:, part.lines] += part.quantity
    left = np.maximum(everything.quantity - paid, 0.0)
    # Adding up and taking off leaves the last digits of what is covered in full.
    left[left < everything.quantity * 1e-9] = 0.0
    used = _used(rows, whose, everything.hours)
    held = _held(running, known, parts.of, used, until)
    first, cut_by = _since(running, everything, left)
    return Eligible(
        everything,
        HourlyUsage(everything.hours[first:], everything.lines, left[first:]),
        until,
        held,
        tuple(str(name) for name in known.loc[known["state"].ne("active"), "name"]) if len(known) else (),
        is_owned_known,
        cut_by,
    )


def _whose(rows: DataFrame, running: DataFrame, until: Timestamp) -> dict[str, str]:
    """The id of the owned commitment behind each id of the bill; "" of one that has ended."""
    billed = rows[rows["commitment_id"].notna() & rows["commitment_id"].ne("")]
    last = billed.groupby("commitment_id", observed=True)["hour"].max()
    lately = until.tz_localize(None) - _LATELY
    ends = {str(row["commitment_id"]): row["ends_at"] for _, row in running.iterrows()}
    by_key = {key_of(id_): id_ for id_ in ends}
    found = {}
    for id_, newest in last.items():
        name = str(id_)
        own = by_key.get(key_of(name)) or next((one for one in ends if same_commitment(one, name)), None)
        if own is None:
            found[name] = name if newest >= lately else ""
        else:
            has_ended = pd.notna(ends[own]) and ends[own] <= until.tz_localize(None)
            found[name] = "" if has_ended else own
    return found


def _used(rows: DataFrame, whose: dict[str, str], hours: DatetimeIndex) -> Series[float]:
    """Dollars an hour that each commitment's usage took in the newest weeks."""
    newest = hours[-RECENT_H:]
    is_recent = rows["hour"].ge(newest[0].tz_localize(None)) & rows["hour"].le(newest[-1].tz_localize(None))
    usage = rows[is_recent & rows["charge_category"].eq("Usage")]
    owner = usage["commitment_id"].map(whose).astype("object").fillna("")
    return usage["effective_cost"].groupby(owner).sum() / len(newest)


def _held(
    running: DataFrame, known: DataFrame, of: Mapping[str, Part], used: Series[float], until: Timestamp
) -> tuple[Held, ...]:
    is_renewed = renewed(known).reindex(running.index) if len(running) else Series(dtype=bool)
    found, listed = [], set()
    for (_, row), follows in zip(running.iterrows(), is_renewed, strict=True):
        id_, ends = str(row["commitment_id"]), row["ends_at"]
        listed.add(id_)
        if pd.notna(ends) and ends <= until.tz_localize(None):
            continue
        is_plan = row["kind"] == SAVINGS_PLAN
        found.append(
            Held(
                id=id_,
                name=str(row["name"]),
                kind=str(row["type"]) if is_plan else RESERVED,
                family=str(row["family"]),
                region=str(row["scope_region"]),
                hourly=float(row["hourly_usd"]),
                used=float(used.get(id_, 0.0)),
                ends_at=None if pd.isna(ends) else Timestamp(ends).tz_localize("UTC"),
                is_renewed=bool(follows),
                covers=of.get(id_),
            )
        )
    for id_ in sorted(set(of) - listed):
        is_plan = ":savingsplan/" in id_
        told = f"{'Savings Plan' if is_plan else 'Reservation'} {key_of(id_).rpartition('/')[2][:8]}"
        kind = "" if is_plan else RESERVED
        found.append(Held(id_, told, kind, "", "", float("nan"), float(used.get(id_, 0.0)), None, False, of[id_]))
    never = Timestamp.max.tz_localize("UTC")
    return tuple(sorted(found, key=lambda one: (one.ends_at or never, one.name)))


def _since(running: DataFrame, everything: HourlyUsage, left: Floats) -> tuple[int, str]:
    """From which hour on what is left was left by what is owned now, and the purchase that says so."""
    on_demand = np.nansum(left[-RECENT_H:] * everything.lines["on_demand"].to_numpy()) / len(left[-RECENT_H:])
    if running.empty:
        return 0, ""
    begun = running[
        running["starts_at"].gt(everything.hours[0].tz_localize(None)) & running["hourly_usd"].gt(MATERIAL * on_demand)
    ]
    if begun.empty:
        return 0, ""
    newest = begun.sort_values("starts_at").iloc[-1]
    first = int(everything.hours.searchsorted(Timestamp(newest["starts_at"]).tz_localize("UTC")))
    return min(first, len(everything.hours)), str(newest["name"])
