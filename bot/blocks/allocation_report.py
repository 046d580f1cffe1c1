"""The answer of `/cost allocation`: how much has an owner, who bears what, and what to tag first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.allocation import CHARGES, Allocation, Split, Way
from analysis.movers import Period
from analysis.services import service_label
from bot.blocks import elements
from bot.blocks.allocation_rows import (
    MOST_BARS,
    MOST_OWNERS,
    MOST_OWNERS_OF_ALL,
    Row,
    dollars,
    folded_rows,
    rows_chart,
    rows_of,
    rows_table,
)
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import Block, escape, money, percent
from bot.blocks.trend_report import CATEGORY_WORDS
from bot.commands import Reply
from bot.settings import CostView

#: One and many of what a cost is allocated to.
WORDS = {
    "team": ("team", "teams"),
    "env": ("environment", "environments"),
    "owner": ("owner", "owners"),
    "category": ("category", "categories"),
}
#: Places and notes that a message names.
MOST_PLACES, MOST_MERGED, MOST_NOTES = 3, 3, 6
MAX_NOTE = 400


@dataclass(frozen=True, slots=True)
class AllocationReport:
    """Everything the answer says; texts are as they came, not yet escaped.

    Attributes:
        by: team, env, owner or category.
        whole: the days that were asked for; `now` are those of them that are stored and complete.
        incomplete: stored days of `whole` that are still filling.
        tag_keys: tags by which owners are found.
        accounts: names of accounts by id.
        commands: what the buttons type, by their label; `command` is the one that gave this answer.
    """

    by: str
    allocation: Allocation
    earlier: Allocation | None
    whole: Period
    now: Period
    before: Period | None
    is_month: bool
    incomplete: Period
    tag_keys: tuple[str, ...]
    accounts: Mapping[str, str]
    currency: str
    view: CostView
    billed_only: tuple[str, ...]
    today: date
    fetched_at: datetime | None
    notes: tuple[str, ...]
    command: str
    commands: Mapping[str, str]
    shows_all: bool = False


def allocation_reply(report: AllocationReport) -> Reply:
    """The report as a Slack message."""
    rows = rows_of(report.allocation, report.earlier)
    blocks: list[Block] = [elements.section(f"*{news(report)}*")]
    figures = [text for text in (_against(report), _chain(report), _pools(report)) if text]
    if figures:
        blocks.append(elements.section("\n".join(figures)))
    if rows:
        blocks += _pictures(report, rows)
    places = _places(report)
    if places:
        blocks.append(elements.section(places))
    blocks.append(elements.context(*_small_print(report)))
    buttons = [
        elements.run_button(label, typed, n, style="primary" if typed == report.command else None)
        for n, (label, typed) in enumerate(report.commands.items())
    ]
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="allocation"))
    return Reply(" ".join((news(report), *figures[:2], f"{_reach(report)}.")), blocks)


def news(report: AllocationReport) -> str:
    """The first line, escaped: the total, and how much of it has an owner."""
    found = report.allocation
    total = f"{_span_words(report)}: {dollars(found.cents, report.currency)}"
    if not found.shares:
        return f"{_span_words(report)}: no costs."
    if report.by == "category":
        return f"{total}{_dearest(report)}."
    one, many = WORDS[report.by]
    owners = [share for share in found.shares if not share.is_default and share.cents]
    whose = f"{len(owners)} {one if len(owners) == 1 else many}"
    rest = found.default.cents if found.default else 0
    amount = money(rest / 100, report.currency)
    without = f"without {_article(one)} {one}"
    if not owners:
        return f"{total}, none of it allocated to {_article(one)} {one}."
    if rest == 0:
        return f"{total}, all of it allocated to {whose}."
    if not 0 < rest < found.cents:  # credits: a share of such a total means nothing
        return (
            f"{total}, {money((found.cents - rest) / 100, report.currency)} allocated to {whose}; {amount} {without}."
        )
    share = rest / found.cents
    return f"{total}, {percent(1 - share)} allocated to {whose}; {percent(share)} {without} ({amount})."


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _dearest(report: AllocationReport) -> str:
    found = report.allocation
    first = [share for share in found.shares if share.cents > 0 and share.owner != CHARGES][:2]
    if found.cents <= 0 or not first:
        return ""
    words = [f"{share.owner} ({percent(share.cents / found.cents)})" for share in first]
    return (
        f", mostly {', then '.join(words)}" if first[0].cents * 2 > found.cents else f", led by {' and '.join(words)}"
    )


def _against(report: AllocationReport) -> str:
    if report.earlier is None or report.before is None:
        return ""
    before = report.earlier.cents
    moved = money((report.allocation.cents - before) / 100, report.currency, signed=True)
    share = f" ({percent((report.allocation.cents - before) / before, signed=True)})" if before > 0 else ""
    return f"{moved}{share} against {_period_words(report.before, report)} ({dollars(before, report.currency)})."


def _chain(report: AllocationReport) -> str:
    """How owners were found: the steps of the chain in money."""
    found = report.allocation
    own = found.direct_cents(*Way)
    if report.by == "category" or own <= 0:
        return ""
    keys = " or ".join(f"`{escape(key)}`" for key in report.tag_keys)
    steps = (
        (f"carries the tag {keys}", found.direct_cents(Way.TAG)),
        ("has none and goes by the tag of its account", found.direct_cents(Way.ACCOUNT_TAG)),
        ("has none and goes by the mapping file's owner of its account", found.direct_cents(Way.ACCOUNT_OWNER)),
        ("has no owner that is known", found.direct_cents(Way.DEFAULT)),
    )
    said = [
        f"{money(cents / 100, report.currency)} ({percent(cents / own)}) {words}" for words, cents in steps if cents
    ]
    return f"Of the direct cost, {'; '.join(said)}."


def _pools(report: AllocationReport) -> str:
    """The shared costs, and how each is split."""
    found = report.allocation
    named = [pool for pool in found.pools if pool.name != CHARGES]
    how = {Split.EVEN: "evenly", Split.PROPORTIONAL: "in proportion to direct cost", Split.FIXED: "by fixed shares"}
    said = [
        f"{escape(elements.name(pool.name))} {money(pool.cents / 100, report.currency)} "
        f"({'evenly, as nobody has a direct cost' if pool.even_instead else how[pool.split]})"
        for pool in named
    ]
    return f"Shared: {', '.join(said)}." if said else ""


def _pictures(report: AllocationReport, rows: list[Row]) -> list[Block]:
    """The chart, and the table that says the same in figures."""
    one, many = WORDS[report.by]
    now, before = _series_names(report)
    title = f"Cost by {one}, {_span_words(report)}"
    picture = rows_chart(folded_rows(rows, MOST_BARS, many), title, now, before, report.currency)
    shown = folded_rows(rows, MOST_OWNERS_OF_ALL if report.shows_all else MOST_OWNERS, many)
    table = rows_table(shown, one.capitalize(), report.currency)
    return [elements.chart(picture, "bar"), table] if picture else [table]


def _series_names(report: AllocationReport) -> tuple[str, str]:
    now = "This period" if not report.is_month else _span_words(report)
    before = _period_words(report.before, report) if report.before and report.is_month else "Before"
    return (now, before) if now != before else ("Now", "Before")


def _places(report: AllocationReport) -> str:
    """The next step: where a tag would tell most."""
    found = report.allocation
    if report.by == "category" or not found.hints:
        return ""
    places = [
        f"{escape(elements.name(_service(hint.service_name)))}{_in_account(hint.account, report)} "
        f"{money(hint.cents / 100, report.currency)}"
        for hint in found.hints[:MOST_PLACES]
    ]
    return f"*Tag these first:* {' · '.join(places)}"


def _service(service_name: str) -> str:
    """EC2 is two lines of a Cost Explorer bill; here they are two places."""
    return service_name if service_name == "EC2 - Other" else service_label(service_name)


def _in_account(account: str | None, report: AllocationReport) -> str:
    if account is None:
        return ""
    name = report.accounts.get(account, account)
    return f" in {escape(elements.name(name))}"


def _small_print(report: AllocationReport) -> list[str]:
    lines = [f"All charges, in {report.currency}: {cost_words(report.view, report.billed_only)}.{_kinds(report)}"]
    lines += [escape(elements.clip(note, MAX_NOTE)) for note in _notes(report)[:MOST_NOTES]]
    refreshed = f" Refreshed {elements.slack_date(report.fetched_at)}." if report.fetched_at else ""
    return [*lines, f"{_reach(report)}.{refreshed}"]


def _kinds(report: AllocationReport) -> str:
    found = report.allocation
    kinds = [
        f"{CATEGORY_WORDS.get(kind, kind.lower())} {money(cents / 100, report.currency)}"
        for kind, cents in (found.charges or {}).items()
        if cents
    ]
    if not kinds:
        return ""
    what = f" {CHARGES[0].upper()}{CHARGES[1:]}: {', '.join(kinds)}"
    if report.by == "category":
        return f"{what}."
    even = any(pool.name == CHARGES and pool.even_instead for pool in found.pools)
    return f"{what}; {'split evenly, as there is no usage' if even else 'split in proportion to direct cost'}."


def _notes(report: AllocationReport) -> list[str]:
    found = report.allocation
    notes = list(report.notes)
    estimated = sum(share.estimated for share in found.shares)
    if any(share.estimated for share in found.shares):
        notes.append(
            f"≈ marks estimates, {money(estimated / 100, report.currency)} in all: Cost Explorer tells the tag, the "
            "account and the usage type of a service's cost, but not together; within a service they are taken to be "
            "mixed evenly. A billing export makes it exact (`costbot ingest`)."
        )
    for pool in found.pools:
        if pool.strangers:
            names = ", ".join(elements.name(name) for name in pool.strangers[:MOST_MERGED])
            notes.append(
                f"{pool.name} is shared with {names}, without a cost of their own: is that spelt as in the tags?"
            )
    merged = list((found.merged or {}).items())
    if merged:
        said = [f"“{elements.name(owner)}” ({len(spellings)} spellings)" for owner, spellings in merged[:MOST_MERGED]]
        more = f" and {len(merged) - MOST_MERGED} more" if len(merged) > MOST_MERGED else ""
        notes.append(f"Spellings that differ in case only count as one: {', '.join(said)}{more}.")
    return notes


def _span_words(report: AllocationReport) -> str:
    """The period of the answer as a headline names it."""
    if not report.is_month:
        return _period_words(report.now, report)
    month = _month(report.whole.start, report)
    if report.now == report.whole:
        return month
    if report.now.start == report.whole.start and report.whole.end > report.today:
        return f"{month} so far"
    return _period_words(report.now, report)


def _period_words(period: Period, report: AllocationReport) -> str:
    last = period.end - timedelta(days=1)
    if period.start.day == 1 and (last + timedelta(days=1)).day == 1 and period.length <= 31:
        return _month(period.start, report)
    text = elements.days(period.start, last)
    return text if period.start.year == last.year == report.today.year else f"{text}, {last.year}"


def _month(first: date, report: AllocationReport) -> str:
    return f"{first:%B}" if first.year == report.today.year else f"{first:%B %Y}"


def _reach(report: AllocationReport) -> str:
    """How far the data reaches."""
    last = report.now.end - timedelta(days=1)
    text = f"Data until {_day(last, report.today)}"
    if report.now.start > report.whole.start:
        text = (
            f"Data from {_day(report.now.start, report.today)}, the first stored day, until {_day(last, report.today)}"
        )
    if report.incomplete.length:
        open_days = elements.days(report.incomplete.start, report.incomplete.end - timedelta(days=1))
        text += f"; {open_days} still incomplete"
    return text


def _day(value: date, today: date) -> str:
    return elements.day(value) if value.year == today.year else f"{elements.day(value)}, {value.year}"
