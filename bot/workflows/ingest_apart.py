"""Read an export in the worker process: millions of line items never take time from an acknowledgement."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.context import Context
from bot.exports import Place
from bot.settings import Settings
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Ingested, Progress


def ingest_apart(
    context: Context,
    source: str,
    place: Place,
    *,
    progress: Progress | None = None,
    since: date | None = None,
    dry_run: bool = False,
) -> Ingested:
    """`ingest` in the worker process, and wait; nobody sees its progress there.

    Raises:
        CostbotError: as `ingest`.
    """
    return context.work.computed(_ingest, context.settings, source, place.root, since, dry_run)


def _ingest(settings: Settings, source: str, root: str, since: date | None, dry_run: bool) -> Ingested:
    from bot.app import build_context
    from bot.workflows.refresh_exports import place_of

    context: Any = build_context(settings, with_slack=False)
    try:
        return ingest(context, source, place_of(context, root), since=since, dry_run=dry_run)
    finally:
        context.work.close(0)
        context.store.close()
