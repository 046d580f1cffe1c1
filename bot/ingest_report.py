"""`costbot ingest` in a terminal: the places that were named, a progress bar in bytes, the outcome in sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from bot.context import Context
from bot.errors import CostbotError
from bot.exports import Place
from bot.exports.glue_table import SCHEME
from bot.exports.local import LocalPlace
from bot.settings import FileEngine, Settings
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Step
from bot.workflows.refresh_exports import place_of


def ingest_places(
    settings: Settings,
    source: str,
    paths: Sequence[str],
    *,
    since: date | None,
    dry_run: bool,
    everything: bool,
    engine: str | None = None,
) -> list[str]:
    """Read billing exports into the stored costs.

    Args:
        paths: files and folders, which are read together; `s3://` prefixes and `athena://` tables, each by itself.
        engine: duckdb, athena or spark; None for Athena for tables, and the one of the settings for all else.
    Returns:
        what was done, as sentences.
    Raises:
        CostbotError: something cannot be used; nothing of that place is stored then.
    """
    from bot.app import build_context

    context = build_context(reading_by(settings, paths, engine), with_slack=False)
    try:
        lines: list[str] = []
        for place in places(context, paths):
            with ingest_bar() as advance:
                result = ingest(
                    context, source, place, since=since, dry_run=dry_run, everything=everything, progress=advance
                )
            lines += result.sentences
        return lines
    finally:
        context.work.close(0)
        context.store.close()


def reading_by(settings: Settings, paths: Sequence[str], engine: str | None) -> Settings:
    """The settings with the engine that was asked for.

    Raises:
        CostbotError: it does not read what is named.
    """
    table = next((path for path in paths if path.startswith(SCHEME)), None)
    other = next((path for path in paths if not path.startswith(SCHEME)), None)
    if table and engine not in (None, "athena"):
        raise CostbotError(f"{table} is a table, which only Athena reads.", f"Leave out --engine {engine}.")
    if other and engine == "athena":
        raise CostbotError(
            f"{other} is no table, and Athena reads nothing else.",
            "Write athena://workgroup/database/table, or leave out --engine athena.",
        )
    files = None if engine in (None, "athena") else FileEngine(engine)
    return settings.model_copy(update={"engine": files}) if files else settings


def places(context: Context, paths: Sequence[str]) -> list[Place]:
    """Where the exports lie that these words name: files and folders are one place, each address another."""
    local = [Path(path) for path in paths if "://" not in path]
    found = [place_of(context, path) for path in paths if "://" in path]
    return [LocalPlace(local), *found] if local else found


@contextmanager
def ingest_bar() -> Iterator[_Advance]:
    """A progress bar on standard error: bytes, speed, rows, time left; silent where that is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
    )
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        yield _Advance(bar)


class _Advance:
    """Moves the bar."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("looking for files", total=None, rows="")

    def __call__(self, step: Step) -> None:
        self._bar.update(
            self._task,
            description=step.what,
            completed=step.done_bytes,
            total=step.total_bytes,
            rows=f"{step.rows:,} rows",
        )
