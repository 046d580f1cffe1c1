"""The table `ebs_filesystems`: how full the filesystem of each volume is, where the CloudWatch agent tells it.

The agent names the device as the instance sees it, and the volume's attachment as EC2 was told: only what can be
matched without doubt is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pandas import DataFrame

from analysis.daily_metrics import DAY_S, METRICS
from analysis.storage.attachments import ROOT_DEVICES
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
#: Days that are looked at: a month with its end.
DAYS = 32

_NAME = "disk_used_percent"
_NO_DISK = frozenset({"tmpfs", "devtmpfs", "overlay", "squashfs", "vfat"})
_PARTITION = re.compile(r"^(?:/dev/)?(nvme\d+n\d+|(?:xv|s|h)d[a-z]+)(?:p?\d+)?$")

Dimensions = tuple[tuple[str, str], ...]


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """The fullest moment of each day.

    Raises:
        SourceUnavailable: CloudWatch gave no answer.
    """
    listed = metrics.list_metrics(aws, here.account.id, here.region, "CWAgent", _NAME)
    found = matched(rows, listed)
    queries = [
        Query(volume_id, _NAME, "CWAgent", _NAME, dimensions, "Maximum", DAY_S)
        for volume_id, dimensions in found.items()
    ]
    return measure(aws, here, queries, window, days=DAYS)


def matched(rows: DataFrame, listed: Iterable[Dimensions]) -> dict[str, Dimensions]:
    """The one filesystem of each volume; a volume with several partitions, or with a doubtful name, has none.

    Args:
        rows: of `ebs_volumes`. listed: dimensions of `disk_used_percent`.
    """
    of_instance: dict[str, list[tuple[str, str]]] = {}
    attached = rows[rows["instance_id"].ne("")]
    for instance_id, volume_id, device in attached[["instance_id", "resource_id", "device"]].to_numpy():
        of_instance.setdefault(instance_id, []).append((volume_id, device))
    disks: dict[tuple[str, str], list[Dimensions]] = {}
    for dimensions in listed:
        of = dict(dimensions)
        disk = "/" if of.get("path") == "/" else _disk(of.get("device", ""))
        if of.get("InstanceId") in of_instance and of.get("fstype", "") not in _NO_DISK and disk:
            disks.setdefault((of["InstanceId"], disk), []).append(dimensions)
    found: dict[str, list[Dimensions]] = {}
    for (instance_id, disk), told in disks.items():
        others = [name for owner, name in disks if owner == instance_id and name != "/"]
        volume = _volume(of_instance[instance_id], disk, only=len(others) == 1)
        if volume is not None:
            found.setdefault(volume, []).extend(told)
    return {volume: told[0] for volume, told in found.items() if len(told) == 1}


def _disk(device: str) -> str:
    """`xvdf` of `/dev/xvdf1`, `nvme1n1` of `nvme1n1p1`; empty where it is no disk."""
    told = _PARTITION.match(device)
    return told[1] if told else ""


def _volume(volumes: Sequence[tuple[str, str]], disk: str, *, only: bool) -> str | None:
    """The volume that a disk is; `only`: the instance has no other disk besides the one it boots from."""
    if disk == "/":
        roots = [id_ for id_, device in volumes if device in ROOT_DEVICES]
        return roots[0] if len(roots) == 1 else None
    data = [(id_, device) for id_, device in volumes if device not in ROOT_DEVICES]
    if disk.startswith("nvme"):
        # Nitro numbers disks in the order in which they answer: only a single one is certain.
        return data[0][0] if only and len(data) == 1 else None
    named = [
        id_ for id_, device in data if device.removeprefix("/dev/").removeprefix("xv").lstrip("s") == _letter(disk)
    ]
    return named[0] if len(named) == 1 else None


def _letter(disk: str) -> str:
    """`df` of `xvdf` and of `sdf`: the system may show one as the other."""
    return disk.removeprefix("xv").lstrip("s")
