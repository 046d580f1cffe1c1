"""What each resource does all day, as numbers that can be read off: planted percentiles, not random walks.

A `Signal` gives one value for every absolute 5-minute slot since the epoch from a counter-based hash, so any
window, in any order, shows the same values. Nothing is stored.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SLOT_SECONDS = 300
_SLOTS_A_DAY = 288

Slots = NDArray[np.int64]
Values = NDArray[np.float64]


class Shape(StrEnum):
    """How a load runs over the week, between 0 (its low) and 1 (its high)."""

    FLAT = "flat"
    OFFICE = "office"
    BURSTY = "bursty"
    WEEKLY = "weekly"
    DAILY_STEP = "daily_step"
    PULSES = "pulses"


#: Pulses: half an hour, from 01:05 every four hours.
PULSE_STARTS_AT, PULSE_EVERY_HOURS, PULSE_MINUTES = timedelta(hours=1, minutes=5), 4, 30


@dataclass(frozen=True, slots=True)
class Signal:
    """A value for every slot: `low + (high - low) * shape`, lowered by up to `spread` of itself.

    At least four slots in a hundred lie at the shape's top, so that p99.5 of a working week is within 1 % of `high`,
    and `high` is never exceeded.
    """

    low: float
    high: float
    shape: Shape = Shape.OFFICE
    spread: float = 0.04
    whole: bool = False

    def values(self, slots: Slots, stream: str, burst_stream: str) -> Values:
        """The values at `slots`.

        Args:
            slots: numbers of 5-minute slots since the epoch, ascending.
            stream: names the noise; two metrics of a resource have different ones.
            burst_stream: names the bursts; all metrics of a resource share it, as they burst together.
        """
        if self.shape is Shape.BURSTY:
            level = np.where(_noise(slots, burst_stream) < 0.04, 1.0, 0.0)
        else:
            level = _level(self.shape, int(slots[0]), len(slots)) if _consecutive(slots) else _at(self.shape, slots)
        values = (self.low + (self.high - self.low) * level) * (1.0 - self.spread * _noise(slots, stream))
        return np.floor(values) if self.whole else values


def _consecutive(slots: Slots) -> bool:
    return len(slots) > 0 and int(slots[-1]) - int(slots[0]) + 1 == len(slots)


@lru_cache(maxsize=64)
def _level(shape: Shape, first: int, count: int) -> Values:
    return _at(shape, np.arange(first, first + count, dtype=np.int64))


def _at(shape: Shape, slots: Slots) -> Values:
    if shape is Shape.FLAT or shape is Shape.BURSTY:
        return np.ones(len(slots))
    slot_of_day = slots % _SLOTS_A_DAY
    # Day 0 of the epoch was a Thursday.
    weekday = (slots // _SLOTS_A_DAY + 3) % 7
    hour = slot_of_day / 12.0
    if shape is Shape.DAILY_STEP:
        return np.clip((hour - 6.0) / 12.0, 0.0, 1.0)
    if shape is Shape.PULSES:
        since_minutes = slot_of_day * (SLOT_SECONDS // 60) - PULSE_STARTS_AT.seconds // 60
        return np.where(since_minutes % (PULSE_EVERY_HOURS * 60) < PULSE_MINUTES, 1.0, 0.0)
    if shape is Shape.WEEKLY:
        # Three hours every Monday morning, nothing else all week.
        return np.where((weekday == 0) & (hour >= 6.0) & (hour < 9.0), 1.0, 0.0)
    # Up from 06:00, full from 09:00 to 17:00 UTC, down until 21:00; a third of it at weekends.
    up = np.clip((hour - 6.0) / 3.0, 0.0, 1.0)
    down = np.clip((21.0 - hour) / 4.0, 0.0, 1.0)
    day: Values = np.minimum(up, down)
    return np.where(weekday >= 5, day / 3.0, day)


def _noise(slots: Slots, stream: str) -> Values:
    """Uniform in [0, 1) from (stream, slot): SplitMix64's mixing of a counter."""
    key = np.uint64(zlib.crc32(stream.encode()) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF)
    mixed = slots.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + key
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    noise: Values = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return noise


@dataclass(frozen=True, slots=True)
class InstanceLoad:
    """The load of an instance by its p99.5.

    Attributes:
        cpu_percent: of all its vCPUs.
        memory_percent: of its memory; None where no CloudWatch agent runs.
        network_mb_s: in and out together, 10^6 bytes a second; a quarter of it comes in.
        volume_mb_s: read and written together, 10^6 bytes a second.
        cpu_shape, network_shape: how they run over the week.
        credits: share of its T credits that is left, from its worst to its best hour.
        nights_off: nobody is there outside of its shape: hardly any CPU, no traffic.
    """

    cpu_percent: float
    memory_percent: float | None
    network_mb_s: float
    volume_mb_s: float
    cpu_shape: Shape = Shape.OFFICE
    network_shape: Shape = Shape.OFFICE
    credits: tuple[float, float] = (0.97, 1.0)
    nights_off: bool = False


@dataclass(frozen=True, slots=True)
class VolumeLoad:
    """The load of a volume by its p99.9: operations and 2^20 bytes a second, two fifths of them reads."""

    iops: float
    mib_s: float


INSTANCE_LOADS = {
    "payments-batch": InstanceLoad(18, 17, 20, 15),
    "payments-api": InstanceLoad(30, 30, 40, 10),
    "memory-heavy": InstanceLoad(9, 72, 20, 10),
    "cpu-heavy": InstanceLoad(60, 12, 30, 10),
    "stream-worker": InstanceLoad(36, 15, 60, 30),
    "image-resizer": InstanceLoad(33, 30, 40, 20),
    "recommender": InstanceLoad(32, 33, 20, 10),
    "olap-node": InstanceLoad(14, 17, 40, 60),
    "gateway-staging": InstanceLoad(11, 15, 12, 4),
    "session-store": InstanceLoad(12, 70, 20, 10),
    "notebook-host": InstanceLoad(20, 30, 8, 5),
    "load-tests": InstanceLoad(55, 25, 30, 5),
    "wiki": InstanceLoad(12, 30, 3, 2),
    "full-memory-r": InstanceLoad(6, 78, 20, 45),
    "full-memory-m": InstanceLoad(8, 76, 5, 3),
    "no-agent": InstanceLoad(4, None, 5, 3),
    "drained-credits": InstanceLoad(20, 35, 2, 0, cpu_shape=Shape.FLAT, credits=(0.0, 0.001)),
    "graphics": InstanceLoad(5, 20, 10, 10),
    "bursty": InstanceLoad(76, 60, 20, 10, cpu_shape=Shape.BURSTY),
    "newborn": InstanceLoad(5, 15, 5, 3),
    "network-bound": InstanceLoad(10, 30, 215, 15, network_shape=Shape.BURSTY),
    "volume-bound": InstanceLoad(15, 35, 10, 200),
    "low-all": InstanceLoad(6, 15, 5, 3),
    "busy": InstanceLoad(62, 62, 30, 10),
    "busy-by-day": InstanceLoad(62, 62, 30, 10, nights_off=True),
    "forgotten": InstanceLoad(1, 60, 0.00002, 0),
    "forgotten-no-agent": InstanceLoad(1, None, 0.00002, 0),
    "busy-volume": InstanceLoad(62, 62, 30, 250),
    "busy-burstable": InstanceLoad(15, 60, 3, 2),
    "starved-cpu": InstanceLoad(96, 50, 30, 5, cpu_shape=Shape.FLAT),
    "group-low": InstanceLoad(12, 20, 10, 4),
    "group-office": InstanceLoad(44, 30, 10, 4),
}

VOLUME_LOADS = {
    "volume-root": VolumeLoad(40, 1),
    "volume-quiet": VolumeLoad(300, 8),
    "volume-busy": VolumeLoad(600, 8),
    "volume-250": VolumeLoad(900, 240),
    "volume-180": VolumeLoad(900, 180),
    "volume-1000-iops": VolumeLoad(1000, 50),
    "volume-1200-iops": VolumeLoad(1200, 40),
    "volume-8000-iops": VolumeLoad(8000, 200),
    "volume-idle": VolumeLoad(0, 0),
}
