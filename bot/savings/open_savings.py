"""Savings as every message counts them: of several that exclude each other one, and what saves nothing apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.lifecycle import State
from analysis.models import Recommendation
from analysis.ranking import alternatives
from bot.blocks.elements import money
from bot.store import Finding


@dataclass(frozen=True, slots=True)
class OpenSavings:
    """Findings by what they are: `counted` can be had together, with what is `approved`; biggest savings first."""

    approved: tuple[Finding, ...]
    counted: tuple[Finding, ...]
    alternatives: tuple[Finding, ...]
    notices: tuple[Finding, ...]


def open_savings(findings: Iterable[Finding]) -> OpenSavings:
    """Open and approved savings, sorted; of all other findings none."""
    mine = [(one, one.value) for one in findings if isinstance(one.value, Recommendation)]
    mine.sort(key=lambda pair: (-pair[1].monthly_savings, pair[0].id))
    approved = [value for one, value in mine if one.state == State.APPROVED]
    waiting = [(one, value) for one, value in mine if one.state == State.OPEN]
    excluded = alternatives((value for _, value in waiting), approved=approved)
    return OpenSavings(
        approved=tuple(one for one, _ in mine if one.state == State.APPROVED),
        counted=tuple(o for o, value in waiting if not value.is_notice and value.fingerprint not in excluded),
        alternatives=tuple(one for one, value in waiting if value.fingerprint in excluded),
        notices=tuple(one for one, value in waiting if value.is_notice),
    )


def monthly_sum(findings: Sequence[Finding]) -> float:
    """Money a month of all of them; not a number where it is of several currencies, which cannot be added."""
    values = [one.value for one in findings if isinstance(one.value, Recommendation)]
    return sum(v.monthly_savings for v in values) if len({v.currency for v in values}) < 2 else math.nan


def saved_a_month(findings: Iterable[Finding]) -> str:
    """What they save a month in words, each currency for itself."""
    sums: dict[str, float] = {}
    for value in (one.value for one in findings if isinstance(one.value, Recommendation)):
        sums[value.currency] = sums.get(value.currency, 0.0) + value.monthly_savings
    return " and ".join(money(amount, currency) for currency, amount in sorted(sums.items())) or money(0.0)
