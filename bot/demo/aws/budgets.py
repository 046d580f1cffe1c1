"""AWS Budgets of the demo's payer: five that somebody once set in the console, as DescribeBudgets tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

import numpy as np

from bot.demo.aws import cost_explorer_paging as paging
from bot.demo.aws.answers import AwsError
from bot.demo.aws.calls import Call
from bot.demo.aws.ledger import Ledger
from bot.demo.aws.ledger_catalogue import RDS
from bot.demo.aws.ledger_lines import Block, Line
from bot.demo.aws.organisation import DATA_PLATFORM, PAYER
from bot.demo.aws.record_types import USAGE_LIKE
from bot.demo.aws.shapes import checked

MOST_A_PAGE = 1000
#: Budgets without an end get this one.
END = datetime(2087, 6, 15, tzinfo=UTC)
#: Days at the end of the ledger that are not all in when the clock starts.
FILLING_DAYS = 3
_COST_TYPES = {
    "IncludeTax": True, "IncludeSubscription": True, "UseBlended": False, "IncludeRefund": True, "IncludeCredit": True,
    "IncludeUpfront": True, "IncludeRecurring": True, "IncludeOtherSubscription": True, "IncludeSupport": True,
    "IncludeDiscount": True, "UseAmortized": False,
}  # fmt: skip
_EVERYTHING = "Everything, each month"
_DATA = "Data platform, each quarter"
_DATABASES = "Databases, each year"
_TRAINING = "Training hours on GPUs"
_REQUESTS = "S3 requests"


@dataclass(frozen=True, slots=True)
class Planted:
    """One budget: `amount` in dollars (or requests), and which lines of the ledger it counts."""

    name: str
    unit_of_time: str
    amount: float
    filters: Mapping[str, list[str]]
    expression: Mapping[str, Any]
    counts: Callable[[Line], bool]
    kind: str = "COST"
    unit: str = "USD"


class Budgets:
    """The service `budgets`, of which only the list is asked.

    Args:
        ledger: what was spent; amounts are of the day on which its clock started, and stay.
        now: tells the time of the stand-in's clock.
    """

    def __init__(self, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._now = now
        self._lock = Lock()
        self._planted: tuple[Planted, ...] = ()

    def answers(self, call: Call) -> bool:
        """Whether a call is answered here."""
        return (call.service, call.operation) == ("budgets", "DescribeBudgets")

    def answer(self, operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        """A page of the budgets of an account; only the payer has any.

        Raises:
            AwsError: what AWS would refuse.
            WrongShape: the stand-in itself is wrong.
        """
        if params.get("AccountId") != account_id:
            raise AwsError("AccessDeniedException", f"Account {account_id} may not look at {params.get('AccountId')}.")
        size = params.get("MaxResults", 100)
        if not isinstance(size, int) or not 1 <= size <= MOST_A_PAGE:
            raise AwsError("InvalidParameterException", f"MaxResults must be between 1 and {MOST_A_PAGE}.")
        asked = {"NextPageToken": params.get("NextToken"), **{k: v for k, v in params.items() if k != "NextToken"}}
        offset = paging.offset_of(asked)
        every = self._every() if account_id == PAYER.id else ()
        page = every[offset : offset + size]
        shown: dict[str, Any] = {
            "Budgets": [self._shown(one, bool(params.get("ShowFilterExpression"))) for one in page]
        }
        if offset + size < len(every):
            shown["NextToken"] = paging.token_for(asked, offset + size)
        return checked("budgets", operation, shown)

    def _every(self) -> tuple[Planted, ...]:
        with self._lock:
            if not self._planted:
                self._planted = planted(self._ledger)
            return self._planted

    def _shown(self, one: Planted, with_expression: bool) -> dict[str, Any]:
        start = datetime(self._ledger.start.year, 1, 1, tzinfo=UTC)
        expression = {"FilterExpression": one.expression} if with_expression and one.expression else {}
        return {
            "BudgetName": one.name,
            "BudgetType": one.kind,
            "BudgetLimit": {"Amount": f"{one.amount:.1f}", "Unit": one.unit},
            "CostFilters": dict(one.filters),
            "CostTypes": _COST_TYPES,
            "TimeUnit": one.unit_of_time,
            "TimePeriod": {"Start": start.timestamp(), "End": END.timestamp()},
            "CalculatedSpend": {"ActualSpend": {"Amount": f"{self._spent(one):.3f}", "Unit": one.unit}},
            "LastUpdatedTime": self._now().timestamp(),
            **expression,
        }

    def _spent(self, one: Planted) -> float:
        """What AWS itself says was spent of it: unblended, as far as it has arrived."""
        statement = self._ledger.at(self._now())
        rows = np.array([one.counts(line) for line in statement.lines], dtype=np.bool_)
        first = statement.column(_begin(one.unit_of_time, statement.today))
        metric = "UnblendedCost" if one.kind == "COST" else "UsageQuantity"
        return float(statement.values[metric][rows, max(first, 0) :].sum())


def planted(ledger: Ledger) -> tuple[Planted, ...]:
    """The five budgets: one that holds, one that will not, one that is spent, and two that are not followed."""
    day = ledger.start.date()
    settled = day - timedelta(days=FILLING_DAYS)
    block = ledger.complete(day + timedelta(days=1))
    usual = _usage(block, ledger, settled - timedelta(days=27), settled, lambda _: True) / 28
    quarter, quarter_end = _begin("QUARTERLY", day), _next_quarter(day)
    is_data: Callable[[Line], bool] = lambda line: line.account_id == DATA_PLATFORM.id  # noqa: E731
    is_database: Callable[[Line], bool] = lambda line: line.service == RDS  # noqa: E731
    data_a_day = _usage(block, ledger, settled - timedelta(days=27), settled, is_data) / 28
    data = _usage(block, ledger, quarter, settled, is_data)
    data += 0.6 * data_a_day * (quarter_end - max(settled + timedelta(days=1), quarter)).days
    databases = _usage(block, ledger, _begin("ANNUALLY", day), settled, is_database)
    a_day = _usage(block, ledger, settled - timedelta(days=27), settled, is_database) / 28
    return (
        Planted(_EVERYTHING, "MONTHLY", _round(1.5 * 30.5 * usual), {}, {}, lambda _: True),
        Planted(
            _DATA,
            "QUARTERLY",
            _round(data),
            {"LinkedAccount": [DATA_PLATFORM.id]},
            {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [DATA_PLATFORM.id], "MatchOptions": ["EQUALS"]}},
            is_data,
        ),
        Planted(
            _DATABASES,
            "ANNUALLY",
            # In the first days of a year nothing can be spent yet.
            _round(max(0.9 * databases, a_day)),
            {"Service": [RDS]},
            {"Dimensions": {"Key": "SERVICE", "Values": [RDS]}},
            is_database,
        ),
        Planted(
            _TRAINING,
            "MONTHLY",
            2000.0,
            {"UsageTypeGroup": ["EC2: Running Hours"]},
            {"Dimensions": {"Key": "USAGE_TYPE_GROUP", "Values": ["EC2: Running Hours"]}},
            lambda line: "BoxUsage:p" in line.usage_type,
        ),
        Planted(
            _REQUESTS,
            "MONTHLY",
            1e9,
            {"UsageType": ["Requests-Tier1"]},
            {"Dimensions": {"Key": "USAGE_TYPE", "Values": ["Requests-Tier1"]}},
            lambda line: line.usage_type == "Requests-Tier1",
            kind="USAGE",
            unit="Requests",
        ),
    )


def _usage(block: Block, ledger: Ledger, first: date, last: date, counts: Callable[[Line], bool]) -> float:
    """Effective dollars of usage of the days `first` to `last`, both included."""
    rows = [line.record_type in USAGE_LIKE and counts(line) for line in block.lines]
    net = np.array([[line.net_share] for line in block.lines])
    columns = slice(max((first - ledger.first_day).days, 0), max((last - ledger.first_day).days + 1, 0))
    return float((block.amortized * net)[rows, columns].sum())


def _begin(unit_of_time: str, day: date) -> date:
    if unit_of_time == "ANNUALLY":
        return day.replace(month=1, day=1)
    month = (day.month - 1) // 3 * 3 + 1 if unit_of_time == "QUARTERLY" else day.month
    return day.replace(month=month, day=1)


def _next_quarter(day: date) -> date:
    return _begin("QUARTERLY", _begin("QUARTERLY", day) + timedelta(days=95))


def _round(amount: float) -> float:
    """As people set budgets: two digits that count."""
    digits = max(len(str(int(amount))) - 2, 0)
    return float(round(amount, -digits)) or 1.0
