"""`costbot ingest` in a terminal: the places that were named, a progress bar in bytes, the outcome in sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

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
from bot.engines import Engine
from bot.errors import CostbotError
from bot.exports import Place
from bot.settings import FileEngine, Settings
from bot.workflows.ingest import Step, ingest
from bot.workflows.ingest_words import outcome_sentences

if TYPE_CHECKING:
    from bot.exports.glue_table import GlueTable


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
        engine: duckdb, athena or spark; None for the one of the settings, and Athena for tables.
    Returns:
        what was done, as sentences.
    Raises:
        CostbotError: something cannot be used; nothing of that place is stored then.
    """
    from bot.app import build_context

    context = build_context(settings, with_slack=False)
    try:
        lines: list[str] = []
        for place, reader in readings(context, paths, engine):
            with _bar() as advance, closing(reader) if reader else nullcontext():
                result = ingest(
                    context,
                    source,
                    place,
                    engine=reader,
                    since=since,
                    dry_run=dry_run,
                    everything=everything,
                    progress=advance,
                )
            lines += outcome_sentences(result)
        return lines
    finally:
        context.work.close(0)
        context.store.close()


def readings(context: Context, paths: Sequence[str], engine: str | None) -> list[tuple[Place, Engine | None]]:
    """Where the exports lie that these words name, and what reads each; None is DuckDB in this process.

    Raises:
        CostbotError: the engine does not read what is named.
    """
    from bot.exports.glue_table import SCHEME, GlueTable
    from bot.exports.local import LocalPlace
    from bot.exports.s3 import S3Place

    tables = [path for path in paths if path.startswith(SCHEME)]
    others = [path for path in paths if not path.startswith(SCHEME)]
    if tables and engine not in (None, "athena"):
        raise CostbotError(f"{tables[0]} is a table, which only Athena reads.", f"Leave out --engine {engine}.")
    if others and engine == "athena":
        raise CostbotError(
            f"{others[0]} is no table, and Athena reads nothing else.",
            "Write athena://workgroup/database/table, or leave out --engine athena.",
        )
    folder = context.settings.data_dir / "tmp"
    local = [Path(path) for path in others if not path.startswith("s3://")]
    files: list[Place] = [LocalPlace(local)] if local else []
    files += [S3Place(context.aws, path, folder) for path in others if path.startswith("s3://")]
    return [
        *(_of_files(context, place, engine or context.settings.engine.value) for place in files),
        *(_of_table(context, GlueTable(context.aws, uri)) for uri in tables),
    ]


def _of_files(context: Context, place: Place, engine: str) -> tuple[Place, Engine | None]:
    if engine != FileEngine.SPARK:
        return place, None
    from bot.engines.spark import Spark
    from bot.exports.read_there import ReadThere

    spark = Spark(context.settings.data_dir / "spark.log")
    return ReadThere(place, unless=lambda: spark.sees_files), spark


def _of_table(context: Context, table: GlueTable) -> tuple[Place, Engine | None]:
    from bot.engines.athena import Athena

    def paid(service: str, operation: str, usd: float) -> None:
        context.store.meter(service, operation, usd, context.clock.now())

    return table, Athena(context.aws, table, output=context.settings.athena_output, paid=paid)


@contextmanager
def _bar() -> Iterator[_Advance]:
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
