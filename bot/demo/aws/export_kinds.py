"""The tables of AWS Data Exports that the organisation exports, each under a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pandas import DataFrame

from bot.demo.aws import export_cur, export_focus


@dataclass(frozen=True, slots=True)
class Kind:
    """One export.

    Attributes:
        name: of the export.
        table: AWS's name of what it exports.
        configuration: AWS's table configuration.
        columns: name → DuckDB type, in AWS's order.
        expressions: column → SQL over a month's rows, the parts and the slots; the others are NULL in every row.
        part_columns: what of that is nested and made once per part.
        describe: the parts with what the table says of them.
        select: the rows of a month that the table has.
    """

    name: str
    table: str
    configuration: Mapping[str, str]
    columns: Mapping[str, str]
    expressions: Mapping[str, str]
    part_columns: Mapping[str, str]
    describe: Callable[[DataFrame], DataFrame]
    select: Callable[[DataFrame, DataFrame], DataFrame]


def _focus(name: str, table: str, columns: Mapping[str, str], configuration: Mapping[str, str]) -> Kind:
    return Kind(
        name,
        table,
        configuration,
        columns,
        export_focus.EXPRESSIONS,
        export_focus.PART_COLUMNS,
        export_focus.focus_parts,
        export_focus.focus_rows,
    )


_CUR = Kind(
    "cur",
    "COST_AND_USAGE_REPORT",
    {
        "TIME_GRANULARITY": "HOURLY",
        "INCLUDE_RESOURCES": "TRUE",
        "INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY": "FALSE",
        "INCLUDE_SPLIT_COST_ALLOCATION_DATA": "FALSE",
    },
    export_cur.CUR_2_0,
    export_cur.EXPRESSIONS,
    export_cur.PART_COLUMNS,
    export_cur.cur_parts,
    export_cur.cur_rows,
)

#: By name.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _focus("focus", "FOCUS_1_2_AWS", export_focus.FOCUS_1_2, {"TIME_GRANULARITY": "HOURLY"}),
        _focus("focus-1-0", "FOCUS_1_0_AWS", export_focus.FOCUS_1_0, {}),
        _CUR,
    )
}
