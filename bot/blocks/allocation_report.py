"""The answer of `/cost allocation`: how much has an owner, who bears what, and what to tag first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from analysis.allocation import CHARGES, Allocation, Split, Way
from analysis.services import service_label
from bot.blocks import elements
from bot.blocks.allocation_days import ReportDays
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
from bot.blocks.cost_period import CATEGORY_WORDS
from bot.blocks.cost_words import cost_words
from bot.blocks.elements import Block, escape, money, percent
from bot.reply import Reply
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
        days: which days it speaks of.
        tag_keys: tags by which owners are found.
        accounts: names of accounts by id.
        commands: what the buttons type, by their label; `command` is the one that gave this answer.
    """

    by: str
    allocation: Allocation
    earlier: Allocation | None
    days: ReportDays
    tag_keys: tuple[str, ...]
    accounts: Mapping[str, str]
    currency: str
    view: CostView
    billed_only: tuple[str, ...]
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
    buttons = elements.choice_buttons(report.commands, report.command)
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="allocation"))
    return Reply(" ".join((news(report), *figures[:2], f"{report.days.reach}.")), blocks)


def news(report: AllocationReport) -> str:
    """The first line, escaped: the total, and how much of it has an owner."""
    found = report.allocation
    total = f"{report.days.title}: {dollars(found.cents, report.currency)}"
    if not found.shares:
        return f"{report.days.title}: no costs."
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
    if report.earlier is None or report.days.before is None:
        return ""
    before = report.earlier.cents
    moved = money((report.allocation.cents - before) / 100, report.currency, signed=True)
    share = f" ({percent((report.allocation.cents - before) / before, signed=True)})" if before > 0 else ""
    return f"{moved}{share} against {report.days.words(report.days.before)} ({dollars(before, report.currency)})."


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
    now, before = report.days.series_names
    title = f"Cost by {one}, {report.days.title}"
    picture = rows_chart(folded_rows(rows, MOST_BARS, many), title, now, before, report.currency)
    shown = folded_rows(rows, MOST_OWNERS_OF_ALL if report.shows_all else MOST_OWNERS, many)
    table = rows_table(shown, one.capitalize(), report.currency)
    return [elements.chart(picture, "bar"), table] if picture else [table]


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
    return [*lines, f"{report.days.reach}.{refreshed}"]


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
