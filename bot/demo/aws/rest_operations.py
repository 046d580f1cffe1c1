"""Finds the operation behind a REST request (S3, Lambda, EKS …): its name stands nowhere in the request itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from botocore.exceptions import UnknownServiceError

from bot.demo.aws.shapes import service_model

_SERVICES = {"elasticfilesystem": "efs"}
_GREEDY = re.compile(r"\\\{[^{}]+?\\\+\\\}")
_PLAIN = re.compile(r"\\\{[^{}]+?\\\}")


@dataclass(frozen=True, slots=True)
class _Route:
    name: str
    method: str
    path: re.Pattern[str]
    query: frozenset[tuple[str, str]]
    weight: tuple[int, int]


def rest_operation(service: str, method: str, path: str, query: str) -> str:
    """AWS's name of the operation; the method and path themselves when no operation fits.

    Args:
        service: name the request is signed for.
    """
    asked = frozenset(parse_qsl(query, keep_blank_values=True))
    for route in _routes(_SERVICES.get(service, service)):
        if route.method == method and route.query <= asked and route.path.fullmatch(path):
            return route.name
    return f"{method} {path}"


@lru_cache(maxsize=16)
def _routes(service: str) -> tuple[_Route, ...]:
    """The routes of a service, the most specific first."""
    try:
        model = service_model(service)
    except UnknownServiceError:
        return ()
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        if http.get("requestUri"):
            routes.append(_route(name, http["method"], http["requestUri"]))
    return tuple(sorted(routes, key=lambda route: route.weight, reverse=True))


def _route(name: str, method: str, uri: str) -> _Route:
    path, _, query = uri.partition("?")
    literal = re.escape(path.rstrip("/") or "/")
    pattern = _PLAIN.sub("[^/]+", _GREEDY.sub(".+", literal))
    pairs = frozenset(parse_qsl(query, keep_blank_values=True))
    fixed = len(re.sub(r"\{[^{}]+\}", "", path))
    return _Route(name, method, re.compile(pattern + "/?"), pairs, (len(pairs), fixed))
