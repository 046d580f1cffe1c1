"""`costbot ingest` killed at any moment: each month is the old or the new one, and the next run completes."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.cost_files import CostFiles
from bot.settings import CostView
from tests.bot.costs.cost_factories import context
from tests.bot.costs.focus_files import line, take_in, write
from tests.forked import Started, kill_before, start

MONTHS = tuple(date(2026, month, 1) for month in (8, 9, 10))
OLD, NEW = 10, 1000


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COSTBOT_", "AWS_", "SLACK_"))}
    return kept | {"COSTBOT_TAG_KEYS": "team", "AWS_EC2_METADATA_DISABLED": "true"}


def command(words: Sequence[str], data: Path, *before: Callable[[], object]) -> Started:
    return start("ingest", "focus", *words, "--data-dir", str(data), environment=environment(), before=before)


def ran(words: Sequence[str], data: Path) -> str:
    """What a run prints that goes well."""
    done = command(words, data).ended()
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def killed(words: Sequence[str], data: Path, module: str, name: str, count: int) -> None:
    done = command(words, data, partial(kill_before, module, name, count)).ended()
    assert done.returncode == -signal.SIGKILL, done.stderr


def exported(folder: Path, dollars: int) -> Path:
    """Three months of two files each; a file's dollars tell its month: 1, 2 and 4 times `dollars`, half in each."""
    folder.mkdir(exist_ok=True)
    for number, month in enumerate(MONTHS):
        for part in (1, 2):
            days = [f"{month:%Y-%m}-{day:02} 05:00:00" for day in range(part * 10 - 9, part * 10 + 1)]
            lines = [
                line(str(dollars * 2**number / 20), BillingPeriodStart=f"{month}", ChargePeriodStart=day)
                for day in days
            ]
            write(folder / f"{month:%Y-%m} {part}.csv", *lines)
    return folder


def months(data: Path) -> list[float]:
    """What each month costs, by every way of asking: all agree."""
    costs = CostFiles(data)
    found = []
    for number, month in enumerate(MONTHS):
        end = MONTHS[number + 1] if number + 1 < len(MONTHS) else date(2026, 11, 1)
        how: dict[str, Any] = {"start": month, "end": end, "view": CostView.BILLED}
        sums = {
            round(float(costs.daily(by=by, **how)["cost"].sum()), 6)
            for by in ((), ("tag:team",), ("region",), ("usage_type", "account"))
        }
        assert len(sums) == 1
        found.append(sums.pop())
    return found


MOMENTS = [
    ("before anything is read", "bot.engines.duckdb_engine", "DuckDB.rollup", 1),
    ("while reading", "bot.engines.duckdb_engine", "DuckDB.rollup", 5),
    ("when all is read", "bot.workflows.ingest", "_Run.look_over", 1),
    ("before the first month", "bot.cost_files.rollup_months", "place", 1),
    ("between two months", "bot.cost_files.rollup_months", "place", 2),
    ("before the last month", "bot.cost_files.rollup_months", "place", 3),
    ("between a month and what is summed of it", "bot.cost_files.rollup_months", "sum_up", 2),
    ("between a month and its resources", "bot.workflows.ingest", "place_detail", 1),
    ("before the notes are written", "bot.cost_files.months", "CostMonths.note_facts", 1),
    ("after the notes are written", "bot.workflows.ingest", "_Run._tell", 10),
]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the old months."""
    folder = tmp_path_factory.mktemp("old")
    take_in(context(folder / "data"), [exported(folder / "exports", OLD)])
    assert months(folder / "data") == [OLD, OLD * 2, OLD * 4]
    return folder


@pytest.fixture
def place(stored: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The old months, and the new export in the old one's place."""
    shutil.copytree(stored, tmp_path, dirs_exist_ok=True)
    return exported(tmp_path / "exports", NEW), tmp_path / "data"


@pytest.mark.parametrize(("moment", "module", "name", "count"), MOMENTS, ids=[moment[0] for moment in MOMENTS])
def test_a_killed_run_leaves_whole_months_and_the_next_one_completes(
    place: tuple[Path, Path], moment: str, module: str, name: str, count: int
) -> None:
    exports, data = place
    killed([str(exports)], data, module, name, count)
    for number, cost in enumerate(months(data)):
        assert cost in (OLD * 2**number, NEW * 2**number)
    take_in(context(data), [exports])
    assert months(data) == [NEW, NEW * 2, NEW * 4]
    if not moment.startswith("after"):
        assert not list((data / "tmp").glob("*")), "what the killed process left is taken away"
    assert take_in(context(data), [exports]).sentences == ["Nothing changed: 6 files as they were read before."]


def test_right_before_each_rename_of_a_run_everything_is_whole(place: tuple[Path, Path]) -> None:
    exports, data = place
    done, count = False, 0
    while not done:
        count += 1
        process = command([str(exports)], data, partial(kill_before, "pathlib", "Path.replace", count)).ended()
        assert process.returncode in (0, -signal.SIGKILL), process.stderr
        for number, cost in enumerate(months(data)):
            assert cost in (OLD * 2**number, NEW * 2**number)
        done = process.returncode == 0
        count += done is False
    assert months(data) == [NEW, NEW * 2, NEW * 4]
    assert not list((data / "tmp").glob("*"))


def test_leftovers_of_a_living_process_stay(tmp_path: Path) -> None:
    data, export = tmp_path / "data", write(tmp_path / "export.csv", line("1"))
    living, dead = data / "tmp" / f"ingest-{os.getpid()}", data / "tmp" / "ingest-999999999"
    for folder in (living, dead):
        folder.mkdir(parents=True)
        (folder / "00000.daily.parquet").write_bytes(b"half")
    ran([str(export)], data)
    assert living.exists()
    assert not dead.exists()


def test_two_runs_at_once_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    folders = []
    for number in range(2):
        folder = tmp_path / f"cloud {number}"
        folder.mkdir()
        for day in range(1, 6):
            payer = {"BillingAccountId": f"payer-{number}", "ChargePeriodStart": f"2026-10-{day:02}"}
            write(folder / f"{day}.csv", line(str(10**number), **payer))
        folders.append(folder)
    running = [command([str(folder)], data) for folder in folders]
    outcomes = [process.ended() for process in running]
    assert [(done.stderr, done.returncode) for done in outcomes] == [("", 0), ("", 0)]
    assert float(CostFiles(data).daily(start=MONTHS[2], end=date(2026, 11, 1))["cost"].sum()) == 5 + 50
    facts = CostFiles(data).months.facts("focus")
    assert len(facts["files"]) == 10
    assert [bill["payer"] for bill in facts["months"]["2026-10"]["bills"]] == ["payer-0", "payer-1"]
    for folder in folders:
        assert ran([str(folder)], data).startswith("Nothing changed: 5 files")


def test_the_same_export_taken_in_twice_at_once_counts_once(tmp_path: Path) -> None:
    exports, data = exported(tmp_path / "exports", NEW), tmp_path / "data"
    running = [command([str(exports)], data) for _ in range(3)]
    outcomes = [process.ended() for process in running]
    assert [(done.stderr, done.returncode) for done in outcomes] == [("", 0)] * 3
    assert sum("Nothing changed" in done.stdout for done in outcomes) == 2, "those that waited find nothing to read"
    assert months(data) == [NEW, NEW * 2, NEW * 4]


def test_whoever_asks_while_months_are_replaced_gets_the_old_or_the_new_ones(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    exports = tmp_path / "exports"
    take_in(bot, [exported(exports, OLD)])
    stop, problems, asked = threading.Event(), [], []

    def ask() -> None:
        costs = CostFiles(tmp_path / "data")
        while not stop.wait(0.002):  # a breath for the writer: a loop without one slows it down tenfold
            try:
                costs.window()
                frame = costs.daily(start=MONTHS[0], end=MONTHS[1], view=CostView.BILLED)
                asked.append(round(float(frame["cost"].sum()), 6))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what a person would see
                problems.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for number in range(6):
            take_in(bot, [exported(exports, NEW if number % 2 == 0 else OLD)])
    finally:
        stop.set()
        thread.join()
    assert problems == []
    assert set(asked) == {OLD, NEW}
