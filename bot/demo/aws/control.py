"""The stand-in's own endpoint `/costbot-demo/…`: faults and call counts, for tests and for whoever plays with the demo.

`POST /costbot-demo/faults` adds a fault (`Fault`), `GET` lists them, `DELETE` clears them. `GET /costbot-demo/calls`
counts calls by service, operation, account and region, `DELETE` starts again. `GET /costbot-demo/ready` says what is
up.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.demo.aws.answers import Answer, json_answer
from bot.demo.aws.calls import CallCounter
from bot.demo.aws.faults import Fault, Faults

PREFIX = "/costbot-demo/"
_HOSTS = frozenset({"127.0.0.1", "localhost"})
_JSON = "application/json"


def foreign(environ: dict[str, Any]) -> Answer | None:
    """Refuses what a web page sends, or a name that only points at this machine; None for local programs."""
    host = urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname
    if host in _HOSTS and "HTTP_ORIGIN" not in environ:
        return None
    return json_answer({"error": "only for programs on this machine"}, 403, _JSON)


class Control:
    """Answers the control endpoint.

    Args:
        ready: what of the stand-in is up, by name.
    """

    def __init__(self, faults: Faults, calls: CallCounter, ready: Callable[[], dict[str, bool]]) -> None:
        self._faults = faults
        self._calls = calls
        self._ready = ready

    def answer(self, environ: dict[str, Any]) -> Answer:
        """The answer to one request below `PREFIX`."""
        method, what = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix(PREFIX)
        if what == "faults" and method in ("GET", "POST", "DELETE"):
            return self._answer_faults(method, environ)
        if what == "calls" and method in ("GET", "DELETE"):
            if method == "DELETE":
                self._calls.clear()
            return json_answer({"calls": self._calls.shown()}, 200, _JSON)
        if what == "ready" and method == "GET":
            return json_answer(self._ready(), 200, _JSON)
        return json_answer({"error": f"there is no {method} {what}"}, 404, _JSON)

    def _answer_faults(self, method: str, environ: dict[str, Any]) -> Answer:
        if method == "DELETE":
            self._faults.clear()
        if method == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            try:
                self._faults.add(Fault.of(json.loads(environ["wsgi.input"].read(length))))
            except (ValueError, TypeError) as error:
                return json_answer({"error": str(error)}, 400, _JSON)
        return json_answer({"faults": self._faults.shown()}, 200, _JSON)
