"""A stand-in with exports, a clock that can be moved, and Athena asked as boto3 does."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

from bot.clock import Clock
from bot.demo.aws.server import AwsStandIn
from tests.demo.aws.ledger_factories import NOW

BUCKET = "billing-exports-123456789012"
_ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=110)


@contextmanager
def billing_stand_in(now: datetime = NOW, *, exported_months: int | None = None) -> Iterator[AwsStandIn]:
    """Without an inventory, which takes long to seed."""
    running = AwsStandIn(clock=Clock.starting_at(now), inventory=False, exported_months=exported_months)
    running.start()
    try:
        # moto's own warning filters hold only if its import does not spread over several tests.
        running.wait_until_seeded()
        yield running
    finally:
        running.stop()


def client(stand_in: AwsStandIn, service: str, region: str = "us-east-1", **keys: str) -> Any:
    settings = {"aws_access_key_id": "test", "aws_secret_access_key": "test", **keys}
    return boto3.client(service, endpoint_url=stand_in.url, region_name=region, config=_ONCE, **settings)


def move(stand_in: AwsStandIn, now: datetime) -> None:
    """Sets the stand-in's time."""
    object.__setattr__(stand_in.clock, "offset", now - datetime.now(UTC))


def ended(athena: Any, execution_id: str, *, within: timedelta = timedelta(seconds=100)) -> dict[str, Any]:
    """The execution, once it has ended."""
    until = time.monotonic() + within.total_seconds()
    while time.monotonic() < until:
        execution: dict[str, Any] = athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
        if execution["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            return execution
        time.sleep(0.02)
    raise AssertionError(f"query {execution_id} did not end")


def queried(athena: Any, sql: str, **more: Any) -> dict[str, Any]:
    """Runs a query in the workgroup `billing`."""
    asked = {"WorkGroup": "billing", "QueryExecutionContext": {"Database": "billing"}, **more}
    return ended(athena, athena.start_query_execution(QueryString=sql, **asked)["QueryExecutionId"])


def pages(athena: Any, execution: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """All pages of the results."""
    found, token = [], {}
    while True:
        page = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"], **token, **more)
        found.append(page)
        if "NextToken" not in page:
            return found
        token = {"NextToken": page["NextToken"]}


def rows(athena: Any, execution: dict[str, Any], **more: Any) -> list[Sequence[str | None]]:
    """All rows, header first."""
    return [
        [value.get("VarCharValue") for value in row["Data"]]
        for page in pages(athena, execution, **more)
        for row in page["ResultSet"]["Rows"]
    ]
