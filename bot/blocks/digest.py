"""The daily digest: one verdict, three figures, a chart, what moved, what waits for a decision, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from analysis.completeness import PartialDay
from analysis.daily_summary import DailySummary, Mover
from bot.blocks import elements
from bot.blocks.cost_words import cost_words, other_currency
from bot.blocks.decision_line import title
from bot.blocks.elements import Block, day, escape, money, name, percent, slack_date
from bot.blocks.reach import left_out, reach
from bot.settings import CostView
from bot.store.rows import Finding

#: A day within this share of its usual cost is a usual day.
USUAL = 0.05
MAX_SOURCES = 4
#: The newest days are never complete; from this many on, costs are not filling but old.
FILLING_DAYS = 3


@dataclass(frozen=True, slots=True)
class OpenDecisions:
    """Findings that wait, counted, and the `dearest` of them.

    `anomalies_per_day` is money of the bill; savings are in `savings_currency`, and unknown where they are of several.
    Approved savings are those whose change has not been seen yet; `muted` are findings that wait and are not counted.
    """

    anomalies: int
    anomalies_per_day: float
    savings: int
    savings_per_month: float
    approved: int
    approved_per_month: float
    dearest: tuple[Finding, ...] = ()
    savings_currency: str = "USD"
    muted: int = 0


@dataclass(frozen=True, slots=True)
class MissingSource:
    """A source that does not answer: where, why, and since when there is nothing of it.

    `key` tells it from others; `began` is the first refusal since it last answered.
    """

    where: str
    sentence: str
    since: datetime
    key: str = field(default="", compare=False)
    began: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Digest:
    """All that a digest says.

    `today` is the date on which it is read, the channel's own where it is sent to one; `view` is the cost it shows,
    `billed_only` are providers whose billed cost stands in for the effective one;
    `stale_reason` says why costs are old, None when they are not; `late_since` is when it should have been sent, None
    when it is on time. `partial` are the days after the summary's that are not all in, `several` says that there are
    several providers; `restated` are sentences about days restated since the last digest. `scope` is the team or
    account whose costs these are alone, "" for all; `held` says what the channel was not told one by one since the last
    digest; `ends` is what one types to end it. None of them is escaped; `budgets` is mrkdwn: what the month to date
    stands against.
    """

    summary: DailySummary
    today: date
    currency: str
    view: CostView
    fetched_at: datetime | None
    note: str | None
    stale_reason: str | None
    decisions: OpenDecisions
    missing: tuple[MissingSource, ...]
    late_since: datetime | None = None
    billed_only: tuple[str, ...] = ()
    partial: tuple[PartialDay, ...] = ()
    several: bool = False
    restated: tuple[str, ...] = ()
    scope: str = ""
    held: str = ""
    ends: str = "/cost unsubscribe digest"
    budgets: tuple[str, ...] = ()


def digest_blocks(digest: Digest) -> list[Block]:
    """At most twelve blocks."""
    blocks = [elements.header(verdict(digest)) | {"block_id": "digest.verdict"}]
    if digest.late_since:
        blocks.append(elements.context(f"Late: this digest was due {slack_date(digest.late_since)}."))
    blocks.append(elements.fields(_day_field(digest), _month_field(digest), _forecast_field(digest)))
    if len(digest.summary.chart.labels) > 1:
        blocks.append(elements.chart(digest.summary.chart))
    blocks += _movers(digest)
    if digest.restated:
        blocks.append(elements.section(_restated(digest)))
    blocks.append(elements.section(_decisions_text(digest)))
    buttons = _buttons(digest.decisions)
    blocks.append(elements.actions(*buttons, block_id="digest.more"))
    if digest.missing or digest.stale_reason:
        blocks.append(elements.section(_missing(digest)))
    blocks.append(elements.context(*_small_print(digest)))
    return blocks


def digest_text(digest: Digest) -> str:
    """The digest in two sentences, for notifications and screen readers."""
    summary, currency = digest.summary, digest.currency
    whole = _is_whole_month(summary)
    month = f"{_month(digest)}{'' if whole else ' so far'} {money(summary.month_to_date, currency)}"
    if summary.month_end and not whole:
        month += f", forecast {money(summary.month_end.mean, currency)}"
    missing = f" {len(digest.missing)} sources are missing." if digest.missing else ""
    held = f" {escape(digest.held)}." if digest.held else ""
    return f"{escape(verdict(digest))}. {month}. {_waiting(digest.decisions, currency)}.{held}{missing}"


def verdict(digest: Digest) -> str:
    """The news in one line of plain text, not escaped."""
    summary = digest.summary
    cost = money(summary.cost, digest.currency)
    of_whom = f"{name(digest.scope)}, " if digest.scope else ""
    when = f"{of_whom}{summary.day:%A}, {_date(digest)}"
    fraction = summary.fraction
    if fraction is None or summary.usual is None:
        return f"{when}: {cost}"
    if abs(fraction) < USUAL:
        return f"{when}: {cost}, a usual {summary.day:%A}"
    over = money(summary.cost - summary.usual, digest.currency, signed=True)
    cause = f", mostly {name(summary.main_cause)}" if summary.main_cause else ""
    return f"{when}: {cost}, {percent(fraction, signed=True)} ({over}) against a usual {summary.day:%A}{cause}"


def _day_field(digest: Digest) -> str:
    summary = digest.summary
    is_yesterday = summary.day == digest.today - timedelta(days=1)
    which = "Yesterday" if is_yesterday else "Last complete day"
    lines = [f"*{which}, {_date(digest)}*", money(summary.cost, digest.currency)]
    if summary.usual is not None:
        lines.append(f"usual {money(summary.usual, digest.currency)}")
    age = (digest.today - summary.day).days
    if age > FILLING_DAYS:
        lines.append(f"complete costs end there, {age:,} days ago")
    elif digest.partial:
        lines.append(left_out(digest.partial, several=digest.several))
    elif not is_yesterday:
        lines.append("yesterday is still filling")
    return "\n".join(lines)


def _restated(digest: Digest) -> str:
    lines = ["*Restated since the last digest*", *(f"• {escape(sentence)}" for sentence in digest.restated)]
    return "\n".join(lines)


def _date(digest: Digest) -> str:
    shown = digest.summary.day
    return day(shown) if shown.year == digest.today.year else f"{day(shown)}, {shown.year}"


def _month(digest: Digest) -> str:
    """The month's name, with its year once it is another one and not just over."""
    first = digest.summary.month_first
    is_near = (digest.today - first).days < 62
    return f"{first:%B}" if first.year == digest.today.year or is_near else f"{first:%B %Y}"


def _is_whole_month(summary: DailySummary) -> bool:
    return (summary.day + timedelta(days=1)).day == 1


def _month_field(digest: Digest) -> str:
    summary = digest.summary
    which = "in full" if _is_whole_month(summary) else "to date"
    lines = f"*{_month(digest)} {which}*\n{money(summary.month_to_date, digest.currency)}"
    if summary.last_month is not None:
        lines += f"\nall of the month before {money(summary.last_month, digest.currency)}"
    return "\n".join((lines, *digest.budgets))


def _forecast_field(digest: Digest) -> str:
    summary, currency = digest.summary, digest.currency
    end = summary.month_end
    if _is_whole_month(summary):
        return f"*Forecast*\nnone: {_month(digest)} is complete"
    if end is None:
        return f"*Forecast for {_month(digest)}*\nnot enough history yet"
    span = f"{money(end.low, currency)} to {money(end.high, currency)} in 4 of 5 cases"
    return f"*Forecast for {_month(digest)}*\n{money(end.mean, currency)}\n{span}"


def _movers(digest: Digest) -> list[Block]:
    found = digest.summary.movers
    week = digest.summary.week
    change = ""
    if week.per_day is not None:
        change = f": {money(week.per_day, digest.currency, signed=True)} a day ({percent(week.fraction, signed=True)})"
    headline = f"*Last 7 days against the 7 before{change}*"
    if not found:
        return [elements.section(f"{headline}\nNo single service moved much.")]
    rows = [_row(mover, digest.currency) for mover in found]
    columns = ("Service", "Before, a day", "Now, a day", "Change", "%")
    return [elements.section(headline), elements.table(columns, rows, right=(1, 2, 3, 4))]


def _row(mover: Mover, currency: str) -> Sequence[str]:
    return (
        name(mover.name),
        money(mover.before, currency),
        money(mover.now, currency),
        money(mover.change, currency, signed=True),
        percent(mover.fraction, signed=True),
    )


def _waiting(decisions: OpenDecisions, currency: str) -> str:
    parts = []
    if decisions.anomalies:
        per_day = money(decisions.anomalies_per_day, currency, signed=True)
        parts.append(f"{_count(decisions.anomalies, 'anomaly', 'anomalies')} ({per_day}/day)")
    if decisions.savings:
        per_month = money(decisions.savings_per_month, decisions.savings_currency)
        parts.append(f"{_count(decisions.savings, 'saving', 'savings')} ({per_month}/month)")
    if not parts:
        return "Nothing waits for a decision"
    verb = "waits" if decisions.anomalies + decisions.savings == 1 else "wait"
    return f"{' and '.join(parts)} {verb} for a decision"


def _decisions_text(digest: Digest) -> str:
    decisions = digest.decisions
    lines = [f"*{_waiting(decisions, digest.currency)}*"]
    lines += [f"• `{finding.id}` {title(finding)}" for finding in decisions.dearest]
    if (decisions.savings or decisions.approved) and decisions.savings_currency != digest.currency:
        lines.append(other_currency(decisions.savings_currency, digest.currency))
    if decisions.approved:
        saved = money(decisions.approved_per_month, decisions.savings_currency)
        count = _count(decisions.approved, "saving", "savings")
        lines.append(f"{count} approved and not yet carried out: {saved}/month")
    if decisions.muted:
        lines.append(f"{decisions.muted} muted and not counted: `/cost mute` says what they cost")
    if digest.held:
        lines.append(f"*{escape(digest.held)}*: `/cost held` lists them")
    return "\n".join(lines)


def _buttons(decisions: OpenDecisions) -> list[Block]:
    shown = [("Trend", "/cost trend")]
    if decisions.anomalies:
        shown.append(("Anomalies", "/cost anomalies"))
    if decisions.savings or decisions.approved:
        shown.append(("Savings", "/cost savings"))
    return [elements.run_button(label, command, n) for n, (label, command) in enumerate(shown)]


def _missing(digest: Digest) -> str:
    lines = [f"*Costs are old.* {digest.stale_reason}"] if digest.stale_reason else []
    for source in digest.missing[:MAX_SOURCES]:
        lines.append(f"*Missing: {escape(source.where)}* since {slack_date(source.since)}. {escape(source.sentence)}")
    rest = len(digest.missing) - MAX_SOURCES
    if rest > 0:
        lines.append(f"{rest} more sources are missing; `costbot doctor` lists them.")
    return "\n".join(lines)


def _small_print(digest: Digest) -> list[str]:
    fetched = f", fetched {slack_date(digest.fetched_at)}" if digest.fetched_at else ""
    cost = cost_words(digest.view, digest.billed_only)
    shown = f"Usage only, without tax, credits and support: {cost}{fetched}."
    until = f"{reach(digest.summary.day, digest.partial, digest.today, several=digest.several)}."
    note = [escape(digest.note)] if digest.note else []
    return [shown, until, *note, f"`{escape(digest.ends)}` ends this."]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
