"""What people decided about savings in the days of a report, and what the scan then found carried out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from bot.blocks import elements
from bot.blocks.report import Section
from bot.reports.given import Given, span_words
from bot.store import Finding


def decisions_section(given: Given) -> Section:
    """Approved, dismissed and carried out since the first day of the report; up to now, not only its last day."""
    found = [
        (one, one.value)
        for one in given.context.store.findings(RECOMMENDATION)
        if isinstance(one.value, Recommendation)
        and one.decided_at is not None
        and one.decided_at.date() >= given.span.start
        and given.scope.owns(one.value.account_id, one.value.owner)
    ]
    approved = [pair for pair in found if pair[0].state == State.APPROVED]
    dismissed = [pair for pair in found if pair[0].state == State.DISMISSED]
    done = [pair for pair in found if pair[0].state == State.RESOLVED and _was_approved(given, pair[0])]
    parts = [
        f"{len(approved)} approved and not yet carried out ({_monthly(approved)} a month)" if approved else "",
        f"{len(done)} approved and now gone from the scan ({_monthly(done)} a month)" if done else "",
        f"{len(dismissed)} dismissed ({_monthly(dismissed)} a month)" if dismissed else "",
    ]
    told = ", ".join(filter(None, parts))
    line = f"Since {span_words(given.span).partition('–')[0]}: {told}." if told else "No saving was decided."
    notes = ("What is gone from the scan counts as carried out; the bill has not been asked whether it fell.",)
    return Section("decisions", "Decisions on savings", (line,), notes=notes if done else ())


def _was_approved(given: Given, finding: Finding) -> bool:
    return given.context.store.audit(finding.id)[-1].from_state == State.APPROVED


def _monthly(found: Sequence[tuple[Finding, Recommendation]]) -> str:
    currencies = {value.currency for _, value in found}
    amount = math.fsum(value.monthly_savings for _, value in found)
    return elements.money(amount if len(currencies) == 1 else math.nan, next(iter(currencies)))
