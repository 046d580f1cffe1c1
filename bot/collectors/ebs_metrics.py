"""The table `ebs_metrics`: what each volume read and wrote, day by day; five-minute series where days cannot decide."""

from __future__ import annotations

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS, SERIES_S
from bot.aws import Aws
from bot.collectors import metrics
from bot.collectors.daily_metrics import measure
from bot.collectors.metrics import Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here

ACTIONS = metrics.ACTIONS
SCOPE = Scope.PLACE
OF = "ebs_volumes"
COLUMNS = METRICS
#: Five-minute sums, for the volumes whose change has to be priced by what they need.
NEEDS_SERIES = "series"
NEEDS = (NEEDS_SERIES,)

_NAMES = ("VolumeReadOps", "VolumeWriteOps", "VolumeReadBytes", "VolumeWriteBytes")


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """Daily sums of every volume; five-minute sums of those that need them.

    Operations and bytes are statistic sets, for which CloudWatch has no percentiles: sums over five minutes are the
    finest that tell a rate.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    period_s = SERIES_S if need == NEEDS_SERIES else DAY_S
    queries = [
        Query(volume_id, name, "AWS/EBS", name, (("VolumeId", volume_id),), "Sum", period_s)
        for volume_id in rows["resource_id"]
        for name in _NAMES
    ]
    return measure(aws, here, queries, window)
