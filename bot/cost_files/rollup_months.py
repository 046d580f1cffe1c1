"""A billing month from the rollups of an export: surveyed, put in place by rename, and summed once more for questions.

Beside a month's rows lies a small file that sums them by day, service, account and tag: most questions are answered
from it, and it does not grow with the export. It is taken away before the month is replaced and made again after, so
that a process killed in between leaves a slower month, never a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from analysis.costs import DAILY_COSTS, ChargeCategory
from analysis.rollups import SCALE, TAG_PREFIX, tag_of
from bot.cost_files.database import PARQUET
from bot.cost_files.replacing import swap

#: What a row of the small file is told apart by, besides the tags.
SUMMED_BY = (
    "date", "source", "cut", "provider", "charge_category", "service_name", "sub_account_id", "currency", "estimated",
)  # fmt: skip
SUMMED = "summed"
#: Share of a quantity that adding it up in another order may move.
NOISE = 1e-9


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
    currency: str
    #: Why the effective cost cannot be used; None when it can.
    distrust: str | None
    #: Chosen tags that at least one row carries.
    tagged: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Whose bill it is."""
        return self.provider, self.billing_account_id


@dataclass(frozen=True, slots=True)
class Survey:
    """What the rollups of a part hold: its bills, and how many lines have something that cannot be read, by what."""

    bills: tuple[Bill, ...]
    problems: Mapping[str, int]
    currencies: tuple[str, ...]


def survey(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> Survey:
    """Look over daily rollups.

    Args:
        parts: files as `daily.sql` gives them, of any months.
    """
    files = scan(parts)
    names = [name for name in _columns(connection, files) if tag_of(name) is not None]
    carried = ", ".join(f"bool_or({_quoted(name)} <> '') AS c{number}" for number, name in enumerate(names))
    usage = f"charge_category = '{ChargeCategory.USAGE.value}'"
    rows = connection.execute(
        f"""
        SELECT provider, billing_account_id, billing_month, sum(lines), min(date), max(date), fsum(billed_cost),
            list(DISTINCT currency ORDER BY currency), sum(effective_lines) < sum(lines),
            bool_or({usage} AND {_broken("billed_cost")}) AND NOT bool_or({usage} AND {_broken("effective_cost")}),
            sum(lines - billed_lines), sum(lines) FILTER (WHERE date IS NULL),
            sum(lines) FILTER (WHERE currency IS NULL), sum(lines) FILTER (WHERE charge_category IS NULL)
            {", " + carried if carried else ""}
        FROM {files} GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    problems = {
        "BillingPeriodStart": sum(int(row[3]) for row in rows if row[2] is None),
        "BilledCost": sum(int(row[10] or 0) for row in rows),
        "ChargePeriodStart": sum(int(row[11] or 0) for row in rows),
        "BillingCurrency": sum(int(row[12] or 0) for row in rows),
        "ChargeCategory": sum(int(row[13] or 0) for row in rows),
    }
    currencies = tuple(sorted({unit for row in rows for unit in row[7] if unit}))
    bills = () if any(problems.values()) else tuple(_bill(row, names) for row in rows)
    return Survey(bills, problems, currencies)


def _bill(row: tuple[Any, ...], tags: Sequence[str]) -> Bill:
    distrust = None
    if row[8]:
        distrust = "is empty in some rows"
    elif row[9]:
        distrust = "is rounded to whole units of money while BilledCost is not"
    tagged = tuple(key for name, carries in zip(tags, row[14:], strict=True) if carries and (key := tag_of(name)))
    return Bill(row[0], row[1], row[2], int(row[3]), row[4], row[5], float(row[6]), row[7][0], distrust, tagged)


def _broken(column: str) -> str:
    """Whether an amount is not a whole number of dollars."""
    return f"abs({column} - round({column})) > 1.0 / {SCALE // 10}"


def place(
    connection: duckdb.DuckDBPyConnection, path: Path, parts: Sequence[Path], bills: Sequence[Bill], month: date
) -> bool:
    """Put a month's bills in place of what is stored of them; the bills of others stay.

    Args:
        path: the stored month.
        parts: daily rollups; rows of other months in them are left out.
        bills: the bills of this month that they hold.
    Returns:
        whether any row changed; if none did, no byte does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    ready = _is_the_month(connection, path, parts, bills, month)
    changed = True

    def write(target: Path) -> None:
        nonlocal changed
        if ready:
            parts[0].replace(target)
        else:
            text = _assembled(connection, path, parts, bills, month)
            connection.execute(f"COPY ({text}) TO {sql_text(str(target))} ({PARQUET})")
        changed = not path.exists() or not _is_same(connection, target, path)

    small = summed_path(path)
    swap(path, write, wanted=lambda: changed, before=lambda: small.unlink(missing_ok=True))
    if changed or not small.exists():
        sum_up(connection, path)
    return changed


def days_of(
    connection: duckdb.DuckDBPyConnection, path: Path, bills: Sequence[Bill]
) -> dict[tuple[str, str], tuple[date, date]]:
    """The first and last stored day of each of these bills."""
    if not path.exists():
        return {}
    rows = connection.execute(
        f"SELECT provider, billing_account_id, min(date), max(date) FROM {scan([path])} "
        f"WHERE {of_bills([bill.key for bill in bills])} GROUP BY ALL"
    ).fetchall()
    return {(provider, payer): (first, last) for provider, payer, first, last in rows}


def summed_path(path: Path) -> Path:
    """Where the small file of a month lies."""
    return path.parent / SUMMED / path.name


def sum_up(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make a month's small file."""
    target = summed_path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    tags = [_quoted(name) for name in _columns(connection, scan([path])) if tag_of(name) is not None]
    keys = ", ".join((*SUMMED_BY, *tags))
    measures = ", ".join(f"fsum({name}) AS {name}" for name in ("billed_cost", "effective_cost", "list_cost"))
    text = (
        f"SELECT {keys}, any_value(sub_account_name) AS sub_account_name, max(hours_seen) AS hours_seen, {measures} "
        f"FROM {scan([path])} GROUP BY ALL"
    )
    swap(target, lambda fresh: connection.execute(f"COPY ({text}) TO {sql_text(str(fresh))} ({PARQUET})"))


def _is_the_month(
    connection: duckdb.DuckDBPyConnection, path: Path, parts: Sequence[Path], bills: Sequence[Bill], month: date
) -> bool:
    """Whether one part is the whole month already, so that nothing needs to be written again."""
    if len(parts) != 1 or any(bill.distrust for bill in bills) or (path.exists() and _keeps(connection, path, bills)):
        return False
    found = connection.execute(f"SELECT bool_and(billing_month = DATE '{month}') FROM {scan(parts)}").fetchone()
    return bool(found and found[0])


def _assembled(
    connection: duckdb.DuckDBPyConnection, path: Path, parts: Sequence[Path], bills: Sequence[Bill], month: date
) -> str:
    distrusted = [bill.key for bill in bills if bill.distrust]
    effective = "effective_cost"
    if distrusted:
        effective = f"CASE WHEN {of_bills(distrusted)} THEN NULL ELSE effective_cost END AS effective_cost"
    columns = _columns(connection, scan(parts))
    tags = [_quoted(name) for name in columns if name.startswith(TAG_PREFIX)]
    given = {"effective_cost": effective}
    fresh = ", ".join((*(_column(name, columns, given) for name in DAILY_COSTS), *tags))
    text = f"SELECT {fresh} FROM {scan(parts)} WHERE billing_month = DATE '{month}'"
    if path.exists():
        stored = _columns(connection, scan([path]))
        if _keeps(connection, path, bills):
            tagged = [_quoted(name) for name in stored if tag_of(name) is not None]
            kept = ", ".join((*(_column(name, stored, {}) for name in DAILY_COSTS), *tagged))
            text += (
                f" UNION ALL BY NAME SELECT {kept} FROM {scan([path])} "
                f"WHERE NOT ({of_bills([bill.key for bill in bills])})"
            )
    return text


def _keeps(connection: duckdb.DuckDBPyConnection, path: Path, bills: Sequence[Bill]) -> bool:
    found = connection.execute(
        f"SELECT count(*) FROM {scan([path])} WHERE NOT ({of_bills([bill.key for bill in bills])})"
    ).fetchone()
    return bool(found and found[0])


def _column(name: str, present: Sequence[str], given: Mapping[str, str]) -> str:
    if name in given:
        return given[name]
    return name if name in present else f"CAST(NULL AS {DAILY_COSTS[name]}) AS {name}"


def _is_same(connection: duckdb.DuckDBPyConnection, one: Path, other: Path) -> bool:
    """Whether two months say the same, whatever the order of their rows.

    The order of additions moves the last digits of a quantity, more of them the larger it is, so quantities may differ
    by a billionth.
    """
    files, others = scan([one]), scan([other])
    names = _columns(connection, files)
    if names != _columns(connection, others):
        return False
    values = ", ".join("quantity IS NULL" if name == "quantity" else _quoted(name) for name in names)
    whole = f"SELECT count(*), sum(hash({values})::HUGEINT) FROM"
    if connection.execute(f"{whole} {files}").fetchone() != connection.execute(f"{whole} {others}").fetchone():
        return False
    if "quantity" not in names:
        return True
    grouped = f"SELECT hash({values}) AS row, fsum(quantity) AS sum FROM"
    found = connection.execute(
        f"SELECT count(*) FROM ({grouped} {files} GROUP BY 1) AS a JOIN ({grouped} {others} GROUP BY 1) AS b USING (row)"
        f" WHERE a.sum <> b.sum AND abs(a.sum - b.sum) > {NOISE} * greatest(1, abs(a.sum), abs(b.sum))"
    ).fetchone()
    return found == (0,)


def of_bills(keys: Sequence[tuple[str, str]]) -> str:
    """A condition that holds for the rows of some providers' bills to some payers."""
    pairs = ", ".join(f"({sql_text(provider)}, {sql_text(payer)})" for provider, payer in sorted(set(keys)))
    return f"(provider, billing_account_id) IN ({pairs})"


def scan(parts: Sequence[Path]) -> str:
    """What stands behind FROM to read rollups or stored months."""
    listed = ", ".join(sql_text(str(part)) for part in parts)
    return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"


def _columns(connection: duckdb.DuckDBPyConnection, files: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def sql_text(value: str) -> str:
    """A value as a literal."""
    return "'" + value.replace("'", "''") + "'"
