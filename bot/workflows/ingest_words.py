"""What a run over a billing export did, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.workflows.ingest import Ingested


def outcome_sentences(result: Ingested) -> list[str]:
    """A line per bill, what to know about it, and how much was read."""
    if not result.bills and result.bytes:
        return [f"Read {_files(sum(map(len, result.plan.groups)))}: no rows of these months."]
    if not result.bills:
        return [planned(result)]
    lines = [
        f"{bill.provider}, payer {bill.billing_account_id}, {bill.month:%B %Y}: {_rows(bill.rows)}, "
        f"{bill.billed:,.2f} {result.currency} billed{'' if bill.month in result.changed else ' (unchanged)'}."
        for bill in result.bills
    ]
    files = sum(len(group) for group in result.plan.groups)
    speed = result.bytes / 1e6 / max(result.seconds, 1e-3)
    price = f"${result.usd:.2f}" if result.usd >= 0.01 else "less than a cent"
    cost = f"; {_size(result.scanned)} scanned for {price}" if result.usd else ""
    took = f"{result.seconds:,.1f} s, {speed:,.0f} MB/s{cost}"
    read = f"Read {_files(files)} ({_size(result.bytes)}, {_rows(result.rows)}) in {took}."
    return [*lines, *result.restated, *result.warnings, read]


def planned(result: Ingested) -> str:
    """What a run would read."""
    files = [file for group in result.plan.groups for file in group]
    same = len(result.plan.unchanged)
    if not files:
        return f"Nothing changed: {_files(same)} as they were read before."
    months = sorted({file.month for file in files if file.month})
    which = f" of {', '.join(f'{month:%b %Y}' for month in months)}" if months else ""
    return f"{_files(len(files))} to read{which} ({_size(result.plan.bytes)}); {same} unchanged."


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count < 1e9 else f"{count / 1e9:,.2f} GB"
