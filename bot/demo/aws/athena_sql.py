"""Reads a statement as Athena would, and says it in DuckDB's words.

Only queries over the tables of the catalogue pass, with Trino's functions only: what DuckDB could do beside that
(files, settings, functions of its own) is refused before DuckDB sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from bot.demo.aws.athena_functions import FUNCTIONS, NO_FUNCTIONS
from bot.demo.aws.export_catalogue import DATABASE, TABLES, Table

CATALOGUE = "awsdatacatalog"

_WRITES = (exp.Insert, exp.Update, exp.Delete, exp.Create, exp.Drop, exp.Into, exp.Command, exp.Copy, exp.Set)
#: Trino's name → DuckDB's, where sqlglot leaves it as it is.
_RENAMED = {"every": "BOOL_AND", "truncate": "TRUNC"}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


class Refused(Exception):
    """What Athena does not even start: an InvalidRequestException."""


class Failed(Exception):
    """What Athena starts and gives up: state FAILED, with the reason."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query in DuckDB's words.

    Attributes:
        tables: those it reads, in DuckDB's schema `DATABASE`.
        tokens: of the statement as it was sent.
    """

    sql: str
    tables: tuple[Table, ...]
    tokens: tuple[Token, ...]


def parsed(statement: str) -> exp.Query:
    """The statement's tree.

    Raises:
        Refused: it is not one query.
    """
    first = statement.split(maxsplit=1)[0]
    if first.lower() == "from":
        raise Refused(f"line 1:1: mismatched input '{first}'")
    try:
        trees = [tree for tree in sqlglot.parse(statement, read="athena") if tree is not None]
    except SqlglotError as error:
        raise Refused(_syntax(error)) from None
    if len(trees) != 1:
        raise Refused(f"Only one sql statement is allowed. Got: {statement}")
    tree = trees[0]
    if not isinstance(tree, exp.Query) or tree.find(*_WRITES) is not None:
        raise Refused("Queries of this type are not supported")
    if tree.find(exp.Qualify) or any(group.args.get("all") for group in tree.find_all(exp.Group)):
        raise Refused("line 1:1: mismatched input. Expecting: <expression>")
    return tree


def translated(statement: str, database: str | None, parameters: Sequence[str] = ()) -> Query:
    """The statement in DuckDB's words.

    Args:
        database: of tables that are named without one.
        parameters: SQL literals for the question marks.
    Raises:
        Refused: it is not one query.
        Failed: it names what is not there.
    """
    tree = _with_parameters(parsed(statement), parameters)
    tokens = tuple(sqlglot.tokenize(statement, read="athena"))
    tables = _resolved(tree, database, tokens)
    _check_functions(tree, tokens)
    _check_types(tree, tables, tokens)
    _name_columns(tree)
    unique = tuple({table.name: table for table in tables}.values())
    return Query(tree.transform(_as_trino_means).sql(dialect="duckdb"), unique, tokens)


def place(tokens: Iterable[Token], name: str) -> str:
    """Where a name stands first, as Athena writes it."""
    found = next((token for token in tokens if token.text.lower() == name.lower()), None)
    # A token knows the column of its last character.
    return f"line {found.line}:{found.col - (found.end - found.start)}" if found else "line 1:1"


def _with_parameters(tree: exp.Query, parameters: Sequence[str]) -> exp.Query:
    holes = list(tree.find_all(exp.Placeholder))
    if len(holes) != len(parameters):
        raise Refused(f"Incorrect number of parameters: expected {len(holes)} but found {len(parameters)}")
    for hole, text in zip(holes, parameters, strict=True):
        value = sqlglot.parse_one(text, read="athena")
        if not isinstance(value, (exp.Literal, exp.Cast, exp.Neg, exp.Boolean, exp.Null)):
            raise Refused(f"Execution parameter {text} is not a literal")
        hole.replace(value)
    return tree


def _resolved(tree: exp.Query, database: str | None, tokens: tuple[Token, ...]) -> list[Table]:
    """The tables the query reads; its nodes then name DuckDB's views."""
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    tables = []
    for node in tree.find_all(exp.Table):
        name, schema, catalogue = node.name.lower(), node.db.lower(), node.catalog.lower()
        if not isinstance(node.this, exp.Identifier):
            name = str(node.this.name or node.this.key).lower()
            raise Failed(f"FUNCTION_NOT_FOUND: {place(tokens, name)}: Table function '{name}' not registered")
        if not schema and name in own:
            continue
        schema = schema or (database or "").lower()
        where = place(tokens, name)
        if not schema:
            raise Failed(f"MISSING_SCHEMA_NAME: {where}: Schema must be specified when session schema is not set")
        if catalogue not in ("", CATALOGUE):
            raise Failed(f"CATALOG_NOT_FOUND: {where}: Catalog '{catalogue}' not found")
        if schema != DATABASE:
            raise Failed(f"SCHEMA_NOT_FOUND: {where}: Schema '{schema}' does not exist")
        if name not in TABLES:
            raise Failed(f"TABLE_NOT_FOUND: {where}: Table '{CATALOGUE}.{schema}.{name}' does not exist")
        node.set("catalog", None)
        node.set("db", exp.to_identifier(DATABASE))
        node.set("this", exp.to_identifier(name))
        tables.append(TABLES[name])
    return tables


def _check_functions(tree: exp.Query, tokens: tuple[Token, ...]) -> None:
    aliases = {alias.name.lower() for alias in tree.find_all(exp.TableAlias)}
    for token, following in pairwise(tokens):
        name = token.text.lower()
        called = following.token_type is TokenType.L_PAREN and name.replace("_", "").isalnum()
        if not called or token.token_type in (TokenType.NUMBER, TokenType.STRING):
            continue
        if name not in FUNCTIONS and name not in NO_FUNCTIONS and name not in aliases:
            raise Failed(f"FUNCTION_NOT_FOUND: {place((token,), name)}: Function '{name}' not registered")


def _check_types(tree: exp.Query, tables: Sequence[Table], tokens: tuple[Token, ...]) -> None:
    """Athena compares no time with text and no text with a number, where DuckDB would convert."""
    types = {name: type_ for table in tables for name, type_ in table.columns.items()}
    for node in tree.find_all(*_COMPARISONS, exp.Between, exp.In):
        sides = [part for part in node.iter_expressions() if not isinstance(part, exp.Tuple)]
        columns = [part for part in sides if isinstance(part, exp.Column) and part.name.lower() in types]
        for column in columns:
            type_ = types[column.name.lower()]
            for value in (part for part in sides if isinstance(part, exp.Literal)):
                if (type_ == "TIMESTAMP_MS" and value.is_string) or (type_ == "VARCHAR" and not value.is_string):
                    kinds = (
                        ("timestamp(3)", f"varchar({len(value.name)})") if value.is_string else ("varchar", "integer")
                    )
                    raise Failed(
                        f"TYPE_MISMATCH: {place(tokens, column.name)}: "
                        f"Cannot apply operator: {kinds[0]} {_operator(node)} {kinds[1]}"
                    )


def _operator(node: exp.Expr) -> str:
    signs: dict[type, str] = {exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
    return signs.get(type(node), type(node).__name__.upper())


def _name_columns(tree: exp.Query) -> None:
    """Columns without a name get Trino's: `_col` and their number."""
    outermost: exp.Expr = tree
    while not isinstance(outermost, exp.Select):
        outermost = outermost.this
    for number, column in enumerate(outermost.expressions):
        if not isinstance(column, (exp.Alias, exp.Column, exp.Dot, exp.Star)):
            column.replace(exp.alias_(column.copy(), f"_col{number}", quoted=True))


def _as_trino_means(node: exp.Expr) -> exp.Expr:
    """What the dialects call alike, or sqlglot calls alike, and DuckDB does otherwise than Trino."""
    if isinstance(node, exp.DateDiff):
        # Whole units that have passed, where DuckDB's date_diff counts the boundaries between them.
        unit = exp.Literal.string(node.text("unit").lower() or "day")
        return exp.Anonymous(this="DATE_SUB", expressions=[unit, node.expression, node.this])
    if isinstance(node, exp.ArraySize):
        # Of maps as well as of arrays.
        return exp.Anonymous(this="CARDINALITY", expressions=[node.this])
    if isinstance(node, exp.Anonymous) and node.name.lower() in _RENAMED:
        return exp.Anonymous(this=_RENAMED[node.name.lower()], expressions=node.expressions)
    return node


def _syntax(error: SqlglotError) -> str:
    details = getattr(error, "errors", None) or [{}]
    line, column = details[0].get("line") or 1, details[0].get("col") or 1
    near = details[0].get("highlight") or "<EOF>"
    return f"line {line}:{column}: mismatched input '{near}'"
