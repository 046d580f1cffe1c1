"""One metric of CloudWatch, and how one is made for a resource."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.demo.aws.profiles import SLOT_SECONDS, Shape, Signal
from bot.demo.aws.resources import Resource
from bot.demo.aws.resources_times import launched_at

Dimensions = tuple[tuple[str, str], ...]

MB = 1e6


@dataclass(frozen=True, slots=True)
class Metric:
    """One series of CloudWatch.

    Attributes:
        dimensions: sorted (name, value) pairs; together they are the metric's identity.
        signal: a value per 5-minute slot.
        stream, burst_stream: names of its noise.
        begins, ends: no data outside; `ends` None is still running.
        every: slots between two values.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str
    signal: Signal
    stream: str
    burst_stream: str
    begins: datetime
    ends: datetime | None
    every: int = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What has to be known of a resource to name its metrics."""

    resource: Resource
    ids: dict[str, str]
    seed: int
    today: date

    @property
    def id(self) -> str:
        return self.ids[self.resource.key]

    def metric(
        self,
        namespace: str,
        name: str,
        unit: str,
        signal: Signal,
        *dimensions: tuple[str, str],
        ends: datetime | None = None,
        every: int = 1,
    ) -> Metric:
        stream = f"{self.seed}/{self.resource.key}"
        return Metric(
            namespace,
            name,
            tuple(sorted(dimensions)),
            unit,
            signal,
            f"{stream}/{namespace}/{name}",
            stream,
            launched_at(self.resource, self.today),
            ends,
            every,
        )


def per_slot(mb_s: float, shape: Shape = Shape.OFFICE, *, floor: float = 0.1, unit: float = MB) -> Signal:
    """Bytes in five minutes, for a rate at p99.5; at its low it still carries `floor` of that."""
    high = mb_s * unit * SLOT_SECONDS
    return Signal(high * floor, high, shape, spread=0.04, whole=True)
