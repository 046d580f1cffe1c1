"""What the tests of the inventory and its metrics share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import numpy as np
from botocore.config import Config
from numpy.typing import NDArray

from bot.clock import Clock
from bot.demo.aws.cloudwatch_answers import Monitoring
from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_model import PROD
from bot.demo.aws.resources_times import ids_of
from bot.demo.aws.server import AwsStandIn

SEED = 7
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PLACE = (PROD, "us-east-1")
TWO_WEEKS = timedelta(days=14)

BY_KEY = {resource.key: resource for resource in resources(SEED)}
IDS = ids_of(SEED)
INSTANCES = [resource for resource in resources(SEED) if resource.kind is Kind.INSTANCE]


def machine(name: str) -> Resource:
    return BY_KEY[f"{Kind.INSTANCE}/{name}"]


def machine_id(name: str) -> str:
    return IDS[f"{Kind.INSTANCE}/{name}"]


def standing_clock(now: datetime = NOW) -> Clock:
    """A clock whose second does not matter to the test: it starts just after `now`."""
    return Clock.starting_at(now)


def monitoring(seed: int = SEED, now: datetime = NOW) -> Monitoring:
    return Monitoring(standing_clock(now), seed)


def query(
    metric: str,
    *,
    machine_name: str = "payments-batch-1",
    stat: str = "Average",
    period: int = 300,
    namespace: str = "AWS/EC2",
    name: str = "q",
    dimensions: dict[str, str] | None = None,
) -> dict[str, Any]:
    """One query of GetMetricData."""
    pairs = dimensions or {"InstanceId": machine_id(machine_name)}
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": key, "Value": value} for key, value in pairs.items()],
            },
            "Period": period,
            "Stat": stat,
        },
    }


def request(
    *queries: dict[str, Any],
    start: datetime = NOW - TWO_WEEKS,
    end: datetime = NOW,
    **more: Any,
) -> dict[str, Any]:
    return {
        "MetricDataQueries": list(queries),
        "StartTime": start,
        "EndTime": end,
        "ScanBy": "TimestampAscending",
        **more,
    }


def read(
    asked: Monitoring,
    one: dict[str, Any],
    *,
    place: tuple[str, str] = PLACE,
    start: datetime = NOW - TWO_WEEKS,
    end: datetime = NOW,
) -> tuple[list[datetime], NDArray[np.float64]]:
    """Times and values of one query, ascending."""
    [result] = asked.get_metric_data(place, request(one, start=start, end=end))["MetricDataResults"]
    return result["Timestamps"], np.array(result["Values"])


@contextmanager
def stand_in(seed: int = SEED) -> Iterator[AwsStandIn]:
    """The running stand-in with its inventory."""
    server = AwsStandIn(0, seed, standing_clock())
    server.start()
    try:
        assert server.wait_until_seeded(60)
        yield server
    finally:
        server.stop()


def client(server: AwsStandIn, service: str, account_id: str = PROD, region: str = "us-east-1") -> Any:
    """A client with the keys of a role in `account_id`."""
    common: dict[str, Any] = {
        "endpoint_url": server.url,
        "region_name": region,
        "config": Config(retries={"total_max_attempts": 1}, proxies={}),
    }
    sts = boto3.client("sts", aws_access_key_id="test", aws_secret_access_key="test", **common)
    keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account_id}:role/read", RoleSessionName="tests")["Credentials"]
    return boto3.client(
        service,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        **common,
    )
