"""What to buy, worked out once a scan in the worker process, as the tables that checks read."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from analysis.checks import checks
from analysis.checks.commitments.reserved_nodes import PAYMENT, YEARS
from analysis.commitments.eligible import Eligible
from analysis.commitments.known_ahead import Ahead, ahead
from analysis.commitments.purchase import propose
from analysis.commitments.purchase_offers import UPFRONT
from analysis.commitments.purchase_table import (
    HOURS,
    LOOK_BACK,
    Row,
    Told,
    alone_rows,
    listed,
    mix_rows,
    part_rows,
    share_rows,
)
from analysis.commitments.rate_questions import Rates
from analysis.commitments.scenarios_outlook import WEEK_H
from bot.commitments.hours import HourlyMonths, NoHours, hourly_months, rates_for
from bot.commitments.look_backs import NO_NODES, LookBackHours, look_back_hours
from bot.commitments.pending import Pending, what_is_pending
from bot.commitments.think_what_if import DAYS, begun, lines_of
from bot.complete_days import payer
from bot.context import Context
from bot.errors import CostbotError, NotEnoughData
from bot.savings.check_settings import thresholds_of

#: The longest term: what ends within it is counted on once it has ended.
MOST_YEARS = 3
QUARTER_H = 8760 / 4

_LOCK = threading.Lock()
#: The last scan's question and its answer: four tables are made of one.
_last: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows of `MIXES`, `SHARES`, `ALONE` and `PARTS`; `problem` says why there are none.

    `no_nodes` says why databases and nodes are in none of them; "" where they are.
    """

    mixes: tuple[Row, ...] = ()
    shares: tuple[Row, ...] = ()
    alone: tuple[Row, ...] = ()
    parts: tuple[Row, ...] = ()
    problem: str = ""
    no_nodes: str = ""


def proposals(context: Context) -> Tables:
    """What would be bought for the usage of the newest complete days; owns a thread, as it waits for the worker.

    Where no export tells hours, AWS's own look-back does. The optimiser is asked again only when hours, rates, what is
    owned or what waits and was decided have changed.
    """
    with _LOCK:
        try:
            months: HourlyMonths | LookBackHours = hourly_months(context, DAYS)
            rates = rates_for(context, context.work.computed(lines_of, months))
        except NoHours as error:
            try:
                months, rates = look_back_hours(context), None
            except CostbotError as instead:
                return Tables(problem=f"{error} {instead}")
        except CostbotError as error:
            return Tables(problem=str(error))
        known = what_is_pending(context, months.end)
        terms = _terms(context)
        asked = (_version(months), known, rates and (len(rates.plans), len(rates.reserved), rates.problem), terms)
        if _last.get("asked") != asked:
            try:
                _last.update(answer=context.work.computed_alone(thought, months, rates, known, terms), asked=asked)
            except CostbotError as error:
                return Tables(problem=str(error))
        found: Tables = _last["answer"]
        return found


def _version(months: HourlyMonths | LookBackHours) -> object:
    """Another one when the hours change."""
    if isinstance(months, HourlyMonths):
        return months
    spent = months.found.usage.on_demand
    return (months.source, months.ignores, months.problem, len(months.offers), spent.shape, float(spent.sum()))


def head(context: Context, columns: Mapping[str, str]) -> Row:
    """Whose a proposal is: of the whole organisation, told of costbot's own account. Texts and flags are empty."""
    own_id, own_name = payer(context)
    empty: Row = {name: "" for name, dtype in columns.items() if dtype == "str"}
    empty |= {name: False for name, dtype in columns.items() if dtype == "bool"}
    return empty | {"account_id": own_id, "account_name": own_name}


def _terms(context: Context) -> tuple[tuple[int, str], ...]:
    """Years and payments that may be proposed, and those that databases and nodes are compared on."""
    check = checks()["commitments.purchase"]
    told = {**check.thresholds, **thresholds_of(context.settings).get(check.id, {})}
    allowed = {
        (years, payment)
        for years in (1, MOST_YEARS)
        for payment, share in UPFRONT.items()
        if years <= told["most_years"] and 100 * share <= told["most_upfront_percent"]
    }
    return tuple(sorted({*allowed, (YEARS, PAYMENT)}))


def thought(
    months: HourlyMonths | LookBackHours, rates: Rates | None, known: Pending, terms: tuple[tuple[int, str], ...]
) -> Tables:
    """The tables, in the worker process; `terms` are worked out in full, with every offer alone.

    Args:
        rates: of an export's lines; a look-back has its offers with it.
    Raises:
        NotEnoughData: what was bought last began less than a week ago.
    """
    usage, offers, known = begun(months, rates, known)
    if len(usage.left.hours) < WEEK_H:
        raise NotEnoughData(
            f"{usage.cut_by or 'What AWS looked back on'} began so lately that its use is known of "
            f"{len(usage.left.hours)} hours only.",
            "What it leaves on demand is known a week after it began; ask again then.",
        )
    start = ahead(usage, MOST_YEARS, reductions=known.reductions)
    found = propose(
        start.usage,
        offers,
        now=start.now,
        changes=start.changes,
        owned_ends=_ends(usage),
        whole=terms,
    )
    told = _told(usage, start, known, _source(months, rates), [part.name for part in found.parts if part.blocked])
    return Tables(
        tuple(mix_rows(found, told)),
        tuple(share_rows(found)),
        tuple(alone_rows(found, told.basis)),
        tuple(part_rows(found)),
        no_nodes="" if told.basis == HOURS else NO_NODES,
    )


def _source(months: HourlyMonths | LookBackHours, rates: Rates | None) -> Told:
    """Where the hours came from, and what could not be asked of rates; the rest is told later."""
    if isinstance(months, HourlyMonths):
        return Told(0, problem=rates.problem if rates else "")
    return Told(0, problem=months.problem, basis=LOOK_BACK, hours_from=months.source, hours_ignore=months.ignores)


def _told(usage: Eligible, start: Ahead, known: Pending, told: Told, fallen: list[str]) -> Told:
    ends = {
        years: [
            f"{one.name} (ends {one.ends_at:%b %d, %Y}, ${float(usd.sum()):,.2f} an hour on demand)"
            for one, usd in start.ends
            if one.ends_at is not None and one.ends_at < usage.until + timedelta(hours=8760 * years)
        ]
        for years in (1, MOST_YEARS)
    }
    return replace(
        told,
        days=len(usage.left.hours) / 24,
        fallen=listed(fallen),
        taken_off=_taken_off(start),
        not_placed=listed([*start.unplaced, *known.unplaced]),
        given_back={years: listed(names) for years, names in ends.items()},
    )


def _taken_off(start: Ahead) -> str:
    """Names, the largest first, and dollars an hour of all."""
    placed = sorted(((one.name, float(usd.sum())) for one, usd in start.placed), key=lambda pair: -pair[1])
    names = listed([name for name, _ in placed], most=3)
    return f"{names}, ${sum(usd for _, usd in placed):,.2f} an hour together" if placed else ""


def _ends(usage: Eligible) -> list[float]:
    """Dollars an hour of what is owned that end in each quarter from now."""
    ends = np.zeros(4 * 2 * MOST_YEARS)
    for one in usage.held:
        if one.ends_at is None or not np.isfinite(one.hourly):
            continue
        quarter = int((one.ends_at - usage.until).total_seconds() // 3600 // QUARTER_H)
        if 0 <= quarter < len(ends):
            ends[quarter] += one.hourly
    return [float(usd) for usd in ends]
