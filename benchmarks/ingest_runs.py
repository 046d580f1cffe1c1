"""One measured run of `benchmarks.ingest` in a process of its own: `python -m benchmarks.ingest_runs NAME EXPORT DATA`.

Prints JSON: seconds of the work itself, without starting Python and importing, those of all its threads on a processor,
and the process's peak memory.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

#: The day on which everything runs: the newest month of the export is just over.
NOW = datetime(2025, 11, 4, 10, 0, tzinfo=UTC)
SCAN = """
    select cast(ChargePeriodStart as date), ServiceName, SubAccountId, Tags['team'], sum(BilledCost), sum(EffectiveCost)
    from read_parquet($files, hive_partitioning = false) group by 1, 2, 3, 4
"""
#: The same grouping as the rollups write theirs: Trino's dialect, dollars as whole ten-billionths.
GROUPING = """
    SELECT
        CAST(ChargePeriodStart AS date) AS date, ServiceName AS service_name, SubAccountId AS sub_account_id,
        element_at(Tags, 'team') AS team,
        CAST(sum(CAST(round(BilledCost * 1e10) AS bigint)) AS double) / 1e10 AS billed_cost,
        CAST(sum(CAST(round(EffectiveCost * 1e10) AS bigint)) AS double) / 1e10 AS effective_cost
    FROM lines GROUP BY 1, 2, 3, 4
"""


def scan(export: Path, data: Path) -> dict[str, Any]:
    """The query that everything is measured against."""
    import duckdb

    from bot.cost_files.database import MOST_THREADS

    connection = duckdb.connect(config={"threads": min(os.cpu_count() or 1, MOST_THREADS)})
    files = [str(file) for file in _files(export)]
    took, result = _timed(lambda: connection.sql(SCAN, params={"files": files}).materialize())
    return {**took, "groups": len(result)}


def grouping(export: Path, data: Path) -> dict[str, Any]:
    """The rollup of exactly the scan's grouping, read as exports are read and stored as months are stored."""
    from bot.cost_files.database import PARQUET, heavy
    from bot.cost_files.replacing import swap
    from bot.engines.dialects import translated
    from bot.engines.duckdb_columns import relation, text

    data.mkdir(parents=True, exist_ok=True)

    def run() -> None:
        connection = heavy(data)
        for file in _files(export):
            relation(connection, "focus", [file])
            query = translated(GROUPING, "duckdb")
            target = data / f"{file.parent.name[-7:]}.parquet"
            swap(
                target,
                lambda fresh, query=query: connection.execute(f"COPY ({query}) TO {text(str(fresh))} ({PARQUET})"),
            )
        connection.close()

    return {**_timed(run)[0], "bytes": _size(data)}


def daily(export: Path, data: Path) -> dict[str, Any]:
    """The whole workflow of `costbot ingest focus`, rollup (a) alone."""
    return _ingest(export, data, detail_months=0)


def full(export: Path, data: Path) -> dict[str, Any]:
    """The whole workflow as it comes, by resource and by hour too for the newest months."""
    return _ingest(export, data)


def again(export: Path, data: Path) -> dict[str, Any]:
    """The workflow after the newest month was delivered anew."""
    newest = _files(export)[-1]
    stamp = time.time_ns()
    os.utime(newest, ns=(stamp, stamp))
    return _ingest(export, data, detail_months=0)


def trend(export: Path, data: Path) -> dict[str, Any]:
    """The query behind `/cost trend`, and the whole answer, each the median of several."""
    from analysis.movers import periods
    from bot.commands import Request, find

    with _Bot(data) as context:
        window = context.costs.window()
        now, before = periods(30, window.complete_until, window.first_day)
        asked = lambda: context.costs.daily(by=("service",), start=before.start, end=now.end)  # noqa: E731
        rows = len(asked())
        request = Request("trend", (), "U0BEN", "C0COSTS")
        answer = lambda: find("trend").answer(request, context)  # noqa: E731
        return {**_median(asked, 15), "answer": _median(answer, 7), "rows": rows}


def _ingest(export: Path, data: Path, **settings: Any) -> dict[str, Any]:
    from bot.exports.local import LocalPlace
    from bot.workflows.ingest import ingest

    with _Bot(data, **settings) as context:
        took, result = _timed(lambda: ingest(context, "focus", LocalPlace([export])))
    return {**took, "rows": result.rows, "bytes": _size(data)}


class _Bot:
    """The bot's context on a data directory, on the day of the benchmark."""

    def __init__(self, data: Path, **settings: Any) -> None:
        from bot.app import build_context
        from bot.settings import load_settings

        offset = (NOW - datetime.now(UTC)) / timedelta(seconds=1)
        self._context = build_context(load_settings(data_dir=data, clock_offset=offset, **settings), with_slack=False)

    def __enter__(self) -> Any:
        return self._context

    def __exit__(self, *_: object) -> None:
        self._context.work.close(0)
        self._context.store.close()


def _files(export: Path) -> list[Path]:
    return sorted(export.rglob("*.parquet"))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.parquet"))


def _timed(run: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    gc.collect()
    begun, worked = time.perf_counter(), time.process_time()
    result = run()
    return {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - worked}, result


def _median(run: Callable[[], Any], times: int) -> dict[str, float]:
    run()
    took = [_timed(run)[0] for _ in range(times)]
    return {name: statistics.median(one[name] for one in took) for name in ("seconds", "cpu")}


def _peak_mb() -> float:
    """Most memory this process ever held, from the kernel's own books."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes) / 1024


RUNS = {run.__name__: run for run in (scan, grouping, daily, full, again, trend)}


def main() -> None:
    name, export, data = sys.argv[1:]
    print(json.dumps({**RUNS[name](Path(export), Path(data)), "peak_mb": _peak_mb()}))


if __name__ == "__main__":
    main()
