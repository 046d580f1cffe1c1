"""A table of the Glue catalogue that a company has over its export: its columns, and a file per partition.

A place `athena://workgroup/database/table`, with `?region=…` where it is not in costbot's own region. A partition is
read again when an object in its folder changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from botocore.exceptions import ClientError

from bot.aws import Aws, reading
from bot.errors import CostbotError
from bot.exports import ExportFile, billing_month

ACTIONS = ("glue:GetDatabase", "glue:GetTable", "glue:GetPartitions", "s3:ListBucket")
SCHEME = "athena://"


@dataclass(frozen=True, slots=True)
class Table:
    """What the catalogue says of a table.

    Attributes:
        columns: name, in small letters, → Hive type.
        keys: partition key → Hive type, in order.
        is_parquet: whether NULL is NULL, and no word for it.
    """

    columns: Mapping[str, str]
    keys: Mapping[str, str]
    location: str
    is_parquet: bool


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of `athena://workgroup/database/table?region=…`."""

    workgroup: str
    database: str
    table: str
    region: str | None

    def __str__(self) -> str:
        return f"{SCHEME}{self.workgroup}/{self.database}/{self.table}"

    @property
    def words(self) -> str:
        """The table in a sentence."""
        return f"Table {self.database}.{self.table}"


@dataclass
class GlueTable:
    """The place; it asks AWS when it is first asked.

    Args:
        uri: its address.
    """

    aws: Aws
    uri: str
    _conditions: dict[str, str] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _locations: dict[str, str] = field(default_factory=dict)
    _table: Table | None = None

    def __post_init__(self) -> None:
        self.address = address(self.uri)

    @property
    def root(self) -> str:
        """Its address."""
        region = f"?region={self.address.region}" if self.address.region else ""
        return f"{self.address}{region}"

    def table(self) -> Table:
        """What the catalogue says of it.

        Raises:
            CostbotError: it is not there, is a view, or may not be read.
        """
        if self._table is None:
            self._table = self._described()
        return self._table

    def files(self) -> Sequence[ExportFile]:
        """Its partitions, or itself where it has none; empty partitions are left out.

        Raises:
            CostbotError: there are none, or they may not be read.
        """
        found = []
        for uri, month, location in self._partitions(self.table()):
            size, version = self._content(location)
            if size:
                self._sizes[uri], self._locations[uri] = size, location
                found.append(ExportFile(uri, size, version, month))
        if not found:
            raise CostbotError(
                f"{self.address.words} has no partition with data.",
                "Run its crawler, or MSCK REPAIR TABLE in Athena; or ingest the export's s3:// prefix.",
            )
        return sorted(found, key=lambda file: file.uri)

    @contextlib.contextmanager
    def brought(self, files: Sequence[ExportFile]) -> Iterator[tuple[()]]:
        """Nothing: a table is read where it is."""
        yield ()

    def condition(self, uri: str) -> str:
        """What holds for the rows of one of its files and no others, in Trino's dialect; empty for all rows."""
        return self._conditions[uri]

    def size(self, uri: str) -> int:
        """Bytes of one of its files."""
        return self._sizes[uri]

    def location(self, uri: str) -> str:
        """Where in S3 one of its files lies."""
        return self._locations[uri]

    def _described(self) -> Table:
        at = self.address
        with reading("glue:GetTable", region=at.region):
            try:
                answer = self._glue().get_table(DatabaseName=at.database, Name=at.table)["Table"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "EntityNotFoundException":
                    raise
                raise CostbotError(
                    f"{at.words} is not in the Glue catalogue{f' of {at.region}' if at.region else ''}.",
                    "Write athena://workgroup/database/table, with ?region=us-east-1 where it is in another region.",
                ) from error
        storage = answer.get("StorageDescriptor", {})
        if answer.get("TableType") == "VIRTUAL_VIEW" or not storage.get("Location"):
            raise CostbotError(f"{at.words} is a view.", "Name the table of the billing export that it reads.")
        if str(answer.get("Parameters", {}).get("projection.enabled", "")).lower() == "true":
            raise CostbotError(
                f"{at.words} computes its partitions (projection.enabled), so costbot cannot see which changed.",
                "Name a table with partitions in the catalogue, or ingest the export's s3:// prefix.",
            )
        serde = str(storage.get("SerdeInfo", {}).get("SerializationLibrary", ""))
        return Table(
            {str(one["Name"]).lower(): str(one["Type"]).lower() for one in storage.get("Columns", ())},
            {str(one["Name"]).lower(): str(one["Type"]).lower() for one in answer.get("PartitionKeys", ())},
            str(storage["Location"]),
            "parquet" in serde.lower(),
        )

    def _partitions(self, table: Table) -> Iterator[tuple[str, date | None, str]]:
        """Address, billing month and folder of each."""
        if not table.keys:
            self._conditions[str(self.address)] = ""
            yield str(self.address), None, table.location
            return
        at = self.address
        with reading("glue:GetPartitions", region=at.region):
            pages = self._glue().get_paginator("get_partitions")
            asked = pages.paginate(DatabaseName=at.database, TableName=at.table, ExcludeColumnSchema=True)
            partitions = [one for page in asked for one in page["Partitions"]]
        for one in partitions:
            values = dict(zip(table.keys, map(str, one["Values"]), strict=True))
            location = str(one["StorageDescriptor"]["Location"])
            uri = "/".join((str(self.address), *(f"{key}={quote(value, safe='')}" for key, value in values.items())))
            self._conditions[uri] = " AND ".join(
                f'"{key}" = {_literal(value, table.keys[key])}' for key, value in values.items()
            )
            yield uri, _month(values) or billing_month(location), location

    def _content(self, location: str) -> tuple[int, str]:
        """Bytes in a folder, and what changes with them."""
        bucket, _, prefix = location.removeprefix("s3://").partition("/")
        prefix = f"{prefix.rstrip('/')}/" if prefix else ""
        size, hashed = 0, hashlib.sha256()
        with reading("s3:ListBucket"):
            pages = self.aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for one in (one for page in pages for one in page.get("Contents", ())):
                size += int(one["Size"])
                hashed.update(f"{one['Key']} {one['Size']} {one['ETag']}\n".encode())
        return size, hashed.hexdigest()[:32]

    def _glue(self) -> Any:
        return self.aws.client("glue", region=self.address.region)


def address(uri: str) -> Address:
    """The parts of a table's address.

    Raises:
        CostbotError: it is none.
    """
    parts = urlsplit(uri)
    words = [parts.netloc, *parts.path.strip("/").split("/")]
    region = parse_qs(parts.query).get("region", [None])[0]
    named = all(re.fullmatch(r"[\w.-]+", word) for word in words)
    if not uri.startswith(SCHEME) or len(words) != 3 or not named:
        raise CostbotError(f"{uri} is no table.", "Write athena://workgroup/database/table.")
    return Address(words[0], words[1].lower(), words[2].lower(), region)


def _month(values: Mapping[str, str]) -> date | None:
    """The billing month that partition values tell: one of `2026-11`, or a year and a month."""
    for key, value in values.items():
        found = billing_month(f"{key}={value}")
        if found:
            return found
    year, month = values.get("year", ""), values.get("month", "")
    if re.fullmatch(r"\d{4}", year) and month.isdigit() and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return None


def _literal(value: str, hive_type: str) -> str:
    text = "'" + value.replace("'", "''") + "'"
    if hive_type in ("string", "varchar") or hive_type.startswith(("varchar(", "char(")):
        return text
    return f"CAST({text} AS {'integer' if hive_type == 'int' else hive_type})"
