"""What is planted in the ledger, as literal expected values: what a sound analysis must find, and nothing beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlantedCost:
    """One thing to find.

    Days are counted back from the date of the clock's start (0 is today); dollars are unblended and amortised alike.

    Attributes:
        kind: `spike`, `drift` or `new`.
        first_day_ago, last_day_ago: first and last day it can be seen; 0 goes on.
        expected_daily: what the series (account, service, usage type) would cost a day without it.
        actual_daily: what it costs a day with it; for the drift, on the day the clock starts.
        tolerance: share by which noise may move both.
    """

    kind: str
    service: str
    account_id: str
    region: str
    team: str
    usage_type: str
    first_day_ago: int
    last_day_ago: int
    expected_daily: float
    actual_daily: float
    tolerance: float
    monthly_growth: float | None = None


NAT_SPIKE = PlantedCost(
    kind="spike",
    service="EC2 - Other",
    account_id="111122223333",
    region="us-east-1",
    team="platform",
    usage_type="NatGateway-Bytes",
    first_day_ago=3,
    last_day_ago=1,
    expected_daily=42.0,
    actual_daily=252.0,
    tolerance=0.15,
)

LOGS_DRIFT = PlantedCost(
    kind="drift",
    service="AmazonCloudWatch",
    account_id="111122223333",
    region="us-east-1",
    team="",
    usage_type="USE1-DataProcessing-Bytes",
    first_day_ago=92,
    last_day_ago=0,
    expected_daily=37.4,
    actual_daily=48.7,
    tolerance=0.12,
    monthly_growth=0.09,
)

NEW_SERVICE = PlantedCost(
    kind="new",
    service="Amazon Bedrock",
    account_id="777788889999",
    region="us-east-1",
    team="data",
    usage_type="USE1-NovaPro-input-tokens",
    first_day_ago=10,
    last_day_ago=0,
    expected_daily=0.0,
    actual_daily=34.0,
    tolerance=0.15,
)

PLANTED_COSTS = (NAT_SPIKE, LOGS_DRIFT, NEW_SERVICE)
