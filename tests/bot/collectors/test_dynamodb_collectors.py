"""The tables of DynamoDB: each table and index, their tags, what is scaled; hours only where they are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.collectors import dynamodb_metrics, dynamodb_tables
from tests.bot.collectors.answering import HERE, WINDOW, Answering, asked_metrics, days_ago, silent_cloudwatch

ARN = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
ORDERS: dict[str, Any] = {
    "TableName": "orders",
    "TableArn": ARN,
    "TableStatus": "ACTIVE",
    "CreationDateTime": days_ago(90),
    "TableSizeBytes": 3 * 2**30,
    "ProvisionedThroughput": {"ReadCapacityUnits": 20, "WriteCapacityUnits": 10},
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-day",
            "IndexStatus": "ACTIVE",
            "IndexSizeBytes": 2**30,
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 10},
        }
    ],
}
CARTS: dict[str, Any] = {
    "TableName": "carts",
    "TableStatus": "ACTIVE",
    "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"},
    "Replicas": [{"RegionName": "eu-west-1"}, {"RegionName": "us-east-1"}],
    "DeletionProtectionEnabled": True,
}


def answers(*described: dict[str, Any]) -> Answering:
    return Answering(
        "dynamodb",
        ListTables=[
            {"TableNames": ["orders"], "LastEvaluatedTableName": "orders"},
            {"TableNames": ["carts"]},
        ],
        DescribeTable=[{"Table": table} for table in described],
        DescribeScalableTargets=[{"ScalableTargets": [_target("table/orders/index/by-day")]}],
        GetResources=[
            {"ResourceTagMappingList": [{"ResourceARN": ARN, "Tags": [{"Key": "team", "Value": "payments"}]}]}
        ],
    )


def _target(id_: str) -> dict[str, Any]:
    return {
        "ServiceNamespace": "dynamodb",
        "ResourceId": id_,
        "ScalableDimension": "dynamodb:index:ReadCapacityUnits",
        "MinCapacity": 1,
        "MaxCapacity": 10,
        "RoleARN": "arn:aws:iam::111122223333:role/scaling",
        "CreationTime": days_ago(9),
    }


def test_reads_tables_and_their_indexes() -> None:
    found = dynamodb_tables.parse(
        dynamodb_tables.fetch(answers(ORDERS, CARTS).aws, "111122223333", "us-east-1"), HERE
    ).set_index("resource_id")

    assert list(found.index) == ["orders", "orders/index/by-day", "carts"]
    assert found["owner"].tolist() == ["payments", "payments", ""]
    assert found["billing_mode"].tolist() == ["PROVISIONED", "PROVISIONED", "PAY_PER_REQUEST"]
    assert found["read_units"].tolist() == [20.0, 5.0, 0.0]
    assert found["size_gib"].tolist()[:2] == [3.0, 1.0]
    assert found["autoscaled"].tolist() == [False, True, False]
    assert found.loc["carts", ["replicas", "table_class", "deletion_protected"]].tolist() == [
        1.0, "STANDARD_INFREQUENT_ACCESS", True,
    ]  # fmt: skip


def test_a_table_that_is_gone_meanwhile_is_left_out_and_other_errors_are_not() -> None:
    def failing(code: str) -> Any:
        class Client:
            def describe_table(self, TableName: str) -> Any:
                raise ClientError({"Error": {"Code": code, "Message": ""}}, "DescribeTable")

        return Client()

    assert list(dynamodb_tables._described(failing("ResourceNotFoundException"), ["orders"])) == []
    with pytest.raises(ClientError):
        list(dynamodb_tables._described(failing("AccessDeniedException"), ["orders"]))


def test_asks_nothing_more_where_there_are_no_tables() -> None:
    none = Answering("dynamodb", ListTables=[{"TableNames": []}])

    assert dynamodb_tables.fetch(none.aws, "111122223333", "us-east-1") == {"tables": [], "tags": {}, "scaled": []}
    assert [name for name, _ in none.asked] == ["ListTables"]


def test_asks_days_of_everything_and_hours_of_what_needs_them() -> None:
    rows = dynamodb_tables.parse({"tables": [ORDERS], "tags": {}, "scaled": []}, HERE)
    days, hours = silent_cloudwatch(), silent_cloudwatch()

    dynamodb_metrics.collect(days.aws, HERE, rows, WINDOW)
    dynamodb_metrics.collect(hours.aws, HERE, rows.tail(1), WINDOW, "hours")

    assert asked_metrics(days) == {
        (name, f"Consumed{kind}CapacityUnits", "Sum", 86_400)
        for name in ("orders", "orders/by-day")
        for kind in ("Read", "Write")
    }
    assert {(name, period) for name, _, _, period in asked_metrics(hours)} == {("orders/by-day", 3600)}
    assert (WINDOW.end - days.calls("GetMetricData")[0]["StartTime"]).days == 30
    assert (WINDOW.end - hours.calls("GetMetricData")[0]["StartTime"]).days == 14
