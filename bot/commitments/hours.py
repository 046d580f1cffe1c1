"""Usage by the hour that a purchase could cover, gathered from stored billing exports, and the offers for it.

For the worker process: `hourly_months` looks up a few paths, `eligible_of` reads them, which takes seconds for a large
bill. `eligible_usage` does both for those who are in the worker already, or own a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from analysis.commitments.eligible import Eligible, eligible
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.rate_questions import Rates, offers_of
from analysis.commitments.usage import HourlyUsage
from analysis.costs import Cut
from bot.commitments.kept import FOLDER, kept_commitments, owned_of
from bot.commitments.stored_hours import StoredHours, newest_hours, read_hours
from bot.complete_days import PROVIDER, complete_days
from bot.context import Context
from bot.cost_files.window import EMPTY
from bot.errors import NotEnoughData
from bot.savings.commitment_rate_cache import commitment_rates

#: The longest look-back of AWS's own proposals; more days tell growth.
DAYS = 60
#: What answers where no export does.
AWS_PROPOSES = (
    "Until then AWS's own proposal must do: in the console under Billing and Cost Management, Savings Plans, "
    "Recommendations, or by `aws ce get-savings-plans-purchase-recommendation` ($0.01)."
)


class NoHours(NotEnoughData):
    """Costs are stored, and no export tells them by the hour."""


@dataclass(frozen=True, slots=True)
class HourlyMonths:
    """Where usage by the hour is stored: small, and another one when a file changes."""

    hours: StoredHours
    data_dir: str
    versions: tuple[tuple[int, int], ...]

    @property
    def end(self) -> date:
        """The day after the last complete one."""
        return self.hours.end


def eligible_usage(context: Context, days: int = DAYS) -> Eligible:
    """Usage by the hour of the newest complete days, and what of it is left on demand after what is owned.

    Raises:
        NotEnoughData: no export by the hour is stored of them; the remedy says what to do, and what serves instead.
    """
    return eligible_of(hourly_months(context, days))


def offers_for(context: Context, usage: HourlyUsage) -> list[Offer]:
    """What is on offer for these lines: rates that are kept for a week, else asked of AWS, which is free of charge.

    Raises:
        SourceUnavailable: AWS gave no answer, and none is kept.
    """
    return offers_of(usage.lines, rates_for(context, usage.lines))


def rates_for(context: Context, lines: DataFrame) -> Rates:
    """The rates of the regions, families and usage types of these lines; columns `LINES`.

    Raises:
        SourceUnavailable: AWS gave no answer, and none is kept.
    """
    return commitment_rates(context.settings.data_dir, lines, context.clock.today(), context.aws)


def hourly_months(context: Context, days: int = DAYS) -> HourlyMonths:
    """Which stored months tell the newest complete days by the hour; those before a gap are left out.

    Raises:
        NoHours, NotEnoughData: none does.
    """
    complete = complete_days(context)
    if complete is None:
        raise EMPTY
    currency = context.costs.currency() or "USD"
    if currency != "USD":
        raise NotEnoughData(
            f"The bill is in {currency}, and AWS tells the rates of plans and reservations in dollars.",
            "A data directory with a bill in dollars (COSTBOT_DATA_DIR) can be asked.",
        )
    wanted = complete.last(days)
    months = [item for item in context.costs.stored(wanted.start, wanted.end) if item.provider == PROVIDER]
    if not any((Cut.FULL.value, "") in item.cuts for item in months):
        raise NoHours(
            "What to commit depends on usage by the hour, and Cost Explorer's stored costs are by the day.",
            "Read an hourly billing export with `costbot ingest focus PATH` or `costbot ingest cur PATH`. "
            + AWS_PROPOSES,
        )
    found = newest_hours(context, wanted)
    if found is None:
        raise NoHours(
            "The billing export is stored without its hours.",
            "COSTBOT_DETAIL_MONTHS sets for how many months they are kept; read it again with --all. " + AWS_PROPOSES,
        )
    kept = sorted((context.settings.data_dir / FOLDER).glob("*.parquet"))
    stats = [path.stat() for path in (*map(Path, found.paths), *kept)]
    versions = tuple((stat.st_ino, stat.st_mtime_ns) for stat in stats)
    return HourlyMonths(found, str(context.settings.data_dir), versions)


@lru_cache(maxsize=1)
def eligible_of(months: HourlyMonths) -> Eligible:
    """Read these hours; the last answer is remembered, and nobody changes it.

    Raises:
        NotEnoughData: nothing in them could be committed. NoHours: the export is by the day.
    """
    hours = months.hours
    rows = read_hours(hours)
    if rows.empty:
        raise NotEnoughData(
            f"Nothing that a commitment could cover was used from {hours.start} to {hours.end - timedelta(days=1)}.",
            "Ask again when instances, databases, Fargate or Lambda have run for two weeks.",
        )
    if rows["hour"].dt.hour.nunique() == 1:
        raise NoHours(
            "The billing export tells usage by the day, not by the hour.",
            "Create one with hourly time granularity in the console under Billing and Cost Management, Data Exports, "
            "and read it with `costbot ingest`. " + AWS_PROPOSES,
        )
    folder = Path(months.data_dir)
    return eligible(
        rows,
        owned(folder),
        until=pd.Timestamp(hours.end, tz="UTC"),
        is_owned_known=bool(kept_commitments(folder)),
    )


def owned(data_dir: Path) -> DataFrame:
    """What the last scans found owned: columns of `bot.inventory.HEAD` and `analysis.commitments.holdings.TERMS`."""
    return owned_of(kept_commitments(data_dir))
