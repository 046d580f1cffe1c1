"""Written exports, and their rows under Cost Explorer's names, for the tests of the exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from pandas import DataFrame

from bot.demo.aws.export_charges import Charges
from bot.demo.aws.export_kinds import KINDS
from bot.demo.aws.export_products import cost_explorer_service
from bot.demo.aws.export_store import ExportStore
from bot.demo.aws.export_writer import Writer
from bot.demo.aws.exports import data_keys
from tests.demo.aws.ledger_factories import NOW, ledger, statement

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
#: The newest, the one before, and two in which commitments were bought.
MONTHS = (date(2025, 12, 1), date(2026, 5, 1), OCTOBER, NOVEMBER)

#: AWS's own rule, by line item type.
NET_AMORTIZED = """
    CASE
        WHEN line_item_line_item_type = 'SavingsPlanCoveredUsage' THEN savings_plan_net_savings_plan_effective_cost
        WHEN line_item_line_item_type = 'SavingsPlanRecurringFee'
            THEN savings_plan_total_commitment_to_date - savings_plan_used_commitment
        WHEN line_item_line_item_type IN ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') THEN 0
        WHEN line_item_line_item_type = 'DiscountedUsage' THEN reservation_net_effective_cost
        WHEN line_item_line_item_type = 'RIFee'
            THEN reservation_net_unused_amortized_upfront_fee_for_billing_period + reservation_net_unused_recurring_fee
        WHEN line_item_line_item_type = 'Fee' AND reservation_reservation_a_r_n <> '' THEN 0
        ELSE line_item_net_unblended_cost
    END
"""
CUR_ROWS = f"""
    SELECT
        CAST(line_item_usage_start_date AS DATE) AS date,
        line_item_product_code AS code,
        product['product_name'] AS product,
        line_item_usage_type AS usage_type,
        line_item_operation AS operation,
        line_item_usage_account_id AS account,
        product_region_code AS region,
        CASE
            WHEN line_item_line_item_type = 'Fee' AND line_item_product_code LIKE 'AWSSupport%' THEN 'Support'
            ELSE line_item_line_item_type
        END AS record_type,
        product_instance_type AS instance_type,
        savings_plan_savings_plan_a_r_n AS plan,
        reservation_reservation_a_r_n AS reservation,
        resource_tags['user_team'] AS team,
        resource_tags['user_env'] AS env,
        sum(line_item_unblended_cost) AS unblended,
        sum(line_item_net_unblended_cost) AS net_unblended,
        sum(line_item_blended_cost) AS blended,
        sum({NET_AMORTIZED}) AS net_amortized,
        sum(line_item_usage_amount) AS quantity
    FROM read_parquet($files)
    GROUP BY ALL
"""
FOCUS_ROWS = """
    SELECT
        CAST(ChargePeriodStart AS DATE) AS date,
        x_ServiceCode AS code,
        ServiceName AS product,
        {usage_type} AS usage_type,
        x_Operation AS operation,
        SubAccountId AS account,
        RegionId AS region,
        CASE
            WHEN ChargeCategory IN ('Tax', 'Credit') THEN ChargeCategory
            WHEN ChargeClass = 'Correction' THEN 'Refund'
            WHEN ServiceName LIKE 'AWS Support%' THEN 'Support'
            WHEN CommitmentDiscountStatus = 'Unused' THEN 'UnusedCommitment'
            ELSE ChargeCategory
        END AS category,
        Tags['user:team'] AS team,
        Tags['user:env'] AS env,
        sum(BilledCost) AS billed,
        sum(EffectiveCost) AS effective,
        sum(coalesce(ConsumedQuantity, PricingQuantity)) AS quantity
    FROM read_parquet($files)
    GROUP BY ALL
"""
#: What Cost Explorer says where an export says nothing.
NOTHING = {
    "usage_type": "NoUsageType",
    "operation": "NoOperation",
    "region": "NoRegion",
    "instance_type": "NoInstanceType",
    "plan": "NoSavingsPlanArn",
    "reservation": "",
    "team": "",
    "env": "",
}


def store(now: datetime = NOW) -> ExportStore:
    return ExportStore(ledger(), lambda: now)


@lru_cache(maxsize=2)
def charges() -> Charges:
    return Charges(statement())


def written(folder: Path, kind: str, months: Sequence[date] = MONTHS) -> list[str]:
    """Files of some months of an export."""
    writer = Writer(charges(), KINDS[kind])
    files = []
    for month in months:
        paths = [folder / key for key in data_keys(kind, month)]
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        writer.write(month, paths)
        files += [str(path) for path in paths]
    return files


def asked(files: Sequence[str], sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query over the view `bill`."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW bill AS FROM read_parquet({list(files)}, hive_partitioning = false)")
        return connection.execute(sql).fetchall()


def as_cost_explorer(files: Sequence[str], sql: str) -> DataFrame:
    """An export's rows with Cost Explorer's values of its dimensions."""
    with duckdb.connect() as connection:
        rows = connection.execute(sql, {"files": list(files)}).df()
    kind = rows["record_type" if "record_type" in rows else "category"]
    names = {"code": rows["code"], "product": rows["product"], "usage_type": rows["usage_type"], "tax": kind.eq("Tax")}
    services = [
        cost_explorer_service(code, product, None if pd.isna(usage) else usage, tax=tax)
        for code, product, usage, tax in zip(*names.values(), strict=True)
    ]
    rows = rows.assign(service=services, date=rows["date"].astype(str))
    return rows.fillna({name: value for name, value in NOTHING.items() if name in rows})


def billed_lines(months: Sequence[date] = MONTHS) -> DataFrame:
    """The statement's lines of some months, a row per line and day, in the same columns."""
    found = statement()
    lines = DataFrame(
        {
            "service": [line.service for line in found.lines],
            "account": [line.account_id for line in found.lines],
            "region": [line.region for line in found.lines],
            "usage_type": [line.usage_type for line in found.lines],
            "operation": [line.operation or "NoOperation" for line in found.lines],
            "record_type": [str(line.record_type) for line in found.lines],
            "team": [line.team for line in found.lines],
            "env": [line.env for line in found.lines],
        }
    )
    metrics = {
        "unblended": "UnblendedCost",
        "net_unblended": "NetUnblendedCost",
        "blended": "BlendedCost",
        "net_amortized": "NetAmortizedCost",
        "quantity": "UsageQuantity",
    }
    days = []
    for column in (column for month in months for column in range(*charges().columns(month).indices(10**6))):
        day = date.fromordinal(found.first_day.toordinal() + column)
        values = {name: found.values[metric][:, column] for name, metric in metrics.items()}
        days.append(lines.assign(date=str(day), **values))
    return pd.concat(days, ignore_index=True)


def sums(rows: DataFrame, keys: Sequence[str], measures: Sequence[str]) -> DataFrame:
    """Sums by key, without those that are nothing."""
    found = rows.groupby(list(keys), dropna=False)[list(measures)].sum()
    return found[(found.abs() > 1e-8).any(axis=1)]


def assert_equal_sums(left: DataFrame, right: DataFrame, *, within: float = 1e-8) -> None:
    """Both have the same keys and, to far below a cent, the same sums."""
    assert set(left.index) == set(right.index)
    right = right.reindex(left.index)
    difference = np.abs(left.to_numpy() - right.to_numpy()) / np.maximum(1.0, np.abs(right.to_numpy()))
    assert difference.max() < within, left[(difference >= within).any(axis=1)].head()
