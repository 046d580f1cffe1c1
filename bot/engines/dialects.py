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
    from sqlglot import parse_one  # takes 0.1 s, and most processes never translate

    tree = parse_one(statement, read="trino")
    for meant in _MEANT[dialect]:
        tree = tree.transform(meant)
    return tree.sql(dialect, comments=False)


def _whole_units(node: Expr) -> Expr:
    """Whole units that have passed, where DuckDB's date_diff counts the boundaries between them."""
    from sqlglot import exp

    if isinstance(node, exp.DateDiff):
        unit = exp.Literal.string(node.text("unit").lower())
        return exp.Anonymous(this="DATE_SUB", expressions=[unit, node.expression.copy(), node.this.copy()])
    return node


def _cast_rounds(node: Expr) -> Expr:
    """DuckDB's cast to an integer rounds by itself, and an explicit `round` takes a tenth of a rollup's time."""
    return _with(node, node.this.this) if _is_rounded(node) else node


def _even_halves(node: Expr) -> Expr:
    """Halves go to the even neighbour, as in DuckDB's cast: Trino's `round` takes them away from zero."""
    from sqlglot import exp

    if not _is_rounded(node):
        return node
    value, two = node.this.this, exp.Literal.number("2e0")
    is_half = exp.EQ(
        this=exp.Abs(this=exp.Mod(this=exp.paren(value), expression=exp.Literal.number("1e0"))),
        expression=exp.Literal.number("5e-1"),
    )
    even = exp.Mul(
        this=two, expression=exp.Round(this=exp.Div(this=exp.paren(value.copy()), expression=two.copy(), typed=True))
    )
    rounded = exp.Case(ifs=[exp.If(this=is_half, true=even)], default=exp.Round(this=value.copy()))
    return _with(node, rounded)


def _rint(node: Expr) -> Expr:
    """As `_even_halves`; Spark has a function for it."""
    from sqlglot import exp

    return _with(node, exp.Anonymous(this="RINT", expressions=[node.this.this])) if _is_rounded(node) else node


def _is_rounded(node: Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Cast) and isinstance(node.this, exp.Round) and node.is_type("bigint")


def _with(node: Expr, inner: Expr) -> Expr:
    changed = node.copy()
    changed.set("this", inner.copy())
    return changed


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


_MEANT = {
    "duckdb": (_whole_units, _cast_rounds),
    "athena": (_even_halves, _wide_sums),
    "spark": (_rint, _wide_sums, _as_in_trino),
}
