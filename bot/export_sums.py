"""Plain sums over a billing export's file, and over what is stored of it, by service, account and kind of charge.

Of the kinds of charge only tax and credits have one name in every source; all others are compared together, so that
what is compared is the money and not the names that a rollup gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import duckdb
from pandas import DataFrame

from bot.cost_files.database import cursor

OTHER = "usage and fees"
_APART = "CASE WHEN {kind} IN ('Tax', 'Credit') THEN {kind} ELSE '" + OTHER + "' END"

#: What a source's columns say, as SQL: in braces the kind of a column and its name, see `Columns`.
_FOCUS = {
    "month": "{month:BillingPeriodStart}",
    "payer": "{text:BillingAccountId}",
    "service_name": "{text:ServiceName}",
    "account": "{text:SubAccountId}",
    "charge": _APART.replace("{kind}", "{text:ChargeCategory}"),
    "billed_cost": "{number:BilledCost}",
    "effective_cost": "{number:EffectiveCost}",
}
_TYPE = "{text:line_item_line_item_type}"
_NET = "coalesce({number:line_item_net_unblended_cost}, {number:line_item_unblended_cost})"
#: AWS's net amortized cost, a term for each line item type. Source: AWS, "Understanding your amortized costs".
_AMORTIZED = {
    "SavingsPlanCoveredUsage": (
        "coalesce({number:savings_plan_net_savings_plan_effective_cost}, "
        "{number:savings_plan_savings_plan_effective_cost})"
    ),
    "SavingsPlanRecurringFee": (
        "{number:savings_plan_total_commitment_to_date} - {number:savings_plan_used_commitment}"
    ),
    "SavingsPlanNegation": "0",
    "SavingsPlanUpfrontFee": "0",
    "DiscountedUsage": "coalesce({number:reservation_net_effective_cost}, {number:reservation_effective_cost})",
    "RIFee": (
        "coalesce({number:reservation_net_unused_amortized_upfront_fee_for_billing_period}, "
        "{number:reservation_unused_amortized_upfront_fee_for_billing_period}, 0) + "
        "coalesce({number:reservation_net_unused_recurring_fee}, {number:reservation_unused_recurring_fee}, 0)"
    ),
    "Fee": "CASE WHEN {text:reservation_reservation_a_r_n} IS NULL THEN " + _NET + " ELSE 0 END",
}
_CUR = {
    "month": "{month:bill_billing_period_start_date}",
    "payer": "{text:bill_payer_account_id}",
    "service_name": "coalesce({entry:product:product_name}, {text:line_item_product_code})",
    "account": "{text:line_item_usage_account_id}",
    "charge": _APART.replace("{kind}", _TYPE),
    "billed_cost": "{number:line_item_unblended_cost}",
    "effective_cost": (
        f"CASE {_TYPE} "
        + " ".join(f"WHEN '{kind}' THEN {term}" for kind, term in _AMORTIZED.items())
        + f" ELSE {_NET} END"
    ),
}
_SAID = {"focus": _FOCUS, "cur": _CUR}


KEYS = ("month", "payer", "service_name", "account", "charge")


class Columns(Protocol):
    """Where a source's columns are, in a dialect of SQL."""

    def text(self, name: str) -> str:
        """A column's text without space around it; NULL for nothing, or a word for it."""

    def number(self, name: str) -> str:
        """A column's number."""

    def month(self, name: str) -> str:
        """The month of a column's time in UTC, as `2026-11`."""

    def entry(self, name: str, key: str) -> str:
        """One entry of a column's map."""


def selection(source: str, columns: Columns, total: str) -> str:
    """What stands between SELECT and FROM: month, payer, service_name, account, charge and the two costs, summed.

    Args:
        source: `focus` or `cur`.
        total: the name of the function that sums up.
    """
    said = {name: _filled(text, columns) for name, text in _SAID[source].items()}
    texts = ", ".join(f"coalesce({said[name]}, 'unknown') AS {name}" for name in KEYS)
    return (
        f"{texts}, {total}({said['billed_cost']}) AS billed_cost, {total}({said['effective_cost']}) AS effective_cost"
    )


def _filled(text: str, columns: Columns) -> str:
    """SQL with `{kind:column}` replaced."""
    before, brace, rest = text.partition("{")
    if not brace:
        return before
    inside, _, after = rest.partition("}")
    kind, name, *more = inside.split(":")
    one: str = getattr(columns, kind)(name, *more)
    return f"{before}({one}){_filled(after, columns)}"


def sums_of_file(database: duckdb.DuckDBPyConnection, source: str, path: Path) -> DataFrame:
    """What one file says.

    Args:
        database: with its time zone set to UTC.
        source: `focus` or `cur`.
    Returns:
        Columns month (`YYYY-MM`), payer, service_name, account, charge, billed_cost, effective_cost.
    Raises:
        duckdb.Error: it cannot be read.
    """
    lines = _lines(path)
    described = database.execute(f"DESCRIBE SELECT * FROM {lines}").fetchall()
    columns = _InFile({str(name).lower(): (str(name), str(kind)) for name, kind, *_ in described})
    selected = selection(source, columns, "fsum")
    return database.execute(f"SELECT {selected} FROM {lines} GROUP BY 1, 2, 3, 4, 5").df()


def stored_sums(path: Path, payer: str) -> DataFrame:
    """What is stored of a payer's month.

    Returns:
        Columns service_name, account, charge, billed_cost, effective_cost, has_effective.
    """
    charge = _APART.replace("{kind}", "charge_category")
    with cursor() as own:
        return own.execute(
            "SELECT coalesce(service_name, 'unknown') AS service_name, "
            f"coalesce(sub_account_id, 'unknown') AS account, {charge} AS charge, "
            "fsum(billed_cost) AS billed_cost, fsum(effective_cost) AS effective_cost, "
            "count(effective_cost) > 0 AS has_effective "
            "FROM read_parquet(?, hive_partitioning = false) WHERE billing_account_id = ? GROUP BY 1, 2, 3",
            [str(path), payer],
        ).df()


def _lines(path: Path) -> str:
    file = "'" + str(path).replace("'", "''") + "'"
    if path.name.lower().endswith(".parquet"):
        return f"read_parquet({file}, hive_partitioning = false)"
    return f"read_csv({file}, header = true, all_varchar = true, quote = '\"', escape = '\"')"


class _InFile:
    """A file's columns by name, in any case, in DuckDB's dialect; one that is not there is NULL."""

    def __init__(self, present: Mapping[str, tuple[str, str]]) -> None:
        self._present = present

    def text(self, name: str) -> str:
        column, _ = self._found(name)
        return f"nullif(nullif(nullif(trim(CAST({column} AS VARCHAR)), ''), 'NULL'), 'null')"

    def number(self, name: str) -> str:
        column, kind = self._found(name)
        return column if kind == "DOUBLE" else f"CAST({self.text(name)} AS DOUBLE)"

    def month(self, name: str) -> str:
        column, kind = self._found(name)
        moment = column if kind.startswith("TIMESTAMP") else f"CAST({self.text(name)} AS TIMESTAMPTZ)"
        return f"strftime(CAST({moment} AS TIMESTAMP), '%Y-%m')"

    def entry(self, name: str, key: str) -> str:
        column, kind = self._found(name)
        return f"json_extract_string({column}, '{key}')" if kind == "VARCHAR" else f"{column}['{key}']"

    def _found(self, name: str) -> tuple[str, str]:
        if name.lower() not in self._present:
            return "NULL", "VARCHAR"
        actual, kind = self._present[name.lower()]
        return '"' + actual.replace('"', '""') + '"', kind
