"""What a volume really carries: operations and bytes a second, of sums that CloudWatch keeps.

CloudWatch counts the operations and bytes of a volume per period; a rate is that count by the period's seconds. Reads
and writes are joined on their time, and a period that lacks one of them is left out.
"""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from analysis.daily_metrics import DAY_S, KEY, SERIES_S
from analysis.figures import written

MIB = 2**20
#: The busiest moments that a change may slow down: one in a thousand.
PEAK = 0.999

#: Why a volume is not judged before its second round.
NO_SERIES = (
    "Traffic over five minutes: the sum of a day does not tell how much is needed at once; costbot asks CloudWatch for "
    "it in the same scan."
)

_OPERATIONS = ("VolumeReadOps", "VolumeWriteOps")
_BYTES = ("VolumeReadBytes", "VolumeWriteBytes")


def volume_load(volumes: DataFrame, ebs_metrics: DataFrame) -> DataFrame:
    """How busy each volume (needs `KEY`) was.

    Returns:
        Same index; missing where nothing was measured, but `days` is 0 then:
        `days` with a measurement, `operations` of all of them together;
        `most_iops`, `most_mib_s`: what no five minutes exceeded, even if a whole day's traffic fell into them;
        `iops`, `mib_s`: p99.9 of rates over five minutes, where those were asked for.
    """
    # Of ten thousand volumes only some are asked about, and sums of all their days take seconds.
    ebs_metrics = ebs_metrics[ebs_metrics["resource_id"].isin(volumes["resource_id"])]
    daily_operations = _sums(ebs_metrics, _OPERATIONS, DAY_S)
    daily_bytes = _sums(ebs_metrics, _BYTES, DAY_S)
    operations = _sums(ebs_metrics, _OPERATIONS, SERIES_S) / SERIES_S
    mib = _sums(ebs_metrics, _BYTES, SERIES_S) / (SERIES_S * MIB)
    return DataFrame(
        {
            "days": _of(volumes, daily_operations.groupby(KEY).count().astype("float64")).fillna(0.0),
            "operations": _of(volumes, daily_operations.groupby(KEY).sum()),
            "most_iops": _of(volumes, daily_operations.groupby(KEY).max()) / SERIES_S,
            "most_mib_s": _of(volumes, daily_bytes.groupby(KEY).max()) / (SERIES_S * MIB),
            "iops": _of(volumes, operations.groupby(KEY).quantile(PEAK)),
            "mib_s": _of(volumes, mib.groupby(KEY).quantile(PEAK)),
        }
    )


def few_days(days: Series[float], needed: float) -> Series[str]:
    """Why a volume is not judged that was measured on fewer days than `needed`."""
    return (
        f"Traffic of {needed:.0f} days: CloudWatch has " + written(days) + " of them; a volume has metrics while its "
        "instance runs, and on instances without Nitro only while it is read or written."
    )


def _sums(metrics: DataFrame, names: tuple[str, str], period_s: int) -> Series[float]:
    """Reads and writes of each period together, by volume and time."""
    chosen = metrics[metrics["metric"].isin(names) & metrics["statistic"].eq("Sum") & metrics["period_s"].eq(period_s)]
    both = chosen.groupby([*KEY, "time"])["value"].agg(["sum", "count"])
    return both.loc[both["count"].eq(len(names)), "sum"]


def _of(volumes: DataFrame, values: Series[float]) -> Series[float]:
    keys = pd.MultiIndex.from_frame(volumes[KEY])
    return pd.Series(values.reindex(keys).to_numpy(dtype="float64"), index=volumes.index)
