"""The AWS stand-in: one HTTP server that answers for costs and their exports itself, and is moto beside that."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from threading import Event, Thread
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.clock import Clock
from bot.demo.aws import (
    moto_service,
    organizations,
    pricing,
    reserved_listings,
    reserved_offerings,
    savings_plan_offerings,
    savings_plan_rates,
)
from bot.demo.aws.answers import Answer, AwsError, json_answer, json_error
from bot.demo.aws.billing import Billing, Emulation
from bot.demo.aws.budgets import Budgets
from bot.demo.aws.calls import Call, CallCounter, read_call
from bot.demo.aws.cloudtrail import CloudTrail
from bot.demo.aws.control import PREFIX, Control, foreign
from bot.demo.aws.cost_explorer import GROUPS_A_PAGE, CostExplorer
from bot.demo.aws.faults import Failure, Faults, failed, worded
from bot.demo.aws.ledger import Ledger
from bot.demo.aws.moto_service import Application, StartResponse
from bot.demo.aws.organisation import PAYER
from bot.demo.aws.owned_commitments import OwnedCommitments
from bot.demo.aws.resources import resources
from bot.demo.aws.shapes import WrongShape

log = logging.getLogger("costbot.demo.aws")

# Answered as soon as moto is there; everything else waits for the inventory.
_WITHOUT_INVENTORY = frozenset({"sts", "iam", "organizations"})
#: How long a call waits for moto and the inventory before it fails.
PATIENCE_SECONDS = 60.0


class _QuietHandler(WSGIRequestHandler):
    """Writes no access log: the stand-in counts calls instead."""

    def log(self, type: str, message: str, *args: Any) -> None:
        log.debug(message, *args)


class AwsStandIn:
    """The demo's AWS, on loopback.

    moto keeps its state in the process: only one stand-in can run in a process, and starting one empties moto.

    Args:
        port: 0 picks a free one.
        seed: of the ledger's noise, the inventory's ids and the metrics.
        clock: tells the stand-in's time; planted findings count back from its time at this moment.
        inventory: whether to create the resources in moto; without it everything but money is empty.
        groups_a_page: size of Cost Explorer's pages.
        exported_months: how many months, the newest, the exports hold; all that there are by default.
    """

    def __init__(
        self,
        port: int = 0,
        seed: int = 7,
        clock: Clock | None = None,
        *,
        inventory: bool = True,
        groups_a_page: int = GROUPS_A_PAGE,
        exported_months: int | None = None,
    ) -> None:
        self.seed = seed
        self.clock = clock or Clock()
        self.faults = Faults()
        self.calls = CallCounter()
        self.ledger = Ledger(seed, self.clock.now(), resources(seed))
        self.cost_explorer = CostExplorer(self.ledger, self.clock.now, groups_a_page=groups_a_page)
        self.billing = Billing(self.ledger, self.clock.now, exported_months)
        self.cloudtrail = CloudTrail(seed, self.clock.now)
        self.owned = OwnedCommitments(self.ledger.anchor, self.clock.now)
        self.budgets = Budgets(self.ledger, self.clock.now)
        self._control = Control(self.faults, self.calls, self.ready)
        self._port = port
        self._inventory = inventory
        self._server: BaseWSGIServer | None = None
        self._threads: list[Thread] = []
        self._moto: Application | None = None
        self._filled = False
        self._loaded = Event()
        self._seeded = Event()

    def start(self) -> str:
        """Listens, and returns the address; Cost Explorer answers from now on, the rest as soon as it is ready."""
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

    def ready(self) -> dict[str, bool]:
        """What is up, besides Cost Explorer."""
        return {"moto": self._moto is not None, "inventory": self._filled}

    def wait_until_seeded(self, timeout: float | None = None) -> bool:
        """Whether the inventory is there, after waiting for it."""
        self._seeded.wait(timeout)
        return self._filled

    def stop(self) -> None:
        """Stops listening; calls that hang come back."""
        self.faults.clear()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._threads[0].join()
            self._server = None
        self.billing.close()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        refusal = foreign(environ)
        if refusal is not None:
            return _respond(refusal, start_response)
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return _respond(self._control.answer(environ), start_response)
        call = read_call(environ, self._account_of)
        self.calls.add(call)
        answer = self._own_answer(call)
        if answer is not None:
            return _respond(answer, start_response)
        return self._moto_answer(call, environ, start_response)

    def _own_answer(self, call: Call) -> Answer | None:
        """The answer of the stand-in itself; None leaves the call to moto."""
        struck = self.faults.strike(call)
        if struck is not None:
            return struck
        if call.service == "ce" and self.cost_explorer.answers(call.operation):
            return _emulated(call, self.cost_explorer.answer)
        if pricing.answers(call):
            return _emulated(call, pricing.answer)
        if savings_plan_rates.answers(call):
            return _emulated(call, savings_plan_rates.answer)
        if savings_plan_offerings.answers(call):
            return _emulated(call, savings_plan_offerings.answer)
        if reserved_offerings.answers(call):
            return _emulated(call, lambda *_: reserved_offerings.answer(call))
        if self.owned.answers(call):
            return _emulated(call, self.owned.answer)
        if self.budgets.answers(call):
            return _emulated(call, self.budgets.answer)
        if self.cloudtrail.answers(call):
            return _emulated(call, lambda *_: self.cloudtrail.answer(call))
        refusal = organizations.refused(call)
        return None if refusal is None else worded(call, refusal)

    def _moto_answer(self, call: Call, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        independent = call.service in _WITHOUT_INVENTORY
        (self._loaded if independent else self._seeded).wait(PATIENCE_SECONDS)
        if self._moto is None or not (independent or self._filled):
            return _respond(failed(call, Failure.HTTP_500), start_response)
        emulation = self.billing.emulation(call)
        if emulation is not None:
            return _respond(_emulated(call, emulation), start_response)
        lacking = moto_service.lacking(call)
        if lacking is not None:
            return _respond(lacking, start_response)
        self.billing.prepare(call, environ)
        try:
            return self._moto(environ, start_response)
        except NotImplementedError:
            return _respond(moto_service.not_emulated(call), start_response)

    def _prepare(self) -> None:
        """Loads moto and fills in the inventory; when that fails, whoever waits gets a server error, not emptiness."""
        try:
            self._moto = moto_service.load(self.clock)
            self.owned.install()
            reserved_listings.install()
            self._loaded.set()
            if self._inventory:
                moto_service.fill(self.clock, self.seed)
            self._filled = True
        finally:
            self._loaded.set()
            self._seeded.set()

    def _account_of(self, access_key: str) -> str:
        return PAYER.id if self._moto is None else moto_service.account_of(access_key)


def _emulated(call: Call, answer: Emulation) -> Answer:
    """The answer of a JSON service that is emulated here."""
    try:
        return json_answer(answer(call.operation, call.params(), call.account_id))
    except AwsError as error:
        return json_error(error)
    except json.JSONDecodeError:
        return json_error(AwsError("SerializationException", "The request body is no JSON."))
    except WrongShape as error:
        log.error("the stand-in gave an answer AWS could not give: %s", error)
        return json_error(AwsError("InternalFailure", str(error), 500))


def _respond(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    reason = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
    headers = [*answer.headers, ("Content-Length", str(len(answer.body)))]
    start_response(f"{answer.status} {reason.get(answer.status, 'Error')}", headers)
    return [answer.body]
