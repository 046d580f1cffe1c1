"""Random numbers in DuckDB's SQL: bits of a hash, so that the same row always draws the same."""

from __future__ import annotations


def draw(column: str, shift: int) -> str:
    """An expression of 0 … 1 from 20 bits of a hash.

    Args:
        column: holds the hash, an UBIGINT.
        shift: where the bits begin; draws 20 apart are independent.
    """
    return f"((({column}) >> {shift}) & 1048575) / 1048576.0"
