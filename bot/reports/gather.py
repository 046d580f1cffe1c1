"""A report, made of what is stored: the arithmetic in the worker process, the rest where it is asked for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from analysis.month_ends import last_of_month
from bot.blocks import elements
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import percent
from bot.blocks.reach import reach
from bot.blocks.report import Figure, Report, Section
from bot.context import Context
from bot.forecasts.known_facts import Known, known_facts
from bot.reports.anomalies import anomalies_section, of_span
from bot.reports.arithmetic import Asked, Sums, sums
from bot.reports.budgets import budgets_section
from bot.reports.commitments import commitments_section
from bot.reports.decisions import decisions_section
from bot.reports.forecast import forecast_section, range_words
from bot.reports.given import Given, given, span_words
from bot.reports.limits import limits_section
from bot.reports.month import against_last_month, is_whole_month, lost_words, month_section
from bot.reports.moved import moved_section
from bot.reports.muted import muted_section
from bot.reports.savings import Waiting, lost_of, monthly_of, savings_section, waiting
from bot.reports.scope import Length, Scope
from bot.reports.unit_cost import unit_cost_section
from bot.reports.untagged import untagged_section

TITLES = {Length.WEEK: "Weekly cost report", Length.MONTH: "Monthly cost report"}


def gather_report(context: Context, scope: Scope, length: Length) -> Report:
    """Everything a report says.

    Raises:
        NotEnoughData: no costs are stored, or none by what the scope names.
    """
    found = given(context, scope, length)
    window = found.window
    until = window.complete_until
    known = known_facts(context, scope.where, None, by=None, until=until, last=last_of_month(found.day))
    asked = Asked(
        data_dir=context.settings.data_dir,
        view=window.view,
        currency=window.currency,
        where=dict(scope.where),
        first_day=window.first_day,
        day=found.day,
        until=until,
        month=found.month,
        month_before=found.month_before,
        span=found.span,
        span_before=found.span_before,
        facts=known.facts,
    )
    summed = context.work.computed(sums, asked)
    saved = waiting(found)
    today = context.clock.today()
    return Report(
        title=TITLES[length],
        about=scope.label,
        days=f"{span_words(found.span)}, {found.day.year}",
        news=_news(found, summed),
        figures=tuple(_figures(found, summed, saved)),
        sections=tuple(_sections(found, summed, known, saved)),
        currency=window.currency,
        cost=html.unescape(cost_words(window.view, window.billed_only)),
        reach=html.unescape(reach(window.complete_until, window.partial, today, several=len(window.feeds) > 1)),
        made_at=context.clock.now(),
        file_name=_file_name(found),
        typed=scope.typed(length),
        others=tuple((f"{one.value.capitalize()}", scope.typed(one)) for one in Length),
    )


def _sections(found: Given, summed: Sums, known: Known, saved: Sequence[Waiting]) -> Iterable[Section]:
    yield month_section(found, summed)
    yield forecast_section(found, summed, known)
    yield budgets_section(found)
    yield moved_section(found, summed)
    yield anomalies_section(found)
    yield savings_section(found, saved)
    yield decisions_section(found)
    yield commitments_section(found)
    yield unit_cost_section(found)
    yield untagged_section(found)
    muted = muted_section(found)
    if muted:
        yield muted
    yield limits_section(found)


def _news(found: Given, summed: Sums) -> str:
    whose = "" if found.scope.is_all else f"{found.scope.label}: "
    against = against_last_month(found, summed)
    so_far = f"{whose}{span_words(found.stored_month)} cost {found.money(summed.month)}"
    so_far += f", {against}" if against else ""
    if is_whole_month(found) or summed.end is None:
        return so_far
    return f"{so_far}; {found.month.start:%B} ends at {found.money(summed.end.mean)}"


def _figures(found: Given, summed: Sums, saved: Sequence[Waiting]) -> Iterable[Figure]:
    whole = is_whole_month(found)
    name = f"{found.month.start:%B} {'in full' if whole else 'to date'}"
    yield Figure(
        name,
        found.money(summed.month),
        against_last_month(found, summed) or lost_words(found.stored_month) or "nothing to compare",
    )
    if not whole:
        end = found.money(summed.end.mean) if summed.end else "unknown"
        yield Figure(f"Forecast for {found.month.start:%B}", end, range_words(found, summed) or "too few days")
    if found.length is Length.WEEK:
        change = summed.week
        beside = (
            f"{percent(change.fraction, signed=True)} a day on the week before"
            if change.per_day is not None
            else "nothing to compare"
        )
        told = "; ".join(filter(None, (beside, lost_words(found.span))))
        yield Figure(f"Week {span_words(found.span)}", found.money(summed.span), told)
    else:
        anomalies = of_span(found)
        waits = sum(one.state == "open" for one, _ in anomalies)
        yield Figure("Anomalies", str(len(anomalies)), f"{waits} wait for a decision")
    if saved:
        currency = saved[0].value.currency
        monthly, lost = (elements.money(amount, currency) for amount in (monthly_of(saved), lost_of(saved)))
        yield Figure("Open savings", f"{monthly}/month", f"waiting has cost {lost}")
    else:
        yield Figure("Open savings", "none", "nothing waits")


def _file_name(found: Given) -> str:
    scope = found.scope
    words = [found.length.value, str(found.day), *filter(None, (scope.team, scope.account))]
    return f"cost_report_{'_'.join(re.sub(r'[^A-Za-z0-9-]+', '-', word).strip('-')[:40] or 'x' for word in words)}.pdf"
