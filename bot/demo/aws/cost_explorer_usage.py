"""GetCostAndUsage: sums the ledger's lines by period and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.cost_explorer_dimensions import Dimensions
from bot.demo.aws.cost_explorer_filter import Mask
from bot.demo.aws.cost_explorer_request import Group, Period
from bot.demo.aws.ledger import Statement
from bot.demo.aws.ledger_hourly import hourly
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.organisation import ACCOUNTS_BY_ID

QUANTITIES = ("UsageQuantity", "NormalizedUsageAmount")
# A group is part of an answer when any of these is not zero.
_PRESENCE = ("UnblendedCost", "AmortizedCost", "UsageQuantity")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of the chosen lines.

    Attributes:
        keys: the group keys of each row; one empty key when nothing is grouped.
        values: metric → a row per group, a column per period.
        present: which of them are part of the answer.
        units: unit of the quantity of each group.
    """

    periods: tuple[Period, ...]
    keys: tuple[tuple[str, ...], ...]
    values: dict[str, Floats]
    present: NDArray[np.bool_]
    units: tuple[str, ...]


def sums(
    statement: Statement,
    dimensions: Dimensions,
    mask: Mask,
    groups: Sequence[Group],
    metrics: Sequence[str],
    periods: tuple[Period, ...],
) -> Sums:
    """Sums by group and period."""
    rows = np.flatnonzero(mask)
    keys, of_row = _group_keys(dimensions, groups, rows)
    grouped = {
        metric: _grouped(_by_period(statement, metric, rows, periods), of_row, len(keys))
        for metric in dict.fromkeys((*metrics, *_PRESENCE))
    }
    moved = np.zeros((len(keys), len(periods)), dtype=np.bool_)
    for metric in _PRESENCE:
        size = _grouped(np.abs(_by_period(statement, metric, rows, periods)), of_row, len(keys))
        moved |= size > 1e-10
    units = _units(statement, rows, of_row, len(keys))
    return Sums(periods, keys, {metric: grouped[metric] for metric in metrics}, moved, units)


def metric_values(result: Sums, row: int, column: int) -> dict[str, dict[str, str]]:
    """The metrics of one group in one period, as strings."""
    return {
        metric: {
            "Amount": amount(float(values[row, column])),
            "Unit": result.units[row] if metric in QUANTITIES else "USD",
        }
        for metric, values in result.values.items()
    }


def amount(value: float) -> str:
    """A decimal as Cost Explorer writes it: ten digits after the point at most, never an exponent."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def account_attributes(result: Sums, groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Names of the accounts that the groups mention."""
    for position, group in enumerate(groups):
        if not group.is_tag and group.key == "LINKED_ACCOUNT":
            ids = sorted({key[position] for key in result.keys})
            return [{"Value": id_, "Attributes": {"description": ACCOUNTS_BY_ID[id_].name}} for id_ in ids]
    return []


def _group_keys(
    dimensions: Dimensions,
    groups: Sequence[Group],
    rows: NDArray[np.int64],
) -> tuple[tuple[tuple[str, ...], ...], NDArray[np.int64]]:
    if not groups:
        return ((),), np.zeros(rows.size, dtype=np.int64)
    columns = [dimensions.tag(group.key) if group.is_tag else dimensions.dimension(group.key) for group in groups]
    codes = np.stack([column.codes[rows] for column in columns], axis=1)
    unique, of_row = np.unique(codes, axis=0, return_inverse=True)
    keys = tuple(
        tuple(
            f"{group.key}${column.names[code]}" if group.is_tag else column.names[code]
            for group, column, code in zip(groups, columns, row, strict=True)
        )
        for row in unique
    )
    return keys, of_row.reshape(-1).astype(np.int64)


def _by_period(
    statement: Statement,
    metric: str,
    rows: NDArray[np.int64],
    periods: Sequence[Period],
) -> Floats:
    if periods[0].hourly:
        first, last = periods[0].start, periods[-1].end - timedelta(hours=1)
        table = hourly(statement, metric, first.date(), last.date())[rows]
        return table[:, first.hour : first.hour + len(periods)]
    values = statement.values[metric]
    width = values.shape[1]
    result = np.zeros((rows.size, len(periods)))
    for index, period in enumerate(periods):
        since = min(max(statement.column(period.start.date()), 0), width)
        until = min(max(statement.column(period.end.date()), 0), width)
        result[:, index] = values[rows, since:until].sum(axis=1)
    return result


def _grouped(values: Floats, of_row: NDArray[np.int64], groups: int) -> Floats:
    result = np.zeros((groups, values.shape[1]))
    np.add.at(result, of_row, values)
    return result


def _units(statement: Statement, rows: NDArray[np.int64], of_row: NDArray[np.int64], groups: int) -> tuple[str, ...]:
    found: list[set[str]] = [set() for _ in range(groups)]
    for row, group in zip(rows, of_row, strict=True):
        if statement.lines[row].unit:
            found[group].add(statement.lines[row].unit)
    return tuple(next(iter(units)) if len(units) == 1 else "N/A" for units in found)
