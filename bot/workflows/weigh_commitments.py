"""Weigh savings against the commitments that are paid anyway: runs in the worker process, once all checks are done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd
from pandas import DataFrame

from analysis.commitments.after_discount_lines import Change, Saving, changes
from analysis.commitments.after_discount_owned import observed_rates, owned
from analysis.commitments.after_discount_together import Choose, weigh
from analysis.commitments.after_discount_words import UNSEEN, after_commitments, beside, left, unknown
from analysis.commitments.hourly import hourly_usage
from analysis.models import Recommendation
from analysis.ranking import Resource, alternatives, resources
from analysis.verdicts import Verdict
from bot.collectors import reservations, savings_plans
from bot.commitments.stored_hours import StoredHours, read_hours
from bot.savings.scan_tables import noted_spots, placed_table
from bot.workflows.think_savings import Question, Thought, biggest_first

#: Dollars a month above nothing.
_HARDLY = 1e-9
_KEY = ["check_id", "account_id", "region", "resource_id"]
_HELD = {"savings_plans": savings_plans.COLUMNS, "reservations": reservations.COLUMNS}


def weigh_commitments(
    question: Question,
    thought: Thought,
    hours: StoredHours | None,
    now: datetime,
    dismissed: frozenset[str] = frozenset(),
) -> Thought:
    """The answer with what is left of each saving beside the commitments that cover its usage.

    Args:
        question: what the worker was asked; its tables still lie there.
        hours: where usage by the hour lies; None where no export tells it.
        now: what has ended by then is no longer paid.
        dismissed: fingerprints of savings that people do not want: they count for nothing beside the others.
    """
    moving = [one for one in thought.recommendations if not one.is_notice and one.fingerprint in thought.moved]
    held = _held(question)
    if not moving or (held is not None and held.empty):
        return thought
    if held is None or hours is None:
        return _with(thought, {one.fingerprint: unknown(one) for one in moving}, question.smallest)
    wanted = [one for one in thought.recommendations if one.fingerprint not in dismissed]
    return _with(thought, _weighed(thought, moving, wanted, held, read_hours(hours), now), question.smallest)


def _held(question: Question) -> DataFrame | None:
    """What the scan found owned; None where it did not ask."""
    if not set(_HELD) <= set(noted_spots(question.folder)):
        return None
    return pd.concat([placed_table(question.folder, name, columns) for name, columns in _HELD.items()])


def _weighed(
    thought: Thought,
    moving: Sequence[Recommendation],
    wanted: Sequence[Recommendation],
    held: DataFrame,
    rows: DataFrame,
    now: datetime,
) -> dict[str, Recommendation]:
    """By fingerprint, the recommendations with what is left of them."""
    savings = [Saving(one.account_id, one.region, thought.moved[one.fingerprint]) for one in moving]
    usage, found = changes(hourly_usage(rows), savings)
    have = owned(held, usage.lines, observed_rates(rows), now)
    untold = set(held.loc[held["problem"].ne(""), "service"])
    if not len(have) and not have.unlisted and not untold:
        return {}
    seen = [(value, change) for value, change in zip(moving, found, strict=True) if change is not None]
    weighed = [] if not seen else weigh(usage, have, [change for _, change in seen], _chooser(wanted, seen))
    told = {
        value.fingerprint: beside(
            after_commitments(value, change, one, have),
            have.unlisted,
            sorted({part.service for part in thought.moved[value.fingerprint]} & untold),
        )
        for (value, change), one in zip(seen, weighed, strict=True)
    }
    unseen = {value.fingerprint: unknown(value, UNSEEN) for value in moving if value.fingerprint not in told}
    return told | unseen


def _chooser(wanted: Sequence[Recommendation], seen: Sequence[tuple[Recommendation, Change]]) -> Choose:
    """Which savings count, by what is left of each alone."""

    def choose(taken: Sequence[float]) -> list[int | None]:
        # What is worth nothing is no notice yet: it still stands for its resource.
        worth = {
            value.fingerprint: replace(value, monthly_savings=max(left(value, change, dollars), _HARDLY))
            for (value, change), dollars in zip(seen, taken, strict=True)
        }
        excluded = alternatives(worth.get(one.fingerprint, one) for one in wanted)
        chosen = {one.fingerprint for one in wanted} - excluded
        counted: dict[Resource, int] = {}
        for at, (value, _) in enumerate(seen):
            if value.fingerprint in chosen:
                counted |= dict.fromkeys(resources(value), at)
        return [
            next((counted[own] for own in resources(value) if own in counted), at)
            if value.fingerprint not in chosen
            else None
            for at, (value, _) in enumerate(seen)
        ]

    return choose


def _with(thought: Thought, changed: Mapping[str, Recommendation], smallest: float) -> Thought:
    """The answer with these recommendations in place of their own, and its rows and small savings to match."""
    values = [changed.get(one.fingerprint, one) for one in thought.recommendations]
    small = [one for one in values if not one.is_notice and one.monthly_savings < smallest]
    smaller = dict(thought.smaller)
    for one in small:
        smaller[one.check_id] = (*smaller.get(one.check_id, ()), one.monthly_savings)
    return replace(
        thought,
        rows=_rows(thought.rows, changed.values()),
        recommendations=biggest_first(one for one in values if one not in small),
        smaller=smaller,
    )


def _rows(rows: DataFrame, changed: Iterable[Recommendation]) -> DataFrame:
    """The verdicts with what is left of each saving; one of which too little is left is a notice."""
    told = {
        (one.check_id, one.account_id, one.region, one.resource_id): one
        for one in changed
        if one.before_commitments is not None
    }
    if not told:
        return rows
    found = [told.get(key) for key in rows[_KEY].itertuples(index=False, name=None)]
    which = pd.Series([one is not None for one in found], index=rows.index)
    notice = pd.Series([one is not None and one.is_notice for one in found], index=rows.index)
    left = pd.Series([one.monthly_savings if one else float("nan") for one in found], index=rows.index)
    why = pd.Series([one.commitments if one else "" for one in found], index=rows.index, dtype="str")
    return rows.assign(
        verdict=rows["verdict"].mask(notice, Verdict.NOTICE.value),
        why=rows["why"].mask(notice, why),
        monthly_savings=rows["monthly_savings"].mask(which, left).mask(notice),
    )
