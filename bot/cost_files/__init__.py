"""Daily costs, asked: Parquet months in, sums per day out, never the same dollar twice.

A billing export knows every dimension of a charge. Cost Explorer's dollars are stored once per cut, so a question is
answered from one cut that knows all its dimensions. Making a `CostFiles` opens nothing: any process may.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb
import pandas as pd
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, Expression
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from analysis.rollups import tag_column
from analysis.services import service_key
from bot.cost_files import account_names, reach
from bot.cost_files.arrival import read_curves
from bot.cost_files.database import asked_again, cursor
from bot.cost_files.feeds import Feed
from bot.cost_files.months import CostMonths
from bot.cost_files.resource_costs import resource_costs
from bot.cost_files.summary import Stored, Summary, currencies
from bot.cost_files.window import EMPTY, SOURCE_NAMES, Window, window
from bot.errors import CostbotError, NotEnoughData
from bot.settings import CostView

__all__ = ["CostFiles", "Feed", "Window"]

#: Names a question may use, and the columns behind them; `tag:<key>` comes on top.
COLUMNS = {
    "service": "service_name",
    "service_name": "service_name",
    "account": "sub_account_id",
    "region": "region_id",
    "usage_type": "usage_type",
    "charge_category": "charge_category",
    "provider": "provider",
    "source": "source",
}
_ALWAYS = {"provider", "charge_category", "source"}
#: What the small file of an export's month knows, besides every tag.
_SUMMED = {"service", "service_name", "account", "provider", "charge_category"}
#: What each cut of Cost Explorer knows, the smallest first.
_KNOWS: dict[Cut, set[str]] = {
    Cut.CHARGE: {"service", "service_name"} | _ALWAYS,
    Cut.REGION: {"service", "service_name", "region"} | _ALWAYS,
    Cut.ACCOUNT: {"service", "service_name", "account"} | _ALWAYS,
    Cut.USAGE_TYPE: {"service", "service_name", "usage_type"} | _ALWAYS,
    Cut.ACCOUNT_USAGE_TYPE: {"account", "usage_type"} | _ALWAYS,
}


class CostFiles:
    """The stored daily costs of one data directory; safe between threads."""

    def __init__(self, data_dir: Path) -> None:
        self.months = CostMonths(Path(data_dir) / "costs")
        self._summary = Summary(self.months)

    def replace_month(self, source: str, month: date, frame: DataFrame) -> bool:
        """Store a billing month of a source in place of what was there.

        Args:
            source: `cost_explorer` or `focus`.
            frame: rows of `analysis.costs.DAILY_COSTS`; missing columns are NULL.
        Returns:
            whether anything changed on disk.
        Raises:
            CostbotError: its currency is not the one that is stored.
        """
        self.check_currency(frame, replacing=[(source, month)])
        return self.months.replace(source, month, frame)

    def check_currency(self, frame: DataFrame, *, replacing: Sequence[tuple[str, date]] = ()) -> None:
        """Refuse rows whose currency is not the stored one.

        Args:
            replacing: the sources and months they would replace.
        Raises:
            CostbotError: money of two currencies cannot be added up.
        """
        paths = {self.months.path(*one) for one in replacing}
        stored = currencies(item for item in self._summary.all() if item.path not in paths)
        fresh = {str(unit) for unit in frame["currency"].dropna().unique()} if len(frame) else set()
        together = sorted({*stored, *fresh})
        if len(together) > 1:
            raise CostbotError(
                f"{' and '.join(together)} cannot be added up in one data directory.",
                "Keep one directory per currency: set COSTBOT_DATA_DIR for the other one.",
            )

    def window(
        self,
        service: str | Collection[str] | None = None,
        *,
        view: CostView = CostView.EFFECTIVE,
        by: Sequence[str] = (),
    ) -> Window:
        """From when to when costs are stored, and until when they are complete.

        Args:
            service: a canonical key or several; None for all.
            view: the cost one wants to show.
            by: the dimensions one wants to ask for; costs by a tag may reach less far than all others.
        Raises:
            NotEnoughData: nothing is stored, or nothing of the service.
        """
        services = (service,) if isinstance(service, str) else tuple(service or ())
        active = self._summary.active()
        sources = {item.source for item in active}
        facts = {source: self.months.facts(source) for source in sources}
        curves = read_curves(self.months.folder, sources)
        found = window(active, facts, services=services, view=view, curves=curves)
        return reach.limited(found, active, facts.get(reach.SOURCE, {}), by)

    def source_of(self, provider: str, month: date) -> str | None:
        """Which source answers for a provider's billing month; None where it is not stored."""
        answers = (item.source for item in self._summary.active() if (item.provider, item.month) == (provider, month))
        return next(answers, None)

    def newest_export(self, provider: str) -> Stored | None:
        """The newest stored month of a provider that an export answers for; None where none does."""
        found = [item for item in self._summary.active() if item.provider == provider and item.source != reach.SOURCE]
        return max(found, key=lambda item: item.month, default=None)

    def service_names(self) -> tuple[str, ...]:
        """Every service that has a stored cost, as the bills spell it."""
        return tuple(sorted({name for item in self._summary.active() for name in item.service_names}))

    def account_names(self) -> dict[str, str]:
        """Names of accounts by id: as a bill tells them, else as they were noted."""
        return account_names.read(self.months.folder) | self._summary.account_names()

    def note_account_names(self, names: Mapping[str, str]) -> None:
        """Keep names of accounts that AWS Organizations told, for bills without any."""
        account_names.note(self.months.folder, names)

    def currency(self) -> str | None:
        """The currency of the stored bills; None while nothing is stored."""
        return next(iter(currencies(self._summary.active())), None)

    def tag_keys(self) -> tuple[str, ...]:
        """Tags by which costs are stored."""
        keys = {key for item in self._summary.active() for _, key in item.cuts if key}
        return tuple(sorted(keys | {key for item in self._summary.active() for key in item.tag_keys}))

    def stored(self, start: date, end: date) -> tuple[Stored, ...]:
        """What answers for the days [start, end): each provider's month, from one source, with what it knows."""
        return tuple(item for item in self._summary.active() if item.last >= start and item.first < end)

    @asked_again
    def resources(
        self,
        *,
        start: date,
        end: date,
        view: CostView = CostView.EFFECTIVE,
        where: Mapping[str, str | Collection[str]] | None = None,
    ) -> DataFrame:
        """What each resource's usage cost over the days [start, end): `bot.cost_files.resource_costs`.

        Costs of providers that have no billing export, and so no resources, are not in it.
        """
        months = [item for item in self.stored(start, end) if (Cut.FULL.value, "") in item.cuts]
        return resource_costs(months, start=start, end=end, view=view, where=where)

    @asked_again
    def daily(
        self,
        *,
        by: Sequence[str] = (),
        start: date,
        end: date,
        view: CostView = CostView.EFFECTIVE,
        where: Mapping[str, str | Collection[str]] | None = None,
        usage_only: bool = True,
    ) -> DataFrame:
        """Cost per day and dimension over the days [start, end).

        Args:
            by: any of `service` (canonical key), `service_name`, `account`, `region`, `usage_type`,
                `charge_category`, `provider`, `source`, `tag:<key>`; more than one tag needs a billing export.
            view: effective cost; where a source has none that can be trusted, its billed cost.
            where: the same names and the value (or values) wanted; of the providers and sources that are left out
                nothing need be known.
            usage_only: leave out tax, credits, refunds, support, purchases and unused commitment.
        Returns:
            Columns date (datetime64), *by (text; an unknown one is "unknown", an untagged one ""), cost; sorted. A
            day and key without a charge has no row.
        Raises:
            NotEnoughData: no day is stored, or a source does not know these dimensions together.
        """
        wanted = {name: {value} if isinstance(value, str) else set(value) for name, value in (where or {}).items()}
        names = {*by, *wanted}
        _check(names)
        if not self._summary.active():
            raise EMPTY
        inside = sorted(
            (item for item in self.stored(start, end) if _is_wanted(item, wanted)),
            key=lambda item: (item.source, item.provider, str(item.path)),
        )
        parts = []
        for (source, provider), group in groupby(inside, key=lambda item: (item.source, item.provider)):
            items = list(group)
            cut = _cut(source, items, names, usage_only=usage_only)
            condition = _condition(cut, provider, start, end, wanted, items, usage_only=usage_only)
            asked = {*by, *(name for name in wanted if name not in ("source", "provider"))}
            small = cut is Cut.FULL and all(name in _SUMMED or name.startswith("tag:") for name in asked)
            paths = [str(item.summed if small and item.summed else item.path) for item in items]
            parts.append(_sums(paths, cut, by, condition, view))
        return _together(parts, by)


def _check(names: set[str]) -> None:
    for name in names:
        if name not in COLUMNS and not (name.startswith("tag:") and len(name) > len("tag:")):
            raise ValueError(f"costs are not kept by {name!r}")


def _is_wanted(item: Stored, wanted: Mapping[str, set[str]]) -> bool:
    return item.source in wanted.get("source", {item.source}) and item.provider in wanted.get(
        "provider", {item.provider}
    )


def _tag_key(names: Collection[str]) -> str | None:
    """The tag of a question to Cost Explorer's cuts, which know one at a time."""
    return next((name.removeprefix("tag:") for name in names if name.startswith("tag:")), None)


def _cut(source: str, items: list[Stored], names: set[str], *, usage_only: bool) -> Cut:
    """The cut of a source that answers a question.

    Raises:
        NotEnoughData: there is none, or it was not stored for every month.
    """
    keys = sorted(name.removeprefix("tag:") for name in names if name.startswith("tag:"))
    label = SOURCE_NAMES.get(source, source)
    plain = {name for name in names if not name.startswith("tag:")}
    if any((Cut.FULL.value, "") in item.cuts for item in items):
        cut: Cut | None = Cut.FULL
    elif not usage_only:
        cut = Cut.CHARGE if not keys and plain <= _KNOWS[Cut.CHARGE] else None
    elif keys:
        cut = Cut.TAG if len(keys) == 1 and plain <= _KNOWS[Cut.CHARGE] else None
    else:
        cut = next((cut for cut, known in _KNOWS.items() if plain <= known), None)
    if cut is None:
        what = " and ".join(sorted(names - _ALWAYS)) + ("" if usage_only else " with tax, credits and fees")
        raise NotEnoughData(
            f"{label[0].upper()}{label[1:]} does not give costs by {what} together.",
            "Ask for fewer dimensions, or read a billing export with `costbot ingest focus FILE`.",
        )
    key = next((key for key in keys if not all(item.knows(cut, key) for item in items)), keys[0] if keys else None)
    lacking = [item.month for item in items if not item.knows(cut, key)]
    if lacking and key:
        stored = sorted({tag for item in items for tag in (*item.tag_keys, *(k for _, k in item.cuts if k))})
        raise NotEnoughData(
            f"Costs by tag {key} are not stored for {min(lacking):%B %Y} from {label}; stored: {', '.join(stored)}.",
            "Add it to COSTBOT_TAG_KEYS (on AWS also as a cost allocation tag), then refresh or ingest again.",
        )
    if lacking:
        raise NotEnoughData(
            f"Costs by {' and '.join(sorted(plain))} are not stored for {min(lacking):%B %Y} from {label}.",
            "Run `costbot refresh`, and ask again.",
        )
    return cut


def _value(name: str, cut: Cut) -> Expression:
    """What a row says of a dimension: never NULL."""
    key = _tag_key((name,))
    if key is None:
        return CoalesceOperator(ColumnExpression(COLUMNS[name]), ConstantExpression("unknown"))
    if cut is Cut.FULL:
        return CoalesceOperator(ColumnExpression(tag_column(key)), ConstantExpression(""))
    return CoalesceOperator(ColumnExpression("tag_value"), ConstantExpression(""))


def _condition(
    cut: Cut,
    provider: str,
    start: date,
    end: date,
    wanted: Mapping[str, set[str]],
    items: list[Stored],
    *,
    usage_only: bool,
) -> Expression:
    condition = (
        (ColumnExpression("date") >= ConstantExpression(start))
        & (ColumnExpression("date") < ConstantExpression(end))
        & (ColumnExpression("cut") == ConstantExpression(cut.value))
        & (
            CoalesceOperator(ColumnExpression("provider"), ConstantExpression("unknown"))
            == ConstantExpression(provider)
        )
    )
    if usage_only:
        condition &= ColumnExpression("charge_category") == ConstantExpression(ChargeCategory.USAGE.value)
    for name, values in wanted.items():
        if name in ("source", "provider"):  # the files were chosen by them
            continue
        allowed = values
        if name == "service":
            known = {bill for item in items for bill in item.service_names}
            allowed = {bill for bill in known if service_key(bill) in values}
        constants = [ConstantExpression(value) for value in sorted(allowed)]
        condition &= _value(name, cut).isin(*constants) if constants else ConstantExpression(False)
    key = _tag_key(wanted)
    return condition if key is None or cut is not Cut.TAG else condition & _tagged(key)


def _tagged(key: str) -> Expression:
    return ColumnExpression("tag_key") == ConstantExpression(key)


def _sums(paths: list[str], cut: Cut, by: Sequence[str], condition: Expression, view: CostView) -> DataFrame:
    billed = ColumnExpression("billed_cost")
    cost = billed if view is CostView.BILLED else CoalesceOperator(ColumnExpression("effective_cost"), billed)
    key = _tag_key(by)
    if key is not None and cut is Cut.TAG:
        condition = condition & _tagged(key)
    columns = [f"d{i}" for i in range(len(by))]
    with cursor() as own:
        rows: duckdb.DuckDBPyRelation = own.read_parquet(paths, union_by_name=True).filter(condition)
        chosen = rows.select(
            ColumnExpression("date"),
            *(_value(name, cut).alias(column) for name, column in zip(by, columns, strict=True)),
            cost.alias("cost"),
        )
        frame: DataFrame = chosen.aggregate(", ".join(("date", *columns, "fsum(cost) AS cost"))).df()
    return frame.rename(columns=dict(zip(columns, by, strict=True)))


def _together(parts: list[DataFrame], by: Sequence[str]) -> DataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        empty = {"date": pd.Series(dtype="datetime64[us]"), **{name: pd.Series(dtype="str") for name in by}}
        return DataFrame({**empty, "cost": pd.Series(dtype=float)})
    frame = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    if "service" in by:
        keys = {name: service_key(name) for name in frame["service"].unique()}
        frame = frame.assign(service=frame["service"].map(keys))
    sums = frame.groupby(["date", *by], sort=True)["cost"].sum(min_count=1).reset_index()
    return sums.assign(date=sums["date"].astype("datetime64[us]"))
