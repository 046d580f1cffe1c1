"""Which lines of usage a reservation may cover."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from pandas import DataFrame

from analysis.commitments.units import deployment_factor, family, full_type, platform_key, units_of
from analysis.commitments.usage import Floats, Reservation

#: Usage of instances on one tenant's own hardware, and usage that no reservation of instances covers.
_DEDICATED = re.compile(r"(^|-)(DedicatedUsage|UnusedDed)\b")
_NO_INSTANCE = re.compile(r"(^|-)(HostUsage|HostBoxUsage|ReservedHostUsage|SpotUsage)\b")
#: Reserved nodes of this engine cover nodes of that one too. Source: AWS, "Reserved nodes" of ElastiCache, MemoryDB.
_COVERS_TOO = frozenset({("redis", "valkey"), ("redisoss", "valkey")})


class Matching:
    """Lines by what reservations are compared with; made once for many reservations."""

    def __init__(self, lines: DataFrame) -> None:
        self.accounts = lines["account_id"].to_numpy(object)
        self.units = lines["units"].to_numpy(np.float64)
        self._service = lines["service"].to_numpy(object)
        self._region = lines["region"].to_numpy(object)
        self._zone = (lines["zone"] if "zone" in lines else lines["region"].str.slice(0, 0)).to_numpy(object)
        self._type = _array(full_type(kind) for kind in lines["instance_type"])
        self._family = _array(family(kind) for kind in lines["instance_type"])
        self._platform = _array(platform_key(name) for name in lines["platform"])
        self._dedicated = _flags(_DEDICATED.search(kind) is not None for kind in lines["usage_type"])
        self._instances = _flags(_NO_INSTANCE.search(kind) is None for kind in lines["usage_type"])
        self._copies = np.array([deployment_factor(kind) for kind in lines["usage_type"]])

    def lines(self, reservation: Reservation) -> NDArray[np.bool_]:
        """The lines it may cover, (lines,).

        What is not known is taken to fit: a line's platform or zone, the reservation's platform.
        """
        fits: NDArray[np.bool_] = (
            (self._service == reservation.service)
            & (self._region == reservation.region)
            & self._instances
            & (self._dedicated == (reservation.tenancy == "dedicated"))
            & self._platforms(reservation.platform)
        )
        if reservation.zone:
            fits &= (self._zone == reservation.zone) | (self._zone == "")
        if self.is_flexible(reservation):
            fits &= (self._family == family(reservation.instance_type)) & (self.units > 0)
        else:
            fits &= (self._type == full_type(reservation.instance_type)) & (self._copies == _copies(reservation))
        return fits

    def is_flexible(self, reservation: Reservation) -> bool:
        """Whether it covers other sizes: it says so, is of no zone, and its own size is known."""
        return reservation.is_flexible and not reservation.zone and not math.isnan(units(reservation))

    def weights(self, reservation: Reservation) -> Floats:
        """Of the reservation's capacity, what a unit of each line's quantity takes, (lines,)."""
        return self.units if self.is_flexible(reservation) else np.ones(len(self.units))

    def _platforms(self, platform: str) -> NDArray[np.bool_]:
        wanted = platform_key(platform)
        if not wanted:
            return np.ones(len(self._platform), dtype=np.bool_)
        names = ["", wanted, *(other for own, other in _COVERS_TOO if own == wanted)]
        return np.isin(self._platform.astype(str), names)


def units(reservation: Reservation) -> float:
    """Normalised units of one of its instances; missing where its size has none."""
    return _copies(reservation) * units_of(
        reservation.service, reservation.instance_type, platform=platform_key(reservation.platform)
    )


def _copies(reservation: Reservation) -> float:
    return 2.0 if reservation.multi_az else 1.0


def _array(values: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(values), dtype=np.object_)


def _flags(values: Iterable[bool]) -> NDArray[np.bool_]:
    return np.array(list(values), dtype=np.bool_)
