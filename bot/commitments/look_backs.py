"""What AWS's own look-backs tell of a purchase where no export has hours: usage, plans on offer, what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.commitments.eligible import Eligible
from analysis.commitments.known_ahead import Reduction
from analysis.commitments.look_back import LookBackRefused
from analysis.commitments.look_back_offers import asked_lines, plan_offers_of
from analysis.commitments.look_back_usage import LookBack, falling_on, look_back
from analysis.commitments.purchase_offers import Offer
from bot.collectors.plan_look_backs import MOST_A_WEEK, told_look_backs
from bot.commitments.hours import rates_for
from bot.commitments.stored_hours import stored_hours
from bot.context import Context
from bot.errors import NotEnoughData, SourceUnavailable

#: A look-back that ended longer ago says too little of today.
OLDEST = timedelta(days=14)
#: Which look-back the newest proposals are of.
_SOURCE = "commitments.look_back.source"
#: What no look-back tells, so that AWS's estimates of databases and nodes stand on.
NO_NODES = "AWS's look-back of Savings Plans tells machines by the hour, not databases and nodes."
_IGNORED = (
    "What AWS's look-back does not tell by the hour: when what is owned ends and gives its usage back, accounts, sizes "
    "and platforms, reservations of machines, more than 30 days. AWS's mean discount stands for all that a Compute "
    "plan would cover."
)


@dataclass(frozen=True, slots=True)
class LookBackHours:
    """Small enough to hand to the worker process.

    Attributes:
        problem: about rates of other terms that AWS did not tell; "" for none.
        source: where the hours came from, as a card says it. ignores: sentences on what they leave out.
    """

    found: LookBack
    offers: tuple[Offer, ...]
    problem: str
    source: str
    ignores: str

    @property
    def usage(self) -> Eligible:
        """As an export's hours would tell it."""
        return self.found.eligible

    @property
    def end(self) -> date:
        """The day after the last hour."""
        return self.found.usage.hours[-1].date() + timedelta(days=1)

    def falling_on(self, reductions: tuple[Reduction, ...]) -> tuple[tuple[Reduction, ...], tuple[str, ...]]:
        """Reductions as they fall on these lines, and names of those that do not."""
        return falling_on(self.found, reductions)


def look_back_hours(context: Context) -> LookBackHours:
    """The hours that AWS tells of what it proposes; asks it for what is not kept for the week.

    Raises:
        NotEnoughData: AWS proposes nothing, told nothing, or what it told cannot be relied on.
    """
    told = told_look_backs(context)
    if not told.details:
        raise NotEnoughData(
            "AWS's own look-back tells no hours either: "
            + (" ".join(told.problems) or "it proposes no Savings Plan, or has generated no proposal yet."),
        )
    try:
        found = look_back(told.details)
    except LookBackRefused as error:
        raise NotEnoughData(f"AWS's own look-back is not relied on: {error}.") from error
    first, last = found.usage.hours[0].date(), found.usage.hours[-1].date()
    if context.clock.today() - last > OLDEST:
        raise NotEnoughData(f"AWS's own look-back ends on {last:%b %-d}, too long ago to buy on.", *told.problems[:1])
    plans, problem = _rates(context, found)
    source = (
        f"AWS's own look-back of {found.days} days ({first:%b %-d} to {last:%b %-d}), as no billing export tells hours"
    )
    context.store.remember(_SOURCE, json.dumps({"last": last.isoformat(), "source": source}), context.clock.now())
    return LookBackHours(
        found, plans, problem, source, _ignored(found, told.proposed, len(told.details), told.problems)
    )


def look_back_note(context: Context) -> str:
    """Where the hours of proposals come from and what they leave out, where it is AWS's look-back; asks nothing."""
    told = context.store.recall(_SOURCE)
    if told is None or stored_hours(context) is not None:
        return ""
    kept = json.loads(told)
    if context.clock.today() - date.fromisoformat(kept["last"]) > OLDEST:
        return ""
    return f"What to buy is worked out on {kept['source']}. {_IGNORED}"


def _rates(context: Context, found: LookBack) -> tuple[tuple[Offer, ...], str]:
    """The plans; where AWS tells no rates, of the term of its proposals alone."""
    lines = asked_lines(found)
    try:
        rates = rates_for(context, lines)
    except SourceUnavailable as error:
        return tuple(plan_offers_of(found, None)), str(error)
    return tuple(plan_offers_of(found, rates.plans)), rates.problem


def _ignored(found: LookBack, proposed: int, told: int, problems: tuple[str, ...]) -> str:
    sentences = [_IGNORED]
    if proposed > told:
        why = f" (costbot asks for {MOST_A_WEEK} details a week, a cent each)" if proposed > MOST_A_WEEK else ""
        sentences.append(
            f"Of {proposed} proposals {told} are told by the hour{why}; the rest is in "
            "other compute, where a fall of one family alone is not seen."
        )
    sentences += [f"{one}." for one in found.refused]
    sentences += problems
    return " ".join(sentences)
