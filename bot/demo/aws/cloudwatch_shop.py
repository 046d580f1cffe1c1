"""How many orders the organisation's shop takes: a metric of its own application, as a unit cost is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from bot.demo.aws.cloudwatch_metric import Metric
from bot.demo.aws.organisation import MAIN_REGION, PROD
from bot.demo.aws.profiles import Shape, Signal
from bot.demo.shop_unit import DIMENSIONS, NAME, NAMESPACE

PLACE = (PROD.id, MAIN_REGION)
#: Days for which the application has counted them.
COUNTED_DAYS = 400
#: Orders in five minutes: at night, and in working hours.
ORDERS = Signal(60, 600, Shape.OFFICE, spread=0.1, whole=True)


def shop_metrics(seed: int, today: date) -> list[Metric]:
    """The metrics that are of no resource."""
    begins = datetime.combine(today - timedelta(days=COUNTED_DAYS), time(), UTC)
    stream = f"{seed}/shop/{NAMESPACE}/{NAME}"
    return [Metric(NAMESPACE, NAME, DIMENSIONS, "Count", ORDERS, stream, f"{seed}/shop", begins, None)]
