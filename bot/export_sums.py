"""Plain sums over a billing export's file, and over what is stored of it, by service, account and kind of charge.

Of the kinds of charge only tax and credits have one name in every source; all others are compared together, so that
what is compared is the money and not the names that a rollup gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
from pandas import DataFrame

from bot.cost_files.database import cursor

OTHER = "usage and fees"
_APART = "CASE WHEN {kind} IN ('Tax', 'Credit') THEN {kind} ELSE '" + OTHER + "' END"

#: What a file's columns say, by source: SQL over text, numbers and times as `_Columns` makes them.
_FOCUS = {
    "month": "{time:BillingPeriodStart}",
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
    "month": "{time:bill_billing_period_start_date}",
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
    columns = _Columns({str(name).lower(): (str(name), str(kind)) for name, kind, *_ in described})
    said = {name: columns.fill(text) for name, text in _SAID[source].items()}
    keys = ("month", "payer", "service_name", "account", "charge")
    texts = ", ".join(f"coalesce({said[name]}, 'unknown') AS {name}" for name in keys)
    return database.execute(
        f"SELECT {texts}, fsum({said['billed_cost']}) AS billed_cost, fsum({said['effective_cost']}) AS effective_cost "
        f"FROM {lines} GROUP BY 1, 2, 3, 4, 5"
    ).df()


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


class _Columns:
    """A file's columns by name, in any case; one that is not there is NULL."""

    def __init__(self, present: Mapping[str, tuple[str, str]]) -> None:
        self._present = present

    def fill(self, text: str) -> str:
        """SQL with `{kind:column}` replaced."""
        before, brace, rest = text.partition("{")
        if not brace:
            return before
        inside, _, after = rest.partition("}")
        kind, _, name = inside.partition(":")
        return f"{before}({self._one(kind, name)}){self.fill(after)}"

    def _one(self, kind: str, name: str) -> str:
        name, _, entry = name.partition(":")
        if name.lower() not in self._present:
            return "NULL"
        actual, stored_as = self._present[name.lower()]
        column = '"' + actual.replace('"', '""') + '"'
        if kind == "entry":
            entry = f"'{entry}'"
            return f"json_extract_string({column}, {entry})" if stored_as == "VARCHAR" else f"{column}[{entry}]"
        text = f"nullif(nullif(nullif(trim(CAST({column} AS VARCHAR)), ''), 'NULL'), 'null')"
        if kind == "number":
            return column if stored_as == "DOUBLE" else f"CAST({text} AS DOUBLE)"
        if kind == "time":
            moment = column if stored_as.startswith("TIMESTAMP") else f"CAST({text} AS TIMESTAMPTZ)"
            return f"strftime(CAST({moment} AS TIMESTAMP), '%Y-%m')"
        return text
