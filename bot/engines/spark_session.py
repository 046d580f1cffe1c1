"""The Spark that the environment names, or one in a process of its own; its log goes to a file."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import CostbotError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: What makes Spark's SQL say and refuse what Trino's does.
_SQL = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    # Spark counts the fields of a line only where it reads all of them.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
}
#: A Spark in this machine listens to nobody else.
_ALONE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
#: Loggers by which PySpark repeats on standard error what it raises.
_LOUD = ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "py4j")


@dataclass(frozen=True, slots=True)
class Session:
    """A Spark session; `started` is whether it ends with us, `sees_files` whether this machine's files are there."""

    spark: SparkSession
    started: bool
    sees_files: bool

    def close(self) -> None:
        """Stop Spark, unless somebody else started it."""
        if self.started:
            self.spark.stop()


def session(log: Path, options: Mapping[str, str]) -> Session:
    """A Spark session: of `SPARK_REMOTE` or `spark-submit` where there is one, else of this machine.

    Args:
        log: where a Spark that is started here writes its log.
        options: Spark's own, for a Spark that is started here; `spark-defaults.conf` and PYSPARK_SUBMIT_ARGS count too.
    Raises:
        CostbotError: PySpark or Java is missing, or Spark cannot be reached.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, which no rollup uses
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise CostbotError(
                f"The engine spark needs PySpark, which is not installed ({error}).",
                "Run pip install 'costbot[spark]'; Java 17 is needed too.",
            ) from error
        for name in _LOUD:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        raised: tuple[type[Exception], ...] = (OSError, *failures())
        remote = os.environ.get("SPARK_REMOTE", "")
        try:
            running = None if remote else SparkSession.getActiveSession()
            if running is not None:
                found = Session(running.newSession(), False, _is_local(running))
            elif remote:
                found = Session(SparkSession.builder.getOrCreate(), True, _is_here(remote))
            else:
                spark = _classic(log, options)
                found = Session(spark, True, _is_local(spark))
            for name, value in _SQL.items():
                found.spark.conf.set(name, value)
        except raised as error:
            raise _not_started(error, log) from error
        return found


def failures() -> tuple[type[Exception], ...]:
    """What PySpark raises: its own errors, and those of Java where rows are on their way."""
    from pyspark.errors import PySparkException

    try:
        from py4j.protocol import Py4JError
    except ImportError:  # the client of Spark Connect has no Java
        return (PySparkException,)
    return (PySparkException, Py4JError)


def _is_local(spark: SparkSession) -> bool:
    return str(spark.conf.get("spark.master", "")).startswith("local")


def _is_here(remote: str) -> bool:
    return remote.startswith("local") or urlsplit(remote).hostname in ("localhost", "127.0.0.1", "::1")


def _classic(log: Path, options: Mapping[str, str]) -> SparkSession:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as lines:
        wanted = SparkConf(False).setAll(list(options.items()))
        gateway: Any = SparkContext._gateway or launch_gateway(wanted, {"stdout": lines, "stderr": lines})
    conf = SparkConf(_jvm=gateway.jvm)  # with what spark-submit read of the environment
    conf.setIfMissing("spark.app.name", "costbot")
    if str(conf.get("spark.master", "")).startswith("local"):
        for name, value in _ALONE.items():
            conf.set(name, value)
    context = SparkContext(conf=conf, gateway=gateway)
    context.setLogLevel("ERROR")
    return SparkSession(context)


def _not_started(error: Exception, log: Path) -> CostbotError:
    if "JAVA_GATEWAY_EXITED" in str(error) or isinstance(error, OSError):
        return CostbotError(
            f"Spark did not start: {_first_line(error)}",
            f"It needs Java 17 (JAVA_HOME, or openjdk-17-jre-headless); what it said is in {log}.",
        )
    return CostbotError(
        f"Spark cannot be used: {_first_line(error)}", "Check SPARK_REMOTE, or leave it out to run Spark here."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]
