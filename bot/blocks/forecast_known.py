"""Known changes in words: below a forecast, on its chart, and as the answer of `/cost forecast known`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.blocks import elements
from bot.blocks.decision_line import person
from bot.blocks.elements import Block, escape, money, slack_date
from bot.forecasts.known_change import SETTLED_AFTER, Change
from bot.forecasts.known_facts import Known
from bot.reply import Reply

LIST = "/cost forecast known"
#: Changes that are named under a forecast; the rest is counted.
MOST_NAMED = 4
#: Characters of a part of the list, and of it in the message's text: what is beyond is counted.
MAX_PART, MAX_TEXT = 2800, 700
#: Characters of what somebody gave as the reason.
MAX_WHY = 120


def below_forecast(known: Known, currency: str) -> list[str]:
    """What a forecast counts, and what it does not, as lines in mrkdwn."""
    lines = [line_of(one, currency) for one in known.counted[:MOST_NAMED]]
    if len(known.counted) > MOST_NAMED:
        lines.append(f"and {len(known.counted) - MOST_NAMED} more: `{LIST}`")
    if known.waiting:
        lines.append(f"{waiting_text(known.waiting, currency)}.")
    if known.unclear:
        named = _and_more([f"{one.id} ({brief(one, currency)})" for one in known.unclear])
        lines.append(f"Not counted, as it is not known how much of it falls in here: {named}.")
    if known.foreign:
        named = _and_more([one.id for one in known.foreign])
        lines.append(f"Not counted, as it is in another currency than the bill: {named}.")
    return lines


def named(ids: Sequence[str]) -> str:
    """`the known changes K-1, K-3`: plain text."""
    rest = len(ids) - MOST_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"the known change{'s' if len(ids) > 1 else ''} {', '.join(ids[:MOST_NAMED])}{more}"


def line_of(change: Change, currency: str) -> str:
    """`Dec 14: −$40.00/day known change of EC2, by @ana (K-3): savings plan begins`."""
    label, by = escape(elements.name(change.label)), person(change.by)
    when = elements.day(change.first_day)
    if change.last_day is not None:
        when = elements.days(change.first_day, change.last_day)
    amount = f"{money(change.per_day, currency, signed=True)}/day"
    if change.is_end:
        return f"{when}: {amount}, {label} ends unless something follows ({change.id}, `/cost commitments`)"
    if change.is_saving:
        return f"{when}: {amount}, {label} is carried out ({change.id}, approved by {by})"
    return f"{when}: {amount} known change of {label}, by {by} ({change.id}){_why(change)}"


def waiting_text(waiting: Sequence[Change], currency: str) -> str:
    """`Approved, not yet carried out: −$9.22/day not counted (S-7Q2M)`."""
    amount = money(sum(one.per_day for one in waiting), currency, signed=True)
    named = _and_more([one.id for one in waiting])
    return f"Approved, not yet carried out: {amount}/day not counted ({named})"


def brief(change: Change, currency: str) -> str:
    """`−$40.00/day of EC2 from Dec 14`."""
    amount = f"{money(change.per_day, currency, signed=True)}/day of {escape(elements.name(change.label))}"
    if change.last_day is not None:
        return f"{amount}, {elements.days(change.first_day, change.last_day)}"
    return f"{amount} from {elements.day(change.first_day)}"


def mark(day: str, ids: Sequence[str]) -> str:
    """The label of a chart's point at which changes begin or end; at most 20 characters."""
    named = f"{day} · {', '.join(ids)}"
    return named if len(named) <= 20 else f"{day} · {len(ids)} known"


def unmoved_name(changes: Sequence[Change], first_ahead: date) -> str:
    """The name of the line of what would be without known changes; at most 20 characters."""
    ids = ", ".join(one.id for one in changes)
    begins = changes[0].first_day if len(changes) == 1 else first_ahead
    names = [f"Without {ids} ({elements.day(begins)})"] if len(changes) == 1 and begins >= first_ahead else []
    return next((name for name in (*names, f"Without {ids}") if len(name) <= 20), "Without changes")


@dataclass(frozen=True, slots=True)
class KnownReport:
    """Everything that `/cost forecast known` says.

    `stated` are changes that stand, with the moment each was told; `waiting` and `done` are approved savings; `ends`
    are ends of commitments. `until` is the last complete day of the bill.
    """

    stated: Sequence[tuple[Change, datetime]]
    waiting: Sequence[Change]
    done: Sequence[Change]
    foreign: Sequence[Change]
    until: date
    currency: str
    example: str
    ends: Sequence[Change] = ()


def known_reply(report: KnownReport) -> Reply:
    """The list of what is known, by whether it still moves a forecast."""
    blocks: list[Block] = [elements.section(f"*{news(report)}*")]
    for title, lines in _parts(report):
        shown = _within([f"• {line}" for line in lines], MAX_PART)
        blocks.append(elements.section("\n".join((f"*{title}*", *shown))))
    blocks.append(
        elements.actions(
            elements.run_button("Forecast", "/cost forecast", 0), elements.share_button(LIST), block_id="known"
        )
    )
    blocks.append(elements.context(*_small_print(report)))
    told = (f"{title}: {'; '.join(_within(lines, MAX_TEXT))}." for title, lines in _parts(report))
    return Reply(" ".join((news(report), *told)), blocks)


def news(report: KnownReport) -> str:
    """How many there are."""
    if not report.stated and not report.done and not report.ends:
        waits = f" {waiting_text(report.waiting, report.currency)}." if report.waiting else ""
        return f"No change is known: forecasts go on from what costs did so far.{waits}"
    ahead = sum(one.first_day > report.until for one in (*(one for one, _ in report.stated), *report.ends))
    count = len(report.stated) + len(report.done) + len(report.ends)
    if count == 1:
        return "1 known change, still to begin." if ahead else "1 known change, begun."
    return f"{count} known changes, {'all' if ahead == count else ahead or 'none'} of them still to begin."


def _parts(report: KnownReport) -> list[tuple[str, list[str]]]:
    settled = report.until - SETTLED_AFTER
    ahead: list[str] = []
    begun: list[str] = []
    over: list[str] = []
    for one, at in report.stated:
        line = f"{line_of(one, report.currency)} – added {slack_date(at, '{date_short_pretty}')}"
        last = max(day for day, _ in one.edges())
        (ahead if one.first_day > report.until else begun if last > settled else over).append(line)
    begun += [line_of(one, report.currency) for one in report.done]
    ahead += [line_of(one, report.currency) for one in report.ends]
    titles = ("To begin", "Begun, and counted", "In the bill by now, and no longer counted")
    parts = list(zip(titles, (ahead, begun, over[::-1]), strict=True))
    parts.append(("Approved, not yet carried out, not counted", [_waits(one, report) for one in report.waiting]))
    parts.append(("In another currency than the bill, not counted", [one.id for one in report.foreign]))
    return [(title, lines) for title, lines in parts if lines]


def _waits(change: Change, report: KnownReport) -> str:
    amount = money(change.per_day, report.currency, signed=True)
    label = escape(elements.name(change.label))
    return f"{amount}/day, {label} ({change.id}), approved by {person(change.by)} {elements.day(change.first_day)}"


def _small_print(report: KnownReport) -> list[str]:
    return [
        f"Approvers add a change with `{report.example}` and take one back with `{LIST} remove K-1`. A forecast "
        "counts what lies wholly in what it forecasts.",
        f"{SETTLED_AFTER.days} days after it began the bill tells a change by itself. An approved saving counts from "
        "the day on that the scan saw it carried out; costbot carries out nothing.",
    ]


def _within(lines: Sequence[str], limit: int) -> list[str]:
    """The first lines that fit into so many characters; at least one, and how many more there are."""
    length = 0
    shown: list[str] = []
    for line in lines:
        length += len(line) + 1
        if shown and length > limit:
            return [*shown, f"and {len(lines) - len(shown)} more"]
        shown.append(line)
    return shown


def _why(change: Change) -> str:
    return f": {escape(elements.name(change.why, MAX_WHY))}" if change.why else ""


def _and_more(named: Sequence[str]) -> str:
    rest = len(named) - MOST_NAMED
    return ", ".join(named[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
