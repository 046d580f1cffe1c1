"""Which data is missing: sources that do not answer, one line per source and account however many regions fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bot.blocks.digest import MissingSource
from bot.context import Context
from bot.store import SourceHealth

#: A failure that nobody has looked at again for so long is of an account or region that is no longer asked.
FORGET_AFTER = timedelta(days=7)

SOURCE_NAMES = {
    "cost_explorer": "Cost Explorer",
    "cloudwatch": "CloudWatch metrics",
    "ec2": "EC2 inventory",
    "organizations": "the organisation's accounts",
    "pricing": "the price list",
}


def missing_sources(context: Context) -> tuple[MissingSource, ...]:
    """What does not answer, the longest missing first."""
    now = context.clock.now()
    failing = [
        source for source in context.store.source_health() if not source.ok and now - source.checked_at <= FORGET_AFTER
    ]
    failing.sort(key=_source_and_account)
    names = context.costs.account_names()
    gaps = [_gap(list(group), names) for _, group in groupby(failing, key=_source_and_account)]
    return tuple(sorted(gaps, key=lambda gap: (gap.since, gap.where)))


def _source_and_account(source: SourceHealth) -> tuple[str, str]:
    return source.source, source.account_id or ""


def _gap(failing: Sequence[SourceHealth], names: Mapping[str, str]) -> MissingSource:
    first = min(failing, key=lambda source: (_missing_since(source), source.region or ""))
    return MissingSource(
        _where(failing, names),
        first.sentence,
        _missing_since(first),
        key=f"{first.source}.{first.account_id or 'all'}",
        began=min(source.since for source in failing),
    )


def _missing_since(source: SourceHealth) -> datetime:
    """The last good answer; the first failure where there never was one."""
    return source.last_ok_at or source.since


def _where(failing: Sequence[SourceHealth], names: Mapping[str, str]) -> str:
    source, account_id = failing[0].source, failing[0].account_id
    what = SOURCE_NAMES.get(source, source.replace("_", " "))
    if account_id is None:
        return what
    name = names.get(account_id)
    account = f"{name} ({account_id})" if name else account_id
    regions = sorted({source.region for source in failing if source.region})
    if not regions or len(regions) < len(failing):  # the account as a whole
        return f"{what} of {account}"
    return f"{what} of {account}, {regions[0] if len(regions) == 1 else f'{len(regions)} regions'}"
