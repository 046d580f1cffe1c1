"""Which engine reads a place: Athena a table, and what the settings say all files."""

from __future__ import annotations

from pathlib import Path

from bot.context import Context
from bot.engines import Engine
from bot.engines.duckdb_engine import DuckDB
from bot.exports import Place
from bot.exports.glue_table import GlueTable
from bot.exports.read_there import ReadThere
from bot.settings import FileEngine
from bot.spending import Spending


def engine_of(context: Context, place: Place, folder: Path) -> tuple[Engine, Place]:
    """The engine, and the place as it reads it.

    Args:
        folder: where it may spill to.
    """
    if isinstance(place, GlueTable):
        from bot.engines.athena import Athena

        spending = Spending(context.store, context.settings, context.clock.now)
        return Athena(context.aws, place, output=context.settings.athena_output, spending=spending), place
    if context.settings.engine is FileEngine.SPARK:
        from bot.engines.spark import Spark

        spark = Spark(context.settings.data_dir / "spark.log")
        return spark, ReadThere(place, unless=lambda: spark.sees_files)
    return DuckDB(folder), place
