"""How many units there were, day by day, as CloudWatch counts them: one metric, its daily sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from analysis.daily_metrics import DAY_S
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.metrics import Points, Query

ACTIONS = metrics.ACTIONS
#: CloudWatch keeps daily sums for 455 days; as many days as costs are kept of the first time.
HISTORY_DAYS = 400


@dataclass(frozen=True, slots=True)
class Metric:
    """Where CloudWatch counts a unit: its daily sums; an empty account or region is costbot's own."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()
    account: str = ""
    region: str = ""


def fetch(aws: Aws, key: str, metric: Metric, today: date) -> dict[date, float]:
    """Counts of the days before `today` (UTC), which is not over; a day without a sum is unknown and left out.

    One metric asked for is $0.00001, however many days it has.

    Raises:
        SourceUnavailable: CloudWatch gave no answer, or there is no money left for a question.
    """
    account = metric.account or aws.caller_account()
    query = Query(key, metric.name, metric.namespace, metric.name, metric.dimensions, "Sum", DAY_S)
    end = datetime.combine(today, time(), UTC)
    found = metrics.fetch(
        aws, account, metric.region or aws.home_region(), [query], end - timedelta(days=HISTORY_DAYS), end
    )
    return parse(found)


def parse(found: Sequence[Points]) -> dict[date, float]:
    """The sums by day; empty where CloudWatch has none."""
    return {
        moment.astimezone(UTC).date(): value
        for points in found
        for moment, value in zip(points.times, points.values, strict=True)
    }
