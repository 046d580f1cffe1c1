"""What a rollup reads: line items as an engine sees them, and what is known of their columns beforehand."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

#: A text, or a time as text, that is the same in every line; None is NULL.
Constant = str | None


@dataclass(frozen=True, slots=True)
class Relation:
    """Line items of one source.

    Attributes:
        source: `focus` or `cur`: which columns mean what.
        sql: what stands behind FROM, in Trino's dialect: a table's name.
        columns: names of its columns, in the source's spelling; one that is not here is NULL in every line.
        where: a condition in Trino's dialect; empty for all lines.
        constants: columns with the same value in every line. A rollup need not group by them, which is a third of
            its time.
        never_null: columns with a value in every line.
    """

    source: str
    sql: str
    columns: frozenset[str]
    where: str = ""
    constants: Mapping[str, Constant] = field(default_factory=dict)
    never_null: Collection[str] = ()

    def has(self, column: str) -> bool:
        """Whether some line may have a value there."""
        return column in self.columns and self.constants.get(column, "") is not None


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that lines are grouped by.

    Attributes:
        sql: Trino text with the source's columns in braces.
        kind: its type: varchar, timestamp, date or boolean.
        only_with: columns; where one of them never has a value, the key is NULL.
    """

    sql: str
    kind: str = "varchar"
    only_with: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(name for _, name, _, _ in string.Formatter().parse(self.sql) if name)

    def rendered(self, relation: Relation) -> str:
        """Its text over a relation."""
        if self._is_null(relation):
            return f"CAST(NULL AS {self.kind})"
        return rendered(self.sql, relation)

    def is_constant(self, relation: Relation) -> bool:
        """Whether it is the same in every line."""
        return self._is_null(relation) or all(
            name not in relation.columns or name in relation.constants for name in self.columns
        )

    def _is_null(self, relation: Relation) -> bool:
        return any(not relation.has(column) for column in self.only_with)


@dataclass(frozen=True, slots=True)
class FirstOf(Key):
    """A key whose text names columns, separated by spaces: the first of them that has a value.

    Attributes:
        otherwise: what it is where none has one, as Trino text with columns in braces.
    """

    otherwise: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (*self.sql.split(), *Key(self.otherwise).columns)

    def rendered(self, relation: Relation) -> str:
        """Its text over a relation; a column that always has a value ends the list."""
        asked = []
        for column in self.sql.split():
            if relation.has(column):
                asked.append(_column(column, relation))
                if column in relation.never_null:
                    break
        else:
            asked += [rendered(self.otherwise, relation)] if self.otherwise else []
        if not asked:
            return f"CAST(NULL AS {self.kind})"
        return asked[0] if len(asked) == 1 else f"coalesce({', '.join(asked)})"


#: Columns that are no text, in either source; all others are.
NUMBERS = frozenset({
    "BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "ConsumedQuantity", "PricingQuantity",
})  # fmt: skip
TIMES = frozenset({
    "BillingPeriodStart", "ChargePeriodStart", "ChargePeriodEnd",
    "bill_billing_period_start_date", "line_item_usage_start_date", "line_item_usage_end_date",
})  # fmt: skip
MAPS = frozenset({"Tags", "resource_tags", "product", "discount"})
#: CUR 2.0's numbers, by how their names begin or end.
_CUR_NUMBERS = ("_cost", "_amount", "_fee", "_commitment", "_for_billing_period", "_to_date", "_rate")


def kind_of(column: str) -> str:
    """The Trino type of a source's column: varchar, double, timestamp or map(varchar, varchar)."""
    if column in TIMES:
        return "timestamp"
    if column in MAPS:
        return "map(varchar, varchar)"
    if column in NUMBERS or (column.islower() and column.endswith(_CUR_NUMBERS)):
        return "double"
    return "varchar"


def rendered(sql: str, relation: Relation) -> str:
    """Trino text with the columns in braces replaced: by their names, their constant, or NULL where there is none."""
    parts = []
    for text, name, _, _ in string.Formatter().parse(sql):
        parts.append(text)
        if name:
            parts.append(_column(name, relation))
    return "".join(parts)


def _column(name: str, relation: Relation) -> str:
    if name not in relation.columns:
        return f"CAST(NULL AS {kind_of(name)})"
    if name in relation.constants:
        return literal(relation.constants[name], kind_of(name))
    return name


def literal(value: Constant, kind: str) -> str:
    """A value as Trino text."""
    if value is None:
        return f"CAST(NULL AS {kind})"
    text = "'" + value.replace("'", "''") + "'"
    return f"TIMESTAMP {text}" if kind == "timestamp" else text
