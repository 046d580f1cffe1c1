"""On which product each dollar of tax stands: an export has a tax row per account and product, the ledger one line."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np

from bot.demo.aws.export_resources import Behind
from bot.demo.aws.ledger import Statement
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.record_types import RecordType


def services_taxed(statement: Statement) -> dict[int, list[Behind]]:
    """Index of a tax line → the services it is on, with their shares on the first of each month."""
    taxes = {row: line.account_id for row, line in enumerate(statement.lines) if line.record_type is RecordType.TAX}
    return {row: _services(statement, account_id) for row, account_id in taxes.items()}


def _services(statement: Statement, account_id: str) -> list[Behind]:
    charged: dict[str, Floats] = defaultdict(lambda: np.zeros(statement.shares.shape[1]))
    for row, line in enumerate(statement.lines):
        if line.account_id == account_id and line.record_type is not RecordType.TAX:
            charged[line.service] += statement.values["UnblendedCost"][row]
    months = _month_starts(statement)
    taxable = {service: np.maximum(_summed(daily, months), 0.0) for service, daily in charged.items()}
    total = np.sum(list(taxable.values()), axis=0)
    return [
        Behind(service, None, None, nothing := np.zeros_like(total), _share(amount, total, nothing))
        for service, amount in sorted(taxable.items())
    ]


def _month_starts(statement: Statement) -> list[int]:
    first = statement.first_day.toordinal()
    days = range(statement.shares.shape[1])
    return [column for column in days if date.fromordinal(first + column).day == 1]


def _summed(daily: Floats, months: list[int]) -> Floats:
    """The sum of each month on its first day."""
    sums = np.zeros_like(daily)
    if months:
        sums[months] = np.add.reduceat(daily, months)
    return sums


def _share(amount: Floats, total: Floats, nothing: Floats) -> Floats:
    return np.divide(amount, total, out=nothing.copy(), where=total > 0)
