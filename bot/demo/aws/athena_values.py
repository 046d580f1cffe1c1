"""Values and types as Athena shows them: every value is text, NULL is no text at all."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_TYPES = {
    "BIGINT": "bigint",
    "HUGEINT": "bigint",
    "UBIGINT": "bigint",
    "INTEGER": "integer",
    "UINTEGER": "bigint",
    "SMALLINT": "smallint",
    "TINYINT": "tinyint",
    "DOUBLE": "double",
    "FLOAT": "float",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "JSON": "json",
    "VARCHAR": "varchar",
    "BLOB": "varbinary",
}
_NESTED = (("MAP(", "map"), ("STRUCT(", "row"), ("DECIMAL(", "decimal"), ("TIMESTAMP WITH", "timestamp with time zone"))
_PRECISIONS = {"varchar": 2147483647, "bigint": 19, "integer": 10, "double": 17, "float": 17, "timestamp": 3}


def column_info(name: str, duckdb_type: str) -> dict[str, Any]:
    """An entry of ResultSetMetadata.ColumnInfo."""
    type_ = athena_type(duckdb_type)
    precision, scale = _PRECISIONS.get(type_, 0), 0
    if type_ == "decimal":
        precision, scale = (int(digits) for digits in duckdb_type[8:-1].split(","))
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": type_,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": type_ == "varchar",
    }


def athena_type(duckdb_type: str) -> str:
    """Athena's name of a DuckDB type."""
    if duckdb_type.endswith("[]"):
        return "array"
    for start, type_ in _NESTED:
        if duckdb_type.startswith(start):
            return type_
    if duckdb_type.startswith("TIMESTAMP"):
        return "timestamp"
    return _TYPES.get(duckdb_type, "unknown")


def shown(value: Any, duckdb_type: str = "") -> str | None:
    """A value as Athena writes it; None is NULL.

    Args:
        duckdb_type: of the column; a zoned time comes in UTC.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, datetime):
        zone = " UTC" if duckdb_type.startswith("TIMESTAMP WITH") else ""
        return f"{value:%Y-%m-%d %H:%M:%S}.{value.microsecond // 1000:03}{zone}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inner(key)}={_inner(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inner(item) for item in value) + "]"
    return str(value)


def _inner(value: Any) -> str:
    text = shown(value)
    return "null" if text is None else text


def _double(value: float) -> str:
    """As Java prints it: an exponent below 10^-3 and from 10^7 on."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0.0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return f"{Decimal(text):f}" if "e" in text else text
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{exponent + len(text) - 1}"
