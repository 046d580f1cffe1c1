"""Files as Spark reads them, with the columns, types and names that a rollup expects; as `duckdb_columns` does it.

A value that is not of its column's kind stops Spark with an error that names the column: see `bad_value`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from analysis.rollups import SCALE, columns_of
from analysis.rollups.relation import Relation, kind_of
from bot.engines.csv_header import names_in
from bot.engines.duckdb_columns import NULL_WORDS, MissingColumn
from bot.engines.spark_session import failures

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: Dollars of one line beyond which their ten-billionths are no bigint.
MOST_DOLLARS = 2**63 // SCALE - 1
#: Spark would take `yesterday`, an hour without a day and `12d` as well; no other engine does.
_A_DAY = r"^ *[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_NUMBER = r"^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$"
_MARK = "costbot cannot read"
_QUANTITIES = frozenset({"ConsumedQuantity", "PricingQuantity", "line_item_usage_amount"})


def relation(spark: SparkSession, source: str, files: Sequence[str], view: str) -> Relation:
    """Make a view over the files.

    Args:
        files: addresses as Spark's file systems read them; several are Parquet.
    Raises:
        MissingColumn: its argument is the column.
        CostbotError: a CSV file's header cannot be used.
    """
    frame, is_text = _scan(spark, files)
    present = {field.name.lower(): (field.name, field.dataType) for field in frame.schema.fields}
    mandatory, optional = columns_of(source)
    chosen = []
    for names in mandatory:
        found = [name for name in names if name.lower() in present]
        if not found:
            raise MissingColumn(names[0])
        chosen += found
    chosen += [name for name in optional if name.lower() in present]
    if is_text:
        frame = frame.selectExpr(*(f"{_without_null_words(quoted(present[name.lower()][0]))}" for name in chosen))
    typed = [f"{_typed(name, *present[name.lower()])} AS {quoted(name)}" for name in chosen]
    frame.selectExpr(*typed).createOrReplaceTempView(view)
    return Relation(source, view, frozenset(chosen))


def bad_value(error: str) -> tuple[str, str] | None:
    """The column and the value that stopped Spark, from the text of its error; None where it was something else."""
    found = re.search(rf"{_MARK} (\w+): (.*?) \({_MARK}\)", error, re.DOTALL)
    return (found[1], found[2]) if found else None


def quoted(name: str) -> str:
    """A name as an identifier."""
    return "`" + name.replace("`", "``") + "`"


def _scan(spark: SparkSession, files: Sequence[str]) -> tuple[DataFrame, bool]:
    """The files' rows, and whether all their values are text."""
    paths = [re.sub(r"([\[\]{}*?\\])", r"\\\1", file) for file in files]  # Spark takes a path for a pattern
    if files[0].lower().endswith(".parquet"):
        return _parquet(spark, paths), False
    (path,) = paths
    first = spark.read.text(path).first()
    names, delimiter = names_in(str(first[0]).lstrip("\ufeff") if first else "", files[0].rpartition("/")[2])
    schema = ", ".join(f"{quoted(name)} STRING" for name in names)
    options: dict[str, Any] = {"header": True, "sep": delimiter, "quote": '"', "escape": '"', "multiLine": True}
    return spark.read.csv(path, schema=schema, mode="FAILFAST", **options), True


def _parquet(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    try:
        return spark.read.option("mergeSchema", "true").parquet(*paths)
    except failures() as error:
        if "CANNOT_MERGE" not in str(error):
            raise
    # A number in one file is a text or another kind of number in the next.
    frames = [spark.read.parquet(path) for path in paths]
    types: dict[str, set[str]] = {}
    for frame in frames:
        for field in frame.schema.fields:
            types.setdefault(field.name.lower(), set()).add(field.dataType.simpleString())
    mixed = {name for name, kinds in types.items() if len(kinds) > 1}
    as_text = [
        frame.selectExpr(
            *(
                f"CAST({quoted(field.name)} AS STRING) AS {quoted(field.name)}"
                if field.name.lower() in mixed
                and not field.dataType.simpleString().startswith(("map", "struct", "array"))
                else quoted(field.name)
                for field in frame.schema.fields
            )
        )
        for frame in frames
    ]
    return reduce(lambda one, two: one.unionByName(two, allowMissingColumns=True), as_text)


def _without_null_words(column: str) -> str:
    words = ", ".join(f"'{word}'" for word in NULL_WORDS)
    return f"CASE WHEN {column} NOT IN ({words}) THEN {column} END AS {column}"


def _typed(name: str, actual: str, kind: Any) -> str:
    column, wanted, spark_type = quoted(actual), kind_of(name), str(kind.simpleString())
    if wanted == "timestamp":
        return _time(column, spark_type)
    if wanted == "double":
        return _number(name, column, spark_type)
    if wanted.startswith("map"):
        return _map(name, column, kind)
    return column if spark_type == "string" else f"CAST({column} AS STRING)"


def _time(column: str, spark_type: str) -> str:
    if spark_type == "string":
        column = f"CASE WHEN {column} RLIKE '{_A_DAY}' THEN try_cast({column} AS TIMESTAMP_LTZ) END"
    if spark_type == "bigint":
        column = f"timestamp_micros({column} DIV 1000)"  # nanoseconds, of which Spark has no type
    return column if spark_type == "timestamp_ntz" else f"CAST({column} AS TIMESTAMP_NTZ)"


def _number(name: str, column: str, spark_type: str) -> str:
    number = column if spark_type == "double" else f"CAST({column} AS DOUBLE)"
    is_good = "true" if name in _QUANTITIES else f"abs({number}) <= {MOST_DOLLARS}D"
    if spark_type == "string":
        is_good = f"{column} RLIKE '{_NUMBER}' AND {is_good}"
    if is_good == "true":
        return number
    return f"CASE WHEN {column} IS NULL THEN NULL WHEN {is_good} THEN {number} ELSE {_refusal(name, column)} END"


def _map(name: str, column: str, kind: Any) -> str:
    spark_type = str(kind.simpleString())
    if spark_type == "map<string,string>":
        return column
    if spark_type.startswith("map<"):
        return f"CAST({column} AS MAP<STRING, STRING>)"
    if spark_type.startswith("struct<"):
        return f"from_json(to_json({column}), 'map<string,string>')"
    if spark_type.startswith("array<"):
        fields = {field.name.lower(): quoted(field.name) for field in kind.elementType.fields}
        entry = f"struct(CAST(e.{fields['key']} AS STRING) AS key, CAST(e.{fields['value']} AS STRING) AS value)"
        return f"map_from_entries(transform({column}, e -> {entry}))"
    return _tags_from_text(name, f"CAST({column} AS STRING)")


def _tags_from_text(name: str, column: str) -> str:
    """As `duckdb_columns.tags_from_text`."""
    body, refusal = f"trim({column})", _refusal(name, column)
    braced = f"concat('{{', {body}, '}}')"
    key, value = "trim(regexp_extract(p, '^([^=:]*)', 1))", "trim(regexp_extract(p, '^[^=:]*[=:](.*)$', 1))"
    entry = f"struct({key} AS key, {value} AS value)"
    listed = f"map_from_entries(transform(filter(split({body}, '[;,|]'), p -> p RLIKE '[=:]'), p -> {entry}))"
    pairs = f"from_json({body}, 'array<map<string,string>>')"
    pair = (
        "struct(coalesce(try_element_at(j, 'Key'), try_element_at(j, 'key')) AS key, "
        "coalesce(try_element_at(j, 'Value'), try_element_at(j, 'value')) AS value)"
    )
    return (
        f"CASE WHEN {column} IS NULL OR {body} IN ('', 'NULL', 'null') THEN NULL "
        f"WHEN {body} LIKE '{{%' THEN coalesce({_from_json(body)}, {refusal}) "
        f"WHEN {body} LIKE '[%' THEN map_from_entries(transform(coalesce({pairs}, {refusal}), j -> {pair})) "
        f"WHEN {body} LIKE '\"%' THEN coalesce({_from_json(braced)}, {refusal}) "
        f"WHEN {body} RLIKE '[=:]' THEN {listed} ELSE {refusal} END"
    )


def _from_json(text: str) -> str:
    """A map of JSON text; NULL where it is no JSON, or has a key twice, of which Spark would keep both."""
    once = "size(map_keys(m)) = size(array_distinct(map_keys(m)))"
    return f"element_at(transform(array(from_json({text}, 'map<string,string>')), m -> CASE WHEN {once} THEN m END), 1)"


def _refusal(name: str, column: str) -> str:
    value = f"left(CAST({column} AS STRING), 40)"
    return f"raise_error(concat('{_MARK} {name}: ', {value}, ' ({_MARK})'))"
