"""What `/cost commitments` knows: what is owned, by the last scan, and how it is used, by the stored bill."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from pandas import DataFrame, Series

from analysis.commitments.coverage import coverage
from analysis.commitments.daily_charges import between
from analysis.commitments.effective_rate import effective_savings_rate
from analysis.commitments.expiry import cliffs
from analysis.commitments.holdings import OWNED, RESERVED, SAVINGS_PLAN, unknown_to_api
from analysis.commitments.utilization import attributed, of_fees, utilization
from analysis.costs import ChargeCategory
from bot.collectors import explorer_use, reservations_use, savings_plans_use
from bot.collectors.commitment_charges import Charged, daily_charges
from bot.commitments.kept import kept_commitments, owned_of
from bot.commitments.look_backs import look_back_note
from bot.complete_days import PROVIDER, complete_days
from bot.context import Context
from bot.errors import NotEnoughData
from bot.savings.last_scan import LAST_SCAN
from bot.settings import CostView
from bot.tables import typed

#: Points of a chart at most.
MOST_POINTS = 20
_PLANS_FEES = "Savings Plans"


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of a span of days, 0 to 1; None where they are not known. Dollars are of the whole span."""

    utilization: float | None = None
    coverage: float | None = None
    savings_rate: float | None = None
    committed: float | None = None
    unused: float | None = None
    saved: float | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is known.

    Attributes:
        held: columns of `bot.inventory.HEAD`, `TERMS` and `CLIFF`, with `utilization` and `monthly_unused`.
        bill_only: rows of the use tables that AWS's own lists do not have.
        problems: why something is not known, each once.
        start, end: the days [start, end) of `now`; None where no bill tells.
        now, before: of these days, and of as many before.
        points: a row per bucket of days, by its last day: utilization, coverage, savings_rate.
        parts: a row per value of what was asked for, the dearest first; empty where nothing was.
        by_export: whether an export tells single commitments.
        scanned_at: when AWS was asked what is owned; None before the first scan.
        look_back: what proposals to buy are worked out on, where that is AWS's look-back; "" else.
    """

    held: DataFrame
    bill_only: DataFrame
    problems: tuple[str, ...]
    start: date | None
    end: date | None
    now: Rates
    before: Rates
    points: DataFrame
    parts: DataFrame
    by_export: bool
    scanned_at: datetime | None
    look_back: str


def commitment_figures(context: Context, days: int, by: str) -> Figures:
    """What is owned and how it was used in the newest days.

    Args:
        by: of `analysis.commitments.daily_charges.DIMENSIONS`; empty for no breakdown.
    """
    kept = kept_commitments(context.settings.data_dir)
    told = daily_charges(context, 2 * days)
    held = owned_of(kept)
    use = _use(context, told, kept)
    terms = cliffs(held, use, pd.Timestamp(context.clock.now().replace(tzinfo=None)))
    known = use[use["problem"].eq("")]
    shown = held.join(terms).join(_own_use(held, known))
    shown = shown[shown["problem"].eq("") & shown["days_left"].fillna(1).gt(0)].sort_values("ends_at")
    problems = tuple(dict.fromkeys([*held.loc[held["problem"].ne(""), "problem"], *use["problem"]]))
    start, end, now, before, points = _rates(context, told, shown, days)
    return Figures(
        held=shown.reset_index(drop=True),
        bill_only=unknown_to_api(known, held).reset_index(drop=True),
        problems=tuple(problem for problem in problems if problem),
        start=start,
        end=end,
        now=now,
        before=before,
        points=points,
        parts=_parts(told, days, by) if told is not None and by else DataFrame(),
        by_export=told is not None,
        scanned_at=_scanned_at(context, kept, held),
        look_back=look_back_note(context),
    )


def owned_and_used(context: Context) -> tuple[DataFrame, DataFrame]:
    """What the last scan found owned (columns of `HEAD`, `TERMS`) and how it was used (of `HEAD`, `USE`)."""
    kept = kept_commitments(context.settings.data_dir)
    if not kept:
        return owned_of({}), _use(context, None, {})
    told = daily_charges(context, savings_plans_use.RECENT_DAYS + savings_plans_use.BEFORE_DAYS)
    use = _use(context, told, kept)
    return owned_of(kept), use[use["problem"].eq("")]


def _scanned_at(context: Context, kept: dict[str, DataFrame], held: DataFrame) -> datetime | None:
    """When AWS was asked, the oldest answer; where nothing is owned, when the last scan ended."""
    if not kept:
        return None
    oldest = held["seen_at"].min()
    if pd.notna(oldest):
        moment: datetime = oldest.to_pydatetime()
        return moment.replace(tzinfo=UTC)
    told = context.store.recall(LAST_SCAN)
    return datetime.fromisoformat(json.loads(told)["at"]) if told else None


def _use(context: Context, told: Charged | None, tables: dict[str, DataFrame]) -> DataFrame:
    """The use of each commitment: by the export as it is now, else as the last scan was told."""
    if told is not None:
        parts = [
            savings_plans_use.of_export(context, told.charges, told.start, told.end, kind, days, before)
            for kind, days, before in (
                (SAVINGS_PLAN, savings_plans_use.RECENT_DAYS, savings_plans_use.BEFORE_DAYS),
                (RESERVED, reservations_use.RECENT_DAYS, reservations_use.BEFORE_DAYS),
            )
        ]
    else:
        parts = [tables[name] for name in ("savings_plans_use", "reservations_use") if name in tables]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else typed([], reservations_use.COLUMNS)


def _own_use(held: DataFrame, use: DataFrame) -> DataFrame:
    """Of each commitment the share that was used, and unused dollars a month."""
    rows = []
    for commitment_id in held["commitment_id"]:
        own = use[~use.index.isin(unknown_to_api(use, held[held["commitment_id"].eq(commitment_id)]).index)]
        used, unused, days = (own[name].sum(min_count=1) for name in ("used", "unused", "days"))
        total = used + unused
        rows.append(
            {
                "utilization": used / total if pd.notna(total) and total > 0 else float("nan"),
                "monthly_unused": unused / days * 730 / 24 if pd.notna(days) and days > 0 else float("nan"),
            }
        )
    return DataFrame(rows, index=held.index, columns=["utilization", "monthly_unused"], dtype="float64")


def _rates(
    context: Context, told: Charged | None, held: DataFrame, days: int
) -> tuple[date | None, date | None, Rates, Rates, DataFrame]:
    if told is not None:
        daily, start, end = _daily_of_export(told), told.start, told.end
    else:
        found = _daily_of_fees(context, held, 2 * days)
        if found is None:
            return None, None, Rates(), Rates(), DataFrame()
        daily, start, end = found
    middle = max(start, end - timedelta(days=days))
    newest, earlier = (
        daily[(daily.index >= pd.Timestamp(first)) & (daily.index < pd.Timestamp(last))]
        for first, last in ((middle, end), (start, middle))
    )
    if told is not None and not told.charges["date"].ge(pd.Timestamp(middle)).any():
        newest = newest.iloc[:0]  # nothing to have a share of
    is_whole = (middle - start).days == (end - middle).days
    return middle, end, _of(newest), _of(earlier) if is_whole else Rates(), _points(newest)


def _daily_of_export(told: Charged) -> DataFrame:
    """Dollars by day: used, unused, covered, on_demand (uncovered), equivalent, actual.

    All these days are stored: one without a charge had nothing to cover.
    """
    charges = told.charges
    use, cover, rate = (made(charges, ["date"]) for made in (utilization, coverage, effective_savings_rate))
    every = pd.date_range(told.start, told.end, inclusive="left")
    table = pd.concat([use[["used", "unused"]], cover[["covered", "on_demand"]]], axis=1)
    table = pd.concat([table, rate[["on_demand_equivalent", "actual"]]], axis=1)
    none_committed = table[["used", "unused"]].where(charges.groupby("date")["kind"].max().ne(""), 0.0)
    return table.assign(used=none_committed["used"], unused=none_committed["unused"]).reindex(every, fill_value=0.0)


def _daily_of_fees(context: Context, held: DataFrame, days: int) -> tuple[DataFrame, date, date] | None:
    """Dollars by day as far as Cost Explorer's stored costs tell: unused fees of all commitments of a kind."""
    complete = complete_days(context)
    if complete is None or held.empty:
        return None
    wanted = complete.last(days)
    try:
        fees = context.costs.daily(
            by=("service_name",),
            start=wanted.start,
            end=wanted.end,
            view=CostView.EFFECTIVE,
            where={"provider": PROVIDER, "charge_category": ChargeCategory.UNUSED_COMMITMENT.value},
            usage_only=False,
        )
    except NotEnoughData:
        return None
    index = pd.date_range(wanted.start, wanted.end, inclusive="left")
    is_plan = fees["service_name"].str.startswith(_PLANS_FEES)
    parts = [
        of_fees(rows.groupby("date")["cost"].sum(), held[held["kind"].eq(kind) & held["state"].eq(OWNED[0])], index)
        for kind, rows in ((SAVINGS_PLAN, fees[is_plan]), (RESERVED, fees[~is_plan]))
    ]
    both = parts[0][["used", "unused"]] + parts[1][["used", "unused"]]
    cover = DataFrame(explorer_use.kept_coverage(context), columns=["date", "covered", "on_demand"])
    known = cover.set_index(pd.to_datetime(cover["date"]))[["covered", "on_demand"]].astype("float64").reindex(index)
    return both.join(known).assign(on_demand_equivalent=float("nan"), actual=float("nan")), wanted.start, wanted.end


def _of(daily: DataFrame) -> Rates:
    sums = daily.sum(skipna=False) if len(daily) else Series(dtype="float64")

    def known(value: float) -> float | None:
        return None if pd.isna(value) else float(value)

    def part(of: float, whole: float) -> float | None:
        return known(of / whole) if pd.notna(whole) and whole > 0 else None

    if sums.empty:
        return Rates()
    # Cost Explorer is asked about coverage once a week: the days that it told stand for the others.
    covered = daily[["covered", "on_demand"]].dropna()
    told = covered.sum() if 2 * len(covered) > len(daily) else covered.sum() * float("nan")
    committed, eligible = sums["used"] + sums["unused"], told["covered"] + told["on_demand"]
    saved = sums["on_demand_equivalent"] - sums["actual"]
    return Rates(
        utilization=part(sums["used"], committed),
        coverage=part(told["covered"], eligible),
        savings_rate=part(saved, sums["on_demand_equivalent"]),
        committed=known(committed),
        unused=known(sums["unused"]),
        saved=known(saved),
    )


def _points(daily: DataFrame) -> DataFrame:
    """At most `MOST_POINTS` buckets of days, each by its last day; the oldest may be shorter."""
    if daily.empty:
        return DataFrame()
    size = -(-len(daily) // MOST_POINTS)
    buckets = [daily.iloc[max(0, stop - size) : stop] for stop in range(len(daily), 0, -size)][::-1]
    rows = [_of(bucket) for bucket in buckets]
    return DataFrame(
        {
            "utilization": [row.utilization for row in rows],
            "coverage": [row.coverage for row in rows],
            "savings_rate": [row.savings_rate for row in rows],
        },
        index=[bucket.index[-1].date() for bucket in buckets],
        dtype="float64",
    )


def _parts(told: Charged, days: int, by: str) -> DataFrame:
    """Utilization, coverage, unused dollars and rate by a dimension, of the newest days; the most usage first.

    What is unused counts where its commitment is used.
    """
    end = pd.Timestamp(told.end)
    charges = between(told.charges, end - pd.Timedelta(days=days), end)
    charges = charges if by == "kind" else attributed(charges, by)
    keys: Sequence[str] = [by]
    use, cover, rate = (made(charges, keys) for made in (utilization, coverage, effective_savings_rate))
    table = pd.concat([use[["utilization", "unused", "total"]], cover, rate[["rate", "saved"]]], axis=1)
    if by == "kind":
        # What a kind covers is a part of all eligible usage, of which it has none uncovered.
        table["coverage"] = table["covered"] / (cover["covered"] + cover["on_demand"]).sum()
        table[["rate", "on_demand"]] = float("nan")
        table = table.drop(index="", errors="ignore")
    size = table[["covered", "on_demand", "unused"]].sum(axis=1)
    return table.loc[size.sort_values(ascending=False).index]
