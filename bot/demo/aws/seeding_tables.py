"""Puts DynamoDB tables and database snapshots into moto."""

from __future__ import annotations

from datetime import date
from types import MethodType
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.rds.models import rds_backends

from bot.demo.aws.resources import Kind, Resource, resources
from bot.demo.aws.resources_times import launched_at


def seed_tables(seed: int, today: date) -> None:
    """All tables and snapshots; the databases have to be there already."""
    for resource in resources(seed):
        if resource.kind is Kind.TABLE:
            _make_table(resource, today)
        elif resource.kind is Kind.DATABASE_SNAPSHOT:
            _make_snapshot(resource, today)


def _pairs(resource: Resource) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in resource.tags.items() if key != "Name"]


def _make_table(resource: Resource, today: date) -> None:
    attributes = resource.attributes
    provisioned = {
        "ReadCapacityUnits": attributes["read_units"],
        "WriteCapacityUnits": attributes["write_units"],
    }
    table: Any = dynamodb_backends[resource.account_id][resource.region].create_table(
        name=resource.name,
        schema=[{"AttributeName": "id", "KeyType": "HASH"}],
        throughput=provisioned if resource.type == "PROVISIONED" else None,
        attr=[{"AttributeName": "id", "AttributeType": "S"}],
        global_indexes=None,
        indexes=None,
        streams=None,
        billing_mode=resource.type,
        sse_specification=None,
        tags=_pairs(resource),
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    table.created_at = launched_at(resource, today)
    size_bytes = attributes["size_gib"] * 2**30

    def describe(self: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        # moto calls every table empty.
        answer = Table.describe(self, base_key)
        answer[base_key]["TableSizeBytes"] = size_bytes
        return answer

    table.describe = MethodType(describe, table)


def _make_snapshot(resource: Resource, today: date) -> None:
    backend = rds_backends[resource.account_id][resource.region]
    of = resource.attributes["database"]
    # moto takes snapshots of what exists; one of a database that is gone is taken of another and renamed.
    source = of if of in backend.databases else next(iter(backend.databases))
    snapshot: Any = backend.create_db_snapshot(source, resource.name, tags=_pairs(resource))
    snapshot.created = launched_at(resource, today)
    snapshot.db_instance_identifier = of
    snapshot.engine = resource.attributes["engine"]
    snapshot.allocated_storage = resource.attributes["size_gib"]
