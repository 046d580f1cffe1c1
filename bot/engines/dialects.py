"""From Trino's dialect, in which rollups are written, to an engine's own."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=64)
def translated(statement: str, dialect: str) -> str:
    """A Trino statement in another dialect: `duckdb`, `spark` or `athena`."""
    import sqlglot  # takes 0.1 s, and most processes never translate

    (text,) = sqlglot.transpile(statement, read="trino", write=dialect, comments=False)
    return text
