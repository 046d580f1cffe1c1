"""Gather for the savings scan: every table that a check reads, of every account and region, as files for the worker.

A place that gives no answer is noted and left out: it counts as not looked at, never as fine, and stops no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.rightsizing.catalog import families_needed
from analysis.usage_types import usage_region
from bot.aws.places import Place, Progress, Round
from bot.collectors import ec2_rates, instance_types, usage_rates
from bot.collectors.ec2_metrics import measured
from bot.collectors.scopes import Scope, Window
from bot.context import Context
from bot.errors import SourceUnavailable
from bot.inventory import Here
from bot.savings.instance_type_cache import instance_type_table
from bot.savings.scan_tables import Spot, note_spots, place_tables
from bot.savings.table_sources import TableSource, needed_by, table_sources
from bot.tables import write_table
from bot.workflows.gather_prices import price_list_of

#: The region that global services are asked in.
HOME_REGION = "us-east-1"
INSTANCES = "ec2_instances"


@dataclass(slots=True)
class Gathered:
    """What is on disk for the worker, and what was learned on the way."""

    folder: Path
    window: Window
    round: Round
    inventories: dict[str, dict[Place, DataFrame]] = field(default_factory=dict)
    spots: dict[str, set[Spot]] = field(default_factory=dict)
    has_bill: bool = False

    @property
    def end(self) -> datetime:
        """End of the days looked at."""
        return self.window.end


def gather(context: Context, folder: Path, progress: Progress, tables: Iterable[str]) -> Gathered:
    """Read these tables, and prices, into `folder`.

    Raises:
        SourceUnavailable: there are no credentials, or nobody names the accounts.
    """
    end = datetime.combine(context.clock.now().date(), time(), UTC)
    window = Window(end - timedelta(days=context.settings.rightsizing_days), end)
    gathered = Gathered(folder, window, Round(context, progress))
    progress(0, 1, "accounts and regions")
    wanted = set(tables)
    sources = needed_by(wanted)
    places = _places(context, gathered)
    homes = [Place(account, HOME_REGION) for account in dict.fromkeys(place.account for place in places)]
    of_place = {Scope.PLACE: places, Scope.ACCOUNT: homes, Scope.BILL: []}
    gathered.round.expect(sum(len(of_place[source.scope]) for source in sources) + 2)
    for source in (source for source in sources if source.of is None and source.scope is not Scope.BILL):
        _inventory(context, gathered, source, of_place[source.scope])
    _of_bill(context, gathered, sources)
    if "instance_types" in wanted:
        _types(context, gathered)
    if "prices" in wanted:
        _prices(context, gathered)
    gathered.round.step("prices")
    for source in (source for source in sources if source.of is not None):
        _about(context, gathered, source)
    note_spots(folder, gathered.spots)
    return gathered


def gather_more(
    context: Context, gathered: Gathered, wanted: Mapping[str, Mapping[str, Mapping[tuple[str, str], list[str]]]]
) -> None:
    """Read what verdicts still need of some rows.

    Args:
        wanted: kind of evidence → inventory table → (account id, region) → resources.
    """
    for need, by_inventory in wanted.items():
        for inventory, by_place in by_inventory.items():
            for source in table_sources().values():
                if source.of == inventory and need in source.needs:
                    _about(context, gathered, source, need, by_place)
    note_spots(gathered.folder, gathered.spots)


def gather_after_savings(context: Context, gathered: Gathered, tables: Iterable[str]) -> None:
    """Read what takes recorded savings into account, beside what is there already."""
    gathered.round.expect(1)
    _read_bill(context, gathered, needed_by(tables))
    gathered.round.step("what to commit to")


def _inventory(context: Context, gathered: Gathered, source: TableSource, places: Sequence[Place]) -> None:
    found = gathered.round.read(source.name, places, lambda place: source.inventory(context.aws, _here(context, place)))
    gathered.inventories[source.name] = found
    gathered.spots[source.name] = {_spot(place) for place in found}
    place_tables(gathered.folder, source.name, source.columns, found.values())


def _about(
    context: Context,
    gathered: Gathered,
    source: TableSource,
    need: str = "",
    only: Mapping[tuple[str, str], list[str]] | None = None,
) -> None:
    """Ask more about the rows of an inventory, or about some of them."""
    rows = gathered.inventories.get(str(source.of), {})
    if only is not None:
        keys = pd.MultiIndex.from_tuples([(*spot, name) for spot, names in only.items() for name in names])
        # Of a table of a whole account, rows lie in other regions than the place they were read from.
        chosen = {
            place: table[pd.MultiIndex.from_frame(table[["account_id", "region", "resource_id"]]).isin(keys)]
            for place, table in rows.items()
        }
        rows = {place: table for place, table in chosen.items() if len(table)}
    asked = {place: table for place, table in rows.items() if len(table)}
    gathered.round.expect(len(asked))

    def ask(place: Place) -> DataFrame:
        return source.about(context.aws, _here(context, place), asked[place], gathered.window, need)

    answered = gathered.round.read(source.name, asked, ask)
    place_tables(gathered.folder, source.name, source.columns, answered.values(), need=need)
    looked = gathered.spots.setdefault(source.name, set())
    looked |= {_spot(place) for place in rows}
    # Half of the evidence is none: the checks that need it do not look at a place that did not answer.
    looked -= {_spot(place) for place in asked if place not in answered}


def _spot(place: Place) -> Spot:
    return place.account.id, place.region


def _here(context: Context, place: Place) -> Here:
    settings = context.settings
    ignore = re.compile(settings.ignore_resources) if settings.ignore_resources else None
    return Here(
        place.account, place.region, settings.owner_tag, context.clock.now(), ignore, cloudtrail=settings.cloudtrail
    )


def _places(context: Context, gathered: Gathered) -> list[Place]:
    billed = _billed_regions(context)
    return [
        Place(account, region)
        for account, names in gathered.round.regions(gathered.round.accounts()).items()
        for region in names
        if region in billed.get(account.id, names)
    ]


def _billed_regions(context: Context) -> dict[str, set[str]]:
    """Regions with usage on the bill, for the accounts whose bill is known.

    What has run long enough to be judged is on the bill; the account's other regions need not be asked.
    """
    if context.settings.regions:
        return {}
    hours = ec2_rates.fetch(context.costs.months.files(), context.clock.today())
    if ec2_rates.split(hours["usage_type"])["region"].isna().any():
        return {}
    seen = pd.concat([hours[["account_id", "usage_type"]], usage_rates.read_types(context)])
    seen = seen.assign(region=seen["usage_type"].map(usage_region)).dropna()
    return {str(account): set(rows["region"]) for account, rows in seen.groupby("account_id") if account}


def _of_bill(context: Context, gathered: Gathered, sources: Sequence[TableSource]) -> None:
    """Prices that the bill shows, and the tables made of it."""
    bill = ec2_rates.fetch(context.costs.months.files(), context.clock.today())
    gathered.has_bill = not bill.empty
    write_table(gathered.folder / "ec2_rates.parquet", ec2_rates.parse(bill))
    write_table(gathered.folder / "usage_rates.parquet", usage_rates.read(context))
    _read_bill(context, gathered, sources)


def _read_bill(context: Context, gathered: Gathered, sources: Iterable[TableSource]) -> None:
    for source in sources:
        if source.scope is Scope.BILL:
            write_table(gathered.folder / f"{source.name}.parquet", source.of_bill(context))


def _prices(context: Context, gathered: Gathered) -> None:
    """AWS's price list, for what is in use."""
    inventories = [table for by_place in gathered.inventories.values() for table in by_place.values() if len(table)]
    table = price_list_of(context, gathered.round, inventories)
    write_table(gathered.folder / "price_list.parquet", table)


def _types(context: Context, gathered: Gathered) -> None:
    """Specifications of the types in use and of what may replace them."""
    in_use = {
        place: running
        for place, table in gathered.inventories.get(INSTANCES, {}).items()
        if len(running := measured(table))
    }
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
