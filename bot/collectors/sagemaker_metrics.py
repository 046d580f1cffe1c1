"""The table `sagemaker_metrics`: calls to each endpoint and its CPU, day by day."""

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
OF = "sagemaker_endpoints"
COLUMNS = METRICS


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily invocations, which are published only where there are any, and CPU, which is as long as instances run.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    queries = [
        Query(name, metric, namespace, metric, (("EndpointName", name), ("VariantName", variant)), statistic, DAY_S)
        for name, variants in zip(rows["resource_id"], rows["variants"], strict=True)
        for variant in variants.split()
        for namespace, metric, statistic in (
            ("AWS/SageMaker", "Invocations", "Sum"),
            ("/aws/sagemaker/Endpoints", "CPUUtilization", "Maximum"),
        )
    ]
    return measure(aws, here, queries, window)
