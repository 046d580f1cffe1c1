"""Rollups by Spark, for those who run one; without a cluster it runs in a process of its own on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from analysis.rollups import Rollup, statement
from analysis.rollups.relation import kind_of
from bot.engines import Part, Read, since
from bot.engines.dialects import translated
from bot.engines.duckdb_columns import MissingColumn
from bot.engines.result_file import ResultFile, Row
from bot.engines.spark_columns import MOST_DOLLARS, bad_value, quoted, relation
from bot.engines.spark_session import Session, failures, session
from bot.errors import CostbotError

_VIEW = "costbot_lines"
_DAMAGED = (
    "CANNOT_READ_FILE", "FAILED_READ_FILE", "MALFORMED_CSV_RECORD", "MALFORMED_RECORD", "is not a Parquet file",
    "EOFException", "ZipException", "UNABLE_TO_INFER_SCHEMA",
)  # fmt: skip


class Spark:
    """Spark, as the environment names it.

    Args:
        log: where a Spark that is started here writes its log.
        options: Spark's own, as `spark.master`, for a Spark that is started here.
    """

    name = "spark"

    def __init__(self, log: Path, options: Mapping[str, str] | None = None) -> None:
        self._log = log
        self._options = options or {}
        self._started: Session | None = None

    @property
    def sees_files(self) -> bool:
        """Whether Spark reads this machine's files; a cluster reads S3 by itself."""
        return self._session.sees_files

    def rollup(self, part: Part, targets: Mapping[Rollup, Path], tag_keys: Sequence[str], settled_until: date) -> Read:
        """Write each rollup's rows to a Parquet file.

        Raises:
            CostbotError: a file is damaged, lacks a column or has a value that cannot be read; or Spark gave up.
        """
        spark = self._session.spark
        try:
            lines = since(relation(spark, part.source, self._addresses(part), _VIEW), part)
            for kind, target in targets.items():
                self._run(statement(kind, lines, tag_keys, settled_until=settled_until), target)
        except MissingColumn as column:
            raise CostbotError(
                f"{part.name} has no column {column}.", "Export it with all its columns; nothing was stored."
            ) from None
        except failures() as error:
            raise self._sentence(part, error) from error
        return Read(-1, sum(file.stat().st_size for file in part.files))

    def tag_names(self, part: Part) -> tuple[str, ...]:
        """It would be a pass of its own over a cluster."""
        return ()

    def close(self) -> None:
        """Stop Spark, unless somebody else started it."""
        if self._started is not None:
            self._started.close()
            self._started = None

    @property
    def _session(self) -> Session:
        """Starting Spark takes seconds: not before there is something to read."""
        if self._started is None:
            self._started = session(self._log, self._options)
        return self._started

    def _addresses(self, part: Part) -> list[str]:
        is_here = part.files or not all(uri.startswith("s3://") for uri in part.uris)
        if is_here and not self.sees_files:
            raise CostbotError(
                f"{part.name} is on this machine, and Spark runs on others.",
                "Name an s3:// prefix that it can read, or use --engine duckdb.",
            )
        if part.files:
            return [f"file://{file.resolve()}" for file in part.files]
        return [f"s3a://{uri.removeprefix('s3://')}" for uri in part.uris]

    def _run(self, text: str, target: Path) -> None:
        frame = self._session.spark.sql(translated(text, "spark"))
        as_text = frame.selectExpr(*(f"CAST({quoted(name)} AS STRING) AS {quoted(name)}" for name in frame.columns))
        with ResultFile(target, frame.columns) as file:
            rows: Iterator[Row] = map(tuple, as_text.toLocalIterator())
            file.append(rows)
            file.write()

    def _sentence(self, part: Part, error: Exception) -> CostbotError:
        from pyspark.errors import AnalysisException

        said = str(error)
        bad = bad_value(said)
        if bad:
            column, value = bad
            return CostbotError(
                f"{part.name}: {column} is “{value}”, which is no {_KINDS[kind_of(column)]}.",
                "Export it again; nothing was stored.",
            )
        if any(sign in said for sign in _DAMAGED):
            named = next((file.name for file in part.files if file.name in said), None)
            name = named or (part.files[0].name if len(part.files) == 1 else f"A file of {part.name}")
            return CostbotError(
                f"{name} is damaged or cut off.", "Copy or export it again; nothing of this run was stored."
            )
        if isinstance(error, AnalysisException):
            raise error  # not the file: the statement is wrong
        if "OutOfMemoryError" in said:
            return CostbotError(
                f"Spark has not enough memory for {part.name}.",
                "Give it more (spark.driver.memory); nothing was stored.",
            )
        first = re.sub(r"^An error occurred while calling \S+\s*: ", "", said.strip()).split("\n")[0][:200]
        return CostbotError(
            f"Spark gave up on {part.name}: {first}", f"Its log, {self._log}, may say more; nothing was stored."
        )


_KINDS = {
    "double": f"number between −{MOST_DOLLARS:,} and {MOST_DOLLARS:,}",
    "timestamp": "time",
    "varchar": "text",
    "map(varchar, varchar)": "list of tags",
}
