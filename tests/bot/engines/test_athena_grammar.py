"""Every statement for Athena, read by an Athena grammar that is neither ours nor sqlglot's."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest
from sqlfluff.core import FluffConfig, Linter

from analysis.rollups import Rollup, columns_of, statement
from bot.engines import Part, since
from bot.engines.athena_columns import relation
from bot.engines.dialects import translated
from bot.exports.glue_table import Table, address
from tests.bot.engines.test_athena_columns import HIVE, glue_table

AT = address("athena://primary/billing/costs-2026")
ODD_TAGS = ("team", "Cost Center", "it's", 'say "hi"', "{x}", "a`b", "日本", "-- no", "user:env", "%s", ";")
PARQUET, TEXT, LEAST = "a Parquet table", "a table of text", "a table with no column too many"


def table(source: str, shape: str) -> Table:
    if shape == PARQUET:
        return glue_table(source)
    mandatory, optional = columns_of(source)
    names = [found[0] for found in mandatory]
    if shape == TEXT:
        names += optional
        return Table({name.lower(): "string" for name in names}, {}, "s3://billing/", False)
    assert HIVE["varchar"] == "string"
    return Table({name.lower(): glue_table(source).columns[name.lower()] for name in names}, {}, "s3://billing/", True)


@pytest.fixture(scope="module")
def athena_grammar() -> Linter:
    return Linter(config=FluffConfig(overrides={"dialect": "athena"}))


def problems(grammar: Linter, text: str) -> list[str]:
    """What cannot be parsed (PRS), and nothing else: no rule of style is asked."""
    return [str(error.desc()) for error in grammar.parse_string(text).violations]


def test_the_grammar_would_say_so(athena_grammar: Linter) -> None:
    assert problems(athena_grammar, "SELECT a FROM b GROUP 1, 2")
    assert problems(athena_grammar, 'SELECT "a" FROM b') == []


@pytest.mark.parametrize(
    ("source", "kind", "shape"),
    [
        *itertools.product(("focus", "cur"), Rollup, (PARQUET,)),
        # Only what the rollups read from, which is the same for each, differs by the table's shape.
        *itertools.product(("focus", "cur"), (Rollup.RESOURCES,), (TEXT, LEAST)),
    ],
)
def test_the_grammar_of_athena_has_nothing_against_it(
    athena_grammar: Linter, source: str, kind: Rollup, shape: str
) -> None:
    where = "\"billing_period\" = '2026-11'" if shape == PARQUET else ""
    lines = relation(source, table(source, shape), AT, where)
    if shape == TEXT:
        lines = since(lines, Part(source, "x", since=date(2026, 9, 1)))
    if shape == LEAST:
        name = "BillingCurrency" if source == "focus" else "line_item_currency_code"
        lines = replace(lines, constants={name: "it's USD"}, never_null={name})
    text = translated(statement(kind, lines, ODD_TAGS), "athena")

    assert problems(athena_grammar, text) == []
    assert len(text) < 262_144  # Athena takes no longer ones
