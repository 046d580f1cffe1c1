"""The table `endpoint_metrics`: what passed each interface endpoint, day by day."""

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
OF = "vpc_endpoints"
COLUMNS = METRICS
#: An endpoint may serve a monthly job.
ENDPOINT_DAYS = 30


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sums of bytes of the interface endpoints, 30 days back; published only where there was traffic.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [
        Query(
            row["resource_id"],
            "BytesProcessed",
            "AWS/PrivateLinkEndpoints",
            "BytesProcessed",
            (
                ("Endpoint Type", "Interface"),
                ("Service Name", row["service"]),
                ("VPC Endpoint Id", row["resource_id"]),
                ("VPC Id", row["vpc_id"]),
            ),
            "Sum",
            DAY_S,
        )
        for row in rows[rows["kind"].eq("Interface")].to_dict("records")
    ]
    return measure(aws, here, queries, window, days=ENDPOINT_DAYS)
