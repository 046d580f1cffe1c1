"""Exported costs as CSV: one line a day and key, money with all its digits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from bot.cost_files import Window
from bot.csv_cells import csv_bytes, number_cell, text_cell
from bot.settings import CostView
from bot.workflows.export_costs import NOT_GIVEN, ExportedCosts

UNTAGGED = "(untagged)"
_HEADINGS = {
    "provider": "provider",
    "account": "account id",
    "service_name": "service",
    "region": "region",
    "usage_type": "usage type",
    "charge_category": "charge category",
}
#: The order of the columns; tags stand before the usage type.
_ORDER = ("provider", "account", "service_name", "region", "tag", "usage_type", "charge_category")


def heading(dimension: str) -> str:
    """The heading of a dimension's column, as "account id" or "tag team"."""
    return _HEADINGS.get(dimension) or dimension.replace(":", " ", 1)


def cost_csv(table: ExportedCosts, window: Window, account_names: Mapping[str, str]) -> bytes:
    """The table as CSV; costs are empty where they are not known.

    Args:
        window: tells the currency, the cost shown, and which days of which provider are not all in.
        account_names: by id; they stand beside the ids.
    """
    named = {"provider", "charge_category", *table.dimensions}
    columns = sorted(named, key=lambda name: (_ORDER.index(name.partition(":")[0]), name))
    header = ["date (UTC)"]
    for name in columns:
        header += [heading(name), "account name"] if name == "account" else [heading(name)]
    header += [f"cost ({window.currency})", "currency", "cost view", "estimated"]
    return csv_bytes([text_cell(text) for text in header], _lines(table, columns, window, account_names))


def _lines(
    table: ExportedCosts, columns: list[str], window: Window, account_names: Mapping[str, str]
) -> Iterator[list[str]]:
    days = table.rows["date"].dt.date
    keys = zip(*(table.rows[name] for name in columns), strict=True)
    billed = set(window.billed_only)
    parts = {(part.day, one.provider) for one in window.feeds for part in (*one.partial, *one.missing)}
    provider = columns.index("provider")
    for day, key, cost in zip(days, keys, table.rows["cost"], strict=True):
        cells = [day.isoformat()]
        for name, value in zip(columns, key, strict=True):
            text = UNTAGGED if name.startswith("tag:") and value == "" else value
            cells.append(text_cell(text))
            if name == "account":
                cells.append(text_cell(account_names.get(value, NOT_GIVEN if value == NOT_GIVEN else "")))
        is_billed = window.view is CostView.BILLED or key[provider] in billed
        cells += [
            "" if math.isnan(cost) else number_cell(cost),
            text_cell(window.currency),
            (CostView.BILLED if is_billed else CostView.EFFECTIVE).value,
            "yes" if (day, key[provider]) in parts else "no",
        ]
        yield cells
