"""The AWS stand-in: one HTTP server that is Cost Explorer by itself and moto for everything else."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.clock import Clock
from bot.demo.aws import organizations
from bot.demo.aws.answers import Answer, AwsError, json_answer, json_error
from bot.demo.aws.calls import Call, CallCounter, read_call
from bot.demo.aws.cost_explorer import CostExplorer
from bot.demo.aws.faults import Failure, Fault, Faults, failed, worded
from bot.demo.aws.ledger import Ledger
from bot.demo.aws.organisation import PAYER
from bot.demo.aws.resources import resources
from bot.demo.aws.shapes import WrongShape

log = logging.getLogger("costbot.demo.aws")

CONTROL = "/costbot-demo/"
_HOSTS = frozenset({"127.0.0.1", "localhost"})
# Answered as soon as moto is there; everything else waits for the inventory.
_WITHOUT_INVENTORY = frozenset({"sts", "iam", "organizations"})
_MOTO_SETTINGS = {
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}
#: How long a call waits for moto and the inventory before it fails.
_PATIENCE_SECONDS = 60.0

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing by itself: the stand-in counts calls instead."""

    def log(self, type: str, message: str, *args: Any) -> None:
        log.debug(message, *args)


class AwsStandIn:
    """The demo's AWS, on loopback.

    moto keeps its state in the process: only one stand-in can be started at a time, and starting one empties moto.

    Args:
        port: 0 picks a free one.
        seed: of the ledger's noise and the metrics.
        clock: tells the stand-in's time; planted findings count back from its time at this moment.
        inventory: whether to create the resources in moto; without it everything but money is empty.
        groups_a_page: size of Cost Explorer's pages.
    """

    def __init__(
        self, port: int = 0, seed: int = 7, clock: Clock | None = None, *, inventory: bool = True,
        groups_a_page: int = 5000,
    ) -> None:
        self.seed = seed
        self.clock = clock or Clock()
        self.faults = Faults()
        self.calls = CallCounter()
        self.ledger = Ledger(seed, self.clock.now(), resources(seed))
        self.cost_explorer = CostExplorer(self.ledger, self.clock.now, groups_a_page=groups_a_page)
        self._port = port
        self._inventory = inventory
        self._server: BaseWSGIServer | None = None
        self._threads: list[Thread] = []
        self._moto: Application | None = None
        self._moto_ready = Event()
        self._seeded = Event()

    def start(self) -> str:
        """Listens, and returns the address; Cost Explorer answers from now on, the rest as soon as it is ready."""
        os.environ.update(_MOTO_SETTINGS)
        self._server = make_server("127.0.0.1", self._port, self, threaded=True, request_handler=_QuietHandler)
        serve = Thread(target=self._server.serve_forever, args=(0.05,), name="aws-stand-in", daemon=True)
        prepare = Thread(target=self._prepare, name="aws-stand-in-inventory", daemon=True)
        self._threads = [serve, prepare]
        for thread in self._threads:
            thread.start()
        return self.url

    @property
    def url(self) -> str:
        """The address for AWS_ENDPOINT_URL."""
        if self._server is None:
            raise RuntimeError("the AWS stand-in is not started")
        return f"http://127.0.0.1:{self._server.server_port}"

    def wait_until_seeded(self, timeout: float | None = None) -> bool:
        """Whether the inventory is there, after waiting for it."""
        return self._seeded.wait(timeout)

    def stop(self) -> None:
        """Stops listening; calls that hang come back."""
        self.faults.clear()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._threads[0].join()
            self._server = None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if not _is_local(environ):
            return _respond(json_answer({"error": "only for programs on this machine"}, 403), start_response)
        if environ.get("PATH_INFO", "").startswith(CONTROL):
            return _respond(self._control(environ), start_response)
        call = read_call(environ, _account_of)
        self.calls.add(call)
        answer = self._own_answer(call)
        if answer is not None:
            return _respond(answer, start_response)
        moto = self._moto
        if moto is None:
            return _respond(failed(call, Failure.HTTP_500), start_response)
        return moto(environ, start_response)

    def _own_answer(self, call: Call) -> Answer | None:
        """The answer of the stand-in itself; None leaves the call to moto."""
        struck = self.faults.strike(call)
        if struck is not None:
            return struck
        if call.service == "ce" and self.cost_explorer.answers(call.operation):
            return self._cost_explorer_answer(call)
        refusal = organizations.refused(call)
        if refusal is not None:
            return worded(call, refusal)
        ready = self._moto_ready if call.service in _WITHOUT_INVENTORY else self._seeded
        if not ready.wait(_PATIENCE_SECONDS):
            return failed(call, Failure.HTTP_500)
        return None

    def _cost_explorer_answer(self, call: Call) -> Answer:
        try:
            return json_answer(self.cost_explorer.answer(call.operation, call.params(), call.account_id))
        except AwsError as error:
            return json_error(error)
        except json.JSONDecodeError:
            return json_error(AwsError("SerializationException", "The request body is no JSON."))
        except WrongShape as error:
            log.error("the stand-in gave an answer AWS could not give: %s", error)
            return json_error(AwsError("InternalFailure", str(error), 500))

    def _prepare(self) -> None:
        """Imports moto, makes it the demo's organisation, and fills in the inventory."""
        try:
            from moto.moto_api._internal.models import moto_api_backend
            from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

            moto_api_backend.reset()
            organizations.create_organization(self.clock.now())
            self._moto = DomainDispatcherApplication(create_backend_app)
            self._moto_ready.set()
            if self._inventory:
                self._create_inventory()
        finally:
            self._moto_ready.set()
            self._seeded.set()

    def _create_inventory(self) -> None:
        from bot.demo.aws import cloudwatch, seeding

        cloudwatch.install(self.clock, self.seed)
        seeding.seed(self.clock, self.seed)

    def _control(self, environ: dict[str, Any]) -> Answer:
        """The control endpoint: faults and call counts, for tests and for whoever plays with the demo."""
        method, what = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(CONTROL)
        if (method, what) == ("GET", "calls"):
            return _plain({"calls": self.calls.shown()})
        if (method, what) == ("DELETE", "calls"):
            self.calls.clear()
            return _plain({"calls": []})
        if (method, what) == ("GET", "ready"):
            return _plain({"moto": self._moto_ready.is_set(), "inventory": self._seeded.is_set()})
        if what == "faults":
            return self._control_faults(method, environ)
        return _plain({"error": f"there is no {method} {what}"}, 404)

    def _control_faults(self, method: str, environ: dict[str, Any]) -> Answer:
        if method == "DELETE":
            self.faults.clear()
        if method == "POST":
            try:
                length = int(environ.get("CONTENT_LENGTH") or 0)
                self.faults.add(Fault.of(json.loads(environ["wsgi.input"].read(length))))
            except (ValueError, TypeError, AttributeError) as error:
                return _plain({"error": str(error)}, 400)
        return _plain({"faults": self.faults.shown()})


def _account_of(access_key: str) -> str:
    """The account an access key belongs to; only moto gives out keys of member accounts."""
    if "moto.iam.models" not in sys.modules:
        return PAYER.id
    from moto.iam.models import get_account_id_from

    return str(get_account_id_from(access_key))


def _is_local(environ: dict[str, Any]) -> bool:
    host = urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname
    return host in _HOSTS and "HTTP_ORIGIN" not in environ


def _plain(value: Any, status: int = 200) -> Answer:
    return json_answer(value, status, "application/json")


def _respond(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    reason = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
    headers = [*answer.headers, ("Content-Length", str(len(answer.body)))]
    start_response(f"{answer.status} {reason.get(answer.status, 'Error')}", headers)
    return [answer.body]
