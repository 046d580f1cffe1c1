"""Small exports of both sources that hold every odd thing a bill may say; engines have to agree on what it sums to."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from analysis.rollups import columns_of
from analysis.rollups.relation import kind_of
from tests.bot.costs.focus_files import COLUMNS, EVERY_KIND, line

TAG_KEYS = ("team", "Cost Center", "ünï'c{o}de")
FOCUS_COLUMNS = (*COLUMNS, *sorted(set(columns_of("focus")[1]) - set(COLUMNS)))
#: Spaces that are none of the plain ones, words for nothing, quotes, commas, line ends, and more than one plane of
#: Unicode.
HOSTILE = (
    "", " ", "NULL", "null", " NULL ", "plain", " padded ", "\u00a0hard\u00a0", "\ttab\t", 'say "hi", ok', "it's",
    "a|b|c", "line\nend", "\\", "\\N", "日本語", "🦆", "İstanbul", "{braces}", "`tick`", "100%", "-- no", "$1",
)  # fmt: skip
#: Zero, small, huge, and what doubles cannot say exactly.
AMOUNTS = (
    "0", "-0", "1.25", "-0.40", "0.00000000005", "0.1", "1e-9", "0.00000000015", "-0.00000000025", "123456789.12",
    "-922337201", "922337201.5", "33.333333333333336",
)  # fmt: skip


_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.000+02:00")


def focus_lines(count: int, seed: int = 7) -> Iterator[dict[str, str]]:
    """Every kind of charge, and `count` lines drawn from odd values."""
    draw = random.Random(seed)
    for one in EVERY_KIND:
        yield dict.fromkeys(FOCUS_COLUMNS, "") | one
    for number in range(count):
        start = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=draw.randrange(24 * 31))
        hours = draw.choice([1, 1, 24, 744])
        billed = draw.choice(AMOUNTS) if number % 3 == 0 else f"{draw.uniform(-1, 5):.12f}"
        yield dict.fromkeys(FOCUS_COLUMNS, "") | line(
            billed,
            EffectiveCost=draw.choice([billed, "0", "1.5"]),
            ListCost=draw.choice([billed, "", "2.25"]),
            ContractedCost=draw.choice([billed, "NULL"]),
            ChargePeriodStart=f"{start:{draw.choice(_TIMES)}}",
            ChargePeriodEnd=draw.choice(
                [f"{start + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}", "", "2026-10-05T12:30:59Z"]
            ),
            ChargeCategory=draw.choice(["Usage", "Usage", "Usage", "Purchase", "Tax", "Credit", " Usage ", "New"]),
            ChargeClass=draw.choice(["", "NULL", "Correction"]),
            CommitmentDiscountId=draw.choice(["", "", "arn:aws:savingsplans::1:savingsplan/a", "ri|with|bars"]),
            CommitmentDiscountType=draw.choice(["", "Savings Plan", "Reserved"]),
            CommitmentDiscountStatus=draw.choice(["", "Used", "Unused"]),
            PricingCategory=draw.choice(["", "Standard", "Committed", "Dynamic"]),
            ConsumedQuantity=draw.choice(["1", "-3", "1e15", "", "0.1"]),
            PricingQuantity=draw.choice(["", "7"]),
            ConsumedUnit=draw.choice(["Hours", "GB-Mo", ""]),
            PricingUnit=draw.choice(["", "Requests"]),
            ProviderName=draw.choice(["AWS", "Amazon Web Services", "microsoft", "Google", "Oracle", "Example Cloud"]),
            ServiceName=draw.choice(["Amazon Elastic Compute Cloud", "AWS Support (Business)", *HOSTILE[5:12]]),
            SubAccountId=draw.choice(["111122223333", "", "NULL"]),
            RegionId=draw.choice(["us-east-1", "", "NULL", " eu-west-1 "]),
            ResourceId=draw.choice([*HOSTILE, "i-1", "i-2", "arn:aws:ec2:x"]),
            x_UsageType=draw.choice(["BoxUsage:m5.large", "EUW1-Multi-AZUsage:db.r5", "Requests", ""]),
            SkuMeter=draw.choice(["", "DataTransfer-Out-Bytes"]),
            Tags=draw.choice(["", "NULL", "{}", *(_tags(draw) for _ in range(8))]),
        )  # fmt: skip


def _tags(draw: random.Random) -> str:
    import json

    keys = draw.sample([*TAG_KEYS, "user:team", "TEAM", "other"], draw.randint(1, 4))
    return json.dumps({key: draw.choice(HOSTILE) for key in keys}, ensure_ascii=draw.random() < 0.5)


CUR_COLUMNS = (*(names[0] for names in columns_of("cur")[0]), *columns_of("cur")[1])
_TYPES = ("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "SavingsPlanRecurringFee",
          "SavingsPlanUpfrontFee", "RIFee", "Fee", "Tax", "Credit", "Refund", "BundledDiscount")  # fmt: skip


def cur_lines(count: int, seed: int = 11) -> Iterator[dict[str, str]]:
    """Every line item type, and `count` lines drawn from odd values."""
    draw = random.Random(seed)
    for number in range(count + len(_TYPES)):
        kind = _TYPES[number] if number < len(_TYPES) else draw.choice(_TYPES)
        start = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=draw.randrange(24 * 31))
        numbers = {
            name: draw.choice(["", "0", f"{draw.uniform(-2, 9):.10f}", *AMOUNTS[2:7]])
            for name in CUR_COLUMNS
            if kind_of(name) == "double"
        }
        yield dict.fromkeys(CUR_COLUMNS, "") | numbers | {
            "bill_payer_account_id": draw.choice(["123456789012", "123456789012", ""]),
            "bill_billing_period_start_date": "2026-10-01T00:00:00.000Z",
            "line_item_line_item_type": kind,
            "line_item_usage_start_date": f"{start:%Y-%m-%dT%H:%M:%S.000Z}",
            "line_item_usage_end_date": f"{start + timedelta(hours=draw.choice([1, 24, 744])):%Y-%m-%d %H:%M:%S}",
            "line_item_usage_account_id": draw.choice(["111122223333", ""]),
            "line_item_usage_account_name": "prod",
            "line_item_product_code": draw.choice(["AmazonEC2", "AWSSupportBusiness", "ComputeSavingsPlans"]),
            "line_item_usage_type": draw.choice(["BoxUsage:m5.large", "USE1-SpotUsage:c5", "EBS:VolumeUsage.gp3", ""]),
            "line_item_unblended_cost": draw.choice(AMOUNTS),
            "line_item_currency_code": draw.choice(["USD", " USD "]),
            "line_item_resource_id": draw.choice([*HOSTILE, "i-1", "i-2"]),
            "pricing_unit": draw.choice(["Hrs", "", "GB"]),
            "product_region_code": draw.choice(["us-east-1", "", "eu-west-1"]),
            "product": draw.choice(["", '{"product_name": "Amazon Elastic Compute Cloud"}', '{"servicename": "x"}']),
            "resource_tags": draw.choice(
                ["", "{}", '{"user_team": "payments", "user_cost_center": "42"}', '{"user_team": "日本"}']
            ),
            "reservation_reservation_a_r_n": draw.choice(["", "", "arn:aws:ec2:us-east-1:1:reserved-instances/a"]),
            "savings_plan_savings_plan_a_r_n": draw.choice(["", "", "arn:aws:savingsplans::1:savingsplan/b"]),
        }  # fmt: skip


def written(path: Path, lines: Iterator[dict[str, str]], columns: Sequence[str]) -> Path:
    """A CSV file of the lines."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(lines)
    return path


_TYPED = {"double": "DOUBLE", "varchar": "VARCHAR", "timestamp": "TIMESTAMPTZ"}


def as_parquet(source: Path, target: Path, **replaced: str) -> Path:
    """A CSV file's lines as Parquet with the types that AWS's exports have.

    Args:
        replaced: columns as other DuckDB expressions; an empty one leaves the column out.
    """
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        scan = f"read_csv('{source}', all_varchar = true, header = true, nullstr = ['', 'NULL'])"
        names = [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()]
        values = []
        for name in names:
            kind = kind_of(name)
            given = f'CAST("{name}" AS {_TYPED.get(kind, "JSON")})'
            given = f"CAST({given} AS MAP(VARCHAR, VARCHAR))" if kind.startswith("map") else given
            if replaced.get(name, given):
                values.append(f'{replaced.get(name, given)} AS "{name}"')
        connection.execute(f"COPY (SELECT {', '.join(values)} FROM {scan}) TO '{target}' (FORMAT parquet)")
    return target
