"""The table `nat_metrics`: what each NAT gateway passed on, day by day."""

from __future__ import annotations

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "nat_gateways"
COLUMNS = METRICS

_NAMES = ("BytesInFromSource", "BytesOutToDestination", "BytesInFromDestination", "BytesOutToSource")


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sums of bytes in and out, on both sides; CloudWatch has them while the gateway exists, also when zero.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [
        Query(gateway_id, name, "AWS/NATGateway", name, (("NatGatewayId", gateway_id),), "Sum", DAY_S)
        for gateway_id in rows["resource_id"]
        for name in _NAMES
    ]
    return measure(aws, here, queries, window)
