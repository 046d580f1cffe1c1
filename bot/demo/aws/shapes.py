"""Checks emulated answers against AWS's own model of the operation: the client would drop unknown keys silently."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from botocore.validate import ParamValidator


class WrongShape(Exception):
    """An emulated answer that AWS could not have given; a bug of the stand-in."""


class _OneAtATime(Loader):  # type: ignore[misc]  # botocore has no types
    """Reads each of botocore's files once: threads that start together would each read it."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()

    def load_service_model(self, *args: Any, **kwargs: Any) -> Any:
        """As botocore's."""
        with self._lock:
            return super().load_service_model(*args, **kwargs)


#: The stand-in's own, and moto's.
LOADER = _OneAtATime()


@cache
def service_model(service: str) -> ServiceModel:
    """AWS's model of a service, by boto3's name."""
    return ServiceModel(LOADER.load_service_model(service, "service-2"), service)


@lru_cache(maxsize=256)
def operation_model(service: str, operation: str) -> OperationModel:
    """AWS's model of one operation."""
    return service_model(service).operation_model(operation)


def checked(service: str, operation: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer itself, when it fits the operation's output.

    Raises:
        WrongShape: naming what does not fit.
    """
    shape = operation_model(service, operation).output_shape
    report = ParamValidator().validate(answer, shape)
    if report.has_errors():
        raise WrongShape(f"{service} {operation}: {report.generate_report()}")
    return answer
