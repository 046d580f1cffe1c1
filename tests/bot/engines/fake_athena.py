"""Athena, Glue and S3 as far as the engine asks them: they answer what a test lays down, and record the questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from bot.charges import Booking, Charge

Row = Sequence[str | None]


def refused(code: str, message: str, operation: str) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}, operation
    )


@dataclass
class FakeAthena:
    """Every statement goes through `states`, the last one for ever, and finds `rows` under `columns`."""

    columns: Sequence[str] = ("date", "billed_cost")
    rows: Sequence[Row] = ()
    states: Sequence[str] = ("QUEUED", "RUNNING", "SUCCEEDED")
    reason: str = ""
    scanned: int = 25_000_000
    page_size: int = 1000
    fails: dict[str, BaseException] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _looks: int = 0

    def start_query_execution(self, **asked: Any) -> dict[str, Any]:
        self._called("start_query_execution", asked)
        self._looks = 0
        return {"QueryExecutionId": "q-1"}

    def get_query_execution(self, **asked: Any) -> dict[str, Any]:
        self._called("get_query_execution", asked)
        state = self.states[min(self._looks, len(self.states) - 1)]
        self._looks += 1
        status = {"State": state} | ({"StateChangeReason": self.reason} if self.reason else {})
        return {"QueryExecution": {"Status": status, "Statistics": {"DataScannedInBytes": self.scanned}}}

    def get_query_results(self, **asked: Any) -> dict[str, Any]:
        self._called("get_query_results", asked)
        lines: list[Row] = [self.columns, *self.rows]
        start = int(asked.get("NextToken", "0"))
        shown = lines[start : start + self.page_size]
        cells = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in shown]
        info = [{"Name": name, "Type": "varchar"} for name in self.columns]
        page: dict[str, Any] = {"ResultSet": {"Rows": cells, "ResultSetMetadata": {"ColumnInfo": info}}}
        end = start + self.page_size
        return page | ({"NextToken": str(end)} if end < len(lines) else {})

    def stop_query_execution(self, **asked: Any) -> dict[str, Any]:
        self._called("stop_query_execution", asked)
        self.states = ("CANCELLED",)
        return {}

    def names(self) -> list[str]:
        """The operations that were called, in order."""
        return [name for name, _ in self.calls]

    def _called(self, name: str, asked: dict[str, Any]) -> None:
        self.calls.append((name, asked))
        if name in self.fails:
            raise self.fails[name]


@dataclass
class FakeBooks:
    """What was booked, taken back and settled; `refusal` is raised at the next booking."""

    refusal: Exception | None = None
    lines: list[tuple[str, float]] = field(default_factory=list)

    def book(self, charge: Charge) -> Booking:
        if self.refusal:
            raise self.refusal
        self.lines.append(("book", charge.units))
        return Booking("2026-11-24", charge)

    def take_back(self, booking: Booking) -> None:
        self.lines.append(("take back", booking.charge.units))

    def settle(self, booking: Booking, charge: Charge) -> None:
        self.lines.append(("settle", charge.units))


@dataclass
class FakePager:
    """A boto3 paginator over pages that are there."""

    pages: Sequence[dict[str, Any]]
    asked: list[dict[str, Any]]

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        self.asked.append(asked)
        return iter(self.pages)


@dataclass
class FakeGlue:
    """A table and its partitions."""

    table: dict[str, Any]
    partitions: Sequence[dict[str, Any]] = ()
    fails: Exception | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def get_table(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.fails:
            raise self.fails
        return {"Table": self.table}

    def get_paginator(self, name: str) -> FakePager:
        assert name == "get_partitions"
        half = len(self.partitions) // 2
        return FakePager([{"Partitions": self.partitions[:half]}, {"Partitions": self.partitions[half:]}], self.asked)


@dataclass
class FakeS3:
    """Objects: key → (bytes, ETag)."""

    objects: dict[str, tuple[int, str]]

    def get_paginator(self, name: str) -> Any:
        assert name == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:
        assert Bucket == "billing"
        found = [(key, *facts) for key, facts in sorted(self.objects.items()) if key.startswith(Prefix)]
        yield {"Contents": [{"Key": key, "Size": size, "ETag": etag} for key, size, etag in found]} if found else {}


@dataclass
class FakeAws:
    """Hands out the fakes by service; remembers the regions."""

    services: dict[str, Any]
    regions: list[tuple[str, str | None]] = field(default_factory=list)

    def client(self, service: str, *, region: str | None = None) -> Any:
        self.regions.append((service, region))
        return self.services[service]


def storage(location: str, columns: dict[str, str] | None = None, serde: str = "ParquetHiveSerDe") -> dict[str, Any]:
    return {
        "Location": location,
        "Columns": [{"Name": name, "Type": kind} for name, kind in (columns or {}).items()],
        "SerdeInfo": {"SerializationLibrary": f"org.apache.hadoop.hive.ql.io.parquet.serde.{serde}"},
    }


def table(columns: dict[str, str], keys: dict[str, str] | None = None, **changed: Any) -> dict[str, Any]:
    """A table as Glue describes it."""
    return {
        "Name": "costs",
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in (keys or {}).items()],
        "StorageDescriptor": storage("s3://billing/exports/costs/data/", columns),
    } | changed


def partition(location: str, *values: str) -> dict[str, Any]:
    return {"Values": list(values), "StorageDescriptor": storage(location)}
