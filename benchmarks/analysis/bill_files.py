"""A daily billing CSV as `date, key, cost`, from wherever: long, wide as Cost Explorer's costs.csv, or FOCUS."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.frame_columns import calendar_days

#: Names of columns by what they hold, in small letters and digits only, the likeliest first.
DATES = (
    "date", "day", "usagedate", "chargeperiodstart", "lineitemusagestartdate", "usagestartdate", "usagestarttime",
    "billingdate", "startdate", "start", "timestamp", "time",
)  # fmt: skip
KEYS = (
    "key", "service", "servicename", "lineitemproductcode", "productcode", "productname", "product",
    "servicedescription", "metercategory", "consumedservice", "subaccountname", "subaccountid",
    "lineitemusageaccountid", "linkedaccount", "account", "accountid", "category", "resource", "name",
)  # fmt: skip
COSTS = (
    "cost", "effectivecost", "billedcost", "lineitemunblendedcost", "unblendedcost", "lineitemnetunblendedcost",
    "amortizedcost", "netamortizedcost", "blendedcost", "costinbillingcurrency", "pretaxcost", "amount", "charge",
    "spend", "total", "price",
)  # fmt: skip

#: What ends a service's name in Cost Explorer's file, and what columns and rows there are called that sum others up.
_DOLLARS = re.compile(r"\s*\([^()]{1,4}\)$")
_SUM = re.compile(r".*total(costs?)?")

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")

#: First bytes of what is often given for a CSV.
_OTHERS = {b"PAR1": "Parquet", b"PK\x03\x04": "a workbook or an archive", b"%PDF": "a PDF"}

#: Ways to write a day that is not ISO. Of two that fit all rows none is taken.
_FORMATS = ("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")

#: FOCUS columns that say more than the three.
_CATEGORY, _CURRENCY = "chargecategory", "billingcurrency"


class BadBill(ValueError):
    """A file that cannot be read as a daily bill, in one sentence with the next step."""


@dataclass(frozen=True, slots=True)
class Bill:
    """`daily` has the columns date (datetime64), key and cost, a row per day and key; `read_as` says what was read."""

    daily: pd.DataFrame
    read_as: str


def read_bill(path: Path, *, date: str = "", key: str = "", cost: str = "") -> Bill:
    """Read a file.

    Args:
        path: a CSV, perhaps gzipped; separated by commas, semicolons or tabs.
        date, key, cost: names of its columns; what is not given is found by its name.
    Raises:
        BadBill: it cannot be read.
    """
    rows, separator = _rows(path)
    names = {_plain(column): column for column in rows.columns}
    for column in (date, key, cost):
        if column and column not in rows.columns:
            raise BadBill(f"{path.name} has no column {column!r}; it has {_listed(rows.columns)}.")
    when = date or _first(names, DATES)
    amount = cost or _cost_column(rows, names)
    if when and amount and not _is_wide(rows, when, amount, cost):
        what = key or _first(names, KEYS, other_than=(when, amount))
        return _long(path, rows, separator, when, what, amount)
    if not cost:
        wide = _wide(path, rows, separator, when or str(rows.columns[0]), is_named=bool(when))
        if wide is not None:
            return wide
    missing = "a date" if not when else "a cost"
    raise BadBill(
        f"{path.name} has no column that is clearly {missing}; it has {_listed(rows.columns)}: "
        "name them with --date, --key and --cost."
    )


def _rows(path: Path) -> tuple[pd.DataFrame, str]:
    """All cells as text."""
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError) as error:
        raise BadBill(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    kind = _OTHERS.get(raw[:4])
    if kind:
        raise BadBill(f"{path.name} is {kind} and no CSV; save it as CSV.")
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadBill(f"{path.name} is no UTF-8 text (byte {error.start}); save it as CSV in UTF-8.") from error
    head = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    if not head.strip():
        raise BadBill(f"{path.name} is empty.")
    try:
        rows = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, skip_blank_lines=True)
    except (pd.errors.ParserError, csv.Error) as error:
        raise BadBill(f"{path.name} is no table: {str(error).strip()}.") from error
    rows.columns = [str(column).strip() for column in rows.columns]
    if rows.empty:
        raise BadBill(f"{path.name} has a head of columns and no rows.")
    return rows, separator


def _long(path: Path, rows: pd.DataFrame, separator: str, when: str, what: str, amount: str) -> Bill:
    names = {_plain(column): column for column in rows.columns}
    if _CURRENCY in names:
        units = sorted(set(rows[names[_CURRENCY]].str.strip()) - {""})
        if len(units) > 1:
            raise BadBill(f"{path.name} is in {' and '.join(units)}; leave the rows of one currency.")
    known = rows[rows[amount].str.strip() != ""]
    key = known[what].str.strip().replace("", "(none)") if what else pd.Series("total", index=known.index)
    if _CATEGORY in names:
        category = known[names[_CATEGORY]].str.strip()
        # Tax and credits are no usage of a service: a key of their own.
        key = key.where(category.isin(["", "Usage"]), key + " – " + category)
    day, dollars = _days(path, known[when], when), _dollars(path, known[amount], amount, separator)
    by = f"{when} and {what}" if what else f"{when} alone"
    return _summed(path, day, key, dollars, f"{amount} by {by}")


def _is_wide(rows: pd.DataFrame, when: str, amount: str, cost: str) -> bool:
    """Whether the column of costs is but one of many, such as a total."""
    others = [column for column in rows.columns if column not in (when, amount)]
    many = len(others) > 1 and all(_are_numbers(rows[column]) for column in others)
    return not cost and many and len(set(rows[when])) == len(rows)


def _wide(path: Path, rows: pd.DataFrame, separator: str, when: str, *, is_named: bool) -> Bill | None:
    """A date column and a column per key; None where it is none such."""
    others = [column for column in rows.columns if column != when and not _SUM.fullmatch(_plain(column))]
    days = rows[~rows[when].map(lambda cell: _plain(cell) == "" or _SUM.fullmatch(_plain(cell)) is not None)]
    if not others or days.empty or not all(_are_numbers(days[column]) for column in others):
        return None
    try:
        day = _days(path, days[when], when)
    except BadBill:
        if is_named:
            raise
        return None
    frames = [
        (day, pd.Series(_name(column), index=days.index), _dollars(path, days[column], column, separator))
        for column in others
    ]
    day, key, dollars = (pd.concat(part, ignore_index=True) for part in zip(*frames, strict=True))
    known = dollars.notna()
    return _summed(path, day[known], key[known], dollars[known], f"a column for each of {len(others)} keys")


def _summed(path: Path, day: pd.Series, key: pd.Series, dollars: pd.Series, read_as: str) -> Bill:
    daily = pd.DataFrame({"date": day.to_numpy(), "key": key.to_numpy(), "cost": dollars.to_numpy(dtype=float)})
    daily = daily.groupby(["date", "key"], as_index=False, sort=True)["cost"].sum()
    days = daily["date"].drop_duplicates()
    if len(days) > 1 and days.diff().median() > pd.Timedelta(days=1):
        apart = int(days.diff().median() / pd.Timedelta(days=1))
        raise BadBill(f"{path.name} has one day in {apart}, daily costs are needed: download it by day.")
    if daily.empty:
        raise BadBill(f"{path.name} has no row with a cost.")
    return Bill(daily, read_as)


def _cost_column(rows: pd.DataFrame, names: dict[str, str]) -> str:
    """By name; of FOCUS the effective cost, unless the file leaves it empty."""
    found = (names[name] for name in COSTS if name in names)
    return next((column for column in found if (rows[column].str.strip() != "").any()), "")


def _first(names: dict[str, str], wanted: Sequence[str], other_than: Sequence[str] = ()) -> str:
    return next((names[name] for name in wanted if name in names and names[name] not in other_than), "")


def _plain(column: object) -> str:
    return re.sub(r"[^a-z0-9]", "", _DOLLARS.sub("", str(column)).lower())


def _name(column: str) -> str:
    """Of a service, without the unit."""
    return _DOLLARS.sub("", column).strip() or column


def _are_numbers(cells: pd.Series) -> bool:
    some = cells.str.strip()
    some = some[some != ""].head(50)
    return bool(some.map(lambda cell: _NUMBER.fullmatch(_bare(cell.replace(",", ""))) is not None).all())


def _days(path: Path, cells: pd.Series, column: str) -> pd.Series:
    text = cells.str.strip()
    try:
        days = calendar_days(text)
    except ValueError:
        days = None
    if days is not None:
        return pd.Series(pd.to_datetime(days, unit="D"), index=cells.index)
    read = {form: pd.to_datetime(text, format=form, errors="coerce") for form in _FORMATS}
    whole = {form: days for form, days in read.items() if days.notna().all()}
    if len(whole) == 1:
        return next(iter(whole.values()))
    if whole:
        raise BadBill(f"{path.name}: {text.iloc[0]!r} in {column} may be of two days; write dates as 2026-03-31.")
    best = max(read.values(), key=lambda days: int(days.notna().sum()))
    if not best.notna().any():
        best = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
    wrong = text[best.isna()]
    row, cell = (wrong.index[0], wrong.iloc[0]) if len(wrong) else (text.index[0], text.iloc[0])
    raise BadBill(f"{path.name}: row {row + 2} has {cell!r} in {column}, which is no day; write dates as 2026-03-31.")


def _dollars(path: Path, cells: pd.Series, column: str, separator: str) -> pd.Series:
    """Costs; NaN for an empty cell. A comma is a decimal one where cells are not separated by commas."""
    text = cells.str.strip()
    comma = text.str.contains(",", regex=False)
    if separator == ";" and comma.any():
        # A point without a comma may be either there: it stays and is no amount.
        point = text.str.contains(".", regex=False) & ~comma
        text = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False).where(~point, "?")
    plain = text.map(_bare).str.replace(_THOUSANDS, "", regex=True)
    values = pd.to_numeric(plain.where(plain != ""), errors="coerce").astype(float)
    wrong = cells[(values.isna() & (plain != "")) | values.abs().eq(float("inf"))]
    if len(wrong):
        raise BadBill(
            f"{path.name}: row {wrong.index[0] + 2} has {wrong.iloc[0]!r} in {column}, which is no amount; "
            "write costs as 1234.56."
        )
    return values


def _bare(cell: str) -> str:
    """An amount without its currency; in brackets it is negative."""
    bare = cell.strip()
    negative = bare.startswith("(") and bare.endswith(")")
    bare = re.sub(r"^([-+]?)\s*(?:[$€£¥]|[A-Z]{3})\s*", r"\1", bare.strip("()"))
    bare = re.sub(r"\s*(?:[€£¥]|[A-Z]{3})$", "", bare).strip()
    return f"-{bare}" if negative else bare


def _listed(columns: Sequence[object]) -> str:
    names = ", ".join(str(column) for column in list(columns)[:12])
    return names + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
