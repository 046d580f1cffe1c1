"""Small FOCUS exports, made here; their sums are counted by hand in the tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from pandas import DataFrame

from bot.cost_files.rollup_months import Bill
from bot.exports.local import LocalPlace
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Ingested
from tests.bot.costs.cost_factories import context

COLUMNS = (
    "BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "ChargeCategory", "ChargeClass",
    "ChargeDescription", "ChargePeriodStart", "CommitmentDiscountStatus", "ConsumedQuantity", "ConsumedUnit",
    "EffectiveCost", "ListCost", "ProviderName", "RegionId", "ServiceName", "SubAccountId", "SubAccountName", "Tags",
)  # fmt: skip


def line(billed: str, **changed: Any) -> dict[str, Any]:
    """A row of EC2 usage in us-east-1; every value is text, as in a file."""
    return {
        "BilledCost": billed,
        "BillingAccountId": "123456789012",
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2026-10-01 00:00:00",
        "ChargeCategory": "Usage",
        "ChargeClass": "NULL",
        "ChargeDescription": "$0.096 per On Demand Linux m5.large Instance Hour",
        "ChargePeriodStart": "2026-10-05 13:00:00",
        "CommitmentDiscountStatus": "NULL",
        "ConsumedQuantity": "1",
        "ConsumedUnit": "Hours",
        "EffectiveCost": billed,
        "ListCost": billed,
        "ProviderName": "AWS",
        "RegionId": "us-east-1",
        "ServiceName": "Amazon Elastic Compute Cloud",
        "SubAccountId": "111122223333",
        "SubAccountName": "prod",
        "Tags": '{"team": "payments"}',
    } | changed


def text(*lines: dict[str, Any], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> str:
    """A CSV file of the lines."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def write(path: Path, *lines: dict[str, Any], **shape: Any) -> Path:
    path.write_text(text(*lines, **shape), encoding="utf-8")
    return path


#: One AWS month with every kind of charge, and one Azure day. In dollars:
#: EC2 usage 1.25 + 0.50 + 0.0 (effective 1.25 + 0.50 + 0.75), unused 0 (0.10), purchase 30 (0), tax 0.20, credit −0.40,
#: refund −0.30, correction 0.05; Azure 2.5.
EVERY_KIND = (
    line("1.25"),
    line("0.50", ChargePeriodStart="2026-10-06T00:00:00Z", Tags="NULL"),
    line("0", EffectiveCost="0.75", CommitmentDiscountStatus="Used"),
    line("0", EffectiveCost="0.10", CommitmentDiscountStatus="Unused"),
    line("30", EffectiveCost="0", ChargeCategory="Purchase", ServiceName="Savings Plans for AWS Compute usage"),
    line("0.20", ChargeCategory="Tax", ServiceName="Tax", SubAccountId="", RegionId="", Tags=""),
    line("-0.40", ChargeCategory="Credit"),
    line("-0.30", ChargeClass="Correction"),
    line("0.05", ChargeClass="Correction"),
    line("7.00", ServiceName="AWS Support (Business)", ChargeCategory="Purchase"),
    line(
        "2.5", ProviderName="Microsoft", ServiceName="Virtual Machines", BillingAccountId="azure-1", RegionId="westus2"
    ),
)


def take_in(bot: Any, paths: Sequence[Path], **how: Any) -> Ingested:
    """Ingest FOCUS files."""
    return ingest(bot, "focus", LocalPlace(paths), **how)


@dataclass(frozen=True)
class Stored:
    """What a data directory holds after one run over some files."""

    bills: tuple[Bill, ...]
    frame: DataFrame


def read(paths: Sequence[Path], tag_keys: tuple[str, ...] = ("team",), *, today: date = date(2026, 11, 24)) -> Stored:
    """Ingest files into a directory of their own, and read all that is stored."""
    now = datetime(today.year, today.month, today.day, 10, tzinfo=UTC)
    bot = context(paths[0].parent / f"data of {paths[0].name}", now=now, tag_keys=tag_keys)
    result = take_in(bot, paths)
    months = [
        bot.costs.months.read("focus", date.fromisoformat(f"{path.stem}-01")) for path in bot.costs.months.files()
    ]
    frame = pd.concat(months, ignore_index=True)
    return Stored(result.bills, frame.sort_values(list(frame.columns), ignore_index=True))
