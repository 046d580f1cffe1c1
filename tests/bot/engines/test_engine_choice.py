"""Which engine reads what: a table is Athena's, files are the settings' or the option's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.engines.athena import Athena
from bot.engines.choice import engine_of
from bot.engines.duckdb_engine import DuckDB
from bot.engines.spark import Spark
from bot.errors import CostbotError
from bot.exports.glue_table import GlueTable
from bot.exports.local import LocalPlace
from bot.exports.read_there import ReadThere
from bot.ingest_report import reading_by
from bot.settings import FileEngine, Settings
from bot.workflows.refresh_exports import place_of
from tests.bot.costs.cost_factories import context

TABLE = "athena://primary/billing/costs"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COSTBOT_ENGINE", raising=False)


def test_files_are_read_by_duckdb(tmp_path: Path) -> None:
    engine, place = engine_of(context(tmp_path), LocalPlace([tmp_path]), tmp_path)

    assert isinstance(engine, DuckDB)
    assert isinstance(place, LocalPlace)
    engine.close()


def test_files_are_read_by_spark_where_the_settings_say_so_and_it_is_not_started_for_nothing(tmp_path: Path) -> None:
    bot = context(tmp_path, engine=FileEngine.SPARK)
    bot.settings.data_dir = tmp_path
    engine, place = engine_of(bot, LocalPlace([tmp_path]), tmp_path)

    assert isinstance(engine, Spark)
    assert isinstance(place, ReadThere)
    engine.close()
    assert not (tmp_path / "spark.log").exists()


@pytest.mark.parametrize("engine", list(FileEngine))
def test_a_table_is_read_by_athena_whatever_reads_files(tmp_path: Path, engine: FileEngine) -> None:
    bot = context(tmp_path, engine=engine, athena_output=None)
    place = place_of(bot, f"{TABLE}?region=us-west-2")

    assert isinstance(place, GlueTable)
    assert isinstance(engine_of(bot, place, tmp_path)[0], Athena)
    assert place_of(bot, place.root).root == place.root


def test_the_option_comes_before_the_setting() -> None:
    settings = Settings(engine=FileEngine.SPARK)

    assert reading_by(settings, ["exports/"], None).engine is FileEngine.SPARK
    assert reading_by(settings, ["exports/", "s3://billing/x"], "duckdb").engine is FileEngine.DUCKDB
    assert reading_by(settings, [TABLE], "athena").engine is FileEngine.SPARK


def test_athena_reads_no_files_and_nothing_else_reads_tables() -> None:
    with pytest.raises(CostbotError, match=r"exports/ is no table, and Athena reads nothing else\."):
        reading_by(Settings(), [TABLE, "exports/"], "athena")
    with pytest.raises(CostbotError, match=r"athena://primary/billing/costs is a table, which only Athena reads\."):
        reading_by(Settings(), [TABLE], "spark")


@pytest.mark.parametrize("bucket", ["billing", "S3://billing/x", "s3://B/x", "https://billing"])
def test_a_place_for_results_must_be_in_s3(bucket: str) -> None:
    with pytest.raises(ValueError, match="is no S3 address; write s3://bucket/prefix"):
        Settings(athena_output=bucket)


class Recorded:
    """A place that tells how often its files were brought."""

    root = "s3://billing/exports"

    def __init__(self) -> None:
        self.brought_files: list[Any] = []

    def files(self) -> tuple[()]:
        return ()

    def brought(self, files: Any) -> Any:
        from contextlib import contextmanager

        @contextmanager
        def context() -> Iterator[tuple[Path, ...]]:
            self.brought_files.append(files)
            yield (Path("copy"),)

        return context()


@pytest.mark.parametrize(("sees_files", "paths"), [(True, (Path("copy"),)), (False, ())])
def test_files_are_brought_only_to_an_engine_on_this_machine(sees_files: bool, paths: tuple[Path, ...]) -> None:
    recorded = Recorded()
    place = ReadThere(recorded, unless=lambda: sees_files)

    with place.brought(["a", "b"]) as found:  # type: ignore[list-item]
        assert found == paths
    assert recorded.brought_files == ([["a", "b"]] if sees_files else [])
    assert (place.root, place.files()) == (recorded.root, ())
