"""Take FOCUS exports into the stored costs.

The rule that keeps a dollar from counting twice: what is stored of one provider's bill to one payer for one billing
month comes from one run. A run reads all its files together, and every such bill it holds replaces the stored one
whole; other providers, payers and months stay. So files that share a month go into one run, and the same files again
change nothing. Where Cost Explorer has the same provider and month, the export answers and Cost Explorer is not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from bot.collectors import focus_export
from bot.collectors.focus_export import SUFFIXES, Bill
from bot.context import Context
from bot.errors import CostbotError

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a run did; `changed` are the billing months that are different now."""

    bills: tuple[Bill, ...]
    changed: tuple[date, ...]
    warnings: tuple[str, ...]
    currency: str

    @property
    def sentences(self) -> list[str]:
        """The outcome, a line per bill, then what to know about it."""
        lines = [
            f"{bill.provider}, payer {bill.billing_account_id}, {bill.month:%B %Y}: {bill.rows:,} rows, "
            f"{bill.billed:,.2f} {self.currency} billed{'' if bill.month in self.changed else ' (unchanged)'}."
            for bill in self.bills
        ]
        return [*lines, *self.warnings]


def ingest(context: Context, paths: Sequence[Path], *, progress: Progress | None = None) -> Ingested:
    """Store the bills that these files hold.

    Args:
        paths: files, or folders whose CSV and Parquet files are all meant.
        progress: called with what is being done and the share that is done.
    Raises:
        CostbotError: a file cannot be used; nothing of the run is stored then.
    """
    files = _files(paths)
    if progress:
        progress(f"reading {len(files)} file{'s' if len(files) > 1 else ''}", 0.0)
    tag_keys = context.settings.tag_keys
    export = focus_export.read(list(files), tag_keys, today=context.clock.today())
    context.costs.check_currency(export.frame)
    warnings = [_distrust(bill) for bill in export.bills if bill.distrust]
    warnings += _never_tagged(export.bills, tag_keys)
    facts: dict[str, Any] = context.costs.months.facts(focus_export.SOURCE)
    noted: dict[str, Any] = facts.setdefault("months", {})
    changed = []
    months = sorted({bill.month for bill in export.bills})
    for done, month in enumerate(months):
        if progress:
            progress(f"storing {month:%B %Y}", (done + 1) / (len(months) + 1))
        bills = [bill for bill in export.bills if bill.month == month]
        fresh = export.frame[export.frame["billing_month"] == pd.Timestamp(month)]
        stored = context.costs.months.read(focus_export.SOURCE, month)
        warnings += _shrunk(stored, bills)
        if context.costs.replace_month(focus_export.SOURCE, month, _merged(stored, fresh, bills)):
            changed.append(month)
        name = f"{month:%Y-%m}"
        if month in changed or name not in noted:
            noted[name] = _note(noted.get(name, {}), bills, files, context.clock.now().isoformat(timespec="seconds"))
    if changed:
        context.costs.months.note_facts(focus_export.SOURCE, facts)
    if progress:
        progress("done", 1.0)
    currency = str(export.frame["currency"].iloc[0])
    return Ingested(export.bills, tuple(changed), tuple(warnings), currency)


def _files(paths: Sequence[Path]) -> dict[Path, str]:
    """The files of a run with the hash of their content, in the order of their names; a copy counts once.

    Raises:
        CostbotError: a path is missing, of another kind, or a folder without exports.
    """
    found: dict[Path, str] = {}
    for path in paths:
        for file in _inside(path):
            if file.resolve() not in found:
                found[file.resolve()] = content_hash(file)
    once: dict[str, Path] = {}
    for file in sorted(found):
        once.setdefault(found[file], file)
    return {file: content for content, file in once.items()}


def _inside(path: Path) -> Iterable[Path]:
    if not path.exists():
        raise CostbotError(f"{path} does not exist.", "Name a FOCUS export: CSV, gzipped CSV or Parquet.")
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file() and file.name.lower().endswith(SUFFIXES)]
        if not files:
            raise CostbotError(f"{path} holds no CSV or Parquet file.", "Name the folder of a FOCUS export.")
        return files
    if not path.name.lower().endswith(SUFFIXES):
        raise CostbotError(f"{path.name} is neither CSV nor Parquet.", f"Its name must end in {', '.join(SUFFIXES)}.")
    return [path]


def content_hash(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        CostbotError: it cannot be read.
    """
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise CostbotError(f"{path.name} cannot be read: {error.strerror}.", "Check its permissions.") from error


def _merged(stored: DataFrame, fresh: DataFrame, bills: Sequence[Bill]) -> DataFrame:
    """The stored month with the bills of this run in place of what was stored of them."""
    kept = stored[~_of(stored, bills)]
    parts = [part.dropna(axis="columns", how="all") for part in (kept, fresh) if len(part)]
    return pd.concat(parts, ignore_index=True)


def _of(stored: DataFrame, bills: Sequence[Bill]) -> pd.Series[bool]:
    mine = {(bill.provider, bill.billing_account_id) for bill in bills}
    keys = zip(stored["provider"], stored["billing_account_id"], strict=True)
    return pd.Series([key in mine for key in keys], index=stored.index, dtype=bool)


def _note(fact: dict[str, Any], bills: Sequence[Bill], files: dict[Path, str], now: str) -> dict[str, Any]:
    """Which files a month's bills came from, for `costbot reconcile`."""
    sources = [{"path": str(path), "sha256": content} for path, content in files.items()]
    own = [
        {"provider": bill.provider, "payer": bill.billing_account_id, "rows": bill.rows, "files": sources}
        for bill in bills
    ]
    mine = {(bill["provider"], bill["payer"]) for bill in own}
    others = [bill for bill in fact.get("bills", ()) if (bill["provider"], bill["payer"]) not in mine]
    return {"fetched_at": now, "bills": [*others, *own]}


def _distrust(bill: Bill) -> str:
    return (
        f"{bill.provider}, {bill.month:%B %Y}: EffectiveCost {bill.distrust}, "
        "so messages show its billed cost and say so."
    )


def _never_tagged(bills: Sequence[Bill], tag_keys: Sequence[str]) -> list[str]:
    carried = {key for bill in bills for key in bill.tagged}
    lost = [key for key in tag_keys if key not in carried]
    if not lost:
        return []
    return [f"No row carries the tag {' or '.join(lost)}; COSTBOT_TAG_KEYS names the tags that are kept."]


def _shrunk(stored: DataFrame, bills: Sequence[Bill]) -> list[str]:
    """A warning for each bill that covers fewer days than the one it replaces."""
    warnings = []
    for bill in bills:
        days = pd.to_datetime(stored.loc[_of(stored, [bill]), "date"])
        if len(days) and (days.max().date() > bill.last_day or days.min().date() < bill.first_day):
            warnings.append(
                f"{bill.provider}, {bill.month:%B %Y}: {bill.first_day} to {bill.last_day} replaced "
                f"{days.min().date()} to {days.max().date()}; ingest all files of a month in one run."
            )
    return warnings
