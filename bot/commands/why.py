"""`/cost why`: what a change is made of, from the stored days; costs are never asked of AWS for it."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analysis.causes import Comparison, against_weekdays_before, between
from analysis.costs import ChargeCategory
from analysis.lifecycle import ANOMALY, State
from analysis.models import Anomaly
from analysis.movers import periods
from analysis.services import service_key, service_label
from bot.blocks import elements
from bot.blocks.cost_period import against as against_words
from bot.blocks.reach import how_much
from bot.blocks.why_report import WhyReport, why_reply
from bot.causes.anomaly_scope import anomaly_scope
from bot.causes.cause_words import Words
from bot.causes.scope import Scope
from bot.causes.unknowns import not_known, places
from bot.causes.why_words import EXAMPLE, Typed, command_for, read_words, selection, stored_days, weekdays_before
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.cost_files import Window
from bot.cost_names import shown_names
from bot.cost_remarks import remarks
from bot.errors import NotEnoughData, UsageError
from bot.words.flags import one_of, parse
from bot.workflows.find_causes import Found, find_causes
from bot.workflows.find_changes import Hint, find_changes, sought

DAYS = ("7", "14", "30", "90")
#: Charges of a month that stand on one day of it: whichever period has that day would have them all.
ONCE_A_MONTH = (ChargeCategory.TAX.value, ChargeCategory.SUPPORT.value)
#: The last whole week can still be searched for who changed what; longer periods began no one knows when.
MOST_DAYS_HINTED = 8
#: Open anomalies of a service that have a button.
MOST_ANOMALIES = 2


@command(
    "why",
    usage="[service] [date] [--days 7|14|30|90] | A-1234",
    examples=(
        ("/cost why", "what moved in the last 7 days, also where rises and falls hide each other"),
        ("/cost why ec2 2026-11-17", "one day of a service against the same weekdays before"),
        ("/cost why nat --days 30", "the last 30 days against the 30 before"),
        ("/cost why A-7K2M", "an anomaly, taken apart to the cent"),
    ),
    order=11,
)
def why(request: Request, context: Context) -> Reply:
    """Why a cost changed: usage, rate, coverage, mix, new and gone, credits and fees"""
    parsed = parse(request.words, flags=("days",))
    typed = read_words(parsed.positional, context.clock.today())
    days = parsed.flags.get("days")
    if days is not None and (typed.day or typed.finding):
        raise UsageError("--days compares two periods; a day or an anomaly has its own.", f"Leave it out. {EXAMPLE}")
    asked = _about_finding(typed.finding, context) if typed.finding else _about_service(typed, days, context)
    return why_reply(_report(asked, context, request))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, understood: which costs, which days, and how these are called; `first` is where it began, if told."""

    label: str
    scope: Scope
    window: Window
    now: str
    against: str
    notes: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    first: date | None = None


def _about_service(typed: Typed, days: str | None, context: Context) -> _Asked:
    costs, view = context.costs, context.settings.cost_view
    chosen = selection(typed.service, costs)
    window = costs.window(chosen.services or None, view=view)
    names = _bill_names(context, chosen.services)
    key = shlex.quote(chosen.key) if chosen.key else ""
    first = _start_of_incident(typed.day, chosen.services, context) if typed.day else None
    if typed.day is None or first is None:
        length = int(one_of(days or "7", DAYS, "days"))
        comparison, now, before = _periods(length, window)
    else:
        comparison = _one_day(typed.day, first, window, key)
        now, before = (
            f"on {typed.day:%A}, {elements.day(typed.day)}",
            weekdays_before(typed.day, len(comparison.before)),
        )
    notes = [chosen.note] if chosen.note else []
    notes += _filling(comparison, window)
    trend = f"/cost trend {key}".strip()
    return _Asked(
        label=chosen.label,
        scope=Scope(
            comparison,
            view,
            names,
            pattern=chosen.pattern,
            usage_only=chosen.pattern is not None,
            without=() if typed.day or chosen.pattern else ONCE_A_MONTH,
            tag=context.settings.owner_tag,
        ),
        window=window,
        now=now,
        against=before,
        notes=tuple(notes),
        commands=(*_open_anomalies(chosen.services, context), *_periods_of(key), ("Trend", trend)),
        first=first,
    )


def _about_finding(finding_id: str, context: Context) -> _Asked:
    finding = context.store.finding(finding_id)
    value = finding.value
    if finding.kind != ANOMALY or not isinstance(value, Anomaly):
        raise UsageError(f"{finding.id} is a saving, not an anomaly.", f"Write /cost saving {finding.id} to see it.")
    settings = context.settings
    scope, window = anomaly_scope(value, context.costs, settings.cost_view, settings.owner_tag)
    comparison = scope.comparison
    if not comparison.is_possible:
        raise _nothing_before(value.first_day, window, "")
    return _Asked(
        label=f"{_label(value)} in {value.account_name}",
        scope=scope,
        window=window,
        now=f"on {elements.days(min(comparison.now), max(comparison.now))}",
        against="against the same weekdays before",
        notes=(f"{finding.id}; as it was found: {value.explanation}", *_filling(comparison, window)),
        commands=(("The anomaly", f"/cost anomaly {finding.id}"),),
        first=value.first_day,
    )


def _label(value: Anomaly) -> str:
    """Its services; of one that is nothing but a part of a service still the whole, which is what is explained."""
    return value.service_name if len(value.services) > 1 else service_label(value.service)


def _report(asked: _Asked, context: Context, request: Request) -> WhyReport:
    window = asked.window
    found = find_causes(context.costs, asked.scope)
    comparison = asked.scope.comparison
    hint = _hint(asked, found, context)
    account = shown_names(context.costs, "account")
    names = context.costs.account_names()
    unknown = {part.day for part in window.missing}
    now, _ = periods(
        (comparison.end - comparison.start).days, comparison.end - timedelta(days=1), comparison.start, unknown
    )
    return WhyReport(
        label=asked.label,
        now=asked.now,
        against=asked.against,
        explanation=found.explanation,
        words=Words(lambda key: names.get(key, key), asked.scope.tag or "tag"),
        places=places(found, asked.scope, account),
        not_known=not_known(found, asked.scope, window.currency),
        changes=hint.changes,
        changed_by=hint.problem,
        notes=(*asked.notes, *remarks(context, window, comparison.start, now)),
        which=_which(asked.scope),
        currency=window.currency,
        view=window.view,
        billed_only=window.billed_only,
        today=context.clock.today(),
        until=window.complete_until,
        partial=window.partial,
        several=len(window.feeds) > 1,
        fetched_at=window.fetched_at,
        command=request.typed,
        commands=asked.commands,
    )


def _hint(asked: _Asked, found: Found, context: Context) -> Hint:
    """Who changed what since it began; nobody where days are explained that began too long ago to tell when."""
    days = asked.scope.comparison.now
    if asked.first is None and (max(days) - min(days)).days >= MOST_DAYS_HINTED:
        return Hint()
    wanted = sought(found, asked.scope)
    return find_changes(context, replace(wanted, first=asked.first) if wanted and asked.first else wanted)


def _which(scope: Scope) -> str:
    """Which charges the figures have."""
    if scope.usage_only:
        return "Usage only"
    if scope.without:
        return "Usage, credits and fees, without tax and support, which are booked once a month"
    return "All charges, tax, support, credits and fees too"


def _periods(length: int, window: Window) -> tuple[Comparison, str, str]:
    now, before = periods(length, window.complete_until, window.first_day, {part.day for part in window.missing})
    comparison = between(now, before)
    if not comparison.is_possible:
        raise NotEnoughData(
            f"Only {now.length} days are stored: there is nothing before to compare with.",
            "They fill up by themselves; ask for fewer days, or ingest an export that goes further back.",
        )
    first, last = now.days()[0].date(), now.days()[-1].date()
    return comparison, f"on {elements.days(first, last)}", against_words(before, length)


def _one_day(day: date, first: date, window: Window, key: str) -> Comparison:
    """A day against the same weekdays before it, or before the incident that it belongs to."""
    if not window.first_day <= day <= window.last_day:
        raise UsageError(
            f"No costs are stored of {elements.day(day)}, {day.year}; stored are "
            f"{stored_days(window.first_day, window.last_day)}.",
            f"Type one of these days, as {command_for(key, window.complete_until)}.",
        )
    if day in _unknown(window):
        raise NotEnoughData(
            f"Nothing is known of {elements.day(day)}: it is missing from what was fetched.",
            "Run `costbot refresh`, and ask again.",
        )
    comparison = against_weekdays_before([day], first=first, start=window.first_day, unknown=_unknown(window))
    if not comparison.is_possible:
        raise _nothing_before(day, window, key)
    return comparison


def _nothing_before(day: date, window: Window, key: str) -> NotEnoughData:
    return NotEnoughData(
        f"No {day:%A} is stored before {elements.day(day)} to compare it with; costs begin on "
        f"{elements.day(window.first_day)}, {window.first_day.year}.",
        f"Ask for a later day, as {command_for(key, window.complete_until)}.",
    )


def _start_of_incident(day: date, services: Collection[str], context: Context) -> date:
    """The first day of the known incidents that the day belongs to: their days are no measure for it."""
    starts = [
        finding.value.first_day
        for finding in context.store.findings(ANOMALY)
        if isinstance(finding.value, Anomaly)
        and finding.value.first_day <= day <= finding.value.last_day
        and (not services or set(finding.value.services) & set(services))
    ]
    return min(starts, default=day)


def _open_anomalies(services: Collection[str], context: Context) -> list[tuple[str, str]]:
    """Buttons that explain the service's open anomalies, the dearest first."""
    found = [
        (finding.value.impact_per_day, finding.id)
        for finding in context.store.findings(ANOMALY, {State.OPEN, State.ACKNOWLEDGED})
        if isinstance(finding.value, Anomaly) and set(finding.value.services) & set(services)
    ]
    dearest = sorted(found, key=lambda one: (-abs(one[0]), one[1]))[:MOST_ANOMALIES]
    return [(f"Why {finding_id}", f"/cost why {finding_id}") for _, finding_id in dearest]


def _periods_of(key: str) -> list[tuple[str, str]]:
    return [(f"{length} days", command_for(key, None, length)) for length in (7, 30)]


def _filling(comparison: Comparison, window: Window) -> list[str]:
    """What to know of days that are not all in."""
    parts = [part for part in window.partial if part.day in comparison.now]
    return [f"{how_much(parts[0])}: these figures can only grow."] if parts else []


def _unknown(window: Window) -> set[date]:
    return {part.day for part in window.missing}


def _bill_names(context: Context, services: Collection[str]) -> tuple[str, ...]:
    """The names on the bills of these services; of all of them none."""
    if not services:
        return ()
    return tuple(name for name in context.costs.service_names() if service_key(name) in services)
