"""What AWS Budgets has: asked once a day, kept, and read from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.budgets import Budget
from analysis.models import from_json, to_json
from bot.budgets.aws_mapping import AwsBudgets, Unmapped, followed
from bot.collectors import aws_budgets
from bot.context import Context
from bot.errors import SourceUnavailable

SOURCE = "aws_budgets"
_FACT = "budgets.aws"
#: Budgets of AWS change seldom.
AGAIN_AFTER = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class _Kept:
    read_at: datetime | None
    budgets: tuple[Budget, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    others: int = 0
    problem: str = ""


def known_aws_budgets(context: Context) -> AwsBudgets:
    """What was read last; AWS is not asked."""
    told = context.store.recall(_FACT)
    if told is None:
        return AwsBudgets()
    kept = from_json(_Kept, told)
    return AwsBudgets(kept.budgets, kept.unmapped, kept.others, kept.read_at, kept.problem)


def read_aws_budgets(context: Context) -> AwsBudgets:
    """Ask AWS where the last answer is old or a refusal; what was read before a refusal stays."""
    now = context.clock.now()
    known = known_aws_budgets(context)
    if known.read_at is not None and not known.problem and now - known.read_at < AGAIN_AFTER:
        return known
    try:
        described = aws_budgets.fetch(context)
    except SourceUnavailable as error:
        context.store.note_source(SOURCE, None, None, False, str(error), now)
        kept = _Kept(known.read_at, known.budgets, known.unmapped, known.others, str(error))
    else:
        context.store.note_source(SOURCE, None, None, True, f"{len(described)} budgets", now)
        found = followed(described, context.costs, now.date())
        kept = _Kept(now, found.budgets, found.unmapped, found.others)
    context.store.remember(_FACT, to_json(kept), now)
    return known_aws_budgets(context)
