"""Bring the stored costs up to date from Cost Explorer: ask what is missing or unsettled, store month by month."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from bot.aws import reading
from bot.collectors import cost_plan, daily_costs
from bot.collectors.cost_plan import Batch
from bot.context import Context
from bot.errors import CostbotError, SourceUnavailable

log = logging.getLogger("costbot")

ACTION = "ce:GetCostAndUsage"
Progress = Callable[[str, float], None]


@dataclass(slots=True)
class Refresh:
    """What a refresh did. `error` stopped it; what was stored before stays."""

    requests: int = 0
    months: set[date] = field(default_factory=set)
    changed: set[date] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    error: CostbotError | None = None

    @property
    def sentence(self) -> str:
        """The outcome, as a person reads it."""
        price = f"{self.requests} billed request{'s' if self.requests != 1 else ''} (${self.requests * 0.01:.2f})"
        if self.error:
            kept = f" {len(self.months)} months were stored before." if self.months else ""
            return f"{self.error}{kept} {price}."
        if not self.months:
            return "Costs are up to date; Cost Explorer was not asked."
        return f"{len(self.months)} months asked, {len(self.changed)} of them changed; {price}."


def refresh(
    context: Context, *, progress: Progress | None = None, force: bool = False, since: date | None = None
) -> Refresh:
    """Ask Cost Explorer for what is missing, and again for unsettled days when the last time is long enough ago.

    Args:
        since: leave older history for another time; the first alert then need not wait for thirteen months.
        progress: called with what is being asked and the share that is done.
        force: ask for the unsettled days whenever the last time was.
    Returns:
        the outcome; an error of AWS is in it, not raised.
    """
    now, today = context.clock.now(), context.clock.today()
    result = Refresh()
    facts = context.costs.months.facts(daily_costs.SOURCE)
    queries = daily_costs.queries(context.settings.tag_keys)
    due = force or cost_plan.is_due(facts, now)
    batches = cost_plan.plan(facts, queries, today=today, history_days=context.settings.history_days, due=due)
    batches = [batch for batch in batches if since is None or batch.end > since]
    steps = max(1, sum(len(batch.queries) for batch in batches))
    done = 0
    try:
        payer = _payer(context) if batches else ""
        for batch in batches:
            frames = []
            before = result.requests
            for query in batch.queries:
                if progress:
                    progress(f"costs by {query.name.replace(',', ' and ')} from {batch.start:%Y-%m-%d}", done / steps)
                frames.append(_ask(context, query, batch, result))
                done += 1
            frame = pd.concat(frames, ignore_index=True).assign(billing_account_id=payer)
            _store(context, batch, frame, result, before)
    except CostbotError as error:
        result.error = error
    if batches:
        _note_health(context, result)
    if progress:
        progress("done", 1.0)
    return result


def _payer(context: Context) -> str:
    with reading("sts:GetCallerIdentity"):
        return context.aws.caller_account()


def _ask(context: Context, query: daily_costs.Query, batch: Batch, result: Refresh) -> DataFrame:
    def counted() -> None:
        result.requests += 1

    with reading(ACTION):
        client = context.aws.client("ce")
        pages = daily_costs.fetch(client, query.parameters(batch.start_of(query), batch.end), counted)
    try:
        return daily_costs.parse(pages, query)
    except (KeyError, ValueError) as error:
        raise SourceUnavailable(
            f"Cost Explorer's answer by {query.name} cannot be read: {error}.", "Nothing of it was stored."
        ) from error


def _store(context: Context, batch: Batch, frame: DataFrame, result: Refresh, before: int) -> None:
    """Put the fetched days into their months; each month whole or not at all."""
    if len(batch.queries) > 1:
        result.warnings += daily_costs.disagreements(frame[frame["date"] >= pd.Timestamp(batch.start)])
    months = context.costs.months
    facts: dict[str, Any] = months.facts(daily_costs.SOURCE)
    noted: dict[str, Any] = facts.setdefault("months", {})
    now = context.clock.now()
    for month in batch.months():
        merged = _merged(months.read(daily_costs.SOURCE, month), _of_month(frame, month), batch)
        if context.costs.replace_month(daily_costs.SOURCE, month, merged):
            result.changed.add(month)
        result.months.add(month)
        noted[f"{month:%Y-%m}"] = cost_plan.after(
            noted.get(f"{month:%Y-%m}"), batch, month, first_estimated=_first_estimated(merged), now=now
        )
    if batch.end > context.clock.today():  # the round that comes back every day
        facts["requests_a_round"] = result.requests - before
    months.note_facts(daily_costs.SOURCE, facts)


def _of_month(frame: DataFrame, month: date) -> DataFrame:
    start = pd.Timestamp(month)
    return frame[(frame["date"] >= start) & (frame["date"] < start + pd.offsets.MonthBegin(1))]


def _merged(stored: DataFrame, fresh: DataFrame, batch: Batch) -> DataFrame:
    """The stored month with the asked days of the asked cuts replaced."""
    if stored.empty:
        return fresh
    asked = pd.Series(False, index=stored.index)
    for query in batch.queries:
        same_cut = (stored["cut"] == query.cut.value) & (stored["tag_key"].fillna("") == (query.tag_key or ""))
        asked |= same_cut & (stored["date"] >= pd.Timestamp(batch.start_of(query)))
    asked &= stored["date"] < pd.Timestamp(batch.end)
    kept = stored[~asked]
    parts = [part.dropna(axis="columns", how="all") for part in (kept, fresh) if len(part)]
    return pd.concat(parts, ignore_index=True).reindex(columns=stored.columns) if parts else fresh


def _first_estimated(month: DataFrame) -> date | None:
    days = month.loc[(month["cut"] == Cut.CHARGE.value) & month["estimated"].astype(bool), "date"]
    return None if days.empty else pd.Timestamp(days.min()).date()


def _note_health(context: Context, result: Refresh) -> None:
    now = context.clock.now()
    for warning in result.warnings:
        log.warning("%s", warning)
    problem = str(result.error) if result.error else " ".join(result.warnings)
    context.store.note_source(daily_costs.SOURCE, None, None, result.error is None, problem, now)
