"""The exports as tables of the Glue catalogue: database `billing`, one table per export, partitioned by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from bot.demo.aws.export_bucket import BUCKET, PREFIX
from bot.demo.aws.export_kinds import KINDS, Kind
from bot.demo.aws.export_store import ExportStore
from bot.demo.aws.exports import partition
from bot.demo.aws.organisation import MAIN_REGION, PAYER

DATABASE = "billing"
PARTITION_KEY = "billing_period"

#: DuckDB's type → Hive's.
_HIVE = {
    "VARCHAR": "string",
    "DOUBLE": "double",
    "TIMESTAMP_MS": "timestamp",
    "MAP(VARCHAR, VARCHAR)": "map<string,string>",
    "MAP(VARCHAR, DOUBLE)": "map<string,double>",
}
_PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {
        "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "Parameters": {"serialization.format": "1"},
    },
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the catalogue.

    Attributes:
        columns: lower-case name → DuckDB type; without the partition key.
    """

    name: str
    kind: Kind
    columns: Mapping[str, str]


#: By name.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(kind.name.replace("-", "_"), kind, {name.lower(): type_ for name, type_ in kind.columns.items()})
        for kind in KINDS.values()
    )
}


class Catalogue:
    """Keeps moto's Glue up to date."""

    def __init__(self, store: ExportStore) -> None:
        self._store = store
        self._partitions: set[tuple[str, date]] = set()
        self._there = False
        self._lock = Lock()

    def prepare(self) -> None:
        """Makes the database and its tables, and a partition for each month there is by now; moto must be loaded."""
        from moto.glue.models import glue_backends

        backend: Any = glue_backends[PAYER.id][MAIN_REGION]
        with self._lock:
            if not self._there:
                backend.create_database(DATABASE, {"Name": DATABASE})
                for table in TABLES.values():
                    backend.create_table(DATABASE, table.name, _table_input(table))
                self._there = True
            for month in self._store.months():
                for table in TABLES.values():
                    if (table.name, month) not in self._partitions:
                        backend.create_partition(DATABASE, table.name, _partition_input(table, month))
                        self._partitions.add((table.name, month))


def _table_input(table: Table) -> dict[str, Any]:
    return {
        "Name": table.name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "parquet", "EXTERNAL": "TRUE"},
        "PartitionKeys": [{"Name": PARTITION_KEY, "Type": "string"}],
        "StorageDescriptor": _storage(table, ""),
    }


def _partition_input(table: Table, month: date) -> dict[str, Any]:
    return {
        "Values": [f"{month:%Y-%m}"],
        "StorageDescriptor": _storage(table, f"{partition(month)}/"),
        "Parameters": {"classification": "parquet"},
    }


def _storage(table: Table, folder: str) -> dict[str, Any]:
    return {
        "Columns": [{"Name": name, "Type": _HIVE[type_]} for name, type_ in table.columns.items()],
        "Location": f"s3://{BUCKET}/{PREFIX}/{table.kind.name}/data/{folder}",
        "Compressed": False,
        "NumberOfBuckets": -1,
        "StoredAsSubDirectories": False,
        **_PARQUET,
    }
