"""Rollups by Amazon Athena, over the table that a company has for its export: only rollups leave the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

from analysis.rollups import Relation, Rollup, statement
from bot.aws import Aws
from bot.engines import Part, Read, since
from bot.engines.athena_columns import relation
from bot.engines.athena_query import Books, Statement
from bot.engines.dialects import translated
from bot.engines.duckdb_columns import MissingColumn
from bot.engines.result_file import ResultFile
from bot.errors import CostbotError
from bot.exports.glue_table import GlueTable

#: What it asks Athena.
ACTIONS = (
    "athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults", "athena:StopQueryExecution",
)  # fmt: skip
#: What Athena does in the bucket of its results, as the one who asked. Source: AWS, "Access to Amazon S3 from Athena".
RESULT_ACTIONS = (
    "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetObject", "s3:PutObject",
    "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
)  # fmt: skip


class Athena:
    """Athena, for one table.

    Args:
        place: the table.
        output: S3 address of query results; None where the workgroup has one.
        spending: asked before every statement; it may refuse.
    """

    name = "athena"

    def __init__(self, aws: Aws, place: GlueTable, *, output: str | None, spending: Books) -> None:
        self._aws, self._place, self._output, self._spending = aws, place, output, spending

    def rollup(self, part: Part, targets: Mapping[Rollup, Path], tag_keys: Sequence[str], settled_until: date) -> Read:
        """Write each rollup's rows to a Parquet file: one statement each, over the part's partition.

        Raises:
            CostbotError: the table lacks a column, or Athena does not answer.
        """
        lines = since(self._lines(part), part)
        scanned, usd = 0, 0.0
        for kind, target in targets.items():
            asked = self._run(part, statement(kind, lines, tag_keys, settled_until=settled_until), target)
            scanned, usd = scanned + asked.scanned_bytes, usd + asked.usd
        return Read(-1, scanned, usd)

    def tag_names(self, part: Part) -> tuple[str, ...]:
        """A statement of its own would be billed."""
        return ()

    def close(self) -> None:
        """Nothing: every statement has ended."""

    def _lines(self, part: Part) -> Relation:
        (uri,) = part.uris
        at = self._place.address
        try:
            return relation(part.source, self._place.table(), at, self._place.condition(uri))
        except MissingColumn as column:
            raise CostbotError(
                f"{at.words} has no column {str(column).lower()}.",
                "Export it with all its columns; nothing was stored.",
            ) from None

    def _run(self, part: Part, text: str, target: Path) -> Statement:
        at = self._place.address
        asked = Statement(
            self._aws.client("athena", region=at.region),
            at,
            self._output,
            f"{at.database}.{at.table}" + (f", {part.name}" if part.name != at.table else ""),
            self._spending,
            self._place.size(*part.uris),
        )
        asked.run(translated(text, "athena"))
        pages = asked.pages()
        names, rows = next(pages)
        with ResultFile(target, names) as file:
            file.append(chain(rows, (row for _, page in pages for row in page)))
            file.write()
        return asked
