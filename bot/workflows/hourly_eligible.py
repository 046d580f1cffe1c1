"""Usage by the hour that a purchase could cover, gathered from stored billing exports, and the offers for it.

For the worker process: `hourly_months` looks up a few paths, `eligible_of` reads them, which takes seconds for a large
bill. `eligible_usage` does both for those who are in the worker already, or own a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from analysis.rollups import Rollup
from analysis.rollups.words import ELIGIBLE_USAGE
from bot.collectors.complete_days import PROVIDER, complete_days
from bot.context import Context
from bot.cost_files.database import asked_again, cursor
from bot.cost_files.detail import detail_path
from bot.cost_files.window import EMPTY
from bot.errors import NotEnoughData
from bot.savings.commitment_rate_cache import commitment_rates
from bot.workflows.keep_commitments import FOLDER, kept_commitments, owned_of

#: The longest look-back of AWS's own proposals; more days tell growth.
DAYS = 60
#: What answers where no export does.
AWS_PROPOSES = (
    "Until then AWS's own proposal must do: in the console under Billing and Cost Management, Savings Plans, "
    "Recommendations, or by `aws ce get-savings-plans-purchase-recommendation` ($0.01)."
)

_TEXTS = (
    "charge_category", "sub_account_id", "region_id", "service_name", "usage_type", "operation", "unit",
    "commitment_id",
)  # fmt: skip
_NUMBERS = ("billed_cost", "effective_cost", "list_cost", "quantity")
_CHOSEN = """
SELECT hour, {texts}, {numbers} FROM read_parquet($paths, union_by_name = true)
WHERE provider = 'AWS' AND charge_category IN ('Usage', 'UnusedCommitment') AND usage_type IS NOT NULL
    AND hour >= $start AND hour < $end AND (commitment_id IS NOT NULL OR (
        charge_category = 'Usage' AND coalesce(pricing_category, 'Standard') = 'Standard'
        AND regexp_matches(usage_type, $eligible)))
"""
_KINDS = "SELECT {texts} FROM (SELECT DISTINCT {texts} FROM ({chosen})) ORDER BY {texts}"
_FACTS = "SELECT hour, kind, {numbers} FROM ({chosen}) JOIN kinds USING ({texts})"


@dataclass(frozen=True, slots=True)
class HourlyMonths:
    """Where the hours of the complete days [start, end) are stored: small, and another one when a file changes."""

    paths: tuple[str, ...]
    start: date
    end: date
    data_dir: str
    versions: tuple[tuple[int, int], ...]


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
        NotEnoughData: none does.
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
    exported = [item for item in months if (Cut.FULL.value, "") in item.cuts]
    if not exported:
        raise NotEnoughData(
            "What to commit depends on usage by the hour, and Cost Explorer's stored costs are by the day.",
            "Read an hourly billing export with `costbot ingest focus PATH` or `costbot ingest cur PATH`. "
            + AWS_PROPOSES,
        )
    start, paths = wanted.end, []
    for item in sorted(months, key=lambda one: one.month, reverse=True):
        path = detail_path(item.path, Rollup.HOURLY)
        if item not in exported or not path.exists():
            break
        start = max(wanted.start, item.first)
        paths.append(path)
    if start >= wanted.end:
        raise NotEnoughData(
            "The billing export is stored without its hours.",
            "COSTBOT_DETAIL_MONTHS sets for how many months they are kept; read it again with --all. " + AWS_PROPOSES,
        )
    kept = sorted((context.settings.data_dir / FOLDER).glob("*.parquet"))
    stats = [path.stat() for path in (*paths, *kept)]
    versions = tuple((stat.st_ino, stat.st_mtime_ns) for stat in stats)
    return HourlyMonths(
        tuple(str(path) for path in dict.fromkeys(paths)), start, wanted.end, str(context.settings.data_dir), versions
    )


@lru_cache(maxsize=1)
def eligible_of(months: HourlyMonths) -> Eligible:
    """Read these hours; the last answer is remembered, and nobody changes it.

    Raises:
        NotEnoughData: nothing in them could be committed, or the export is by the day.
    """
    rows = _rows(months)
    if rows.empty:
        raise NotEnoughData(
            f"Nothing that a commitment could cover was used from {months.start} to {months.end - timedelta(days=1)}.",
            "Ask again when instances, databases, Fargate or Lambda have run for two weeks.",
        )
    if rows["hour"].dt.hour.nunique() == 1:
        raise NotEnoughData(
            "The billing export tells usage by the day, not by the hour.",
            "Create one with hourly time granularity in the console under Billing and Cost Management, Data Exports, "
            "and read it with `costbot ingest`. " + AWS_PROPOSES,
        )
    folder = Path(months.data_dir)
    return eligible(
        rows,
        owned(folder),
        until=pd.Timestamp(months.end, tz="UTC"),
        is_owned_known=bool(kept_commitments(folder)),
    )


def owned(data_dir: Path) -> DataFrame:
    """What the last scans found owned: columns of `bot.inventory.HEAD` and `analysis.commitments.holdings.TERMS`."""
    return owned_of(kept_commitments(data_dir))


@asked_again
def _rows(months: HourlyMonths) -> DataFrame:
    """Rows for `analysis.commitments.hourly`; texts are categories, as millions of rows repeat some hundreds."""
    known = ", ".join(f"coalesce({name}, '') AS {name}" for name in _TEXTS)
    names = {"texts": ", ".join(_TEXTS), "numbers": ", ".join(_NUMBERS)}
    names["chosen"] = _CHOSEN.format(texts=known, numbers=names["numbers"])
    told = {"paths": list(months.paths), "start": months.start, "end": months.end, "eligible": ELIGIBLE_USAGE}
    with cursor() as own:
        kinds: DataFrame = own.execute(_KINDS.format(**names), told).df()
        kinds["kind"] = range(len(kinds))
        own.register("kinds", kinds)
        facts: DataFrame = own.execute(_FACTS.format(**names), told).df()
        own.unregister("kinds")
    return _repeated(facts, kinds, _TEXTS)


def _repeated(facts: DataFrame, kinds: DataFrame, names: Sequence[str]) -> DataFrame:
    of_row = facts["kind"].to_numpy()
    columns = {}
    for name in names:
        codes, values = pd.factorize(kinds[name], sort=True)
        columns[name] = pd.Categorical.from_codes(codes[of_row], categories=values)
    return facts[["hour", *_NUMBERS]].assign(**columns)
