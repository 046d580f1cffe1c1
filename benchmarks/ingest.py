"""What ingesting a large export costs, against one scan of it: `python -m benchmarks.ingest`.

Everything is measured in one run, each time in a process of its own, in turns, on files that the kernel has read
before; medians. The scan is DuckDB's query of the same files by day, service, account and team, with the same threads.
On a machine that others use too, look at the second ratio: seconds on a processor instead of seconds on the clock.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cost_exports import facts, write

ROOT = Path(__file__).parent.parent
#: How often each of the runs that are compared is repeated.
ROUNDS = 5

Run = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table; `limit` is what it must not exceed, None where nothing is promised."""

    what: str
    value: str
    ratio: float | None
    cpu_ratio: float | None
    limit: float | None

    @property
    def line(self) -> str:
        promised = "" if self.limit is None else f"≤ {self.limit:g} ×"
        return f"| {self.what} | {self.value} | {_times(self.ratio)} | {_times(self.cpu_ratio)} | {promised} |"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.3f} ×" if ratio < 0.1 else f"{ratio:.2f} ×"


def measured(name: str, export: Path, data: Path) -> Run:
    """One run in a fresh process.

    Raises:
        RuntimeError: it failed; the message is what it said.
    """
    command = [sys.executable, "-m", "benchmarks.ingest_runs", name, str(export), str(data)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{name} failed: {ended.stderr}")
    run: Run = json.loads(ended.stdout.splitlines()[-1])
    return run


def in_turns(names: Sequence[str], export: Path, folder: Path, rounds: int) -> dict[str, Run]:
    """Each run `rounds` times, in turns, always into an empty folder; medians, and the highest peak of memory."""
    found: dict[str, list[Run]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            data = folder / name
            shutil.rmtree(data, ignore_errors=True)
            found[name].append(measured(name, export, data))
            print(f"  {name} {number + 1}: {found[name][-1]['seconds']:.2f} s", file=sys.stderr)
    return {name: _median(runs) for name, runs in found.items()}


def _median(runs: Sequence[Run]) -> Run:
    return {
        **runs[-1],
        "seconds": statistics.median(run["seconds"] for run in runs),
        "cpu": statistics.median(run["cpu"] for run in runs),
        "peak_mb": max(run["peak_mb"] for run in runs),
    }


def figures(small: Path, big: Path | None, folder: Path, rounds: int) -> Iterator[Figure]:
    """The table, row by row."""
    measured("scan", small, folder / "warm")
    runs = in_turns(("scan", "grouping", "daily"), small, folder, rounds)
    scan, daily = runs["scan"], runs["daily"]
    again = _median([measured("again", small, folder / "daily") for _ in range(rounds)])
    trend = measured("trend", small, folder / "daily")
    whole = in_turns(("full",), small, folder, 1)["full"]
    yield Figure("the scan", f"{scan['seconds']:.2f} s", 1.0, 1.0, None)
    yield _against(scan, runs["grouping"], "its grouping, ingested and stored", 1.3)
    yield _against(scan, daily, "daily costs by all dimensions, ingested and stored", 3)
    yield _against(scan, whole, "and by resource and by hour for the newest months", None)
    yield _against(daily, again, "the newest month again, of all 13", 0.15)
    yield _against(scan, trend, "the query of `/cost trend`", 0.02)
    yield _against(scan, trend["answer"], "the whole answer of `/cost trend`", None)
    peak = max(daily["peak_mb"], whole["peak_mb"])
    yield Figure("peak memory of an ingest, of 600 MB", f"{peak:.0f} MB", peak / 600, None, 1)
    if big is None:
        return
    shutil.rmtree(folder / "big", ignore_errors=True)
    large = measured("daily", big, folder / "big")
    yield Figure(
        "peak memory with the larger export",
        f"{large['peak_mb']:.0f} MB",
        large["peak_mb"] / daily["peak_mb"],
        None,
        1.3,
    )
    pairs = [
        (measured("trend", small, folder / "daily"), measured("trend", big, folder / "big")) for _ in range(rounds)
    ]
    few, many = (_median([pair[side] for pair in pairs]) for side in (0, 1))
    yield _against(few, many, "the query of `/cost trend` with the larger export", 1.2)


def _against(base: Run, run: Run, what: str, limit: float | None) -> Figure:
    seconds = f"{run['seconds']:.2f} s" if run["seconds"] >= 0.5 else f"{run['seconds'] * 1000:.0f} ms"
    return Figure(what, seconds, run["seconds"] / base["seconds"], run["cpu"] / base["cpu"], limit)


@contextmanager
def _export(rows: int, keep: Path | None) -> Iterator[Path]:
    """An export of so many rows; one that was kept is used again."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = (keep or Path(temporary)) / f"focus-{rows}"
        done = folder / "facts.txt"
        if not done.exists():
            print(f"writing {rows:,} rows into {folder}", file=sys.stderr)
            files = write(folder, rows)
            size = sum(file.stat().st_size for file in files)
            done.write_text(f"{rows:,} rows, {size / rows:.1f} bytes each; {facts(files)}\n", "utf-8")
        print(done.read_text("utf-8"), end="", file=sys.stderr)
        yield folder


def _whole(text: str) -> int:
    return int(text.replace("_", ""))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.ingest", description="Print the table of the README.")
    parser.add_argument(
        "--rows", type=_whole, default=10_000_000, help="line items of the export (default: 10_000_000)"
    )
    parser.add_argument(
        "--big", type=_whole, default=50_000_000, help="of the larger one; 0 for none (default: 50_000_000)"
    )
    parser.add_argument("--keep", type=Path, help="folder where the exports stay for the next time")
    parser.add_argument("--rounds", type=_whole, default=ROUNDS, help=f"repetitions (default: {ROUNDS})")
    chosen = parser.parse_args(arguments)
    with _export(chosen.rows, chosen.keep) as small, tempfile.TemporaryDirectory() as folder:
        print(f"| with {chosen.rows:,} line items | | ratio | on the processor | promised |\n|---|---|---|---|---|")
        if not chosen.big:
            _print(figures(small, None, Path(folder), chosen.rounds))
            return
        with _export(chosen.big, chosen.keep) as big:
            _print(figures(small, big, Path(folder), chosen.rounds))


def _print(rows: Iterator[Figure]) -> None:
    for figure in rows:
        print(figure.line, flush=True)


if __name__ == "__main__":
    main()
