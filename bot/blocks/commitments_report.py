"""The answer of `/cost commitments`: what is owned, how far it is used, what it covers, and what ends when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analysis.models import Chart, Series
from bot.blocks import elements
from bot.blocks.elements import Block, escape, money, percent
from bot.reply import Reply

#: Rows of the table.
MOST_ROWS = 40
#: A fall or rise of a share, in points, that is worth a word.
MOVED = 0.005
MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class Owned:
    """One commitment; money a month, None where it is not known. Texts are as they came."""

    name: str
    account: str
    region: str
    terms: str
    monthly: float | None
    utilization: float | None
    unused: float | None
    ends: date | None
    days_left: float | None
    cliff: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a breakdown: shares, and dollars in the days shown; None where they have no meaning."""

    name: str
    utilization: float | None
    unused: float | None
    coverage: float | None
    on_demand: float | None
    savings_rate: float | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of a span of days, None where they are not known; `unused` and `saved` are dollars in it."""

    utilization: float | None
    coverage: float | None
    savings_rate: float | None
    unused: float | None
    saved: float | None


@dataclass(frozen=True, slots=True)
class CommitmentsReport:
    """Everything the answer says.

    `bill_only` names what the bill knows and AWS's lists do not; `problems` says why something is not known. `points`
    are the chart's: a label, utilization, coverage, effective savings rate. `by` names the breakdown, empty for none.
    `look_back` says what proposals to buy are worked out on, where no export tells hours; as it came. `commands` are
    buttons, label to command.
    """

    owned: Sequence[Owned]
    bill_only: Sequence[str]
    problems: Sequence[str]
    days: int
    start: date | None
    end: date | None
    now: Shares
    before: Shares
    points: Sequence[tuple[str, float | None, float | None, float | None]]
    by: str
    parts: Sequence[Part]
    by_export: bool
    scanned_at: datetime | None
    look_back: str
    today: date
    command: str
    commands: Mapping[str, str]


def commitments_reply(report: CommitmentsReport) -> Reply:
    """The report as a Slack message."""
    blocks: list[Block] = [elements.section(f"*{news(report)}*")]
    figures = _figures(report)
    if figures:
        blocks.append(elements.section(figures))
    blocks += _chart(report)
    if report.by and report.parts:
        blocks.append(_parts_table(report))
    elif report.owned:
        blocks.append(_owned_table(report))
    ends = _ends(report)
    if ends:
        blocks.append(elements.section(ends))
    blocks.append(elements.context(*_small_print(report)))
    buttons = elements.choice_buttons(report.commands, report.command)
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="commitments"))
    return Reply(" ".join(filter(None, (news(report), figures.replace("*", ""), ends))), blocks)


def news(report: CommitmentsReport) -> str:
    """The first line, escaped: how many, what they cost, what of that is wasted."""
    if not report.owned:
        if report.scanned_at is None and not report.bill_only:
            return "What is owned is not known yet: the first scan for savings reads it."
        if report.bill_only:
            return f"The bill tells of {_many(len(report.bill_only))} that AWS's own lists do not have."
        return "No Savings Plan and no reservation is owned" + (
            ", as far as could be read." if report.problems else "."
        )
    known = [one.monthly for one in report.owned if one.monthly is not None]
    text = f"{_many(len(report.owned))} for {money(sum(known))} a month"
    if report.now.utilization is not None and report.now.unused is not None:
        return f"{text}: {percent(report.now.utilization)} utilized, {money(report.now.unused)} unused {_span(report)}."
    unused = [one.unused for one in report.owned if one.unused is not None]
    return f"{text}: {money(sum(unused))} of it a month unused." if unused else f"{text}."


def _many(count: int) -> str:
    return "1 commitment" if count == 1 else f"{count:,} commitments"


def _span(report: CommitmentsReport) -> str:
    if report.start is None or report.end is None:
        return ""
    last = date.fromordinal(report.end.toordinal() - 1)
    return f"in {elements.days(report.start, last)}"


def _figures(report: CommitmentsReport) -> str:
    """Utilization, coverage and the effective savings rate, each against the days before."""
    now, before = report.now, report.before
    told = [
        _figure("Utilization", now.utilization, before.utilization),
        _figure("Coverage", now.coverage, before.coverage),
        _figure("Effective savings rate", now.savings_rate, before.savings_rate),
    ]
    saved = f" Against on-demand prices {money(now.saved)} were saved." if now.saved is not None else ""
    line = " · ".join(filter(None, told))
    compared = f" (against the {report.days} days before)" if "point" in line else ""
    if report.by_export and report.start is not None and not report.points:
        return f"The billing export has no usage that a commitment covers, or could cover, {_span(report)}."
    return f"{line}{compared}.{saved}" if line else ""


def _figure(name: str, now: float | None, before: float | None) -> str:
    if now is None:
        return ""
    text = f"*{name}* {percent(now)}"
    if before is None or abs(now - before) < MOVED:
        return text
    return f"{text}, {'up' if now > before else 'down'} {abs(now - before) * 100:.1f} points"


def _chart(report: CommitmentsReport) -> list[Block]:
    names = ("Utilization", "Coverage", "Savings rate")
    series = [
        Series(
            name, tuple(None if point[n] is None else round(float(point[n] or 0.0) * 100, 1) for point in report.points)
        )
        for n, name in enumerate(names, start=1)
    ]
    drawn = tuple(one for one in series if sum(value is not None for value in one.values) * 2 > len(one.values))
    if not drawn or len(report.points) < 2:
        return []
    labels = tuple(point[0] for point in report.points)
    title = " and ".join(one.name.lower() for one in drawn) if len(drawn) < 3 else "utilization, coverage, savings rate"
    try:
        return [elements.chart(Chart(f"{title[:1].upper()}{title[1:]}", labels, drawn, "%"), "line")]
    except ValueError:  # every day lacks one of the lines
        return []


def _owned_table(report: CommitmentsReport) -> Block:
    # A narrow window cuts a table off on its right: what is to be acted on stands on its left.
    columns = ("Commitment", "Utilized", "Unused", "Ends", "Then", "A month", "Terms", "Where")
    rows = [
        (
            elements.name(one.name),
            percent(one.utilization) if one.utilization is not None else "unknown",
            money(one.unused),
            _day(one.ends, report.today),
            "unknown" if one.cliff is None else money(one.cliff, signed=True),
            money(one.monthly),
            one.terms,
            elements.name(", ".join(filter(None, (elements.name(one.account, 30), one.region)))),
        )
        for one in report.owned[:MOST_ROWS]
    ]
    return elements.table(columns, rows, right=(1, 2, 4, 5))


def _parts_table(report: CommitmentsReport) -> Block:
    columns = (report.by.capitalize(), "Utilization", "Unused", "Coverage", "On demand", "Savings rate")
    rows = [
        (
            elements.name(part.name) or "none",
            _share(part.utilization),
            _dollars(part.unused),
            _share(part.coverage),
            _dollars(part.on_demand),
            _share(part.savings_rate),
        )
        for part in report.parts[:MOST_ROWS]
    ]
    return elements.table(columns, rows, right=(1, 2, 3, 4, 5))


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _dollars(value: float | None) -> str:
    return "–" if value is None else money(value)


def _day(value: date | None, today: date) -> str:
    if value is None:
        return "unknown"
    return elements.day(value) if value.year == today.year else f"{elements.day(value)}, {value.year}"


def _ends(report: CommitmentsReport) -> str:
    """What ends in the next sixty days, and what the bill does then."""
    soon = [one for one in report.owned if one.days_left is not None and one.days_left <= 60]
    lines = []
    for one in soon[:MAX_NAMED]:
        what = f"{escape(elements.name(one.name))} ends on {_day(one.ends, report.today)}, in {one.days_left:.0f} days"
        if one.cliff is None:
            lines.append(f"• {what}; what its usage then costs is not known yet.")
        else:
            moves = "rises" if one.cliff >= 0 else "falls"
            lines.append(f"• {what}: the bill {moves} by {money(abs(one.cliff))} a month unless something follows.")
    if len(soon) > MAX_NAMED:
        lines.append(f"• and {len(soon) - MAX_NAMED} more within 60 days.")
    return "\n".join(lines)


def _small_print(report: CommitmentsReport) -> list[str]:
    lines = [
        "Utilization: what of the commitment went to usage. Coverage: what of eligible usage, at on-demand prices, was "
        "covered. Effective savings rate: (on demand - actual) / on demand over all eligible usage, unused commitment "
        "included. “Then” is what the bill does a month when one ends and nothing follows.",
    ]
    if not report.by_export and report.start is not None:
        lines.append(
            "Utilization of all days is from the unused fees of the stored bill and what is owned; of each commitment "
            "from Cost Explorer, once a week. Coverage is that of Savings Plans alone, from there too; the savings "
            "rate needs a billing export."
        )
    if report.by and report.parts:
        lines.append("Unused dollars count where their commitment is used, by what of it is used there.")
    if report.by and not report.parts:
        lines.append("A breakdown needs a billing export: Cost Explorer's stored costs tell none.")
    if report.bill_only:
        named = ", ".join(escape(elements.name(one)) for one in report.bill_only[:MAX_NAMED])
        more = f" and {len(report.bill_only) - MAX_NAMED} more" if len(report.bill_only) > MAX_NAMED else ""
        lines.append(
            f"Only the bill tells of {named}{more}: AWS's lists do not have them, because they ended lately, are of "
            "DynamoDB, or of an account or service that may not be read. Their terms and ends are not known."
        )
    lines += [escape(problem) for problem in report.problems[:MAX_NAMED]]
    if len(report.owned) > MOST_ROWS:
        lines.append(f"{len(report.owned) - MOST_ROWS} more are not listed.")
    if report.look_back:
        lines.append(escape(report.look_back))
    if report.scanned_at is not None:
        lines.append(f"Owned as of {elements.slack_date(report.scanned_at)}; costbot buys nothing.")
    return lines
