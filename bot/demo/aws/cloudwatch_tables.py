"""The metrics of DynamoDB tables: consumed units, which AWS publishes only while something is consumed."""

from __future__ import annotations

from collections.abc import Iterator

from bot.demo.aws.cloudwatch_metric import Known, Metric
from bot.demo.aws.profiles import SLOT_SECONDS, Shape, Signal

#: Units a second, of reads and of writes, and how they run.
_LOADS = {
    "table-steady": (14, 70, Shape.FLAT),
    "table-bursts": (0, 1_200, Shape.BURSTY),
    "table-quiet": (8, 6, Shape.FLAT),
}


def table_metrics(known: Known) -> Iterator[Metric]:
    load = _LOADS.get(known.resource.profile)
    if load is None:
        return
    reads, writes, shape = load
    for name, units in (("ConsumedReadCapacityUnits", reads), ("ConsumedWriteCapacityUnits", writes)):
        if units:
            signal = Signal(0, units * SLOT_SECONDS, shape, spread=0.0, whole=True)
            yield known.metric("AWS/DynamoDB", name, "Count", signal, ("TableName", known.id))
