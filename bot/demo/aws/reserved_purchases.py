"""The reservations that would have saved most over a look-back, as if its hours came again.

As AWS does: usage that one size-flexible reservation could cover is added up in normalised units and reserved in the
smallest size of its family; where there are no such sizes, type by type. On demand is what reservations and plans that
are owned leave. A reserved hour costs the stand-in's made-up shares of on demand (`pricing_table.RESERVED`), also of
node types that its price list has not got. Source: AWS, GetReservationPurchaseRecommendation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.demo.aws.answers import AwsError
from bot.demo.aws.cost_explorer_view import View
from bot.demo.aws.ledger_catalogue import CACHE, COMPUTE, RDS, REDSHIFT, SEARCH
from bot.demo.aws.ledger_lines import Line
from bot.demo.aws.ledger_noise import Floats
from bot.demo.aws.pricing_products import hours, larges
from bot.demo.aws.pricing_table import CACHES, DATABASES, RESERVED
from bot.demo.aws.purchase_request import Wanted
from bot.demo.aws.purchase_usage import LookBack, family, instance_type, is_on_demand

#: Normalised units of a `.large`.
_UNITS = 4.0
ENGINES = {"CreateDBInstance:0014": "PostgreSQL", "CreateDBInstance:0002": "MySQL"}
NODE_ENGINES = {"CreateCacheCluster:0002": "Redis"}
#: Families without size flexibility. Source: AWS, "How Reserved Instance discounts are applied".
_RIGID = frozenset({"g4ad", "g4dn", "g5", "g5g"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What one reservation covers: a family, or a type where it covers no other.

    Attributes:
        account_id: whose usage it is for; empty for the organisation's.
        smallest: the type that is reserved.
        units: normalised units of one of them; 0 where the service has none.
        engine: of a database or a cache.
    """

    service: str
    region: str
    account_id: str
    smallest: str
    units: float
    engine: str = ""
    multi_az: bool = False


@dataclass(frozen=True, slots=True)
class Reserve:
    """Some reservations of one kind.

    Attributes:
        ran: how many of its type the usage amounts to, (hours,).
        price: dollars an hour of one on demand.
    """

    kind: Kind
    wanted: Wanted
    ran: Floats
    price: float

    @property
    def rate(self) -> float:
        """Dollars an hour of one, upfront part included."""
        return self.price * RESERVED[self.wanted.years, self.wanted.payment]

    @property
    def count(self) -> int:
        """The number that saves most: one more pays while it would have run for longer than its share of the price."""
        least = self.rate / self.price * len(self.ran)
        more = np.arange(1, int(self.ran.max(initial=0.0)) + 2)
        # What of the last one of them would have been used, in hours.
        used = np.clip(self.ran[None, :] - (more[:, None] - 1), 0.0, 1.0).sum(axis=1)
        return int((used > least).sum())

    @property
    def covered(self) -> Floats:
        """How many of them would have been used, (hours,)."""
        used: Floats = np.minimum(self.ran, self.count)
        return used

    @property
    def saving(self) -> float:
        """Dollars over the look-back."""
        return float(self.covered.sum()) * self.price - self.count * self.rate * len(self.ran)


def reserves(params: Mapping[str, Any], view: View) -> list[Reserve]:
    """What to reserve of a service, the largest saving first; nothing of what cannot save.

    Raises:
        AwsError: ValidationException for a value that AWS has not got; DataUnavailableException for a service of which
            nothing can be reserved.
    """
    service, wanted = params.get("Service", ""), Wanted.of(params)
    if service not in _KINDS:
        raise AwsError("DataUnavailableException", "The requested data is unavailable.")
    kind_of = _KINDS[service]
    usage = LookBack.of(
        view, wanted, lambda line: line.service == service and is_on_demand(line) and kind_of(line) is not None
    )
    found = [one for one in _thought_of(usage, kind_of, wanted) if one.count and one.saving > 0]
    return sorted(found, key=lambda one: -one.saving)


def _thought_of(usage: LookBack, kind_of: Callable[[Line], Kind | None], wanted: Wanted) -> Iterator[Reserve]:
    kinds = [kind_of(line) for line in usage.lines]
    for kind in sorted({kind for kind in kinds if kind is not None}, key=repr):
        own = usage.chosen(np.array([one == kind for one in kinds]))
        times = np.array([[_times(line, kind)] for line in own.lines])
        for account_id in sorted({line.account_id for line in own.lines}) if wanted.by_account else [""]:
            which = np.array([account_id in ("", line.account_id) for line in own.lines])
            ran = (own.quantity * times)[which].sum(axis=0)
            if ran.any():
                yield Reserve(replace(kind, account_id=account_id), wanted, ran, _price(own, times, kind))


def _times(line: Line, kind: Kind) -> float:
    """How many of the reserved type an hour of this line is."""
    if not kind.units:
        return 1.0
    return _units(instance_type(line)) / kind.units


def _price(usage: LookBack, times: Floats, kind: Kind) -> float:
    """On demand, dollars an hour of the reserved type; the inventory's databases carry their storage in their hours."""
    for line, count in zip(usage.lines, times[:, 0], strict=True):
        listed = DATABASES.get((instance_type(line), kind.engine))
        if listed is not None:
            return float(listed * (2 if kind.multi_az else 1) / count)
    return float(usage.dollars.sum() / (usage.quantity * times).sum())


def _units(kind: str) -> float:
    return _UNITS * larges(kind.rpartition(".")[2])


def _instances(line: Line) -> Kind | None:
    """Linux in shared tenancy."""
    if "BoxUsage:" not in line.usage_type or line.operation != "RunInstances":
        return None
    if family(line) in _RIGID:
        return Kind(COMPUTE, line.region, "", instance_type(line), 0.0)
    sizes = [name for name in hours(line.region) if name.partition(".")[0] == family(line)]
    return _flexible(line, [*sizes, instance_type(line)])


def _databases(line: Line) -> Kind | None:
    engine = ENGINES.get(line.operation, "")
    multi_az = line.usage_type.partition(":")[0].endswith("Multi-AZUsage")
    if not engine or not (multi_az or "InstanceUsage:" in line.usage_type):
        return None
    return _flexible(line, [name for name, _ in DATABASES] + [instance_type(line)], engine, multi_az=multi_az)


def _caches(line: Line) -> Kind | None:
    engine = NODE_ENGINES.get(line.operation, "")
    return (
        _flexible(line, [*CACHES, instance_type(line)], engine) if engine and "NodeUsage:" in line.usage_type else None
    )


def _search(line: Line) -> Kind | None:
    """By the type alone, as are Redshift's nodes."""
    return Kind(SEARCH, line.region, "", instance_type(line), 0.0) if "ESInstance:" in line.usage_type else None


def _warehouses(line: Line) -> Kind | None:
    is_node = line.usage_type.rpartition("-")[2].startswith("Node:")
    return Kind(REDSHIFT, line.region, "", instance_type(line), 0.0) if is_node else None


def _flexible(line: Line, types: list[str], engine: str = "", *, multi_az: bool = False) -> Kind:
    """The smallest type of the line's family."""
    own = [name for name in types if name.rpartition(".")[0] == family(line) and _units(name)]
    smallest = min(own, key=_units, default=instance_type(line))
    return Kind(line.service, line.region, "", smallest, _units(smallest), engine, multi_az)


_KINDS: dict[str, Callable[[Line], Kind | None]] = {
    COMPUTE: _instances,
    RDS: _databases,
    CACHE: _caches,
    SEARCH: _search,
    REDSHIFT: _warehouses,
}
