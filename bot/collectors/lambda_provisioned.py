"""The table `lambda_provisioned`: the provisioned concurrency of Lambda functions, and how much of it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pandas import DataFrame

from analysis.daily_metrics import DAY_S
from bot.aws import Aws, reading
from bot.collectors import metrics
from bot.collectors.metrics import Points, Query
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("lambda:ListProvisionedConcurrencyConfigs", *metrics.ACTIONS)
SCOPE = Scope.PLACE
OF = "lambda_functions"
NEEDS_PROVISIONED = "provisioned"
NEEDS = (NEEDS_PROVISIONED,)

#: One row per function that was asked about and alias or version with provisioned concurrency; one with an empty
#: qualifier where it has none.
COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",  # of the function
    "qualifier": "str",
    "provisioned": "float64",  # instances kept warm, as asked for
    "used_p95_percent": "float64",  # highest daily p95 of their utilization; missing where none was published
    "used_days": "float64",  # days on which it was published
}


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """The provisioned concurrency of these functions, a call for each. Nothing is asked in the first round.

    Raises:
        SourceUnavailable: Lambda or CloudWatch gave no answer.
    """
    if need != NEEDS_PROVISIONED:
        return typed([], COLUMNS)
    with reading(ACTIONS[0], here.account.id, here.region):
        client = aws.client("lambda", account_id=here.account.id, region=here.region)
        paginator = client.get_paginator("list_provisioned_concurrency_configs")
        found = {
            name: [
                one
                for page in paginator.paginate(FunctionName=name)
                for one in page.get("ProvisionedConcurrencyConfigs", ())
            ]
            for name in rows["resource_id"]
        }
    queries = [_query(name, _qualifier(one)) for name, kept in found.items() for one in kept]
    points = metrics.fetch(aws, here.account.id, here.region, queries, window.start, window.end) if queries else []
    return parse(found, points, here)


def parse(found: Mapping[str, Sequence[Mapping[str, Any]]], points: Sequence[Points], here: Here) -> DataFrame:
    """The functions with `COLUMNS`.

    Args:
        found: what Lambda answered, by function. points: daily p95 of utilization, a share of 1, by "function:alias".
    """
    used = {series.query.owner: series.values for series in points}
    table: list[dict[str, object]] = []
    for name, kept in found.items():
        head = {"account_id": here.account.id, "region": here.region, "resource_id": name}
        if not kept:
            table.append({**head, "qualifier": "", "provisioned": 0.0, "used_days": 0.0})
        for one in kept:
            qualifier = _qualifier(one)
            values = used.get(f"{name}:{qualifier}", ())
            table.append(
                {
                    **head,
                    "qualifier": qualifier,
                    "provisioned": one["RequestedProvisionedConcurrentExecutions"],
                    "used_p95_percent": max(values) * 100.0 if values else None,
                    "used_days": len(values),
                }
            )
    return typed(table, COLUMNS)


def _qualifier(config: Mapping[str, Any]) -> str:
    return str(config["FunctionArn"]).rpartition(":")[2]


def _query(name: str, qualifier: str) -> Query:
    metric, resource = "ProvisionedConcurrencyUtilization", f"{name}:{qualifier}"
    dimensions = (("FunctionName", name), ("Resource", resource))
    return Query(resource, metric, "AWS/Lambda", metric, dimensions, "p95", DAY_S)
