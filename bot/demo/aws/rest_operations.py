"""Finds the operation behind a REST request (S3, Lambda, EKS …): its name stands nowhere in the request itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel

from bot.demo.aws.shapes import service_model

_SERVICES = {"elasticfilesystem": "efs", "es": "opensearch"}
_GREEDY = re.compile(r"\\\{[^{}]+?\\\+\\\}")
_PLAIN = re.compile(r"\\\{[^{}]+?\\\}")
_PARAMETER = re.compile(r"\{[^{}]+\}")


@dataclass(frozen=True, slots=True)
class _Route:
    """How an operation is asked for; `weight` puts the more specific one first."""

    name: str
    method: str
    path: re.Pattern[str]
    fixed_query: frozenset[tuple[str, str]]
    required_query: frozenset[str]
    weight: tuple[int, int, int]

    def fits(self, method: str, path: str, asked: frozenset[tuple[str, str]]) -> bool:
        given = {name for name, _ in asked}
        return (
            self.method == method
            and self.fixed_query <= asked
            and self.required_query <= given
            and self.path.fullmatch(path) is not None
        )


def rest_operation(service: str, method: str, path: str, query: str) -> str:
    """AWS's name of the operation; the method and path themselves when no operation fits.

    Args:
        service: name the request is signed for.
    """
    asked = frozenset(parse_qsl(query, keep_blank_values=True))
    for route in _routes(_SERVICES.get(service, service)):
        if route.fits(method, path, asked):
            return route.name
    return f"{method} {path}"


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """The routes of a service, the most specific first."""
    try:
        model = service_model(service)
    except UnknownServiceError:
        return ()
    operations = (model.operation_model(name) for name in model.operation_names)
    routes = (_route(operation) for operation in operations if operation.http.get("requestUri"))
    return tuple(sorted(routes, key=lambda route: route.weight, reverse=True))


def _route(operation: OperationModel) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    literal = re.escape(path.rstrip("/") or "/")
    pattern = _PLAIN.sub("[^/]+", _GREEDY.sub(".+", literal))
    fixed = frozenset(parse_qsl(query, keep_blank_values=True))
    required_query = frozenset(_required(operation, "querystring"))
    # Of PutObject and CopyObject, alike but for a header, the plain one comes first.
    weight = (len(fixed) + len(required_query), len(_PARAMETER.sub("", path)), -len(_required(operation, "header")))
    return _Route(operation.name, operation.http["method"], re.compile(pattern + "/?"), fixed, required_query, weight)


def _required(operation: OperationModel, location: str) -> list[str]:
    """Names of the required parameters that travel in the query or in a header."""
    shape = operation.input_shape
    if shape is None:
        return []
    members = (shape.members[name].serialization for name in shape.required_members)
    return [member["name"] for member in members if member.get("location") == location]
