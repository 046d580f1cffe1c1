"""The table `dynamodb_tables`: every table and every global secondary index of it, with what is provisioned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError
from pandas import DataFrame

from bot import resource_tags
from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.inventory import HEAD, Here
from bot.tables import typed

ACTIONS = (
    "dynamodb:ListTables",
    "dynamodb:DescribeTable",
    "application-autoscaling:DescribeScalableTargets",
    *resource_tags.ACTIONS,
)
SCOPE = Scope.PLACE

COLUMNS: dict[str, str] = HEAD | {  # of an index, the resource is `<table>/index/<name>`
    "table_name": "str",
    "index_name": "str",  # empty for the table itself
    "billing_mode": "str",  # PROVISIONED or PAY_PER_REQUEST
    "read_units": "float64",  # provisioned; 0 on demand
    "write_units": "float64",
    "size_gib": "float64",  # as DynamoDB told it within the last six hours
    "table_class": "str",  # STANDARD or STANDARD_INFREQUENT_ACCESS
    "status": "str",
    "replicas": "float64",  # of a global table, in other regions
    "autoscaled": "bool",  # Application Auto Scaling changes what is provisioned
    "deletion_protected": "bool",
}
_GONE = "ResourceNotFoundException"


def fetch(aws: Aws, account_id: str, region: str) -> dict[str, Any]:
    """All tables of an account in a region, one call each, their tags, and what is scaled of them.

    Raises:
        SourceUnavailable: DynamoDB, the tagging API or Application Auto Scaling gave no answer.
    """
    client = aws.client("dynamodb", account_id=account_id, region=region)
    with reading("dynamodb:ListTables", account_id, region):
        names = [name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]]
    if not names:
        return {"tables": [], "tags": {}, "scaled": []}
    with reading("dynamodb:DescribeTable", account_id, region):
        tables = list(_described(client, names))
    with reading("application-autoscaling:DescribeScalableTargets", account_id, region):
        scaling = aws.client("application-autoscaling", account_id=account_id, region=region)
        pages = scaling.get_paginator("describe_scalable_targets").paginate(ServiceNamespace="dynamodb")
        scaled = [target["ResourceId"] for page in pages for target in page["ScalableTargets"]]
    tags = resource_tags.tags_by_arn(aws, account_id, region, ("dynamodb:table",))
    return {"tables": tables, "tags": tags, "scaled": scaled}


def parse(answer: Mapping[str, Any], here: Here) -> DataFrame:
    """The tables and their indexes as a table with `COLUMNS`; those that are being deleted are left out."""
    scaled = frozenset(answer["scaled"])
    kept = (table for table in answer["tables"] if table.get("TableStatus") != "DELETING")
    return typed([row for table in kept for row in _rows(table, answer["tags"], scaled, here)], COLUMNS)


def _described(client: Any, names: list[str]) -> Iterator[dict[str, Any]]:
    for name in names:
        try:
            yield client.describe_table(TableName=name)["Table"]
        except ClientError as error:
            # Deleted since it was listed.
            if error.response["Error"]["Code"] != _GONE:
                raise


def _rows(
    table: Mapping[str, Any], tags: Mapping[str, Mapping[str, str]], scaled: frozenset[str], here: Here
) -> Iterator[dict[str, object]]:
    name = table["TableName"]
    own = tags.get(table.get("TableArn", ""), {})
    mode = table.get("BillingModeSummary", {}).get("BillingMode") or "PROVISIONED"
    shared = {
        "table_name": name,
        "billing_mode": mode,
        "table_class": table.get("TableClassSummary", {}).get("TableClass") or "STANDARD",
        "replicas": sum(one.get("RegionName") != here.region for one in table.get("Replicas", ())),
        "deletion_protected": bool(table.get("DeletionProtectionEnabled")),
    }
    made_at = table.get("CreationDateTime")
    yield {
        **here.head(name, own, made_at, name=name),
        **shared,
        "index_name": "",
        "status": table.get("TableStatus") or "",
        **_capacity(table, table.get("TableSizeBytes")),
        "autoscaled": f"table/{name}" in scaled,
    }
    for index in table.get("GlobalSecondaryIndexes", ()):
        id_ = f"{name}/index/{index['IndexName']}"
        yield {
            **here.head(id_, own, made_at, name=id_),
            **shared,
            "name": id_,
            "index_name": index["IndexName"],
            "status": index.get("IndexStatus") or "",
            **_capacity(index, index.get("IndexSizeBytes")),
            "autoscaled": f"table/{id_}" in scaled,
        }


def _capacity(described: Mapping[str, Any], size_bytes: int | None) -> dict[str, object]:
    units = described.get("ProvisionedThroughput", {})
    return {
        "read_units": units.get("ReadCapacityUnits", 0),
        "write_units": units.get("WriteCapacityUnits", 0),
        "size_gib": None if size_bytes is None else size_bytes / 2**30,
    }
