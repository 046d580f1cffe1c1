"""`/cost allocation`: whose cost it is, from the stored days; AWS is never asked."""

from __future__ import annotations

from datetime import timedelta

from analysis.allocation import Allocation, Dimension, Rules, allocate, by_category
from analysis.allocation.owners import AccountTags
from analysis.movers import Period
from bot.allocation.charges import charges_of, kinds_of
from bot.allocation.feeds import Days
from bot.allocation.mapping_file import allocation_rules
from bot.allocation.period import AskedPeriod, asked_period
from bot.blocks.allocation_days import ReportDays
from bot.blocks.allocation_report import WORDS, AllocationReport, allocation_reply
from bot.blocks.elements import quoted
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.cost_files import Window
from bot.errors import UsageError
from bot.words.flags import one_of, parse
from bot.workflows import read_account_tags

CATEGORY = "category"


@command(
    "allocation",
    usage="[--by team|env|owner|category] [--month 2026-10|this|last] [--days N] [--all]",
    examples=(
        ("/cost allocation", "last month by team: what has an owner, shared costs split, what to tag first"),
        ("/cost allocation --month this --by env", "this month so far, by environment"),
        ("/cost allocation --by category --days 30", "compute, storage, network, database, cache, monitoring, other"),
    ),
    order=15,
)
def allocation(request: Request, context: Context) -> Reply:
    """Whose cost it is: by team, environment, owner or category"""
    parsed = parse(request.words, flags=("by", "month", "days"), switches=("all",))
    if parsed.positional:
        raise _positional(parsed.positional)
    by = one_of(parsed.flags.get("by", "team").strip().lower(), tuple(WORDS), "by")
    window = context.costs.window(view=context.settings.cost_view)
    today = context.clock.today()
    period = asked_period(parsed.flags.get("month"), parsed.flags.get("days"), window, today)
    return allocation_reply(_report(context, by, period, window, shows_all="all" in parsed.flags))


def _report(context: Context, by: str, period: AskedPeriod, window: Window, *, shows_all: bool) -> AllocationReport:
    settings = context.settings
    read = allocation_rules(settings)
    account_tags = read_account_tags.recall(context.store)
    found, notes = _allocated(context, by, period.now, read.rules, account_tags.tags)
    earlier = _allocated(context, by, period.before, read.rules, account_tags.tags)[0] if period.before else None
    own_notes = [window.note] if window.note else []
    if read.problem:
        own_notes.append(f"{read.problem} Until then the mapping file does not count.")
    if by != CATEGORY and account_tags.problem:
        own_notes.append(f"Tags of accounts may be missing or old. {account_tags.problem}")
    asks_aws = any(item.provider == "AWS" for item in context.costs.stored(period.now.start, period.now.end))
    if by != CATEGORY and account_tags.read_at is None and asks_aws:
        own_notes.append("Tags of accounts have not been read yet: `costbot run` reads them once a day.")
    incomplete = Period(period.now.end, min(period.whole.end, window.last_day + timedelta(days=1)))
    period_flag = f"--month {period.whole.start:%Y-%m}" if period.month else f"--days {period.whole.length}"
    command = _typed(by, period_flag, shows_all)
    return AllocationReport(
        by=by,
        allocation=found,
        earlier=earlier,
        days=ReportDays(period.whole, period.now, period.before, period.month, incomplete, context.clock.today()),
        tag_keys=read.rules.tags[Dimension(by)] if by != CATEGORY else (),
        accounts=context.costs.account_names(),
        currency=window.currency,
        view=window.view,
        billed_only=window.billed_only,
        fetched_at=window.fetched_at,
        notes=(*own_notes, *notes),
        command=command,
        commands=_commands(by, period_flag, shows_all, window),
        shows_all=shows_all,
    )


def _allocated(
    context: Context, by: str, period: Period, rules: Rules, tags: AccountTags
) -> tuple[Allocation, tuple[str, ...]]:
    days = Days(period.start, period.end, context.settings.cost_view)
    if by == CATEGORY:
        gathered = kinds_of(context.costs, days)
        return by_category(gathered.charges), gathered.notes
    dimension = Dimension(by)
    gathered = charges_of(context.costs, days, rules, dimension, tags)
    return allocate(gathered.charges, rules, dimension, tags), gathered.notes


def _commands(by: str, period_flag: str, shows_all: bool, window: Window) -> dict[str, str]:
    """What the buttons type, by their label: the other groupings, and the two newest months that are stored."""
    labels = {"team": "Teams", "env": "Environments", "owner": "Owners", CATEGORY: "Categories"}
    found = {labels[other]: _typed(other, period_flag, shows_all) for other in WORDS}
    newest = window.complete_until.replace(day=1)
    earlier = (newest - timedelta(days=1)).replace(day=1)
    months = [month for month in (earlier, newest) if month >= window.first_day.replace(day=1)]
    return found | {f"{month:%B %Y}": _typed(by, f"--month {month:%Y-%m}", shows_all) for month in months}


def _typed(by: str, period_flag: str, shows_all: bool) -> str:
    return f"/cost allocation --by {by} {period_flag}{' --all' if shows_all else ''}"


def _positional(words: tuple[str, ...]) -> UsageError:
    """What to type instead of words that are no option."""
    typed = " ".join(words)
    word = typed.strip().lower()
    near = next((by for by, names in WORDS.items() if word in (by, *names)), None)
    example = f"/cost allocation --by {near}" if near else "/cost allocation --by team --month last"
    return UsageError(f"Allocation takes options only, not {quoted(typed)}.", f"Type {example}")
