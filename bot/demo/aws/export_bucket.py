"""The bucket the exports are delivered to: moto's S3, filled as far as a request looks."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

from bot.demo.aws.export_kinds import KINDS
from bot.demo.aws.export_store import Delivery, ExportStore
from bot.demo.aws.export_writer import next_month
from bot.demo.aws.exports import data_keys, manifest_key
from bot.demo.aws.organisation import MAIN_REGION, PAYER

BUCKET = f"billing-exports-{PAYER.id}"
PREFIX = "exports"
_CREATED = uuid.UUID("5f0c2c56-6f0d-4a3e-9c0b-7f6f1d2a9e11")


class ExportBucket:
    """Puts into moto what a request is about to look at."""

    def __init__(self, store: ExportStore) -> None:
        self._store = store
        self._put: dict[tuple[str, date], str] = {}
        self._there = False
        self._creating = Lock()
        self._filling = Lock()

    def create(self) -> None:
        """Makes the bucket, once; moto must be loaded."""
        with self._creating:
            if not self._there:
                _create_bucket()
                self._there = True

    def prepare(self, environ: dict[str, Any]) -> None:
        """Makes the bucket, and of the exports what a request to S3 asks for; moto must be loaded."""
        self.create()
        bucket, _, key = environ.get("PATH_INFO", "/").lstrip("/").partition("/")
        method = environ.get("REQUEST_METHOD")
        if bucket != BUCKET or method not in ("GET", "HEAD"):
            return
        # Requests for other buckets do not wait here while months are written.
        with self._filling:
            if key:
                self._fill(key, "")
            elif method == "GET" and _is_listing(environ):
                self._fill(_asked(environ, "prefix"), _asked(environ, "delimiter"))

    def _fill(self, prefix: str, delimiter: str) -> None:
        """All objects whose key starts with `prefix`; of those behind a delimiter only that there are some."""
        for kind in KINDS:
            for month in self._store.months():
                keys = [f"{PREFIX}/{key}" for key in (*data_keys(kind, month), manifest_key(kind, month))]
                rests = [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]
                if any(not delimiter or delimiter not in rest for rest in rests):
                    self._deliver(kind, month)
                elif rests and (kind, month) not in self._put:
                    self._announce(keys)

    def _announce(self, keys: list[str]) -> None:
        for key in keys:
            _put(key, b"", datetime.now(UTC))

    def _deliver(self, kind: str, month: date) -> None:
        delivery = self._store.delivery(kind, month)
        if self._put.get((kind, month)) == delivery.digest:
            return
        for key, file in zip(data_keys(kind, month), delivery.files, strict=True):
            _put(f"{PREFIX}/{key}", file.read_bytes(), delivery.written)
        manifest = json.dumps(manifest_of(kind, month, delivery), indent=2).encode()
        _put(f"{PREFIX}/{manifest_key(kind, month)}", manifest, delivery.written)
        self._put[kind, month] = delivery.digest


def manifest_of(kind: str, month: date, delivery: Delivery) -> dict[str, Any]:
    """The metadata file of a month: which files hold it, and what columns they have."""
    return {
        "executionId": str(uuid.uuid5(_CREATED, delivery.digest)),
        "exportArn": export_arn(kind),
        "exportName": kind,
        "account": PAYER.id,
        "bucket": BUCKET,
        "billingPeriod": {"start": _moment(month), "end": _moment(next_month(month))},
        "charset": "UTF-8",
        "compression": "Parquet",
        "contentType": "Parquet",
        "columns": [{"name": name, "type": _TYPES[type_]} for name, type_ in KINDS[kind].columns.items()],
        "dataFiles": [f"s3://{BUCKET}/{PREFIX}/{key}" for key in data_keys(kind, month)],
    }


def export_arn(kind: str) -> str:
    """The ARN of an export."""
    return f"arn:aws:bcm-data-exports:{MAIN_REGION}:{PAYER.id}:export/{kind}-{uuid.uuid5(_CREATED, kind)}"


#: DuckDB's type → AWS's word in the table dictionary.
_TYPES = {
    "VARCHAR": "string",
    "DOUBLE": "double",
    "TIMESTAMP_MS": "timestamp_milliseconds",
    "MAP(VARCHAR, VARCHAR)": "map<string,string>",
    "MAP(VARCHAR, DOUBLE)": "map<string,double>",
}


def _create_bucket() -> None:
    from moto.s3.models import s3_backends

    s3_backends[PAYER.id]["aws"].create_bucket(BUCKET, MAIN_REGION)


def _put(key: str, body: bytes, written: datetime) -> None:
    from moto.s3.models import s3_backends

    stored: Any = s3_backends[PAYER.id]["aws"].put_object(BUCKET, key, body, disable_notification=True)
    stored.last_modified = written.replace(tzinfo=None)


def _is_listing(environ: dict[str, Any]) -> bool:
    """Whether the request lists objects, and does not ask for something about the bucket."""
    asked = set(parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    return not asked or "list-type" in asked or bool(asked & {"prefix", "delimiter", "marker", "versions"})


def _asked(environ: dict[str, Any], name: str) -> str:
    found: list[str] = parse_qs(environ.get("QUERY_STRING", "")).get(name, [""])
    return found[0]


def _moment(day: date) -> str:
    return f"{day}T00:00:00.000Z"
