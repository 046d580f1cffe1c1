"""What a volume hangs on: its instance, and whether that boots from it."""

from __future__ import annotations

from pandas import DataFrame, Series

from analysis.daily_metrics import KEY

#: Names of the device that images of EC2 boot from.
ROOT_DEVICES = ("/dev/xvda", "/dev/sda1", "/dev/sda")


def owner_of(volumes: DataFrame, ec2_instances: DataFrame) -> DataFrame:
    """The instance of each volume.

    Returns:
        Same index: `state` (empty where the instance is not among them) and `stopped_days` (missing where unknown).
    """
    by_id = ec2_instances.set_index(KEY)[["state", "stopped_days"]]
    found = by_id.reindex(volumes.set_index(["account_id", "region", "instance_id"]).index).set_axis(volumes.index)
    return found.assign(state=found["state"].fillna("").astype("str"))


def is_root(volumes: DataFrame) -> Series[bool]:
    """Whether the volume's instance boots from it, by the name of its device."""
    return volumes["device"].isin(ROOT_DEVICES)
