"""When Kubernetes versions leave standard and extended support on Amazon EKS.

Source: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS", as of `TABLE_DATE`. What EKS itself
answers (DescribeClusterVersions) comes before this table.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

TABLE_DATE = date(2026, 7, 8)
_FILE = Path(__file__).parents[1] / "data" / "eks_versions.csv"

#: End of standard and of extended support.
Ends = tuple[date, date]


@cache
def support_ends() -> Mapping[str, Ends]:
    """Both ends by version, as "1.31"."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return MappingProxyType(
        {
            row["version"]: (date.fromisoformat(row["standard_ends"]), date.fromisoformat(row["extended_ends"]))
            for row in rows
        }
    )


def following(version: str) -> str:
    """The version to upgrade to next: EKS goes one minor version at a time; "" where the version is not understood."""
    major, _, minor = version.partition(".")
    return f"{major}.{int(minor) + 1}" if major.isdigit() and minor.isdigit() else ""
