"""The dimensions and tags of the ledger's lines, as Cost Explorer names and values them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.demo.aws.ledger_catalogue import COMPUTE, RDS
from bot.demo.aws.ledger_lines import Line
from bot.demo.aws.organisation import ACCOUNTS_BY_ID, PAYER, TAG_KEYS

Codes = NDArray[np.int64]

_WITH_INSTANCE_TYPE = (
    "BoxUsage",
    "SpotUsage",
    "HeavyUsage",
    "InstanceUsage",
    "Multi-AZUsage",
    "NodeUsage",
    "ESInstance",
    "Node",
)


def instance_type(line: Line) -> str:
    """The instance type a usage type names, if any."""
    what, _, of = line.usage_type.partition(":")
    return of if of and what.endswith(_WITH_INSTANCE_TYPE) else "NoInstanceType"


def _family(line: Line) -> str:
    kind = instance_type(line)
    if kind == "NoInstanceType":
        return "NoInstanceTypeFamily"
    parts = kind.split(".")
    return ".".join(parts[:-1])


def _platform(line: Line) -> str:
    return "Linux/UNIX" if line.service == COMPUTE and line.operation.startswith("RunInstances") else "NoPlatform"


def _database_engine(line: Line) -> str:
    return "PostgreSQL" if line.service == RDS else "NoDatabaseEngine"


DIMENSIONS: Mapping[str, Callable[[Line], str]] = {
    "AZ": lambda line: "NoAZ",
    "BILLING_ENTITY": lambda line: "AWS",
    "CACHE_ENGINE": lambda line: "Redis" if line.usage_type.endswith("NodeUsage") else "NoCacheEngine",
    "DATABASE_ENGINE": _database_engine,
    "DEPLOYMENT_OPTION": lambda line: "Multi-AZ" if "Multi-AZ" in line.usage_type else "NoDeploymentOption",
    "INSTANCE_TYPE": instance_type,
    "INSTANCE_TYPE_FAMILY": _family,
    "INVOICING_ENTITY": lambda line: "Amazon Web Services, Inc.",
    "LEGAL_ENTITY_NAME": lambda line: "Amazon Web Services, Inc.",
    "LINKED_ACCOUNT": lambda line: line.account_id,
    "LINKED_ACCOUNT_NAME": lambda line: ACCOUNTS_BY_ID[line.account_id].name,
    "OPERATING_SYSTEM": lambda line: "Linux" if _platform(line) == "Linux/UNIX" else "NoOperatingSystem",
    "OPERATION": lambda line: line.operation or "NoOperation",
    "PAYER_ACCOUNT": lambda line: PAYER.id,
    "PLATFORM": _platform,
    "PURCHASE_TYPE": lambda line: line.purchase_type,
    "RECORD_TYPE": lambda line: str(line.record_type),
    "REGION": lambda line: line.region,
    "RESERVATION_ID": lambda line: "" if ":savingsplan/" in line.commitment else line.commitment,
    "SAVINGS_PLAN_ARN": lambda line: line.commitment if ":savingsplan/" in line.commitment else "NoSavingsPlanArn",
    "SERVICE": lambda line: line.service,
    "TENANCY": lambda line: "Shared" if line.service == COMPUTE else "NoTenancy",
    "USAGE_TYPE": lambda line: line.usage_type,
}

#: What GetCostAndUsage groups by, in the order of AWS's own message.
GROUPABLE = (
    "AZ",
    "INSTANCE_TYPE",
    "LINKED_ACCOUNT",
    "OPERATION",
    "PURCHASE_TYPE",
    "SERVICE",
    "USAGE_TYPE",
    "PLATFORM",
    "TENANCY",
    "RECORD_TYPE",
    "LEGAL_ENTITY_NAME",
    "INVOICING_ENTITY",
    "DEPLOYMENT_OPTION",
    "DATABASE_ENGINE",
    "CACHE_ENGINE",
    "INSTANCE_TYPE_FAMILY",
    "REGION",
    "BILLING_ENTITY",
    "RESERVATION_ID",
    "SAVINGS_PLAN_ARN",
    "OPERATING_SYSTEM",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One dimension or tag of all lines: `names[codes[i]]` is the value of line i; names are sorted."""

    names: tuple[str, ...]
    codes: Codes


class Dimensions:
    """All columns of a statement's lines, made when they are first asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._columns: dict[tuple[str, str], Column] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def dimension(self, key: str) -> Column:
        """A dimension of `DIMENSIONS`."""
        return self._column("DIMENSION", key, DIMENSIONS[key])

    def tag(self, key: str) -> Column:
        """A tag; '' where a line has none. A key that was never activated is '' everywhere."""
        if key not in TAG_KEYS:
            return self._column("TAG", key, lambda line: "")
        return self._column("TAG", key, lambda line: str(getattr(line, key)))

    def _column(self, kind: str, key: str, value: Callable[[Line], str]) -> Column:
        column = self._columns.get((kind, key))
        if column is None:
            names, codes = np.unique([value(line) for line in self._lines], return_inverse=True)
            column = Column(tuple(str(name) for name in names), codes.astype(np.int64))
            self._columns[kind, key] = column
        return column
