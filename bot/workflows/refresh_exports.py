"""Read the billing exports of the settings: what changed since the last time, each export by itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.context import Context
from bot.errors import CostbotError
from bot.exports import Place
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Ingested, Progress


@dataclass(frozen=True, slots=True)
class ExportRead:
    """One export of the settings, and what reading it gave: an outcome or an error."""

    source: str
    uri: str
    outcome: Ingested | None
    error: CostbotError | None

    @property
    def sentences(self) -> list[str]:
        """What happened, as a person reads it."""
        if self.error:
            return [f"{self.uri}: {self.error}"]
        return self.outcome.sentences if self.outcome else []


def refresh_exports(
    context: Context,
    *,
    progress: Progress | None = None,
    since: date | None = None,
    dry_run: bool = False,
    take: Callable[..., Ingested] = ingest,
) -> list[ExportRead]:
    """Read every export of the settings; one that fails is told and leaves the others alone.

    Args:
        since: billing months before this one are left alone.
        dry_run: tell what would be read; store nothing.
        take: reads one export; the bot hands it to its worker process.
    """
    results = []
    for word in context.settings.exports:
        source, _, uri = word.partition("=")
        try:
            place = place_of(context, uri)
            outcome = take(context, source, place, progress=progress, since=since, dry_run=dry_run)
        except CostbotError as error:
            results.append(ExportRead(source, uri, None, error))
        else:
            results.append(ExportRead(source, uri, outcome, None))
        if not dry_run:
            said = results[-1].error
            now = context.clock.now()
            context.store.note_source(f"export {uri}", None, None, said is None, str(said) if said else "", now)
    return results


def place_of(context: Context, uri: str) -> Place:
    """Where an export lies.

    Raises:
        CostbotError: the address is of no known kind.
    """
    from bot.exports.glue_table import SCHEME, GlueTable
    from bot.exports.local import LocalPlace
    from bot.exports.s3 import S3Place

    if uri.startswith("s3://"):
        # The folder of this process's run: what a killed one leaves is taken away by the next.
        return S3Place(context.aws, uri, context.settings.data_dir / "tmp" / f"ingest-{os.getpid()}" / "s3")
    if uri.startswith(SCHEME):
        return GlueTable(context.aws, uri)
    return LocalPlace([Path(uri)])
