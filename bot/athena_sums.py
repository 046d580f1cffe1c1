"""Plain sums over a partition of a billing export's table, by Athena: what its files say, without bringing them."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from bot.context import Context
from bot.engines.athena_query import Statement
from bot.export_sums import KEYS, selection
from bot.exports.glue_table import GlueTable, Table
from bot.spending import Spending


def sums_of_partition(context: Context, place: GlueTable, source: str, uri: str) -> DataFrame:
    """What one partition says.

    Args:
        place: the table; it has listed its partitions.
        uri: the partition.
    Returns:
        Columns month (`YYYY-MM`), payer, service_name, account, charge, billed_cost, effective_cost.
    Raises:
        CostbotError: Athena does not answer, or the month's cap is reached.
    """
    at, table, condition = place.address, place.table(), place.condition(uri)
    where = f" WHERE {condition}" if condition else ""
    asked = Statement(
        context.aws.client("athena", region=at.region),
        at,
        context.settings.athena_output,
        f"{at.database}.{at.table}",
        Spending(context.store, context.settings, context.clock.now),
        place.size(uri),
    )
    asked.run(
        f'SELECT {selection(source, _InTable(table), "sum")} FROM "{at.database}"."{at.table}"{where} '
        "GROUP BY 1, 2, 3, 4, 5"
    )
    rows = [row for _, page in asked.pages() for row in page]
    frame = DataFrame(rows, columns=[*KEYS, "billed_cost", "effective_cost"])
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in ("billed_cost", "effective_cost")})


class _InTable:
    """A table's columns in Athena's dialect; one that is not there is NULL."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def text(self, name: str) -> str:
        if name.lower() not in self._table.columns:
            return "CAST(NULL AS varchar)"
        return f"nullif(nullif(nullif(trim(CAST(\"{name.lower()}\" AS varchar)), ''), 'NULL'), 'null')"

    def number(self, name: str) -> str:
        kind = self._table.columns.get(name.lower())
        return f'"{name.lower()}"' if kind == "double" else f"CAST({self.text(name)} AS double)"

    def month(self, name: str) -> str:
        return f"substr({self.text(name)}, 1, 7)"

    def entry(self, name: str, key: str) -> str:
        kind = self._table.columns.get(name.lower(), "")
        if kind.startswith("map"):
            return f"element_at(\"{name.lower()}\", '{key}')"
        return f"json_extract_scalar({self.text(name)}, '$.{key}')"
