"""GetDimensionValues, GetTags and ListCostAllocationTags: what there is to filter and group by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from bot.demo.aws.answers import invalid
from bot.demo.aws.cost_explorer_dimensions import DIMENSIONS, Column
from bot.demo.aws.cost_explorer_paging import offset_of, token_for
from bot.demo.aws.cost_explorer_request import interval_of, metrics_of
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.organisation import ACCOUNTS_BY_ID, TAG_KEYS

VALUES_A_PAGE = 1000


def dimension_values(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetDimensionValues."""
    key = params.get("Dimension", "")
    if key not in DIMENSIONS or key == "LINKED_ACCOUNT_NAME":
        raise invalid(f"Dimension {key} is invalid.")
    values = _values(params, view, view.dimensions.dimension(key))
    page, paging = _page(params, values)
    return {"DimensionValues": [_dimension_value(key, value) for value in page], **paging}


def tags(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """GetTags: the active keys, or the values of one of them ('' is untagged)."""
    key = params.get("TagKey")
    if key is None:
        interval_of(params.get("TimePeriod", {}))
        values: Sequence[str] = TAG_KEYS
    else:
        values = _values(params, view, view.dimensions.tag(key))
    page, paging = _page(params, values)
    return {"Tags": list(page), **paging}


def cost_allocation_tags(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    """ListCostAllocationTags: both of the demo's tags are active."""
    asked = params.get("TagKeys", TAG_KEYS)
    shown = [key for key in TAG_KEYS if key in asked and params.get("Status", "Active") == "Active"]
    return {"CostAllocationTags": [{"TagKey": key, "Type": "UserDefined", "Status": "Active"} for key in shown]}


def _values(params: Mapping[str, Any], view: View, column: Column) -> list[str]:
    """The values that cost anything in the period, by name or in the order asked for."""
    since, until = _columns(params, view)
    mask = view.mask(params.get("Filter"))
    moved = np.abs(view.statement.values["UnblendedCost"][:, since:until]).sum(axis=1) > 0
    moved |= view.statement.values["UsageQuantity"][:, since:until].sum(axis=1) > 0
    found = np.unique(column.codes[mask & moved])
    wanted = params.get("SearchString", "").lower()
    order = _order(params, view, column, since, until)
    names = [column.names[code] for code in sorted(found, key=order.__getitem__)]
    return [name for name in names if wanted in name.lower()]


def _columns(params: Mapping[str, Any], view: View) -> tuple[int, int]:
    start, end = interval_of(params.get("TimePeriod", {}))
    return max(view.statement.column(start.date()), 0), max(view.statement.column(end.date()), 0)


def _order(params: Mapping[str, Any], view: View, column: Column, since: int, until: int) -> Floats:
    """A sort key per code of the column."""
    by = list(params.get("SortBy", ()))
    if not by:
        return np.arange(len(column.names), dtype=np.float64)
    if "SearchString" in params or "NextPageToken" in params:
        raise invalid("SearchString and NextPageToken are not supported with SortBy.")
    metric = metrics_of([by[0].get("Key", "")])[0]
    amounts = view.statement.values[metric][:, since:until].sum(axis=1)
    weighted = np.bincount(column.codes, weights=amounts, minlength=len(column.names))
    totals = np.asarray(weighted, dtype=np.float64)
    return totals if by[0].get("SortOrder") == "ASCENDING" else -totals


def _page(params: Mapping[str, Any], values: Sequence[str]) -> tuple[Sequence[str], dict[str, Any]]:
    size = VALUES_A_PAGE
    if params.get("SortBy"):
        size = min(int(params.get("MaxResults", VALUES_A_PAGE)), VALUES_A_PAGE)
    offset = offset_of(params)
    page = values[offset : offset + size]
    paging: dict[str, Any] = {"ReturnSize": len(page), "TotalSize": len(values)}
    if offset + size < len(values):
        paging["NextPageToken"] = token_for(params, offset + size)
    return page, paging


def _dimension_value(key: str, value: str) -> dict[str, Any]:
    if key == "LINKED_ACCOUNT":
        return {"Value": value, "Attributes": {"description": ACCOUNTS_BY_ID[value].name}}
    return {"Value": value, "Attributes": {}}
