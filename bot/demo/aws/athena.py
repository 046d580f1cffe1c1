"""Athena: queries over the exports, started and asked for as AWS does it.

Workgroup `primary` has no place for results, so a caller names one; workgroup `billing` has its own. A query runs in a
thread and is QUEUED, RUNNING and then SUCCEEDED, FAILED or CANCELLED.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from bot.demo.aws.answers import AwsError
from bot.demo.aws.athena_execution import Execution, Request
from bot.demo.aws.athena_results import csv_of, results_page, with_first_rows
from bot.demo.aws.athena_sql import Refused, parsed
from bot.demo.aws.export_bucket import BUCKET
from bot.demo.aws.export_store import ExportStore
from bot.demo.aws.organisation import PAYER
from bot.demo.aws.shapes import checked

#: Workgroup → where its results go.
WORKGROUPS: dict[str, str | None] = {"primary": None, "billing": f"s3://{BUCKET}/athena/"}
_QUERIES_AT_ONCE = 2

Operation = Callable[[Mapping[str, Any], str], dict[str, Any]]


class Athena:
    """The service `athena`, in the payer's main region.

    Args:
        store: where the exports' files are.
        now: tells the time of the stand-in's clock.
    """

    def __init__(self, store: ExportStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._executions: dict[str, Execution] = {}
        self._by_token: dict[str, tuple[str, str]] = {}
        self._threads = ThreadPoolExecutor(_QUERIES_AT_ONCE, thread_name_prefix="athena")
        self._operations: dict[str, Operation] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._get,
            "GetQueryResults": self._results,
            "StopQueryExecution": self._stop,
            "GetWorkGroup": self._workgroup,
        }

    def answer(self, operation: str, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        """The answer to one call.

        Raises:
            AwsError: what AWS would refuse.
            WrongShape: the stand-in itself is wrong.
        """
        answer = self._operations[operation](params, account_id)
        checked("athena", operation, with_first_rows(answer))
        return answer

    def close(self) -> None:
        """Stops all queries."""
        for execution in list(self._executions.values()):
            execution.stop(self._now())
        self._threads.shutdown(wait=True)

    def _start(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        request = self._request(params)
        token = params.get("ClientRequestToken")
        asked = json.dumps({key: value for key, value in params.items() if key != "ClientRequestToken"}, sort_keys=True)
        if token in self._by_token:
            execution_id, before = self._by_token[token]
            if before != asked:
                raise refused("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
            return {"QueryExecutionId": execution_id}
        execution = Execution(str(uuid.uuid4()), request, self._now())
        self._executions[execution.id] = execution
        if token:
            self._by_token[token] = (execution.id, asked)
        self._threads.submit(self._run, execution)
        return {"QueryExecutionId": execution.id}

    def _request(self, params: Mapping[str, Any]) -> Request:
        statement = str(params.get("QueryString", ""))
        if not statement.strip():
            raise refused("queryString is null or empty")
        context = params.get("QueryExecutionContext", {})
        workgroup = str(params.get("WorkGroup", "primary"))
        request = Request(
            statement=statement,
            database=context.get("Database"),
            catalogue=str(context.get("Catalog", "AwsDataCatalog")),
            workgroup=workgroup,
            location=_location(workgroup, params.get("ResultConfiguration", {}).get("OutputLocation")),
            parameters=tuple(params.get("ExecutionParameters", ())),
        )
        try:
            parsed(statement)
        except Refused as error:
            raise refused(str(error), "MALFORMED_QUERY") from None
        return request

    def _run(self, execution: Execution) -> None:
        execution.run(self._store, self._now)
        if execution.result is not None:
            _store_csv(execution)

    def _get(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        return {"QueryExecution": self._execution(params).shown()}

    def _results(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        execution = self._execution(params)
        if execution.result is None:
            raise refused(execution.without_results(), "INVALID_QUERY_EXECUTION_STATE")
        return results_page(execution.result, params)

    def _stop(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        self._execution(params).stop(self._now())
        return {}

    def _workgroup(self, params: Mapping[str, Any], account_id: str) -> dict[str, Any]:
        name = str(params.get("WorkGroup", ""))
        location = _workgroup_location(name)
        return {
            "WorkGroup": {
                "Name": name,
                "State": "ENABLED",
                "Configuration": {
                    "ResultConfiguration": {"OutputLocation": location} if location else {},
                    "EnforceWorkGroupConfiguration": location is not None,
                    "PublishCloudWatchMetricsEnabled": False,
                    "RequesterPaysEnabled": False,
                    "EngineVersion": {
                        "SelectedEngineVersion": "AUTO",
                        "EffectiveEngineVersion": "Athena engine version 3",
                    },
                },
            }
        }

    def _execution(self, params: Mapping[str, Any]) -> Execution:
        execution_id = str(params.get("QueryExecutionId", ""))
        if execution_id not in self._executions:
            raise refused(f"QueryExecution {execution_id} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return self._executions[execution_id]


def refused(message: str, code: str = "INVALID_INPUT") -> AwsError:
    """An InvalidRequestException."""
    return AwsError("InvalidRequestException", message, details={"AthenaErrorCode": code})


def _location(workgroup: str, asked: str | None) -> str:
    """Where results go: what the workgroup says comes before what the caller says."""
    location = _workgroup_location(workgroup) or asked
    if not location:
        raise refused(
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input."
        )
    if not location.startswith("s3://") or not location.removeprefix("s3://").partition("/")[0]:
        raise refused(f"outputLocation is not a valid S3 path. Provided {location}")
    if not _is_there(location):
        raise refused(f"Unable to verify/create output bucket {_bucket_and_key(location)[0]}")
    return location


def _workgroup_location(name: str) -> str | None:
    if name not in WORKGROUPS:
        raise refused(f"WorkGroup {name} is not found.", "WORKGROUP_NOT_FOUND")
    return WORKGROUPS[name]


def _is_there(location: str) -> bool:
    from moto.s3.models import s3_backends

    return _bucket_and_key(location)[0] in s3_backends[PAYER.id]["aws"].buckets


def _store_csv(execution: Execution) -> None:
    from moto.s3.models import s3_backends

    assert execution.result is not None
    bucket, key = _bucket_and_key(execution.output)
    s3_backends[PAYER.id]["aws"].put_object(bucket, key, csv_of(execution.result), disable_notification=True)


def _bucket_and_key(location: str) -> tuple[str, str]:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bucket, key
