"""What a person who types `/cost export csv` wants: which days, and by which dimensions."""

from __future__ import annotations

import re
from datetime import date, timedelta

from analysis.movers import Period
from bot.blocks.elements import quoted
from bot.cost_files import CostFiles, Window
from bot.errors import NotEnoughData, UsageError
from bot.words.flags import one_of
from bot.words.top import kind_of, tag_kind

COMMAND = "/cost export csv"
MOST_DAYS = 400
USUAL_DAYS = 30
#: What `--by` takes beside `tag:<key>`, and the dimension of the stored costs; providers are always there.
BY = {
    "service": "service_name",
    "account": "account",
    "region": "region",
    "usage": "usage_type",
    "usage_type": "usage_type",
}


def dimensions_of(words: tuple[str, ...], by: str | None, tag: str | None, costs: CostFiles) -> tuple[str, ...] | None:
    """The dimensions that were chosen, as `CostFiles.daily` takes them; None where nobody chose.

    Args:
        words: what was typed before the options.
        by: what was typed after `--by`: dimensions with commas between.
        tag: what was typed after `--tag`.
    Raises:
        UsageError: costs are not kept by it; the remedy says what to type instead.
    """
    chosen = words[1:] if words[:1] and words[0].lower() == "csv" else words
    if chosen and chosen[0].lower() in ("xlsx", "xls", "excel", "json", "pdf", "parquet"):
        raise UsageError(f"Costs are exported as CSV, not as {quoted(chosen[0])}.", f"Type {COMMAND}")
    if by is not None:
        if chosen or tag is not None:
            both = f"{quoted(' '.join(chosen))} and --by" if chosen else "--tag and --by"
            raise UsageError(f"{both} cannot go together.", f"Name all in --by, as {COMMAND} --by service,account")
        return tuple(dict.fromkeys(_dimension(word.strip(), costs) for word in by.split(",") if word.strip()))
    if not chosen and tag is None:
        return None
    kind = kind_of(chosen, tag, costs, command=COMMAND)
    if kind.word == "resources":
        raise UsageError("Single resources are not exported by day.", "Type /cost top resources --limit 50")
    if kind.word == "providers":
        return ()
    return ("service_name",) if kind.dimension in ("service", None) else ("service_name", kind.dimension)


def _dimension(word: str, costs: CostFiles) -> str:
    if word.lower().startswith("tag"):
        return tag_kind(word[len("tag") :].lstrip(":"), costs, command=COMMAND).dimension or ""
    name = word.lower().replace("-", "_").removesuffix("s")
    return BY[one_of(name, (*BY, "tag:team"), "by")]


def usual_tag(costs: CostFiles) -> str | None:
    """The tag that goes with an export where nobody named one."""
    keys = costs.tag_keys()
    return "team" if "team" in keys else keys[0] if keys else None


def export_period(days: str | None, month: str | None, window: Window) -> Period:
    """The last complete days, or all stored days of a month.

    Args:
        days: what was typed after `--days`.
        month: what was typed after `--month`.
    Raises:
        UsageError: it cannot be read, or both were given.
        NotEnoughData: no day of it is stored.
    """
    if days is not None and month is not None:
        raise UsageError("--days and --month cannot go together.", f"Write one of them, as {COMMAND} --days 7")
    if month is not None:
        return _month(month, window)
    if days is not None and (not days.strip().isdecimal() or not 1 <= int(days) <= MOST_DAYS):
        raise UsageError(f"--days {quoted(days)} is not possible.", f"Use a number from 1 to {MOST_DAYS}.")
    end = window.complete_until + timedelta(days=1)
    length = int(days) if days is not None else USUAL_DAYS
    return Period(end - timedelta(days=length), end).clipped(window.first_day, end)


def _month(typed: str, window: Window) -> Period:
    match = re.fullmatch(r"([1-8]\d{3})-(\d{1,2})", typed.strip(), flags=re.ASCII)
    if not match or not 1 <= int(match[2]) <= 12:
        raise UsageError(f"--month {quoted(typed)} is not possible.", f"Write it as --month {window.last_day:%Y-%m}.")
    first = date(int(match[1]), int(match[2]), 1)
    following = (first + timedelta(days=32)).replace(day=1)
    period = Period(first, following).clipped(window.first_day, window.last_day + timedelta(days=1))
    if not period.length:
        raise NotEnoughData(
            f"No costs of {first:%B %Y} are stored, only those from {window.first_day} to {window.last_day}.",
            f"Type {COMMAND} --month {window.last_day:%Y-%m}",
        )
    return period
