"""A gp3 volume in the place of another: what it has to be given, and what that costs."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame, Series

from analysis.pricing import GP3_IOPS, GP3_MIB_S, PriceBook

#: The most that gp3 can be given (EC2 ModifyVolume).
MOST_IOPS, MOST_MIB_S = 80_000, 2_000
#: A MiB/s needs this many IOPS beside it.
IOPS_A_MIB_S = 4
#: Steps in which it is given.
_IOPS_STEP, _MIB_S_STEP = 100, 5


def gp3_needs(iops: Series[float], mib_s: Series[float], headroom_percent: float) -> DataFrame:
    """What a gp3 volume is given for these peaks, and `headroom_percent` on top of them.

    Returns:
        Same index: `gp3_iops`, `gp3_mib_s`, at least what is included; missing where a peak is. They may exceed what
        gp3 can be given.
    """
    factor = 1 + headroom_percent / 100
    needed_mib_s = _up(mib_s * factor, _MIB_S_STEP).clip(lower=GP3_MIB_S)
    needed_iops = _up(iops * factor, _IOPS_STEP).clip(lower=GP3_IOPS)
    return DataFrame(
        {
            "gp3_iops": np.maximum(needed_iops, (needed_mib_s * IOPS_A_MIB_S).where(needed_mib_s.gt(GP3_MIB_S), 0.0)),
            "gp3_mib_s": needed_mib_s,
        }
    )


def gp3_month(volumes: DataFrame, needs: DataFrame, prices: PriceBook) -> Series[float]:
    """Dollars a month of each volume (needs account_id, region, size_gib) as gp3 with what `gp3_needs` says."""
    instead = volumes.assign(volume_type="gp3", iops=needs["gp3_iops"], throughput_mib_s=needs["gp3_mib_s"])
    return prices.ebs_month(instead).where(needs.notna().all(axis=1))


def within_included(load: DataFrame) -> Series[bool]:
    """Whether what every gp3 volume includes would do even if a whole day's traffic fell into five minutes."""
    return load["most_iops"].le(GP3_IOPS) & load["most_mib_s"].le(GP3_MIB_S)


def _up(values: Series[float], step: int) -> Series[float]:
    # What is a hair above a step is rounding, not need.
    return (values / step - 1e-9).apply(np.ceil) * step
