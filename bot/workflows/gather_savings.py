"""Gather for the savings scan: inventory and metrics of every account and region, as Parquet files for the worker.

A place that gives no answer is noted and left out: it counts as not looked at, never as fine, and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pandas import DataFrame

from analysis.rightsizing.catalog import families_needed
from bot.aws import AccountRef
from bot.collectors import ec2_instances, ec2_metrics, ec2_rates, instance_offerings, instance_types
from bot.collectors.ec2_metrics import MemorySeries
from bot.collectors.metrics import Query
from bot.context import Context
from bot.errors import SourceUnavailable
from bot.instance_type_cache import instance_type_table
from bot.tables import write_table

MOST_THREADS = 8
Progress = Callable[[int, int, str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """One account in one region."""

    account: AccountRef
    region: str

    def __str__(self) -> str:
        return f"{self.account.name} {self.region}"


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """A source that gave no answer, and why."""

    source: str
    account_id: str
    account_name: str
    region: str | None
    sentence: str


@dataclass(slots=True)
class Gathered:
    """What is on disk for the worker, and what was learned on the way."""

    folder: Path
    start: datetime
    end: datetime
    places: list[Place] = field(default_factory=list)
    memory: dict[Place, MemorySeries] = field(default_factory=dict)
    failures: list[NotLookedAt] = field(default_factory=list)
    done: int = 0
    total: int = 1


def gather(context: Context, folder: Path, progress: Progress) -> Gathered:
    """Read inventory, specifications, prices and daily metrics into `folder`.

    Raises:
        SourceUnavailable: there are no credentials, or nobody names the accounts.
    """
    end = datetime.combine(context.clock.now().date(), time(), UTC)
    gathered = Gathered(folder, end - timedelta(days=context.settings.rightsizing_days), end)
    progress(0, 1, "accounts and regions")
    places = _places(context, gathered)
    gathered.total = 2 * len(places) + 2
    inventory = _each(context, gathered, "ec2", places, lambda place: _instances(context, place), progress)
    gathered.places = list(inventory)
    write_table(
        folder / "ec2_rates.parquet",
        ec2_rates.parse(ec2_rates.fetch(context.costs.months.files(), context.clock.today())),
    )
    in_use = {place: table for place, table in inventory.items() if len(measured(table))}
    gathered.total = gathered.done + len(in_use) + 2
    _step(gathered, progress, "instance types")
    _types(context, gathered, in_use)
    loads = _each(
        context, gathered, "cloudwatch", in_use, lambda place: _load(context, gathered, place, in_use[place]), progress
    )
    gathered.places = [place for place in inventory if place in loads or place not in in_use]
    for place in gathered.places:
        write_table(folder / f"ec2_instances-{_file(place)}.parquet", inventory[place])
    return gathered


def gather_more(
    context: Context,
    gathered: Gathered,
    wanted: Mapping[str, Mapping[tuple[str, str], list[str]]],
    progress: Progress,
) -> None:
    """Read what verdicts still need of some instances: daily traffic (`maxima`) or five-minute series (`series`)."""
    for need, by_place in wanted.items():
        places = [place for place in gathered.places if (place.account.id, place.region) in by_place]
        gathered.total += len(places)

        def more(place: Place, need: str = need, by_place: Mapping[tuple[str, str], list[str]] = by_place) -> DataFrame:
            ids = by_place[place.account.id, place.region]
            queries = (
                ec2_metrics.traffic_queries(ids)
                if need == "maxima"
                else ec2_metrics.series_queries(ids, gathered.memory[place])
            )
            return _measure(context, gathered, place, queries, need)

        answered = _each(context, gathered, "cloudwatch", places, more, progress)
        for place in places:
            if place not in answered:
                gathered.places.remove(place)
                (gathered.folder / f"ec2_instances-{_file(place)}.parquet").unlink()


def measured(instances: DataFrame) -> DataFrame:
    """The instances whose load matters: others get their verdict without it."""
    alone = instances["asg_name"].eq("") & ~instances["ignored"]
    return instances[
        alone & instances["state"].eq("running") & instances["platform"].eq("Linux/UNIX") & ~instances["spot"]
    ]


def _places(context: Context, gathered: Gathered) -> list[Place]:
    accounts = context.aws.accounts()
    billed = _billed_regions(context)
    regions: dict[AccountRef, tuple[str, ...]] = {}
    with ThreadPoolExecutor(min(MOST_THREADS, len(accounts) or 1), thread_name_prefix="scan") as pool:
        futures = {account: pool.submit(context.aws.regions, account.id) for account in accounts}
        for account, future in futures.items():
            try:
                regions[account] = future.result()
            except SourceUnavailable as error:
                _note(context, gathered, NotLookedAt("ec2", account.id, account.name, None, str(error)))
            else:
                context.store.note_source("ec2", account.id, None, True, "", context.clock.now())
    return [
        Place(account, region)
        for account, names in regions.items()
        for region in names
        if region in billed.get(account.id, names)
    ]


def _billed_regions(context: Context) -> dict[str, set[str]]:
    """Regions with instance hours on the bill, for the accounts whose bill is known.

    What has run long enough to be judged is on the bill; the account's other regions need not be asked.
    """
    if context.settings.regions:
        return {}
    bill = ec2_rates.fetch(context.costs.months.files(), context.clock.today())
    places = bill.assign(region=ec2_rates.split(bill["usage_type"])["region"])
    if places["region"].isna().any():
        return {}
    return {str(account): set(rows["region"]) for account, rows in places.groupby("account_id")}


def _instances(context: Context, place: Place) -> DataFrame:
    found = ec2_instances.fetch(context.aws, place.account.id, place.region)
    return ec2_instances.parse(
        found, place.account, place.region, owner_tag=context.settings.owner_tag, now=context.clock.now()
    )


def _types(context: Context, gathered: Gathered, in_use: Mapping[Place, DataFrame]) -> None:
    if not in_use:
        return
    names = {name for table in in_use.values() for name in table["instance_type"]}
    families = families_needed(DataFrame({"type": sorted(names)})["type"])

    def ask(missing: Sequence[str]) -> list[dict[str, Any]]:
        # Specifications are the same everywhere: any place will do, the one with most instances first.
        *others, last = sorted(in_use, key=lambda place: -len(in_use[place]))
        for place in others:
            with suppress(SourceUnavailable):
                return instance_types.fetch(context.aws, place.account.id, place.region, missing)
        return instance_types.fetch(context.aws, last.account.id, last.region, missing)

    table = instance_type_table(context.settings.data_dir, families, context.clock.today(), ask)
    write_table(gathered.folder / "instance_types.parquet", table)


def _load(context: Context, gathered: Gathered, place: Place, instances: DataFrame) -> bool:
    """Offers of the zones, and daily CPU, memory and credits of a place."""
    families = families_needed(instances["instance_type"])
    offered = instance_offerings.fetch(context.aws, place.account.id, place.region, families)
    write_table(
        gathered.folder / f"instance_offerings-{_file(place)}.parquet",
        instance_offerings.parse(offered, place.account.id, place.region),
    )
    gathered.memory[place] = ec2_metrics.memory_series(context.aws, place.account.id, place.region)
    looked_at = measured(instances)
    queries = ec2_metrics.load_queries(looked_at, gathered.memory[place])
    restarted = looked_at[looked_at["launched_at"].ge(gathered.start.replace(tzinfo=None))]
    _measure(context, gathered, place, [*queries, *ec2_metrics.hours_queries(restarted["instance_id"])], "load")
    return True


def _measure(
    context: Context,
    gathered: Gathered,
    place: Place,
    queries: list[Query],
    name: str,
) -> DataFrame:
    points = ec2_metrics.fetch(context.aws, place.account.id, place.region, queries, gathered.start, gathered.end)
    table = ec2_metrics.parse(points, place.account.id, place.region)
    write_table(gathered.folder / f"ec2_metrics-{name}-{_file(place)}.parquet", table)
    return table


def _each(
    context: Context,
    gathered: Gathered,
    source: str,
    places: Iterable[Place],
    read: Callable[[Place], T],
    progress: Progress,
) -> dict[Place, T]:
    """Read every place with a few threads; what fails is noted and left out."""
    found: dict[Place, T] = {}
    with ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="scan") as pool:
        futures = {place: pool.submit(read, place) for place in places}
        for place, future in futures.items():
            try:
                found[place] = future.result()
            except SourceUnavailable as error:
                _note(
                    context,
                    gathered,
                    NotLookedAt(source, place.account.id, place.account.name, place.region, str(error)),
                )
            else:
                context.store.note_source(source, place.account.id, place.region, True, "", context.clock.now())
            _step(gathered, progress, str(place))
    return found


def _note(context: Context, gathered: Gathered, failure: NotLookedAt) -> None:
    gathered.failures.append(failure)
    context.store.note_source(
        failure.source, failure.account_id, failure.region, False, failure.sentence, context.clock.now()
    )


def _step(gathered: Gathered, progress: Progress, what: str) -> None:
    gathered.done += 1
    progress(gathered.done, max(gathered.total, gathered.done), what)


def _file(place: Place) -> str:
    return f"{place.account.id}-{place.region}"
