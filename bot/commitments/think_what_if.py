"""What a purchase would bring, thought in the worker process; what is to be saved and announced is taken off first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from pandas import DataFrame

from analysis.commitments.eligible import Eligible, Held
from analysis.commitments.known_ahead import Ahead, ahead
from analysis.commitments.purchase_offers import RESERVED, Offer
from analysis.commitments.rate_questions import Rates, offers_of
from analysis.commitments.scenarios_outlook import WEEK_H
from analysis.commitments.what_if import WhatIf, what_if
from bot.commitments.hours import AWS_PROPOSES, HourlyMonths, NoHours, eligible_of, hourly_months, rates_for
from bot.commitments.look_backs import LookBackHours, look_back_hours, look_back_note
from bot.commitments.pending import Pending, what_is_pending
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.words.what_if import KINDS, NAMES, Asked

#: All hours that are kept: growth shows in months, not in weeks.
DAYS = 400
#: Families and regions that an error lists.
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of the purchase.

    Attributes:
        found: its curve stands on what owned commitments of the same kind put to use.
        ends: name, day and on-demand dollars an hour of what ends within the term and gives usage of the offer back.
        placed: names and dollars an hour of what was taken off. unplaced: names of what could not be.
        first_day, last_day: of the hours that were looked at.
        is_owned_known: whether a scan has read what is owned.
        problem: what could not be asked of AWS's rates; empty for nothing.
        look_back: that the hours are AWS's look-back, and what they leave out; empty where an export tells them.
    """

    found: WhatIf
    ends: tuple[tuple[str, date, float], ...]
    placed: tuple[tuple[str, float], ...]
    unplaced: tuple[str, ...]
    queued: tuple[str, ...]
    cut_by: str
    first_day: date
    last_day: date
    is_owned_known: bool
    problem: str
    look_back: str


def answered(context: Context, asked: Asked) -> Answer:
    """What this purchase would bring; owns a thread, as it waits for the worker process.

    Raises:
        NotEnoughData: no hours are stored, or nothing that runs on demand could be covered.
        SourceUnavailable: AWS told no rates.
        UsageError: it is not sold so.
    """
    try:
        months: HourlyMonths | LookBackHours = hourly_months(context, DAYS)
        rates: Rates | None = rates_for(context, context.work.computed(lines_of, months))
    except NoHours:
        # Only where a scan has asked for the look-back: a question alone spends nothing on it.
        if not look_back_note(context):
            raise
        months, rates = look_back_hours(context), None
    pending = what_is_pending(context, months.end)
    return context.work.computed(thought, months, rates, asked, pending)


def lines_of(months: HourlyMonths) -> DataFrame:
    """The lines of usage, columns `LINES`: a row for each of some hundreds."""
    return eligible_of(months).everything.lines


def begun(
    months: HourlyMonths | LookBackHours, rates: Rates | None, known: Pending
) -> tuple[Eligible, Sequence[Offer], Pending]:
    """The usage, the offers for it, and what is known to fall on it, whichever hours tell it; in the worker process.

    Args:
        rates: of an export's lines; a look-back has its offers with it.
    """
    if isinstance(months, HourlyMonths):
        usage = eligible_of(months)
        return usage, offers_of(usage.everything.lines, rates) if rates else [], known
    placed, unplaced = months.falling_on(known.reductions)
    return months.usage, months.offers, Pending(placed, (*known.unplaced, *unplaced))


def thought(months: HourlyMonths | LookBackHours, rates: Rates | None, asked: Asked, pending: Pending) -> Answer:
    """The answer, in the worker process."""
    usage, every, pending = begun(months, rates, pending)
    offers = _fitting(list(every), asked)
    if len(usage.left.hours) < WEEK_H:
        raise NotEnoughData(
            f"{usage.cut_by} began so lately that its use is known of {len(usage.left.hours)} hours only.",
            "What it leaves on demand is known a week after it began; ask again then.",
        )
    start = ahead(usage, asked.years, reductions=pending.reductions, are_renewed=asked.renewed)
    try:
        found = what_if(
            start.usage,
            offers,
            asked.hourly,
            kind=asked.kind,
            years=asked.years,
            payment=asked.payment,
            now=start.now,
            changes=start.changes,
        )
    except ValueError as error:
        raise NotEnoughData(f"Nothing can be said of this purchase: {error}.", "Ask for another type.") from error
    owned = _owned(usage, found.offer)
    curve = found.curve
    standing = replace(curve, dollars=curve.dollars + owned, old=owned, new=curve.new + owned)
    problem, look_back = (rates.problem if rates else "", "")
    if isinstance(months, LookBackHours):
        problem, look_back = months.problem, f"Its hours are {months.source}. {months.ignores}"
    return _answer(usage, start, replace(found, curve=standing), pending, problem, look_back)


def _answer(usage: Eligible, start: Ahead, found: WhatIf, pending: Pending, problem: str, look_back: str) -> Answer:
    """What the message says; of ends and savings what falls on usage that the offer covers."""
    covered = np.isfinite(found.offer.rates)
    given_back = [(one, float(dollars[covered].sum())) for one, dollars in start.ends]
    lost = [(one.name, float(dollars[covered].sum())) for one, dollars in start.placed]
    return Answer(
        found=found,
        ends=tuple(
            (one.name, one.ends_at.date(), usd) for one, usd in given_back if one.ends_at is not None and usd > 0
        ),
        placed=tuple((name, dollars) for name, dollars in lost if dollars > 0),
        unplaced=(*start.unplaced, *pending.unplaced),
        queued=usage.queued,
        cut_by=usage.cut_by,
        first_day=usage.left.hours[0].date(),
        last_day=usage.last_hour.date(),
        is_owned_known=usage.is_owned_known,
        problem=problem,
        look_back=look_back,
    )


def _fitting(offers: list[Offer], asked: Asked) -> list[Offer]:
    """The offers that are meant.

    Raises:
        UsageError, NotEnoughData: there are none; the remedy says what there is.
    """
    of_kind = [one for one in offers if one.kind == asked.kind]
    sold = [one for one in of_kind if (one.years, one.payment) == (asked.years, asked.payment)]
    places = [one for one in sold if not asked.region or one.region == asked.region]
    found = [one for one in places if not asked.family or one.family == asked.family]
    if found:
        return found
    name = NAMES[asked.kind]
    if not of_kind:
        known = [word for word, kind in KINDS.items() if any(one.kind == kind for one in offers)]
        raise NotEnoughData(
            f"AWS tells no rate of {name} for anything that you use.",
            f"Ask for --type {' or --type '.join(known)}." if known else AWS_PROPOSES,
        )
    if not sold:
        terms = sorted({(one.years, one.payment) for one in of_kind})
        told = ", ".join(f"{years} year{'s' if years > 1 else ''} {payment}" for years, payment in terms)
        raise UsageError(f"{name} are not on offer for {asked.years} years, {asked.payment}.", f"There is: {told}.")
    if not places:
        told = _listed({one.region for one in sold})
        raise UsageError(f"Nothing in {asked.region} could be covered by {name}.", f"Something could in {told}.")
    told = _listed({one.family for one in places})
    raise UsageError(f"No {asked.family} that could be covered by {name} is used.", f"Used are {told}.")


def _listed(names: set[str]) -> str:
    shown = sorted(names)[:MOST_LISTED]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _owned(usage: Eligible, offer: Offer) -> float:
    """Dollars an hour of what is owned of the same kind, as it is used."""

    def is_same(one: Held) -> bool:
        narrow = offer.kind in (RESERVED, "EC2Instance")
        return one.kind == offer.kind and (not narrow or (one.family, one.region) == (offer.family, offer.region))

    return float(np.sum([one.used for one in usage.held if is_same(one)]))
