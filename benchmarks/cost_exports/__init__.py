"""A large FOCUS 1.2-like billing export, generated: any number of rows, the same ones for the same arguments.

One organisation of 50 accounts, its payer among them: resources are born all the time, live for some weeks, and a line
item is one of them in one hour. Everything is drawn in DuckDB from hashes of (seed, month, row number). More rows are
more line items of the same organisation, unless `resources` grows with them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

from benchmarks.cost_exports.line_items import days, line_items
from benchmarks.cost_exports.organisation import create_organisation

__all__ = ["write", "facts", "months"]

#: The newest of the 13 months; fixed, so that the files do not depend on the day they are written.
NEWEST = date(2025, 10, 1)
MONTHS = 13


def months(newest: date = NEWEST, count: int = MONTHS) -> list[date]:
    """The first days of the months, oldest first."""
    found = [newest]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def write(
    out: Path,
    rows: int,
    *,
    seed: int = 1,
    resources: int = 40_000,
    newest: date = NEWEST,
    count: int = MONTHS,
    threads: int = 2,
    memory_limit: str = "1GB",
) -> list[Path]:
    """Write `rows` line items as one Parquet file a month, in folders as AWS Data Exports names them.

    Args:
        out: a folder; files of the same names are replaced.
        resources: how many resources live in the whole time.
        newest: first day of the newest month.
        count: how many months.
        threads: the rows are the same with any number.
    Returns:
        the files, oldest first.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(f"SET threads = {int(threads)}")
        database.execute("SET memory_limit = $limit", {"limit": memory_limit})
        database.execute("SET temp_directory = $folder", {"folder": spill})
        every = months(newest, count)
        hours = [24 * days(month) for month in every]
        create_organisation(database, seed=seed, resources=resources, hours=sum(hours))
        shares = _shares(rows, hours)
        for index, (month, share) in enumerate(zip(every, shares, strict=True)):
            path = out / f"BILLING_PERIOD={month:%Y-%m}" / "focus-00001.parquet"
            path.parent.mkdir(exist_ok=True)
            query = line_items(month, share, seed=seed, past=sum(hours[:index]), resources=resources, hours=sum(hours))
            # ROW_GROUP_SIZE bounds what each thread holds, and is what exports of this size are read by.
            database.execute(
                f"COPY ({query}) TO '{path.as_posix()}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )
            written.append(path)
    return written


def _shares(rows: int, hours: Sequence[int]) -> list[int]:
    """Rows a month, by its length; they add up to `rows`."""
    edges = [rows * sum(hours[:index]) // sum(hours) for index in range(len(hours) + 1)]
    return [high - low for low, high in pairwise(edges)]


def facts(files: Sequence[Path]) -> str:
    """A line that describes what was written: columns, series, groups."""
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        source = database.read_parquet([file.as_posix() for file in files])
        columns = len(source.columns)
        series, services, accounts, usage_types, resources, named = source.aggregate(
            """count(DISTINCT (ServiceName, SubAccountId, Tags['team'])), count(DISTINCT ServiceName),
            count(DISTINCT SubAccountId), count(DISTINCT SkuMeter), count(DISTINCT ResourceId),
            count(ResourceId) / count(*)"""
        ).fetchall()[0]
    return (
        f"{columns} columns, {services} services, {accounts} accounts, {series:,} (service, account, team) series, "
        f"{usage_types} usage types, {resources:,} resources on {named:.0%} of the rows"
    )
