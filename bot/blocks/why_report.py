"""The answer of `/cost why`: the news with its number, a waterfall, the lines, and what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analysis.causes import Cause, Explanation
from analysis.completeness import PartialDay
from analysis.models import Change
from bot import waterfall
from bot.blocks import elements
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import Block, escape, money, percent
from bot.blocks.reach import reach
from bot.causes.cause_words import EFFECTS, Words, how_it_moved, moves
from bot.causes.change_words import HEAD, change_lines, change_words
from bot.reply import Reply
from bot.settings import CostView
from bot.waterfall import Step

#: Causes that the sentence names; the table has all.
MOST_NAMED = 2
#: Bars between before and now; what is left is one more.
MOST_STEPS = 8
#: An effect's share of all that moved from which on it has a bar of its own.
LEAST_STEP = 0.02
#: From this share on, causes make "all" of a change; they may make more, where other lines fell.
ALL_FROM = 0.995
#: Values of a dimension that are named.
MOST_VALUES = 3
MAX_PHRASE, MAX_CELL, MAX_WIDE = 160, 100, 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change happened: a heading, and each value with its dollars a day."""

    heading: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class WhyReport:
    """Everything the answer says; texts are as they came, not yet escaped.

    `which` says which charges, as "Usage only"; `now` and `against` the days, as "on Tuesday, Nov 17" and "against the
    four Tuesdays before". `not_known` are sentences on what the sources cannot tell, `notes` on the data. `changes` are
    those somebody made in the same hours, `changed_by` says why none are told.
    """

    label: str
    now: str
    against: str
    explanation: Explanation
    words: Words
    places: tuple[Place, ...]
    not_known: tuple[str, ...]
    changes: tuple[Change, ...]
    changed_by: str
    notes: tuple[str, ...]
    which: str
    currency: str
    view: CostView
    billed_only: tuple[str, ...]
    today: date
    until: date
    partial: tuple[PartialDay, ...]
    several: bool
    fetched_at: datetime | None
    command: str
    commands: tuple[tuple[str, str], ...]


def why_reply(report: WhyReport) -> Reply:
    """The report as a Slack message."""
    found = report.explanation
    blocks: list[Block] = [elements.section(f"*{news(report)}*")]
    if found.causes:
        blocks += [_waterfall(report), elements.section(_made_of(report), fields=_places(report)), _table(report)]
    if report.not_known and found.causes:
        blocks.append(elements.context(f"Not known: {escape(' '.join(report.not_known))}"))
    who = change_lines(report.changes) or escape(report.changed_by)
    if who and found.causes:
        blocks.append(elements.context(who))
    blocks.append(elements.context(*_small_print(report)))
    buttons = [elements.run_button(label, command, n) for n, (label, command) in enumerate(report.commands)]
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="why"))
    made_of = _in_a_sentence(report) if found.causes else ""
    changed = f"{HEAD}: {change_words(report.changes[0])}." if report.changes else ""
    return Reply(" ".join(filter(None, (news(report), made_of, changed, f"{_reach(report)}."))), blocks)


def news(report: WhyReport) -> str:
    """The first line, escaped: the change with its number, and what makes most of it."""
    found = report.explanation
    label = escape(elements.name(report.label))
    label = label[:1].upper() + label[1:]
    per_day = f"{_money(found.now, report)}/day"
    compared = f"{report.now} {report.against}"
    if not found.causes:
        return f"{label}: {per_day} {compared}; nothing moved."
    if found.is_flat:
        share = f" ({percent(found.fraction, signed=True)})" if found.fraction is not None else ""
        return f"{label} flat at {per_day}{share} {compared}, but moves hide each other: {_named(report)}."
    moved = f"{_money(found.change, report, signed=True)}/day"
    if found.before == 0:
        start = f"{label} new: {per_day} {compared}, when there was nothing"
    elif found.fraction is None:
        start = f"{label} {moved} to {per_day} {compared}"
    else:
        start = f"{label} {moved} ({percent(found.fraction, signed=True)}) {compared}"
    return f"{start}: {_named(report)}."


def _named(report: WhyReport) -> str:
    """The first causes and what they make; escaped."""
    found = report.explanation
    shown = found.causes[:MOST_NAMED]
    phrases = [escape(elements.name(report.words.phrase(cause), MAX_PHRASE)) for cause in shown]
    if found.is_flat or len(found.causes) > 1:
        amounts = [_money(cause.change, report, signed=True) for cause in shown]
        phrases = [f"{phrase} {amount}" for phrase, amount in zip(phrases, amounts, strict=True)]
    rest = len(found.causes) - len(shown)
    more = f" and {rest} more line{'s' if rest > 1 else ''}" if rest else ""
    joined = " and ".join(phrases) if not more else ", ".join(phrases)
    if found.is_flat:
        return f"{joined}{more}"
    makes = "makes" if len(found.causes) == 1 else "make"
    hidden = f"; {_hidden(report)}" if found.against else ""
    share = "all" if found.explained >= ALL_FROM else percent(found.explained)
    wide = f", four fifths take {found.needed:,} lines" if found.needed > len(found.causes) else ""
    return f"{joined}{more} {makes} {share} of it{wide}{hidden}"


def _hidden(report: WhyReport) -> str:
    against = report.explanation.against
    first = escape(elements.name(report.words.phrase(against[0]), MAX_PHRASE))
    more = f" and {len(against) - 1} more" if len(against) > 1 else ""
    return f"against it {first} {_money(against[0].change, report, signed=True)}{more}"


def _made_of(report: WhyReport) -> str:
    """The effects, to the cent, with what is left over."""
    found = report.explanation
    head = f"*{_money(found.before, report)} a day before → {_money(found.now, report)}*, made of"
    gross = sum(abs(cents) for _, cents in found.effects)
    large = [one for one in found.effects if abs(one[1]) >= LEAST_STEP * gross]
    small = [f"{EFFECTS[effect]} {_money(cents, report, signed=True)}" for effect, cents in found.effects[len(large) :]]
    lines = [f"• {words} {amount}" for words, amount in _effects(report)[: len(large)]]
    lines += [f"• {', '.join(small)}"] if small else []
    return "\n".join((head, *lines, f"• residual {_money(found.residual, report, signed=True)}"))


def _in_a_sentence(report: WhyReport) -> str:
    """The same for notifications and screen readers."""
    found = report.explanation
    parts = ", ".join(f"{words} {amount}" for words, amount in _effects(report))
    return f"{_money(found.before, report)} a day before, {_money(found.now, report)} now: {parts}."


def _effects(report: WhyReport) -> list[tuple[str, str]]:
    found = report.explanation
    amounts = [(EFFECTS[effect], cents) for effect, cents in found.effects]
    return [
        (words, f"{_money(cents, report, signed=True)}{_share(cents, report)}")
        for words, cents in (*amounts, ("residual", found.residual))
    ]


def _share(cents: int, report: WhyReport) -> str:
    found = report.explanation
    return "" if found.is_flat or not found.change else f" ({percent(cents / found.change)})"


def _places(report: WhyReport) -> tuple[str, ...]:
    shown = []
    for place in report.places:
        values = [
            f"{escape(elements.name(value))} {money(amount, report.currency, signed=True, cents=True)}"
            for value, amount in place.values[:MOST_VALUES]
        ]
        shown.append("\n".join((f"*{escape(elements.name(place.heading))}*", *values)))
    return tuple(shown)


def _table(report: WhyReport) -> Block:
    found, words = report.explanation, report.words
    is_placed = any(words.where(cause) for cause in (*found.causes, *found.against))
    rows = [_row(cause, report, is_placed=is_placed) for cause in (*found.causes, *found.against)]
    gap = ("",) if is_placed else ()
    if found.others or found.other_lines > 0:
        count = f"{found.other_lines:,} other line{'s' if found.other_lines != 1 else ''}"
        rows.append((count, *gap, "", "", *_figures(found.others, report)))
    rows.append(("Residual", *gap, "", "", *_figures(found.residual, report)))
    total = (_money(found.before, report), _money(found.now, report), *_figures(found.change, report))
    rows.append(("All", *gap, *total))
    columns = ["What", *(["Where"] if is_placed else []), "Before/day", "Now/day", "Change/day", "Share"]
    first = 2 if is_placed else 1
    return elements.table(columns, rows, right=tuple(range(first, first + 4)))


def _row(cause: Cause, report: WhyReport, *, is_placed: bool) -> tuple[str, ...]:
    words = report.words
    said = (elements.name(words.what(cause), MAX_CELL), how_it_moved(cause, report.currency))
    return (
        elements.name(": ".join(filter(None, said)), MAX_WIDE),
        *([elements.name(words.where(cause), MAX_CELL)] if is_placed else []),
        _money(cause.before, report),
        _money(cause.now, report),
        _money(cause.change, report, signed=True),
        percent(cause.share, signed=cause.share < 0),
    )


def _figures(cents: int, report: WhyReport) -> tuple[str, str]:
    found = report.explanation
    share = percent(cents / found.change) if found.change and not found.is_flat else ""
    return _money(cents, report, signed=True), share


def _waterfall(report: WhyReport) -> Block:
    """From before to now: each line's effects, what is left, and the residual where there is one."""
    found = report.explanation
    bars = [
        (f"{report.words.what(cause)}{_in(report.words.owner(cause))}: {text}", cents)
        for cause in (*found.causes, *found.against)
        for text, cents in moves(cause)
    ]
    gross = sum(abs(cents) for _, cents in bars)
    shown = [one for one in bars if abs(one[1]) >= LEAST_STEP * gross][:MOST_STEPS]
    rest = found.change - found.residual - sum(cents for _, cents in shown)
    steps = [Step(text, cents / 100) for text, cents in shown]
    if rest:
        steps.append(Step("all other lines", rest / 100))
    if found.residual:
        steps.append(Step("residual", found.residual / 100))
    return waterfall.waterfall(
        f"{report.label}: what changed, a day",
        Step("Before", found.before / 100),
        steps,
        Step("Now", found.now / 100),
        report.currency,
    )


def _in(where: str) -> str:
    return f", {where}" if where else ""


def _small_print(report: WhyReport) -> Sequence[str]:
    cost = cost_words(report.view, report.billed_only)
    refreshed = f" Refreshed {elements.slack_date(report.fetched_at)}." if report.fetched_at else ""
    return (
        f"{report.which}, in {report.currency}: {cost}. Like weekdays compared.",
        f"{_reach(report)}.{refreshed}",
        *map(escape, report.notes),
    )


def _reach(report: WhyReport) -> str:
    return reach(report.until, report.partial, report.today, several=report.several)


def _money(cents: int, report: WhyReport, *, signed: bool = False) -> str:
    return money(cents / 100, report.currency, signed=signed, cents=True)
