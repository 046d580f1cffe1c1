"""What a second run reads: what changed and what shares a bill with it, and never less than a whole bill."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.rollups import Rollup
from bot.engines import Part, Read
from bot.engines.duckdb_engine import DuckDB
from bot.exports.local import LocalPlace
from bot.settings import CostView
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Ingested
from tests.bot.costs.cost_factories import context
from tests.bot.costs.focus_files import line, take_in, write

AZURE = {"ProviderName": "Microsoft", "ServiceName": "Virtual Machines", "BillingAccountId": "azure-1"}
NOVEMBER = {"BillingPeriodStart": "2026-11-01 00:00:00", "ChargePeriodStart": "2026-11-02 00:00:00"}


@dataclass
class RecordingEngine:
    """DuckDB that remembers which files it read for the daily rollup, in order."""

    engine: DuckDB
    read: list[str] = field(default_factory=list)

    def rollup(self, part: Part, targets: Mapping[Rollup, Path], tag_keys: Sequence[str], settled_until: date) -> Read:
        if Rollup.DAILY in targets:
            self.read += [file.name for file in part.files]
        return self.engine.rollup(part, targets, tag_keys, settled_until)

    def tag_names(self, part: Part) -> tuple[str, ...]:
        return self.engine.tag_names(part)

    def close(self) -> None:
        self.engine.close()


def reads(bot: Any, paths: Sequence[Path], **how: Any) -> tuple[Ingested, list[str]]:
    """A run, and the names of the files it read."""
    folder = bot.costs.months.folder.parent
    folder.mkdir(parents=True, exist_ok=True)
    engine = RecordingEngine(DuckDB(folder, threads=1))
    try:
        return ingest(bot, "focus", LocalPlace(paths), engine=engine, **how), engine.read
    finally:
        engine.close()


def content(folder: Path) -> dict[str, bytes]:
    """Every stored month, what is summed of it and its detail."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def billed(bot: Any, **where: str) -> float:
    frame = bot.costs.daily(
        start=date(2020, 1, 1), end=date(2030, 1, 1), usage_only=False, view=CostView.BILLED, where=where
    )
    return round(float(frame["cost"].sum()), 9)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


@pytest.fixture
def bot(tmp_path: Path) -> Any:
    return context(tmp_path / "data")


def test_unchanged_files_are_not_read_again(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    write(exports / "b.csv", line("2", **AZURE))
    assert reads(bot, [exports])[1] == ["a.csv", "b.csv"]
    result, read = reads(bot, [exports])
    assert read == []
    assert result.sentences == ["Nothing changed: 2 files as they were read before."]


def test_a_touched_file_with_the_same_content_changes_no_byte(bot: Any, exports: Path) -> None:
    one = write(exports / "a.csv", line("1.1"), line("0.7", ChargeCategory="Tax"))
    write(exports / "b.csv", line("2.3", **NOVEMBER))
    take_in(bot, [exports])
    before = content(bot.costs.months.folder)
    os.utime(one, ns=(1, 1))
    result, read = reads(bot, [exports])
    assert read == ["a.csv"]
    assert result.changed == ()
    assert content(bot.costs.months.folder) == before
    assert "(unchanged)" in result.sentences[0]


@pytest.mark.parametrize("quantity", ["(hash(range + 1) % 1000000) / 7e2", "(hash(range + 1) % 100000000) * 1e6 / 7"])
def test_the_noise_of_adding_up_quantities_is_no_change(bot: Any, exports: Path, quantity: str) -> None:
    exact = ("BilledCost", "EffectiveCost", "ConsumedQuantity", "ChargePeriodStart")
    others = ", ".join(f"nullif('{value}', 'NULL') AS {name}" for name, value in line("1").items() if name not in exact)
    path = exports / "export.parquet"
    with duckdb.connect() as own:
        own.execute(
            f"COPY (SELECT 0.25 AS BilledCost, 0.25 AS EffectiveCost, {quantity} AS ConsumedQuantity, {others}, "
            f"TIMESTAMP '2026-10-01' + to_days(CAST(range % 30 AS INTEGER)) AS ChargePeriodStart FROM range(300000)) "
            f"TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 10000)"
        )
    take_in(bot, [exports])
    before = content(bot.costs.months.folder)
    for moment in range(3):
        os.utime(path, ns=(moment, moment))
        assert take_in(bot, [exports]).changed == ()
    daily = [name for name in before if "/resources/" not in name and "/hourly/" not in name]
    after = content(bot.costs.months.folder)
    assert [after[name] == before[name] for name in daily] == [True] * len(daily)


@pytest.mark.parametrize(("one", "other"), [("1", "2"), ("1", "NULL"), ("1e12", "1.0001e12"), ("0", "0.001")])
def test_a_quantity_that_changed_alone_is_a_change(bot: Any, exports: Path, one: str, other: str) -> None:
    write(exports / "a.csv", line("1", ConsumedQuantity=one), line("1"))
    take_in(bot, [exports])
    write(exports / "a.csv", line("1", ConsumedQuantity=other), line("1"))
    assert take_in(bot, [exports]).changed == (date(2026, 10, 1),)


def test_a_changed_file_of_a_bill_reads_the_others_of_that_bill_and_no_more(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    write(exports / "b.csv", line("2"))
    write(exports / "c.csv", line("4", **NOVEMBER))
    write(exports / "d.csv", line("8", **AZURE))
    take_in(bot, [exports])
    write(exports / "a.csv", line("1.25"))
    result, read = reads(bot, [exports])
    assert read == ["a.csv", "b.csv"]
    assert result.changed == (date(2026, 10, 1),)
    assert billed(bot) == 1.25 + 2 + 4 + 8


def test_a_bill_that_hangs_on_another_by_a_common_file_stays_whole(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    write(exports / "b.csv", line("2"), line("4", **NOVEMBER))
    write(exports / "c.csv", line("8", **NOVEMBER))
    take_in(bot, [exports])
    write(exports / "a.csv", line("16"))
    assert reads(bot, [exports])[1] == ["a.csv", "b.csv", "c.csv"]
    assert billed(bot) == 16 + 2 + 4 + 8


def test_a_long_chain_of_common_files_is_followed_to_its_end(bot: Any, exports: Path) -> None:
    months = [{"BillingPeriodStart": f"2026-{m:02}-01", "ChargePeriodStart": f"2026-{m:02}-03"} for m in range(1, 8)]
    for number, (one, two) in enumerate(pairwise(months)):
        write(exports / f"{number}.csv", line("1", **one), line("2", **two))
    take_in(bot, [exports])
    write(exports / "0.csv", line("1", **months[0]), line("5", **months[1]))
    assert len(reads(bot, [exports])[1]) == 6
    assert billed(bot) == 6 * 3 + 3


def test_a_file_that_vanished_makes_its_bill_again_from_the_others(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    gone = write(exports / "b.csv", line("2"))
    write(exports / "c.csv", line("4", **AZURE))
    take_in(bot, [exports])
    gone.unlink()
    assert reads(bot, [exports])[1] == ["a.csv"]
    assert billed(bot) == 1 + 4
    assert reads(bot, [exports])[1] == [], "it is gone once only"


def test_a_bill_that_left_a_changed_file_is_made_again_from_the_others(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"), line("2", **AZURE))
    write(exports / "b.csv", line("4", **AZURE))
    take_in(bot, [exports])
    write(exports / "a.csv", line("1.5"))
    assert reads(bot, [exports])[1] == ["a.csv", "b.csv"]
    assert billed(bot) == 1.5 + 4


def test_a_month_whose_files_all_vanished_is_kept(bot: Any, exports: Path) -> None:
    gone = write(exports / "a.csv", line("1"))
    write(exports / "b.csv", line("2", **NOVEMBER))
    take_in(bot, [exports])
    gone.unlink()
    assert reads(bot, [exports])[1] == []
    write(exports / "b.csv", line("3", **NOVEMBER))
    assert reads(bot, [exports])[1] == ["b.csv"]
    assert billed(bot) == 1 + 3


def test_other_tag_keys_read_everything_again(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1", Tags='{"team": "payments", "owner": "ana"}'))
    take_in(bot, [exports])
    bot.settings.tag_keys = ("owner", "team")
    assert reads(bot, [exports])[1] == ["a.csv"]
    assert billed(bot, **{"tag:owner": "ana", "tag:team": "payments"}) == 1
    bot.settings.tag_keys = ("team", "owner", "team")
    assert reads(bot, [exports])[1] == [], "their order and repetition mean nothing"


def test_all_reads_what_did_not_change(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    write(exports / "b.csv", line("2", **AZURE))
    take_in(bot, [exports])
    before = content(bot.costs.months.folder)
    result, read = reads(bot, [exports], everything=True)
    assert read == ["a.csv", "b.csv"]
    assert result.changed == ()
    assert content(bot.costs.months.folder) == before


def test_since_leaves_earlier_folders_unread_and_earlier_rows_out(bot: Any, exports: Path) -> None:
    for month, lines in {
        "2026-10": [line("1")],
        "2026-11": [line("2", **NOVEMBER)],
    }.items():
        folder = exports / f"BILLING_PERIOD={month}"
        folder.mkdir()
        write(folder / "part.csv", *lines)
    write(exports / "mixed.csv", line("4", **AZURE), line("8", **AZURE, **NOVEMBER))
    read = reads(bot, [exports], since=date(2026, 11, 1))[1]
    assert sorted(read) == ["mixed.csv", "part.csv"]
    assert billed(bot) == 2 + 8


def test_rows_that_since_left_out_are_read_by_a_run_without_it(bot: Any, exports: Path) -> None:
    write(exports / "mixed.csv", line("4"), line("8", **NOVEMBER))
    take_in(bot, [exports], since=date(2026, 11, 1))
    assert billed(bot) == 8
    assert reads(bot, [exports], since=date(2026, 11, 1))[1] == []
    assert reads(bot, [exports], since=date(2026, 12, 1))[1] == []
    assert reads(bot, [exports])[1] == ["mixed.csv"]
    assert billed(bot) == 12


def test_since_leaves_a_stored_earlier_month_of_a_changed_file_alone(bot: Any, exports: Path) -> None:
    write(exports / "mixed.csv", line("4"), line("8", **NOVEMBER))
    take_in(bot, [exports])
    write(exports / "mixed.csv", line("5"), line("9", **NOVEMBER))
    take_in(bot, [exports], since=date(2026, 11, 15))
    assert billed(bot) == 4 + 9
    take_in(bot, [exports])
    assert billed(bot) == 5 + 9


def test_a_dry_run_stores_nothing_and_tells_the_plan(bot: Any, exports: Path, tmp_path: Path) -> None:
    folder = exports / "BILLING_PERIOD=2026-10"
    folder.mkdir()
    write(folder / "a.csv", line("1"))
    write(exports / "b.csv", line("2", **AZURE))
    size = sum(path.stat().st_size for path in exports.rglob("*.csv")) / 1e6
    result, read = reads(bot, [exports], dry_run=True)
    assert read == []
    assert not list((tmp_path / "data").rglob("*.*"))
    assert result.sentences == [f"2 files to read of Oct 2026 ({size:.1f} MB); 0 unchanged."]
    take_in(bot, [exports])
    assert reads(bot, [exports], dry_run=True)[0].sentences == ["Nothing changed: 2 files as they were read before."]


def test_a_dry_run_counts_the_files_that_a_change_makes_read(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    write(exports / "b.csv", line("2"))
    take_in(bot, [exports])
    write(exports / "a.csv", line("1.5"))
    assert reads(bot, [exports], dry_run=True)[0].sentences[0].startswith("2 files to read")


def test_a_copy_in_another_place_is_another_file_and_the_same_bill(bot: Any, tmp_path: Path, exports: Path) -> None:
    take_in(bot, [write(exports / "a.csv", line("1"))])
    other = tmp_path / "other"
    other.mkdir()
    write(other / "a.csv", line("1"))
    assert reads(bot, [other])[1] == ["a.csv"]
    assert billed(bot) == 1


def test_a_broken_note_of_what_was_read_only_reads_more(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    take_in(bot, [exports])
    (bot.costs.months.folder / "focus" / "months.json").write_text('{"files": ')
    before = content(bot.costs.months.folder)
    assert reads(bot, [exports])[1] == ["a.csv"]
    assert content(bot.costs.months.folder) == before
    assert reads(bot, [exports])[1] == []


def test_the_lines_of_a_bill_in_two_files_are_the_same_month_in_one(bot: Any, exports: Path, tmp_path: Path) -> None:
    lines = [line(f"{number / 7:.6f}", ChargePeriodStart=f"2026-10-{number + 1:02}") for number in range(20)]
    write(exports / "a.csv", *lines[:7])
    write(exports / "b.csv", *lines[7:])
    take_in(bot, [exports])
    whole = context(tmp_path / "whole")
    take_in(whole, [write(tmp_path / "whole.csv", *lines)])
    how: dict[str, Any] = {"start": date(2026, 10, 1), "end": date(2026, 11, 1), "by": ("service", "tag:team")}
    assert bot.costs.daily(**how).equals(whole.costs.daily(**how))


def test_a_file_without_rows_of_the_wanted_months_is_no_error(bot: Any, exports: Path) -> None:
    write(exports / "mixed.csv", line("4"))
    result, _ = reads(bot, [exports], since=date(2026, 12, 1))
    assert result.sentences == ["Read 1 file: no rows of these months."]
    assert reads(bot, [exports], since=date(2026, 12, 1))[1] == []
    take_in(bot, [exports])
    assert billed(bot) == 4


def test_a_file_that_vanished_is_not_forgotten_by_a_run_of_later_months(bot: Any, exports: Path) -> None:
    write(exports / "a.csv", line("1"))
    gone = write(exports / "b.csv", line("2"))
    write(exports / "c.csv", line("4", **NOVEMBER))
    take_in(bot, [exports])
    gone.unlink()
    write(exports / "c.csv", line("5", **NOVEMBER))
    take_in(bot, [exports], since=date(2026, 11, 1))
    assert billed(bot) == 1 + 2 + 5
    take_in(bot, [exports])
    assert billed(bot) == 1 + 5
