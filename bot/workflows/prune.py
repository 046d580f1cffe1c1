"""Drops what is old: rows of the store, the detail of billing months, and folders that ended processes left."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.context import Context
from bot.cost_files.detail import DETAILS, drop_old
from bot.settings import Settings
from bot.store.claims import is_running
from bot.store.retention import Keep


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was dropped, or would be: rows by what they are, and files of costs by resource and hour."""

    rows: dict[str, int]
    detail_files: int
    left_folders: int

    def __str__(self) -> str:
        told = [f"{words}: {count:,}" for words, count in self.rows.items() if count]
        if self.detail_files:
            told.append(f"months of costs by resource or hour: {self.detail_files}")
        if self.left_folders:
            told.append(f"folders of processes that ended: {self.left_folders}")
        return "; ".join(told) or "nothing"


def prune(context: Context, *, dry_run: bool = False) -> Pruned:
    """Drop what is older than the settings keep; with `dry_run` only tell of it."""
    settings, now = context.settings, context.clock.now()
    rows = context.store.retention.prune(keep(settings), now, dry_run=dry_run)
    sources = [path for path in context.costs.months.folder.glob("*") if path.is_dir()]
    first = {source: first_detail_month(source, settings.detail_months) for source in sources}
    old = [file for source in sources for file in _old_detail(source, first[source])]
    left = _left_folders(settings.data_dir)
    if not dry_run:
        with context.costs.months.writing():
            for source in sources:
                drop_old(source, first[source])
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
    return Pruned(rows, len(old), len(left))


def keep(settings: Settings) -> Keep:
    """What the settings keep; 0 days of audit is for ever."""
    return Keep(
        settings.keep_job_days, settings.keep_alert_days, settings.keep_api_days, settings.keep_audit_days or None
    )


def first_detail_month(source: Path, months: int) -> date:
    """The first month of which a source's detail is kept, as an ingest of its newest month keeps it.

    Args:
        source: the folder of its months.
    """
    newest = max((path.stem for path in source.glob("*.parquet")), default="0001-01")
    count = int(newest[:4]) * 12 + int(newest[5:]) - months
    return date(count // 12, count % 12 + 1, 1) if count >= 12 else date.min


def _old_detail(source: Path, first: date) -> list[Path]:
    files = (file for kind in DETAILS for file in (source / kind.value).glob("*.parquet"))
    return [file for file in files if date.fromisoformat(f"{file.stem}-01") < first]


def _left_folders(data_dir: Path) -> list[Path]:
    """Folders of ingests whose process ended half-way."""
    found = (data_dir / "tmp").glob("ingest-*")
    return [path for path in found if path.name[7:].isdigit() and not is_running(int(path.name[7:]))]
