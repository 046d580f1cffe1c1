"""Gather for the savings scan: inventory and metrics of every account and region, as Parquet files for the worker.

A place that gives no answer is noted and left out: it counts as not looked at, never as fine, and stops no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pandas import DataFrame

from analysis.checks.ec2.rightsizing import NEEDS_MAXIMA
from analysis.rightsizing.catalog import families_needed
from bot.aws.places import Place, Progress, Round
from bot.collectors import ec2_instances, ec2_metrics, ec2_rates, instance_offerings, instance_types
from bot.collectors.ec2_metrics import MemorySeries
from bot.collectors.metrics import Query
from bot.context import Context
from bot.errors import SourceUnavailable
from bot.instance_type_cache import instance_type_table
from bot.tables import write_table


@dataclass(slots=True)
class Gathered:
    """What is on disk for the worker, over the days [start, end), and what was learned on the way."""

    folder: Path
    start: datetime
    end: datetime
    round: Round
    places: list[Place] = field(default_factory=list)
    memory: dict[Place, MemorySeries] = field(default_factory=dict)
    has_bill: bool = False


def gather(context: Context, folder: Path, progress: Progress) -> Gathered:
    """Read inventory, specifications, prices and daily metrics into `folder`.

    Raises:
        SourceUnavailable: there are no credentials, or nobody names the accounts.
    """
    end = datetime.combine(context.clock.now().date(), time(), UTC)
    start = end - timedelta(days=context.settings.rightsizing_days)
    gathered = Gathered(folder, start, end, Round(context, progress))
    progress(0, 1, "accounts and regions")
    places = _places(context, gathered)
    gathered.round.expect(2 * len(places) + 2)
    inventory = gathered.round.read("ec2", places, lambda place: _instances(context, place))
    bill = ec2_rates.fetch(context.costs.months.files(), context.clock.today())
    gathered.has_bill = not bill.empty
    write_table(folder / "ec2_rates.parquet", ec2_rates.parse(bill))
    in_use = {place: table for place, table in inventory.items() if len(measured(table))}
    gathered.round.expect(len(in_use) + 2)
    _types(context, gathered, in_use)
    gathered.round.step("instance types")
    loads = gathered.round.read("cloudwatch", in_use, lambda place: _load(context, gathered, place, in_use[place]))
    gathered.places = [place for place in inventory if place in loads or place not in in_use]
    for place in gathered.places:
        write_table(_instances_file(folder, place), inventory[place])
    return gathered


def gather_more(
    context: Context, gathered: Gathered, wanted: Mapping[str, Mapping[tuple[str, str], list[str]]]
) -> None:
    """Read what verdicts still need of some instances.

    Args:
        wanted: kind of evidence (daily maxima of traffic, or five-minute series) → (account id, region) → instances.
    """
    gathered.round.expect(sum(len(by_place) for by_place in wanted.values()) + 1)
    for need, by_place in wanted.items():
        places = [place for place in gathered.places if (place.account.id, place.region) in by_place]
        answered = gathered.round.read(
            "cloudwatch",
            places,
            lambda place, need=need, by_place=by_place: _more(  # type: ignore[misc]
                context, gathered, place, need, by_place[place.account.id, place.region]
            ),
        )
        for place in places:
            if place not in answered:
                gathered.places.remove(place)
                _instances_file(gathered.folder, place).unlink()


def measured(instances: DataFrame) -> DataFrame:
    """The instances whose load matters: others get their verdict without it."""
    alone = instances["asg_name"].eq("") & ~instances["ignored"]
    plain = instances["platform"].eq("Linux/UNIX") & ~instances["spot"]
    return instances[alone & plain & instances["state"].eq("running")]


def _places(context: Context, gathered: Gathered) -> list[Place]:
    billed = _billed_regions(context)
    return [
        Place(account, region)
        for account, names in gathered.round.regions(gathered.round.accounts()).items()
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
    queries = ec2_metrics.load_queries(measured(instances), gathered.memory[place])
    _measure(context, gathered, place, queries, "load")
    return True


def _more(context: Context, gathered: Gathered, place: Place, need: str, instance_ids: list[str]) -> bool:
    if need == NEEDS_MAXIMA:
        queries = ec2_metrics.traffic_queries(instance_ids)
    else:
        queries = ec2_metrics.series_queries(instance_ids, gathered.memory[place])
    _measure(context, gathered, place, queries, need)
    return True


def _measure(context: Context, gathered: Gathered, place: Place, queries: list[Query], name: str) -> None:
    points = ec2_metrics.fetch(context.aws, place.account.id, place.region, queries, gathered.start, gathered.end)
    table = ec2_metrics.parse(points, place.account.id, place.region)
    write_table(gathered.folder / f"ec2_metrics-{name}-{_file(place)}.parquet", table)


def _instances_file(folder: Path, place: Place) -> Path:
    return folder / f"ec2_instances-{_file(place)}.parquet"


def _file(place: Place) -> str:
    return f"{place.account.id}-{place.region}"
