"""From Trino's dialect, in which rollups are written, to an engine's own.

sqlglot does most of it; what it leaves to mean something else is put right here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot.expressions import Expr


@lru_cache(maxsize=64)
def translated(statement: str, dialect: str) -> str:
    """A Trino statement in another dialect: `duckdb`, `spark` or `athena`."""
    import sqlglot  # takes 0.1 s, and most processes never translate

    tree = sqlglot.parse_one(statement, read="trino")
    tree = tree.transform(_whole_units if dialect == "duckdb" else _wide_sums)
    if dialect == "spark":
        tree = tree.transform(_as_in_trino)
    return tree.sql(dialect=dialect, comments=False)


def _whole_units(node: Expr) -> Expr:
    """Whole units that have passed, where DuckDB's date_diff counts the boundaries between them."""
    from sqlglot import exp

    if isinstance(node, exp.DateDiff):
        unit = exp.Literal.string(node.text("unit").lower())
        return exp.Anonymous(this="DATE_SUB", expressions=[unit, node.expression.copy(), node.this.copy()])
    return node


def _wide_sums(node: Expr) -> Expr:
    """Sums of bigint that do not overflow: DuckDB widens them by itself, Trino and Spark would fail."""
    from sqlglot import exp

    if isinstance(node, exp.Sum) and isinstance(node.this, exp.Cast) and node.this.is_type("bigint"):
        return exp.Sum(this=exp.cast(node.this.copy(), "DECIMAL(38, 0)"))
    return node


def _as_in_trino(node: Expr) -> Expr:
    """What Spark calls by the same name as Trino and does otherwise."""
    from sqlglot import exp

    if isinstance(node, exp.Least):
        # Spark leaves NULLs out, in Trino one of them makes the whole NULL.
        values = [node.this, *node.expressions]
        some_null = exp.or_(*(value.copy().is_(exp.null()) for value in values if not isinstance(value, exp.Literal)))
        return exp.Case(ifs=[exp.If(this=some_null, true=exp.null())], default=node.copy())
    if isinstance(node, exp.AnyValue):
        # Spark may take a NULL, Trino takes one only where there is nothing else.
        return exp.Anonymous(this="ANY_VALUE", expressions=[node.this.copy(), exp.true()])
    return node
