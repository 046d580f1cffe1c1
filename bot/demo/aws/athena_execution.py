"""One execution of a query: its states, and how it is shown."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Any

from bot.demo.aws.athena_engine import Result, Running
from bot.demo.aws.athena_sql import Failed, Refused, translated
from bot.demo.aws.export_store import ExportStore

log = logging.getLogger("costbot.demo.aws")

ENGINE = "Athena engine version 3"
#: AWS's categories of errors.
_SYSTEM_ERROR, _USER_ERROR = 1, 2


class State(StrEnum):
    """State of an execution."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


_ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        location: S3 address below which the results go.
        parameters: values of the question marks.
    """

    statement: str
    database: str | None
    catalogue: str
    workgroup: str
    location: str
    parameters: tuple[str, ...]


class Execution:
    """An execution, from its submission on."""

    def __init__(self, id_: str, request: Request, submitted: datetime) -> None:
        self.id = id_
        self.request = request
        self.result: Result | None = None
        self._submitted = submitted
        self._state = State.QUEUED
        self._reason: str | None = None
        self._category = _USER_ERROR
        self._completed: datetime | None = None
        self._running: Running | None = None
        self._queued_since = time.monotonic()
        self._queue_seconds = 0.0
        self._engine_seconds = 0.0
        self._scanned_bytes = 0
        self._lock = Lock()

    @property
    def output(self) -> str:
        """S3 address of the results."""
        return f"{self.request.location.rstrip('/')}/{self.id}.csv"

    def run(self, store: ExportStore, now: Callable[[], datetime]) -> None:
        """Runs the query to its end, unless it was cancelled before its turn."""
        started = time.monotonic()
        self._queue_seconds = started - self._queued_since
        state, reason, result = State.FAILED, None, None
        try:
            result = self._result(store)
            state = State.SUCCEEDED
        except (Failed, Refused) as error:
            reason = str(error)
        except Exception:
            log.exception("the stand-in's Athena could not run a query")
            reason, self._category = "Internal error", _SYSTEM_ERROR
        finally:
            self._engine_seconds = time.monotonic() - started
            self._end(state, reason, result, now())

    def stop(self, now: datetime) -> None:
        """Cancels it, unless it has ended."""
        with self._lock:
            if self._state in _ENDED:
                return
            self._state, self._reason, self._completed = State.CANCELLED, "Query cancelled by user", now
            running = self._running
        if running is not None:
            running.cancel()

    def without_results(self) -> str:
        """Why there is nothing to get, in Athena's words."""
        if self._state is State.FAILED:
            return f"Query did not finish successfully. Final query state: {self._state}"
        return f"Query has not yet finished. Current state: {self._state}"

    def shown(self) -> dict[str, Any]:
        """As GetQueryExecution shows it."""
        with self._lock:
            context = {"Database": self.request.database} if self.request.database else {}
            shown: dict[str, Any] = {
                "QueryExecutionId": self.id,
                "Query": self.request.statement,
                "StatementType": "DML",
                "SubstatementType": "SELECT",
                "ResultConfiguration": {"OutputLocation": self.output},
                "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
                "QueryExecutionContext": {**context, "Catalog": self.request.catalogue.lower()},
                "Status": self._status(),
                "Statistics": self._statistics(),
                "WorkGroup": self.request.workgroup,
                "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE},
            }
            if self.request.parameters:
                shown["ExecutionParameters"] = list(self.request.parameters)
            return shown

    def _result(self, store: ExportStore) -> Result | None:
        query = translated(self.request.statement, self.request.database, self.request.parameters)
        with self._lock:
            if self._state is not State.QUEUED:
                return None
            self._state, self._running = State.RUNNING, (running := Running(query, store))
        return running.result()

    def _end(self, state: State, reason: str | None, result: Result | None, now: datetime) -> None:
        with self._lock:
            self._running = None
            if self._state in _ENDED:
                return
            self._state, self._reason, self._completed, self.result = state, reason, now, result
            self._scanned_bytes = result.scanned_bytes if result else 0

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {"State": str(self._state), "SubmissionDateTime": self._submitted.timestamp()}
        if self._completed is not None:
            status["CompletionDateTime"] = self._completed.timestamp()
        if self._reason is not None:
            status["StateChangeReason"] = self._reason
        if self._state is State.FAILED:
            status["AthenaError"] = {
                "ErrorCategory": self._category,
                "ErrorType": 1000 * self._category,
                "Retryable": False,
                "ErrorMessage": self._reason,
            }
        return status

    def _statistics(self) -> dict[str, Any]:
        engine, queue = round(self._engine_seconds * 1000), round(self._queue_seconds * 1000)
        return {
            "EngineExecutionTimeInMillis": engine,
            "DataScannedInBytes": self._scanned_bytes,
            "TotalExecutionTimeInMillis": engine + queue,
            "QueryQueueTimeInMillis": queue,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }
