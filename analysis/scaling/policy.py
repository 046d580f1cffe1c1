"""What a scaling policy would have done with a recorded load, minute by minute as AWS documents it.

The load is work, not use: per cent of one instance, summed over the group (CPU average × instances in service). Where
the recorded CPU was at its top nobody knows how much more was asked for, so the load is a lower bound there.

Source: Amazon EC2 Auto Scaling User Guide, "Target tracking scaling policies" and "Default instance warmup".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: The alarms that target tracking makes: three one-minute points above the target, fifteen below 90 % of it.
OUT_SECONDS, IN_SECONDS, IN_BELOW = 180, 900, 0.9
#: An instance is as good as full above this share of what it can do.
SATURATED_PERCENT = 90.0


@dataclass(frozen=True, slots=True)
class Replay:
    """What a group had at each step.

    Attributes:
        running: instances that are paid for. serving: those of them that are warmed up.
        step_s: seconds a step.
        load: what was asked for, per cent of one instance.
    """

    running: Values
    serving: Values
    load: Values
    step_s: int

    @property
    def instance_hours(self) -> float:
        """Hours paid for, summed over the instances; steps without a load count for nothing."""
        return float(self.running[~np.isnan(self.load)].sum()) * self.step_s / 3600

    @property
    def saturated_minutes(self) -> float:
        """Minutes at which each instance would have had to do more than `SATURATED_PERCENT` of what it can."""
        with np.errstate(divide="ignore", invalid="ignore"):
            use = self.load / self.serving
        return float((use > SATURATED_PERCENT).sum()) * self.step_s / 60


@dataclass(frozen=True, slots=True)
class TargetTracking:
    """A target tracking policy on the average use of an instance.

    Attributes:
        target_percent: what it holds. minimum, maximum: of the group. warmup_s: until a new instance serves.
    """

    target_percent: float
    minimum: int
    maximum: int
    warmup_s: float = 300.0

    def replay(self, load: Values, *, step_s: int) -> Replay:
        """The group under this policy; it starts at the size that the first load asks for.

        It adds what the load needs at once, and takes away one instance at a time (AWS scales in "more gradually"),
        never while a new one warms up, never below what the load needs, and only after fifteen minutes in which it
        needed fewer: AWS may be quicker where its alarm was low before. A step without a load (NaN) changes nothing.
        """
        out_after, in_after = math.ceil(OUT_SECONDS / step_s), math.ceil(IN_SECONDS / step_s)
        warmup = math.ceil(self.warmup_s / step_s)
        sizes = np.clip(needed(load, self.target_percent), max(self.minimum, 1), max(self.maximum, 1))
        known = sizes[~np.isnan(sizes)]
        size = serving = int(known[0]) if len(known) else max(self.minimum, 1)
        above = below = ready_at = 0
        runs, serves = [], []
        for step, (asked, needs) in enumerate(zip(load.tolist(), sizes.tolist(), strict=True)):
            if step >= ready_at:
                serving = size
            runs.append(size)
            serves.append(serving)
            if math.isnan(asked):
                continue
            use = asked / serving
            above = above + 1 if use > self.target_percent else 0
            below = below + 1 if use < self.target_percent * IN_BELOW and needs < size else 0
            if above >= out_after and needs > size:
                # An instance that is launched now is paid for from the next step on, and serves after its warm-up.
                size, ready_at, above = int(needs), step + 1 + warmup, 0
            elif below >= in_after and serving == size:
                size, below = size - 1, 0
        return Replay(np.array(runs, dtype="float64"), np.array(serves, dtype="float64"), load, step_s)


def recorded(load: Values, instances: Values, *, step_s: int) -> Replay:
    """The group as it was: what was in service did the work."""
    return Replay(instances, instances, load, step_s)


def scheduled(load: Values, planned: Values, *, step_s: int, lead_s: float) -> Replay:
    """The group on a plan: sizes at each step, each size launched `lead_s` before it is needed."""
    lead = math.ceil(lead_s / step_s)
    ahead = np.concatenate([planned[lead:], np.full(min(lead, len(planned)), planned[-1] if len(planned) else np.nan)])
    return Replay(np.maximum(planned, ahead), planned, load, step_s)


def needed(load: Values, target_percent: float) -> Values:
    """Instances that hold the load at the target, at each step; missing where the load is."""
    found: Values = np.ceil(np.round(load / target_percent, 6))
    return found
