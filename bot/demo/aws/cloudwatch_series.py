"""Buckets and statistics of a metric: any window, period and statistic, from the same 5-minute values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.cloudwatch_metric import Metric
from bot.demo.aws.profiles import SLOT_SECONDS, Values

Reduce = Callable[[Values], Values]
"""From one row per bucket to one value per bucket."""

_PERCENTILE = re.compile(r"^p(\d{1,2}(?:\.\d{1,10})?|100)$")
_TRIMMED = re.compile(r"^tm(\d{1,2}(?:\.\d{1,10})?|100)$")
_BETWEEN = re.compile(r"^TM\((\d{1,3}(?:\.\d{1,10})?)%:(\d{1,3}(?:\.\d{1,10})?)%\)$")

_PLAIN: dict[str, Reduce] = {
    "Average": lambda rows: rows.mean(axis=1),
    "Sum": lambda rows: rows.sum(axis=1),
    "Minimum": lambda rows: rows.min(axis=1),
    "Maximum": lambda rows: rows.max(axis=1),
    "SampleCount": lambda rows: np.full(len(rows), float(rows.shape[1])),
}


@dataclass(frozen=True, slots=True)
class Window:
    """The time asked for: [start, end), cut into buckets of `period` seconds from `start` on."""

    start: datetime
    end: datetime
    period: int


@dataclass(frozen=True, slots=True)
class Buckets:
    """The 5-minute slots of a metric within a window, grouped.

    Attributes:
        slots: the slots that carry a value, ascending.
        starts: unix seconds of each bucket that is not empty.
        counts: slots in each of them.
    """

    slots: NDArray[np.int64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)


def statistic(name: str) -> Reduce | None:
    """The reduction CloudWatch calls `name` (`Average`, `p99.5`, `tm90`, `TM(10%:90%)`, `IQM`); None if unknown."""
    if name in _PLAIN:
        return _PLAIN[name]
    if match := _PERCENTILE.match(name):
        return _percentile(float(match[1]))
    if match := _TRIMMED.match(name):
        return _trimmed_mean(0.0, float(match[1]))
    if name == "IQM":
        return _trimmed_mean(25.0, 75.0)
    if match := _BETWEEN.match(name):
        low, high = float(match[1]), float(match[2])
        return _trimmed_mean(low, high) if low < high <= 100 else None
    return None


def _percentile(percent: float) -> Reduce:
    return lambda rows: np.percentile(rows, percent, axis=1)


def _trimmed_mean(low: float, high: float) -> Reduce:
    def mean(rows: Values) -> Values:
        count = rows.shape[1]
        first = int(np.floor(count * low / 100))
        last = max(first + 1, int(np.ceil(count * high / 100)))
        kept: Values = np.sort(rows, axis=1)[:, first:last].mean(axis=1)
        return kept

    return mean


def buckets(metric: Metric, window: Window, now: datetime) -> Buckets:
    """Group the slots of `metric` that are over by `now`; before its launch and after its end there are none."""
    begin = max(window.start, metric.begins).timestamp()
    # A slot belongs to the time it starts at, and is known when it is over.
    end = min(window.end.timestamp(), (now - timedelta(seconds=SLOT_SECONDS)).timestamp() + 1)
    if metric.ends is not None:
        end = min(end, metric.ends.timestamp())
    first, last = int(-(-begin // SLOT_SECONDS)), int(-(-end // SLOT_SECONDS))
    first += -first % metric.every
    slots = np.arange(first, max(first, last), metric.every, dtype=np.int64)
    offset = int(window.start.timestamp())
    numbers = (slots * SLOT_SECONDS - offset) // window.period
    at, counts = np.unique(numbers, return_counts=True)
    return Buckets(slots, offset + at * window.period, counts)


def values(metric: Metric, grouped: Buckets, reduce: Reduce, first: int = 0, last: int | None = None) -> Values:
    """One value for each bucket from number `first` to before number `last`."""
    ends = np.cumsum(grouped.counts)
    last = len(grouped) if last is None else min(last, len(grouped))
    if first >= last:
        return np.empty(0)
    counts = grouped.counts[first:last]
    begin = int(ends[first] - counts[0])
    raw = metric.signal.values(grouped.slots[begin : int(ends[last - 1])], metric.stream, metric.burst_stream)
    if len(counts) == 1 or (counts == counts[0]).all():
        return reduce(raw.reshape(len(counts), -1))
    # Only the first and the last bucket can be cut by the window, a launch, a stop or now.
    head, tail = int(counts[0]), int(counts[-1])
    body = raw[head : len(raw) - tail]
    parts = [reduce(raw[None, :head])]
    if len(counts) > 2:
        parts.append(_reduce_body(body, counts[1:-1], reduce))
    return np.concatenate([*parts, reduce(raw[None, len(raw) - tail :])])


def _reduce_body(body: Values, counts: NDArray[np.int64], reduce: Reduce) -> Values:
    if (counts == counts[0]).all():
        return reduce(body.reshape(len(counts), -1))
    # A period that is no multiple of five minutes: buckets hold different numbers of slots.
    edges = np.concatenate([[0], np.cumsum(counts)])
    return np.concatenate([reduce(body[None, edges[n] : edges[n + 1]]) for n in range(len(counts))])
