"""moto: everything of AWS that the stand-in does not answer itself. Importing it takes a second; only `load` does."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from bot.clock import Clock
from bot.demo.aws.answers import Answer
from bot.demo.aws.calls import Call
from bot.demo.aws.faults import Failure, failed
from bot.demo.aws.organizations import create_organization
from bot.demo.aws.shapes import LOADER

log = logging.getLogger("costbot.demo.aws")

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_SETTINGS = {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
    # Larger objects lie on disk; the exports are a hundred megabytes.
    "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": "65536",
}


def load(clock: Clock) -> Application:
    """moto as an application, emptied, with the demo's organisation in it."""
    os.environ.update(_SETTINGS)
    _remember_folders()
    _compile_routes_one_by_one()
    from moto.moto_api._internal.models import moto_api_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    moto_api_backend.reset()
    create_organization(clock.now())
    return DomainDispatcherApplication(create_backend_app)


def _remember_folders() -> None:
    """moto lists its own and botocore's folders anew for calls of every service, half the time of a scan.

    Both stay as they are while a process lives.
    """
    from moto import backends
    from moto.core import utils

    names = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: names
    utils.create_loader = lambda: LOADER  # type: ignore[attr-defined]  # botocore's, by moto's import


def _compile_routes_one_by_one() -> None:
    """CPython 3.11 miscounts its recursion when several threads parse sources at once, as first calls of services do.

    Source: python/cpython#106905, "AST constructor recursion depth mismatch".
    """
    from werkzeug.routing import rules

    one_at_a_time, compiled = threading.RLock(), rules.Rule.compile

    def compile_alone(rule: rules.Rule) -> None:
        with one_at_a_time:
            compiled(rule)

    setattr(rules.Rule, "compile", compile_alone)  # noqa: B010 - mypy takes no other function for a method


def fill(clock: Clock, seed: int) -> None:
    """Puts the inventory and its metrics into a loaded moto."""
    from bot.demo.aws import cloudwatch, seeding

    cloudwatch.install(clock, seed)
    seeding.seed(clock, seed)


def lacking(call: Call) -> Answer | None:
    """What a service answers that moto has nothing of: the page every unknown call gets; None when moto has it."""
    from moto.backend_index import backend_url_patterns
    from moto.backends import list_of_moto_modules

    hosts = (f"https://{call.service}.{call.region}.amazonaws.com", f"https://{call.service}.amazonaws.com")
    known = call.service in list_of_moto_modules() or any(
        pattern.match(host) for _, pattern in backend_url_patterns for host in hosts
    )
    if known or not call.service:
        return None
    return not_emulated(call)


def not_emulated(call: Call) -> Answer:
    """An HTML page with status 500; a client must read it as "this source is unavailable"."""
    log.info("not emulated: %s %s", call.service, call.operation)
    return failed(call, Failure.HTTP_500)


def account_of(access_key: str) -> str:
    """The account an access key belongs to; moto gives out the keys of member accounts."""
    from moto.iam.models import get_account_id_from

    return str(get_account_id_from(access_key))
