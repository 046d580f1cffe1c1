"""Daily costs from FOCUS billing exports (1.0 and later): CSV, gzipped CSV or Parquet, of any provider, by DuckDB.

Columns are found by name. Nulls may be empty or the bare word `NULL`, times may carry a zone or not (then they are
UTC), tags may be JSON text or a map. A file that is cut off, lacks a column or mixes currencies is refused whole.
Source: FinOps Foundation, FOCUS specification.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
from pandas import DataFrame

from analysis.costs import Cut
from bot.collectors.focus_columns import KEYS, MEASURES, PROBLEMS, SUMS, TYPED, as_text, keyed
from bot.cost_files.months import cursor
from bot.errors import CostbotError

SOURCE = "focus"
SUFFIXES = (".csv", ".csv.gz", ".parquet")
DELIMITERS = (",", ";", "\t", "|")
#: A day younger than this may still grow.
FILLING_DAYS = 2


@dataclass(frozen=True, slots=True)
class Bill:
    """One provider's bill to one payer for one month, as the files of a run tell it together."""

    provider: str
    billing_account_id: str
    month: date
    rows: int
    first_day: date
    last_day: date
    billed: float
    #: Why the effective cost cannot be used; None when it can.
    distrust: str | None
    #: Chosen tags that at least one row carries.
    tagged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """What the files of a run say.

    `frame` has the columns of the daily cost table (tags as JSON text) and `billing_month`.
    """

    bills: tuple[Bill, ...]
    frame: DataFrame


def read(files: Sequence[Path], tag_keys: Sequence[str], *, today: date) -> Export:
    """All files of a run, summed per day.

    Args:
        files: CSV (`.csv`, `.csv.gz`) or Parquet files.
        tag_keys: tags that are kept; "" where a row has none.
        today: the last days before it are marked as estimated.
    Raises:
        CostbotError: the first problem, in one sentence that names the file and the column.
    """
    parts = [_daily(path, tag_keys) for path in files]
    first = files[0].name if files else ""
    _one_currency(parts, [path.name for path in files])
    counts = ["lines", "without_effective", "exact_effective", "exact_billed"]
    together = pd.concat(parts, ignore_index=True) if parts else DataFrame(columns=[*KEYS, *SUMS, *counts])
    if together.empty:
        raise CostbotError(f"{first} has no rows.", "Export it again; nothing was stored.")
    grouped = together.groupby(list(KEYS), dropna=False, sort=True)
    frame = pd.concat([grouped[list(SUMS)].sum(min_count=1), grouped[counts].sum()], axis=1).reset_index()
    bills, rows = [], []
    for _, group in frame.groupby(["provider", "billing_account_id", "billing_month"], sort=True):
        bill = _bill(group, tag_keys)
        bills.append(bill)
        rows.append(group.assign(effective_cost=float("nan")) if bill.distrust else group)
    newest = pd.Timestamp(today - timedelta(days=FILLING_DAYS))
    table = pd.concat(rows, ignore_index=True).drop(columns=counts)
    table = table.assign(source=SOURCE, cut=Cut.FULL.value, estimated=pd.to_datetime(table["date"]) > newest)
    return Export(tuple(bills), table)


def _daily(path: Path, tag_keys: Sequence[str]) -> DataFrame:
    """One file's sums per day and everything else that is kept."""
    with cursor() as own:
        try:
            own.execute("SET TimeZone = 'UTC'")
            rows = _rows(own, path)
            expressions, missing = as_text(dict(zip(rows.columns, map(str, rows.types), strict=True)))
            if missing:
                raise CostbotError(
                    f"{path.name} has no column {missing[0]}.", "Export FOCUS with all its columns; nothing was stored."
                )
            typed = rows.project(expressions).project(TYPED).project(keyed(tag_keys))
            groups = ", ".join(KEYS)
            frame: DataFrame = typed.aggregate(f"{groups}, {MEASURES}", groups).df()
        except duckdb.Error as error:
            raise _unreadable(path, error) from error
    for problem, column in PROBLEMS.items():
        count = int(frame[problem].sum())
        if count:
            raise CostbotError(
                f"{path.name} has {count} row{'s' if count > 1 else ''} whose {column} is empty or cannot be read.",
                "Export it again; nothing was stored.",
            )
    return frame.drop(columns=list(PROBLEMS))


def _rows(own: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    if path.name.endswith(".parquet"):
        return own.read_parquet([str(path)])
    header, delimiter = _header(path)
    return own.read_csv(
        str(path),
        header=True,
        columns=dict.fromkeys(header, "VARCHAR"),
        auto_detect=False,
        delimiter=delimiter,
        quotechar='"',
        escapechar='"',
    )


def _header(path: Path) -> tuple[list[str], str]:
    """A CSV file's column names and its delimiter."""
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
                line = lines.readline()
        else:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                line = lines.readline()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CostbotError(f"{path.name} cannot be read: {error}.", "Export it again; nothing was stored.") from error
    if not line.strip():
        raise CostbotError(f"{path.name} has no header line.", "Export it again; nothing was stored.")
    delimiter = max(DELIMITERS, key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CostbotError(f"{path.name} has the column {twice[0]} twice.", "Export it again; nothing was stored.")
    return names, delimiter


def _unreadable(path: Path, error: duckdb.Error) -> CostbotError:
    line = re.search(r"Line: (\d+)", str(error))
    where = f" at line {line[1]}" if line else ""
    return CostbotError(
        f"{path.name} is damaged or cut off{where}.", "Copy or export it again; nothing of this run was stored."
    )


def _one_currency(parts: Sequence[DataFrame], names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for part, name in zip(parts, names, strict=True):
        for currency in sorted(part["currency"].dropna().unique()):
            seen.setdefault(str(currency), name)
    if len(seen) > 1:
        (one, first), (two, second) = list(seen.items())[:2]
        where = first if first == second else f"{first} and {second}"
        raise CostbotError(
            f"{where}: column BillingCurrency says {one} and {two}.",
            "Ingest one currency into one data directory; nothing was stored.",
        )


def _bill(rows: DataFrame, tag_keys: Sequence[str]) -> Bill:
    first = rows.iloc[0]
    distrust = None
    if rows["without_effective"].sum():
        distrust = "is empty in some rows"
    elif rows["exact_billed"].sum() and not rows["exact_effective"].sum():
        distrust = "is rounded to whole units of money while BilledCost is not"
    return Bill(
        provider=str(first["provider"]),
        billing_account_id=str(first["billing_account_id"]),
        month=pd.Timestamp(first["billing_month"]).date(),
        rows=int(rows["lines"].sum()),
        first_day=pd.Timestamp(rows["date"].min()).date(),
        last_day=pd.Timestamp(rows["date"].max()).date(),
        billed=float(rows["billed_cost"].sum()),
        distrust=distrust,
        tagged=tuple(key for key in sorted(set(tag_keys)) if _carries(rows["tags"], key)),
    )


def _carries(tags: pd.Series[str], key: str) -> bool:
    empty = re.compile(re.escape(_json_key(key)) + r':""')
    return not all(empty.search(text) for text in tags.unique())


def _json_key(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
