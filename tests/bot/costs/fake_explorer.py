"""A small Cost Explorer over literal charges: two group keys at most, an exclusive end, pages with a bound token."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from botocore.exceptions import ClientError

DIMENSIONS = {"RECORD_TYPE": 1, "SERVICE": 2, "LINKED_ACCOUNT": 3, "REGION": 4, "USAGE_TYPE": 5}

#: day, record type, service, account, region, usage type, team, unblended, net amortised
Charge = tuple[date, str, str, str, str, str, str, float, float]


def refused(code: str, message: str, operation: str = "GetCostAndUsage") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@dataclass
class FakeExplorer:
    """Answers from `charges`; days from `estimated_from` on are estimated; `fails` is raised at the nth request."""

    charges: list[Charge]
    estimated_from: date = date(2100, 1, 1)
    page_size: int = 1000
    currency: str = "USD"
    requests: list[dict[str, Any]] = field(default_factory=list)
    fails: dict[int, Exception] = field(default_factory=dict)

    def get_cost_and_usage(self, **asked: Any) -> dict[str, Any]:
        number = len(self.requests) + 1
        if number in self.fails:
            raise self.fails.pop(number)
        self.requests.append(asked)
        offset, plain = 0, {key: value for key, value in asked.items() if key != "NextPageToken"}
        if "NextPageToken" in asked:
            text, _, at = asked["NextPageToken"].rpartition("@")
            if text != repr(plain):
                raise refused("RequestChangedException", "parameters changed")
            offset = int(at)
        if len(asked["GroupBy"]) > 2:
            raise refused("ValidationException", "at most two groups")
        groups = self._groups(asked)
        shown = groups[offset : offset + self.page_size]
        answer: dict[str, Any] = {"ResultsByTime": [], "DimensionValueAttributes": self._accounts()}
        for day in sorted({day for day, _, _ in shown}):
            answer["ResultsByTime"].append(
                {
                    "TimePeriod": {"Start": day.isoformat(), "End": (day + timedelta(days=1)).isoformat()},
                    "Estimated": day >= self.estimated_from,
                    "Total": {},
                    "Groups": [{"Keys": list(keys), "Metrics": m} for at, keys, m in shown if at == day],
                }
            )
        if offset + self.page_size < len(groups):
            answer["NextPageToken"] = f"{plain!r}@{offset + self.page_size}"
        return answer

    def _groups(self, asked: dict[str, Any]) -> list[tuple[date, tuple[str, ...], dict[str, Any]]]:
        start, end = (date.fromisoformat(asked["TimePeriod"][name]) for name in ("Start", "End"))
        wanted = asked.get("Filter", {}).get("Dimensions", {}).get("Values")
        sums: dict[tuple[date, tuple[str, ...]], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for charge in self.charges:
            if not start <= charge[0] < end or (wanted and charge[1] not in wanted):
                continue
            at = charge[0].replace(day=1) if asked["Granularity"] == "MONTHLY" else charge[0]
            total = sums[max(at, start), tuple(_key(group, charge) for group in asked["GroupBy"])]
            total[0] += charge[7]
            total[1] += charge[8]
        return [(day, keys, _metrics(asked, *sums[day, keys], self.currency)) for day, keys in sorted(sums)]

    @staticmethod
    def _accounts() -> list[dict[str, Any]]:
        return [{"Value": "111122223333", "Attributes": {"description": "prod"}}]


def _key(group: dict[str, str], charge: Charge) -> str:
    return f"{group['Key']}${charge[6]}" if group["Type"] == "TAG" else str(charge[DIMENSIONS[group["Key"]]])


def _metrics(asked: dict[str, Any], billed: float, effective: float, currency: str) -> dict[str, Any]:
    known = {
        "UnblendedCost": {"Amount": f"{billed:.10f}", "Unit": currency},
        "NetAmortizedCost": {"Amount": f"{effective:.10f}", "Unit": currency},
        "UsageQuantity": {"Amount": "24", "Unit": "Hrs"},
    }
    return {name: known[name] for name in asked["Metrics"]}


def charge(day: date, cost: float, record_type: str = "Usage", **changed: Any) -> Charge:
    """A charge; `effective` is what it costs amortised."""
    known = {
        "service": "Amazon Simple Storage Service",
        "account": "111122223333",
        "region": "us-east-1",
        "usage_type": "TimedStorage-ByteHrs",
        "team": "payments",
        "effective": cost,
    } | changed
    return (
        day, record_type, known["service"], known["account"], known["region"], known["usage_type"], known["team"], cost,
        known["effective"],
    )  # fmt: skip
