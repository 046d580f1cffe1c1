"""What is looked over between reading an export and storing it: what is refused, and what a person should know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.cost_files.rollup_months import Bill, Survey
from bot.errors import CostbotError
from bot.exports import ExportFile

#: Letters of a tag's key that a warning shows.
MOST_LETTERS = 40

#: A group of files, and what was read from it.
Read = tuple[Sequence[ExportFile], Survey]


def merged_bills(source: str, read: Sequence[Read], *, may_be_empty: bool) -> list[Bill]:
    """The bills of all groups, each told once, by month.

    Raises:
        CostbotError: lines without a cost, a day, a currency or a kind; or no lines at all.
    """
    for files, survey in read:
        for column, count in survey.problems.items():
            if count:
                raise CostbotError(
                    f"{_names(files)} has {count:,} row{'s' if count > 1 else ''} whose "
                    f"{_column(source, column)} is empty or cannot be read.",
                    "Export it again; nothing was stored.",
                )
    merged: dict[tuple[tuple[str, str], date], list[Bill]] = {}
    for _, survey in read:
        for bill in survey.bills:
            merged.setdefault((bill.key, bill.month), []).append(bill)
    if not merged and not may_be_empty:
        raise CostbotError(f"{_names(read[0][0])} has no rows.", "Export it again; nothing was stored.")
    return sorted(map(_together, merged.values()), key=lambda bill: (bill.month, bill.key))


def one_currency(source: str, read: Sequence[Read]) -> str:
    """The currency of all groups; empty where they have no rows.

    Raises:
        CostbotError: there are two.
    """
    seen: dict[str, str] = {}
    for files, survey in read:
        for currency in survey.currencies:
            seen.setdefault(currency, _names(files))
    if len(seen) > 1:
        (one, first), (two, second) = list(seen.items())[:2]
        where = first if first == second else f"{first} and {second}"
        raise CostbotError(
            f"{where}: column {_column(source, 'BillingCurrency')} says {one} and {two}.",
            "Ingest one currency into one data directory; nothing was stored.",
        )
    return next(iter(seen), "")


def distrust_warning(bill: Bill) -> str:
    """What to know of a bill whose effective cost cannot be used."""
    return (
        f"{bill.provider}, {bill.month:%B %Y}: EffectiveCost {bill.distrust}, "
        "so messages show its billed cost and say so."
    )


def never_tagged(bills: Sequence[Bill], tag_keys: Sequence[str], present: Sequence[str]) -> list[str]:
    """A warning about chosen tags that no row carries; `present` are tags that some rows do."""
    carried = {key for bill in bills for key in bill.tagged}
    lost = [key for key in tag_keys if key not in carried]
    if not lost:
        return []
    others = [_printed(key) for key in present if key not in tag_keys]
    there = f"; rows carry {', '.join(others)}" if others else ""
    return [f"No row carries the tag {' or '.join(lost)}{there}. COSTBOT_TAG_KEYS names the tags that are kept."]


def shrunk(stored: Mapping[tuple[str, str], tuple[date, date]], bills: Sequence[Bill]) -> list[str]:
    """A warning for each bill that covers fewer days than the one it replaces."""
    warnings = []
    for bill in bills:
        first, last = stored.get(bill.key, (bill.first_day, bill.last_day))
        if last > bill.last_day or first < bill.first_day:
            warnings.append(
                f"{bill.provider}, {bill.month:%B %Y}: {bill.first_day} to {bill.last_day} replaced "
                f"{first} to {last}; ingest all files of a month in one run."
            )
    return warnings


def _printed(key: str) -> str:
    """A tag's key as anybody's terminal and channel can take it."""
    return "".join(letter if letter.isprintable() else "?" for letter in key)[:MOST_LETTERS]


def _together(bills: Sequence[Bill]) -> Bill:
    """One bill of what several parts tell of it."""
    first = bills[0]
    return Bill(
        provider=first.provider,
        billing_account_id=first.billing_account_id,
        month=first.month,
        rows=sum(bill.rows for bill in bills),
        first_day=min(bill.first_day for bill in bills),
        last_day=max(bill.last_day for bill in bills),
        billed=sum(bill.billed for bill in bills),
        currency=first.currency,
        distrust=next((bill.distrust for bill in bills if bill.distrust), None),
        tagged=tuple(sorted({key for bill in bills for key in bill.tagged})),
    )


def _names(files: Sequence[ExportFile]) -> str:
    return files[0].name if len(files) == 1 else f"{files[0].name} or one of {len(files) - 1} beside it"


def _column(source: str, focus_name: str) -> str:
    """A column's name in a source's own words."""
    return focus_name if source == "focus" else _IN_CUR[focus_name]


_IN_CUR: Mapping[str, str] = {
    "BilledCost": "line_item_unblended_cost",
    "BillingPeriodStart": "bill_billing_period_start_date",
    "ChargePeriodStart": "line_item_usage_start_date",
    "BillingCurrency": "line_item_currency_code",
    "ChargeCategory": "line_item_line_item_type",
}
