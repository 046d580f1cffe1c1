"""`costbot refresh` in a terminal: the exports of the settings first, then what only Cost Explorer can tell."""

from __future__ import annotations

from datetime import date, timedelta

from bot.context import Context
from bot.errors import CostbotError
from bot.ingest_report import ingest_bar
from bot.terminal import progress, shares
from bot.workflows.ask_explorer import EXPORT_ANSWERS, answered_by_export, planned
from bot.workflows.refresh_costs import refresh as refresh_costs
from bot.workflows.refresh_exports import refresh_exports

#: Within so many days Cost Explorer is asked for recent costs only.
RECENT = timedelta(days=92)
#: AWS, "Cost Explorer pricing": a request, each page counts.
REQUEST_USD = 0.01


def refreshed(context: Context, *, since: date | None, dry_run: bool) -> tuple[list[str], CostbotError | None]:
    """Bring all costs up to date.

    Args:
        since: billing months of exports before this one are left alone; near today, so is older history.
        dry_run: tell what would be read and asked; store and spend nothing.
    Returns:
        what was done, as sentences; and the first error, after everything was tried.
    """
    with ingest_bar() as advance:
        read = refresh_exports(context, progress=advance, since=since, dry_run=dry_run)
    lines = [sentence for one in read for sentence in one.sentences if not one.error]
    errors = [one.error for one in read if one.error]
    if dry_run:
        return [*lines, _would_ask(context)], errors[0] if errors else None
    with progress("Asking Cost Explorer") as bar:
        history = since is None or since < context.clock.today() - RECENT
        result = refresh_costs(context, progress=shares(bar), force=True, history=history)
    if result.error:
        errors.append(result.error)
    else:
        lines += [result.sentence, *result.restated]
    return lines, errors[0] if errors else None


def _would_ask(context: Context) -> str:
    if answered_by_export(context):
        return EXPORT_ANSWERS
    plan = planned(context, force=True)
    count = len(plan.round) + len(plan.history)
    if not count:
        return "Cost Explorer would not be asked."
    return (
        f"Cost Explorer would be asked {count} quer{'y' if count == 1 else 'ies'}, at ${count * REQUEST_USD:.2f} "
        "and a cent for each further page, as far as today's allowance reaches."
    )
