"""What a run over a billing export did, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from bot.blocks.elements import days

if TYPE_CHECKING:
    from bot.workflows.ingest import Ingested

#: A day's change below this is rounding, in money of the bill.
LEAST_RESTATEMENT = 0.01


def outcome_sentences(result: Ingested) -> list[str]:
    """A line per bill, what to know about it, and how much was read."""
    if not result.bills:
        return [planned(result)]
    lines = [
        f"{bill.provider}, payer {bill.billing_account_id}, {bill.month:%B %Y}: {bill.rows:,} rows, "
        f"{bill.billed:,.2f} {result.currency} billed{'' if bill.month in result.changed else ' (unchanged)'}."
        for bill in result.bills
    ]
    files = sum(len(group) for group in result.plan.groups)
    speed = result.bytes / 1e6 / max(result.seconds, 1e-3)
    price = f"${result.usd:.2f}" if result.usd >= 0.01 else "less than a cent"
    cost = f"; {_size(result.scanned)} scanned for {price}" if result.usd else ""
    took = f"{result.seconds:,.1f} s, {speed:,.0f} MB/s{cost}"
    read = f"Read {_files(files)} ({_size(result.bytes)}, {result.rows:,} rows) in {took}."
    return [*lines, *result.warnings, read]


def planned(result: Ingested) -> str:
    """What a run would read."""
    files = [file for group in result.plan.groups for file in group]
    same = len(result.plan.unchanged)
    if not files:
        return f"Nothing changed: {_files(same)} as they were read before."
    months = sorted({file.month for file in files if file.month})
    which = f" of {', '.join(f'{month:%b %Y}' for month in months)}" if months else ""
    return f"{_files(len(files))} to read{which} ({_size(result.plan.bytes)}); {same} unchanged."


def restated(
    before: Mapping[tuple[str, date], float],
    after: Mapping[tuple[str, date], float],
    currency: str,
    *,
    settled_until: date,
) -> list[str]:
    """Days that an earlier run had stored as final and that cost something else now, neighbours in one sentence.

    Args:
        before, after: usage per provider and day, in money of the bill.
        settled_until: later days were still filling; they are no news.
    """
    moved = {
        key: after.get(key, 0.0) - was
        for key, was in before.items()
        if key[1] <= settled_until and abs(after.get(key, 0.0) - was) >= LEAST_RESTATEMENT
    }
    sentences = []
    for provider, keys in groupby(sorted(moved), key=lambda key: key[0]):
        for first, last, change in _runs({day: moved[provider, day] for _, day in keys}):
            sign = "−" if change < 0 else "+"
            sentences.append(f"{provider}: {days(first, last)} restated by {sign}{abs(change):,.2f} {currency}.")
    return sentences


def _runs(changes: Mapping[date, float]) -> list[tuple[date, date, float]]:
    """Neighbouring days together: first, last, sum."""
    runs: list[tuple[date, date, float]] = []
    for day in sorted(changes):
        if runs and runs[-1][1] == day - timedelta(days=1):
            first, _, change = runs.pop()
            runs.append((first, day, change + changes[day]))
        else:
            runs.append((day, day, changes[day]))
    return runs


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count < 1e9 else f"{count / 1e9:,.2f} GB"
