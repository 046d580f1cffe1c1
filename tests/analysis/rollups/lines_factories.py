"""Line items in a DuckDB table, and rollups over it: no file, no bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
from pandas import DataFrame

from analysis.rollups import Relation, Rollup, columns_of, statement
from analysis.rollups.relation import kind_of
from bot.engines.dialects import translated

_TYPES = {"varchar": "VARCHAR", "double": "DOUBLE", "timestamp": "TIMESTAMP"}
#: What a line says unless it is told otherwise.
FOCUS: dict[str, Any] = {
    "BilledCost": 1.0, "EffectiveCost": 1.0, "BillingCurrency": "USD", "BillingAccountId": "payer",
    "BillingPeriodStart": "2026-10-01", "ChargePeriodStart": "2026-10-05 13:00:00", "ChargeCategory": "Usage",
    "ProviderName": "AWS", "ServiceName": "Amazon Elastic Compute Cloud",
}  # fmt: skip
CUR: dict[str, Any] = {
    "bill_payer_account_id": "payer", "bill_billing_period_start_date": "2026-10-01",
    "line_item_line_item_type": "Usage", "line_item_usage_start_date": "2026-10-05 13:00:00",
    "line_item_usage_account_id": "111122223333", "line_item_product_code": "AmazonEC2",
    "line_item_usage_type": "BoxUsage:m5.large", "line_item_unblended_cost": 1.0, "line_item_currency_code": "USD",
}  # fmt: skip
DEFAULTS = {"focus": FOCUS, "cur": CUR}


def rolled_up(
    source: str,
    lines: Sequence[Mapping[str, Any]],
    *,
    rollup: Rollup = Rollup.DAILY,
    tag_keys: Sequence[str] = (),
    known: Mapping[str, str | None] | None = None,
    never_null: Sequence[str] = (),
    missing: Sequence[str] = (),
    threads: int = 1,
) -> DataFrame:
    """A rollup over lines.

    Args:
        lines: what each says besides the defaults of its source.
        known: columns told to be the same in every line.
        never_null: columns told to have a value in every line.
        missing: columns that the relation does not have.
    """
    mandatory, optional = columns_of(source)
    names = [name for group in mandatory for name in group] + list(optional)
    names = [name for name in names if name not in missing]
    types = [_TYPES.get(kind_of(name), "MAP(VARCHAR, VARCHAR)") for name in names]
    relation = Relation(source, "lines", frozenset(names), constants=known or {}, never_null=frozenset(never_null))
    text = _in_duckdb(statement(rollup, relation, tag_keys))
    with duckdb.connect(config={"threads": threads}) as own:
        own.execute(f"CREATE TABLE lines ({', '.join(f'{n} {t}' for n, t in zip(names, types, strict=True))})")
        values = [(DEFAULTS[source] | line).get(name) for line in lines for name in names]
        row = f"({', '.join('?' for _ in names)})"
        own.execute(f"INSERT INTO lines VALUES {', '.join([row] * len(lines))}", values)
        return own.execute(text).df()


@cache
def _in_duckdb(text: str) -> str:
    return translated(text, "duckdb")
