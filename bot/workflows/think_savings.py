"""Think for the savings scan: runs in the worker process, from files to verdicts and recommendations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Check, checks
from analysis.checks.findings import TOLD, recommendations
from analysis.checks.words import filled
from analysis.commitments.after_discount_usage import Moved
from analysis.daily_metrics import LABELS, METRICS
from analysis.models import Recommendation
from analysis.prices.units import LIVE_UNITS, UnitPrices
from analysis.pricing import PriceBook
from analysis.verdicts import Verdict, Verdicts
from bot.collectors import ec2_instances, ec2_rates, instance_types, usage_rates
from bot.collectors.scopes import Scope
from bot.savings.scan_tables import Spot, noted_spots, placed_table
from bot.savings.table_sources import MADE_APART, TableSource, table_sources
from bot.tables import read_tables, typed

#: Columns of the verdicts: one row per check and resource.
ROWS: dict[str, str] = {
    "check_id": "str",
    "verdict": "str",
    "why": "str",
    "account_id": "str",
    "account_name": "str",
    "region": "str",
    "resource_id": "str",
    "resource_name": "str",
    "owner": "str",
    "current": "str",
    "proposed": "str",
    "monthly_savings": "float64",
}
IGNORED = "Left alone: its tag costbot:ignore or COSTBOT_IGNORE_RESOURCES says so."

#: Where a check looked that reads the stored costs only.
EVERYWHERE: Spot = ("", "")


@dataclass(frozen=True, slots=True)
class Question:
    """What the worker is asked: where the tables lie, which checks, and with which thresholds.

    Attributes:
        thresholds: by check id and name, where they differ from the check's own.
        smallest: dollars a month below which a saving is counted and not told.
    """

    folder: Path
    check_ids: tuple[str, ...]
    thresholds: Mapping[str, Mapping[str, float]]
    smallest: float
    data_until: datetime


@dataclass(frozen=True, slots=True)
class Thought:
    """The worker's answer.

    Attributes:
        rows: columns `ROWS`.
        recommendations: of all checks, the biggest saving first; those below the smallest are left out.
        looked: where each check looked.
        needs: kind of evidence → inventory table → (account id, region) → resources that still lack it.
        undecided: checks that asked for more evidence.
        smaller: by check, dollars a month of each saving that is below the smallest.
        moved: by fingerprint, the usage that a recommendation's saving moves, where commitments may cover it.
    """

    rows: DataFrame
    recommendations: tuple[Recommendation, ...]
    looked: Mapping[str, frozenset[Spot]]
    needs: Mapping[str, Mapping[str, Mapping[Spot, list[str]]]] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()
    smaller: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    moved: Mapping[str, tuple[Moved, ...]] = field(default_factory=dict)

    @property
    def small(self) -> tuple[int, float]:
        """How many savings are below the smallest, and dollars a month of them all."""
        found = [saving for savings in self.smaller.values() for saving in savings]
        return len(found), sum(found)

    def joined(self, other: Thought) -> Thought:
        """This answer with that of checks that were asked again."""
        again = set(other.looked)
        kept = tuple(r for r in self.recommendations if r.check_id not in again)
        return Thought(
            rows=pd.concat([self.rows[~self.rows["check_id"].isin(again)], other.rows], ignore_index=True),
            recommendations=biggest_first((*kept, *other.recommendations)),
            looked={**self.looked, **other.looked},
            needs=other.needs,
            undecided=other.undecided,
            smaller={**{id_: found for id_, found in self.smaller.items() if id_ not in again}, **other.smaller},
            moved={**self.moved, **other.moved},
        )


def think(question: Question) -> Thought:
    """Run the question's checks over the tables in its folder."""
    tables = Tables(question.folder, question.data_until)
    rows, found = [], []
    looked: dict[str, frozenset[Spot]] = {}
    needs: dict[str, dict[str, dict[Spot, list[str]]]] = {}
    undecided: list[str] = []
    moved: dict[str, tuple[Moved, ...]] = {}
    for check in (checks()[id_] for id_ in question.check_ids):
        looked[check.id] = tables.places(check)
        if not looked[check.id]:
            continue
        thresholds = dict(check.thresholds) | dict(question.thresholds.get(check.id, {}))
        read = tables.of(check, looked[check.id])
        if read[_inventory_of(check.tables)].empty:
            continue  # nothing to say anything of: most services of most accounts, a tenth of a second each
        verdicts = _without_ignored(check(*read.values(), **thresholds))
        rows.append(_rows(check, verdicts, thresholds))
        told_of = recommendations(check, verdicts, read, thresholds, data_until=question.data_until)
        found += told_of
        moved |= _moved(check, verdicts.of(Verdict.SAVES), thresholds, told_of)
        if _add_needs(needs, check, verdicts.rows):
            undecided.append(check.id)
    told = [one for one in found if one.is_notice or one.monthly_savings >= question.smallest]
    smaller: dict[str, tuple[float, ...]] = {}
    for one in found:
        if 0 < one.monthly_savings < question.smallest:
            smaller[one.check_id] = (*smaller.get(one.check_id, ()), one.monthly_savings)
    return Thought(
        rows=pd.concat(rows, ignore_index=True) if rows else typed([], ROWS),
        recommendations=biggest_first(told),
        looked=looked,
        needs=needs,
        undecided=tuple(undecided),
        smaller=smaller,
        moved=moved,
    )


class Tables:
    """The tables on disk, each read once."""

    def __init__(self, folder: Path, data_until: datetime) -> None:
        self._folder = folder
        self._data_until = data_until
        self._read: dict[str, Any] = {}
        self._spots = noted_spots(folder)

    def places(self, check: Check) -> frozenset[Spot]:
        """Where all that the check reads is there.

        (account, "") where it reads tables of whole accounts only, `EVERYWHERE` where only the bill.
        """
        sources = self._placed(check)
        if not sources:
            return frozenset({EVERYWHERE})
        regional = [self._spots_of(source.name) for source in sources if source.scope is Scope.PLACE]
        accounts = [{account for account, _ in self._spots_of(s.name)} for s in sources if s.scope is Scope.ACCOUNT]
        everywhere = frozenset.intersection(*regional) if regional else None
        asked = set.intersection(*accounts) if accounts else None
        if everywhere is None:
            return frozenset((account, "") for account in asked or ())
        return frozenset(spot for spot in everywhere if asked is None or spot[0] in asked)

    def of(self, check: Check, places: frozenset[Spot]) -> dict[str, Any]:
        """The check's tables by name, of these places only."""
        return {name: self._of_places(name, places) for name in check.tables}

    def _placed(self, check: Check) -> list[TableSource]:
        sources = [table_sources()[name] for name in check.tables if name not in MADE_APART]
        return [source for source in sources if source.scope is not Scope.BILL]

    def _spots_of(self, table: str) -> frozenset[Spot]:
        return self._spots.get(table, frozenset())

    def _of_places(self, name: str, places: frozenset[Spot]) -> Any:
        whole = self._table(name)
        if name in MADE_APART or table_sources()[name].scope is Scope.BILL or self._spots_of(name) <= places:
            return whole
        if table_sources()[name].scope is Scope.ACCOUNT or ("" in {region for _, region in places}):
            inside = whole["account_id"].isin({account for account, _ in places})
        else:
            inside = pd.MultiIndex.from_frame(whole[["account_id", "region"]]).isin(list(places))
        return whole[inside].reset_index(drop=True)

    def _table(self, name: str) -> Any:
        if name not in self._read:
            self._read[name] = self._loaded(name)
        return self._read[name]

    def _loaded(self, name: str) -> Any:
        if name == "prices":
            return self._prices()
        if name == "instance_types":
            return read_tables(self._folder, "instance_types.parquet", instance_types.COLUMNS)
        source = table_sources()[name]
        table = placed_table(self._folder, name, source.columns)
        if source.columns is METRICS:
            # A million points have a handful of names: as categories they are compared in no time.
            return table.astype(dict.fromkeys(LABELS, "category"))
        if source.of is None and "resource_id" in table:
            table = table.sort_values(["account_id", "region", "resource_id"], ignore_index=True)
        return table

    def _prices(self) -> PriceBook:
        rates = read_tables(self._folder, "ec2_rates.parquet", ec2_rates.COLUMNS)
        instances = placed_table(self._folder, "ec2_instances", ec2_instances.COLUMNS)
        day = self._data_until.date()
        own = read_tables(self._folder, "usage_rates.parquet", usage_rates.COLUMNS)
        live = read_tables(self._folder, "price_list.parquet", LIVE_UNITS)
        return PriceBook(_for_linux(rates, instances), day, UnitPrices(own, day, live))


def _moved(
    check: Check, rows: DataFrame, thresholds: Mapping[str, float], values: Iterable[Recommendation]
) -> dict[str, tuple[Moved, ...]]:
    """By fingerprint, the usage that each saving moves."""
    if check.moves is None:
        return {}
    by_resource = {(one.account_id, one.region, one.resource_id): one.fingerprint for one in values}
    found = {}
    for row in rows.to_dict("records"):
        key = by_resource.get((row["account_id"], row["region"], row["resource_id"]))
        parts = check.moves({**thresholds, **{str(name): value for name, value in row.items()}})
        if key is not None and parts:
            found[key] = parts
    return found


def biggest_first(values: Iterable[Recommendation]) -> tuple[Recommendation, ...]:
    """Recommendations as they are told."""
    return tuple(sorted(values, key=lambda one: (-one.monthly_savings, one.check_id, one.resource_id)))


def _for_linux(rates: DataFrame, instances: DataFrame) -> DataFrame:
    """Leave out rates that Windows or dedicated hours are mixed into: the bill gives them the same usage type."""
    key = ["region", "instance_type"]
    other = instances[instances["platform"].ne("Linux/UNIX") | instances["tenancy"].ne("default")]
    mixed = pd.MultiIndex.from_frame(rates[key]).isin(pd.MultiIndex.from_frame(other[key]))
    return rates[~mixed]


def _without_ignored(verdicts: Verdicts) -> Verdicts:
    """What a person excluded is fine, whatever the check says of it."""
    rows = verdicts.rows
    if "ignored" not in rows:
        return verdicts
    ignored = rows["ignored"].fillna(False).astype(bool)
    return Verdicts(
        rows.assign(
            verdict=rows["verdict"].where(~ignored, Verdict.FINE.value),
            why=rows["why"].where(~ignored, IGNORED),
            monthly_savings=rows["monthly_savings"].where(~ignored),
        )
    )


def _rows(check: Check, verdicts: Verdicts, thresholds: Mapping[str, float]) -> DataFrame:
    """The verdicts with the columns `ROWS`; what it is and would be is said where something is to be done."""
    rows = verdicts.rows
    told = rows["verdict"].isin(TOLD)
    current, proposed = (
        rows[name].astype("object") if name in rows else pd.Series(None, index=rows.index, dtype="object")
        for name in ("current", "proposed")
    )
    if check.words is not None:
        values = [dict(thresholds) | {str(k): v for k, v in row.items()} for row in rows[told].to_dict("records")]
        current[told] = [filled(check.words.current, row) for row in values]
        proposed[told] = [filled(check.words.proposed, row) for row in values]
    return DataFrame(
        {
            "check_id": check.id,
            "verdict": rows["verdict"],
            "why": rows["why"],
            **{name: rows[name] for name in ("account_id", "account_name", "region", "resource_id")},
            "resource_name": rows["name"].replace("", None),
            "owner": rows["owner"].replace("", None),
            "current": current,
            "proposed": proposed.where(told),
            "monthly_savings": rows["monthly_savings"],
        }
    ).astype(ROWS)


def _add_needs(
    needs: dict[str, dict[str, dict[Spot, list[str]]]],
    check: Check,
    rows: DataFrame,
) -> bool:
    """Note which rows still lack which evidence; whether there are any."""
    if "needs" not in rows:
        return False
    asking = rows[rows["needs"].ne("")]
    inventory = _inventory_of(check.tables)
    for need, account_id, region, resource_id in asking[["needs", "account_id", "region", "resource_id"]].to_numpy():
        by_place = needs.setdefault(need, {}).setdefault(inventory, {})
        by_place.setdefault((account_id, region), []).append(resource_id)
    return len(asking) > 0


def _inventory_of(tables: Iterable[str]) -> str:
    """The table that the rows of a check are: the first it reads."""
    return next(iter(tables))
