"""Cost Explorer, answered from the ledger, with the contract AWS enforces."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np

from bot.demo.aws import cost_explorer_paging as paging
from bot.demo.aws.answers import AwsError
from bot.demo.aws.cost_explorer_commitments import (
    reservation_utilization,
    savings_plans_details,
    savings_plans_utilization,
)
from bot.demo.aws.cost_explorer_coverage import savings_plans_coverage
from bot.demo.aws.cost_explorer_dimensions import Dimensions
from bot.demo.aws.cost_explorer_forecast import cost_forecast
from bot.demo.aws.cost_explorer_generations import Generations
from bot.demo.aws.cost_explorer_plan_purchases import savings_plan_details, savings_plans_recommendation
from bot.demo.aws.cost_explorer_request import groups_of, metrics_of, periods_of
from bot.demo.aws.cost_explorer_reserved_purchases import reservation_recommendation
from bot.demo.aws.cost_explorer_usage import Sums, account_attributes, metric_values, sums
from bot.demo.aws.cost_explorer_values import cost_allocation_tags, dimension_values, tags
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.enrolment import anomaly_monitors
from bot.demo.aws.ledger import Ledger, Statement
from bot.demo.aws.shapes import checked

GROUPS_A_PAGE = 5000
_REMEMBERED_SUMS = 16


Operation = Callable[[Mapping[str, Any], View, datetime], dict[str, Any]]


class CostExplorer:
    """The service `ce`.

    Args:
        ledger: where the money is.
        now: tells the time of the stand-in's clock.
        groups_a_page: a page holds at most so many groups.
    """

    def __init__(self, ledger: Ledger, now: Callable[[], datetime], *, groups_a_page: int = GROUPS_A_PAGE) -> None:
        self._ledger = ledger
        self._now = now
        self._groups_a_page = groups_a_page
        self._dimensions: tuple[Statement, Dimensions] | None = None
        self._sums: OrderedDict[tuple[datetime, str, str], Sums] = OrderedDict()
        self._lock = Lock()
        generations = Generations()
        self._operations: dict[str, Operation] = {
            "GetAnomalyMonitors": anomaly_monitors,
            "GetCostAndUsage": self.cost_and_usage,
            "GetCostAndUsageWithResources": _with_resources,
            "GetCostForecast": cost_forecast,
            "GetDimensionValues": dimension_values,
            "GetReservationPurchaseRecommendation": reservation_recommendation,
            "GetReservationUtilization": reservation_utilization,
            "GetSavingsPlanPurchaseRecommendationDetails": savings_plan_details,
            "GetSavingsPlansCoverage": savings_plans_coverage,
            "GetSavingsPlansPurchaseRecommendation": savings_plans_recommendation,
            "GetSavingsPlansUtilization": savings_plans_utilization,
            "GetSavingsPlansUtilizationDetails": savings_plans_details,
            "GetTags": tags,
            "ListCostAllocationTags": cost_allocation_tags,
            "ListSavingsPlansPurchaseRecommendationGeneration": generations.listed,
            "StartSavingsPlansPurchaseRecommendationGeneration": generations.start,
        }

    def answers(self, operation: str) -> bool:
        """Whether the operation is emulated here."""
        return operation in self._operations

    def answer(self, operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        """The answer to one call.

        Raises:
            AwsError: what AWS would refuse.
            WrongShape: the stand-in itself is wrong.
        """
        now = self._now()
        answer = self._operations[operation](params, self._view(now, account_id), now)
        checked("ce", operation, _thinned(answer))
        return answer

    def _view(self, now: datetime, account_id: str) -> View:
        statement = self._ledger.at(now)
        with self._lock:
            if self._dimensions is None or self._dimensions[0] is not statement:
                self._dimensions = (statement, Dimensions(statement.lines))
            return View(statement, self._dimensions[1], account_id)

    def cost_and_usage(self, params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
        """GetCostAndUsage."""
        groups = groups_of(params.get("GroupBy", ()))
        result = self._summed(params, view, now)
        offset = paging.offset_of(params)
        answer: dict[str, Any] = {"DimensionValueAttributes": account_attributes(result, groups)}
        if not groups:
            answer["ResultsByTime"] = [
                {**_row(view, result, column), "Total": metric_values(result, 0, column), "Groups": []}
                for column in range(len(result.periods))
            ]
            return answer
        answer["GroupDefinitions"] = [group.definition for group in groups]
        answer["ResultsByTime"], following = self._page(view, result, offset)
        if following is not None:
            answer["NextPageToken"] = paging.token_for(params, following)
        return answer

    def _page(self, view: View, result: Sums, offset: int) -> tuple[list[dict[str, Any]], int | None]:
        """Rows from the group at `offset` on; a period may begin on one page and go on on the next."""
        rows: list[dict[str, Any]] = []
        seen, left, total = 0, self._groups_a_page, int(result.present.sum())
        for column in range(len(result.periods)):
            present = np.flatnonzero(result.present[:, column])
            start, seen = seen, seen + int(present.size)
            if start < offset and seen <= offset:
                continue
            first = max(offset - start, 0)
            shown = present[first : first + left]
            left -= int(shown.size)
            groups = [{"Keys": list(result.keys[row]), "Metrics": metric_values(result, row, column)} for row in shown]
            rows.append({**_row(view, result, column), "Total": {}, "Groups": groups})
            following = start + first + int(shown.size)
            if left == 0 and following < total:
                return rows, following
        return rows, None

    def _summed(self, params: Mapping[str, Any], view: View, now: datetime) -> Sums:
        request = json.dumps({k: v for k, v in params.items() if k != "NextPageToken"}, sort_keys=True)
        key = (view.statement.now, view.account_id, request)
        with self._lock:
            if key in self._sums:
                self._sums.move_to_end(key)
                return self._sums[key]
        result = sums(
            view.statement,
            view.dimensions,
            view.mask(params.get("Filter")),
            groups_of(params.get("GroupBy", ())),
            metrics_of(params.get("Metrics", ())),
            periods_of(params.get("TimePeriod", {}), params.get("Granularity", ""), now),
        )
        with self._lock:
            self._sums[key] = result
            while len(self._sums) > _REMEMBERED_SUMS:
                self._sums.popitem(last=False)
        return result


def _row(view: View, result: Sums, column: int) -> dict[str, Any]:
    period = result.periods[column]
    last_day = (period.end - timedelta(microseconds=1)).date()
    return {"TimePeriod": period.shown, "Estimated": view.statement.is_estimated(last_day)}


def _thinned(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with two groups a period: all are made alike, and to check 5,000 takes longer than to make them."""
    if "ResultsByTime" not in answer:
        return answer
    rows = [{**row, "Groups": [*row["Groups"][:1], *row["Groups"][1:][-1:]]} for row in answer["ResultsByTime"]]
    return {**answer, "ResultsByTime": rows}


def _with_resources(params: Mapping[str, Any], view: View, now: datetime) -> dict[str, Any]:
    raise AwsError("DataUnavailableException", "Resource-level data is not enabled for this account.")
