"""Makes moto's EC2 answer as AWS does where right-sizing looks: paged types, wildcards, facts of an instance."""

from __future__ import annotations

import base64
import fnmatch
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidInstanceTypeError
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES, InstanceType
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse

from bot.clock import Clock

_TYPES_A_PAGE = 100
_OFFERINGS_A_PAGE = 1000


def install(clock: Clock, seed: int) -> None:
    """Patch moto's EC2 in this process; `clock` and `seed` do not matter here, all `install`s look alike."""
    # moto reads what it answers from attributes named like AWS's fields.
    facts: dict[str, Callable[[Any], Any]] = {
        "platform_details": lambda machine: "Windows" if machine.platform == "windows" else "Linux/UNIX",
        "usage_operation": lambda machine: "RunInstances:0002" if machine.platform == "windows" else "RunInstances",
        "usage_operation_update_time": lambda machine: machine.launch_time,
        "ena_support": _ena_support,
        "cpu_options": _cpu_options,
    }
    # moto sets "xen" for all; AWS's types know better.
    facts["hypervisor"] = _hypervisor
    for name, fact in facts.items():
        setattr(Instance, name, property(fact, _ignore))
    for name, operation in (
        ("describe_instance_types", _describe_instance_types),
        ("describe_instance_type_offerings", _describe_instance_type_offerings),
    ):
        setattr(InstanceResponse, name, operation)


def _type_of(machine: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = INSTANCE_TYPES.get(machine.instance_type, {})
    return found


def _hypervisor(machine: Any) -> str:
    return str(_type_of(machine).get("Hypervisor", "xen"))


def _ignore(machine: Any, value: Any) -> None:
    """What moto would set is not what the type says."""


def _ena_support(machine: Any) -> bool:
    """A fact of the image, not of the type: every Linux image of the demo has the driver, so has Windows on Nitro."""
    needed = _type_of(machine).get("NetworkInfo", {}).get("EnaSupport") in ("supported", "required")
    return needed or machine.platform != "windows"


def _cpu_options(machine: Any) -> dict[str, int]:
    cpus = _type_of(machine).get("VCpuInfo", {})
    threads = cpus.get("DefaultThreadsPerCore", 1)
    return {"CoreCount": cpus.get("DefaultCores", cpus.get("DefaultVCpus", 1) // threads), "ThreadsPerCore": threads}


def _describe_instance_types(response: Any) -> ActionResult:
    names: Sequence[str] = response._get_param("InstanceTypes", [])
    filters: dict[str, list[str]] = response._filters_from_querystring()
    unknown = {name for name in names if name not in INSTANCE_TYPES}
    if unknown:
        raise InvalidInstanceTypeError(unknown, error_type="InvalidInstanceType")
    # The name is the cheapest to compare and the filter most often asked.
    patterns = filters.pop("instance-type", ["*"])
    matching = [InstanceType(name) for name in (names or sorted(INSTANCE_TYPES)) if _matches(name, patterns)]
    found = [one for one in matching if all(_has(one, key, values) for key, values in filters.items())]
    page, token = _page(response, found, _TYPES_A_PAGE)
    # A plain dict: the serialiser looks into it without trying attributes first.
    return ActionResult({"InstanceTypes": [dict(one) for one in page], "NextToken": token})


def _has(one: InstanceType, key: str, values: Sequence[str]) -> bool:
    value = one.get_filter_value(key)
    found = value if isinstance(value, list) else [value]
    return any(_matches(str(word), values) for word in found)


def _matches(word: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(word, pattern) for pattern in patterns)


def _describe_instance_type_offerings(response: Any) -> ActionResult:
    location_type = response._get_param("LocationType") or "region"
    filters: dict[str, list[str]] = response._filters_from_querystring()
    for name in filters:
        if name not in ("instance-type", "location"):
            raise EC2ClientError("InvalidParameterValue", f"The filter '{name}' is invalid")
    locations, patterns = filters.get("location", ["*"]), filters.get("instance-type", ["*"])
    found = [
        one
        for one in INSTANCE_TYPE_OFFERINGS[location_type].get(response.region, [])
        if _matches(one["InstanceType"], patterns) and _matches(one["Location"], locations)
    ]
    page, token = _page(response, found, _OFFERINGS_A_PAGE)
    return ActionResult({"InstanceTypeOfferings": page, "NextToken": token})


def _page(response: Any, found: list[Any], most: int) -> tuple[list[Any], str | None]:
    """One page, and the token of the next."""
    token = response._get_param("NextToken")
    try:
        first = int(base64.b64decode(token)) if token else 0
    except ValueError:
        raise EC2ClientError("InvalidNextToken", "The token is not valid.") from None
    last = first + min(int(response._get_param("MaxResults") or most), most)
    following = base64.b64encode(str(last).encode()).decode() if last < len(found) else None
    return found[first:last], following
