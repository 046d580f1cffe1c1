"""From Trino's dialect, in which rollups are written, to an engine's own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def translated(statement: str, dialect: str) -> str:
    """A Trino statement in another dialect: `duckdb`, `spark` or `athena`."""
    from sqlglot import parse_one  # takes 0.1 s, and most processes never translate

    tree = parse_one(statement, read="trino")
    if dialect == "duckdb":
        _leave_rounding_to_casts(tree)
    return str(tree.sql(dialect, comments=False))


def _leave_rounding_to_casts(tree: Any) -> None:
    """DuckDB's cast to an integer rounds by itself, and an explicit `round` takes a tenth of a rollup's time."""
    from sqlglot import exp

    for cast in tree.find_all(exp.Cast):
        if isinstance(cast.this, exp.Round) and cast.is_type("bigint"):
            cast.set("this", cast.this.this)
