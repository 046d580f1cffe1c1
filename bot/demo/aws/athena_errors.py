"""DuckDB's errors in Athena's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
from sqlglot.tokenizer_core import Token

from bot.demo.aws.athena_sql import place

_COLUMN = re.compile(r'(?:Referenced column "([^"]+)"|does not have a column named "([^"]+)")')
_FUNCTION = re.compile(r"(?:Function with name|No function matches the given name and argument types '?)\s*\"?(\w+)")
_NOT_GROUPED = re.compile(r'column "?([^"]+?)"? must appear in the GROUP BY clause')
_AMBIGUOUS = re.compile(r'Ambiguous reference to column name "([^"]+)"')
TIMED_OUT = "Query timeout"
EXHAUSTED = "Query exhausted resources at this scale factor"


def worded(error: duckdb.Error, tokens: Sequence[Token]) -> str:
    """The StateChangeReason of a query that DuckDB refused."""
    text = str(error)
    if column := _COLUMN.search(text):
        name = column.group(1) or column.group(2)
        return (
            f"COLUMN_NOT_FOUND: {place(tokens, name)}: Column '{name}' cannot be resolved "
            "or requester is not authorized to access requested resources"
        )
    if ambiguous := _AMBIGUOUS.search(text):
        name = ambiguous.group(1)
        return f"AMBIGUOUS_NAME: {place(tokens, name)}: Column '{name}' is ambiguous"
    if grouped := _NOT_GROUPED.search(text):
        name = grouped.group(1)
        return (
            f"EXPRESSION_NOT_AGGREGATE: {place(tokens, name)}: '{name}' must be an aggregate expression "
            "or appear in GROUP BY clause"
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return EXHAUSTED
    if isinstance(error, duckdb.ConversionException):
        return f"INVALID_CAST_ARGUMENT: {_first_line(text)}"
    if function := _FUNCTION.search(text):
        name = function.group(1).lower()
        if isinstance(error, duckdb.CatalogException):
            return f"FUNCTION_NOT_FOUND: {place(tokens, name)}: Function '{name}' not registered"
        return f"FUNCTION_NOT_FOUND: {place(tokens, name)}: Unexpected parameters for function {name}"
    if isinstance(error, (duckdb.BinderException, duckdb.ParserException)):
        return f"SYNTAX_ERROR: line 1:1: {_first_line(text)}"
    return f"GENERIC_INTERNAL_ERROR: {_first_line(text)}"


def _first_line(text: str) -> str:
    return text.splitlines()[0].partition("Error: ")[2] or text.splitlines()[0]
