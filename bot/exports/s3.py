"""Exports in S3: listed by prefix, the data files named by their manifests, brought one partition at a time.

AWS Data Exports writes `…/data/BILLING_PERIOD=YYYY-MM/*.parquet` and, once a delivery is whole, a manifest under
`…/metadata/`. Where there are manifests, only the files that the newest of a month names are read: a delivery in the
middle of being written, or the files of an earlier one, are never taken for the bill. Source: AWS, "Data Exports:
understanding export delivery".
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from bot.aws import Aws, reading
from bot.errors import CostbotError
from bot.exports import SUFFIXES, ExportFile, billing_month

ACTIONS = ("s3:ListBucket", "s3:GetObject")
#: Disk that has to stay free while a partition is brought.
SPARE_BYTES = 200_000_000
#: What S3 says of an object that is no longer the one that was listed.
_REPLACED = ("PreconditionFailed", "412", "NoSuchKey")


class S3Place:
    """A prefix of a bucket.

    Args:
        folder: where partitions are put while they are read.
    """

    def __init__(self, aws: Aws, uri: str, folder: Path) -> None:
        parts = urlsplit(uri)
        if parts.scheme != "s3" or not parts.netloc:
            raise CostbotError(f"{uri} is no S3 address.", "Write s3://bucket/prefix.")
        self._uri = uri.rstrip("/")
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        self._aws, self._folder = aws, folder

    @property
    def root(self) -> str:
        """Its address."""
        return self._uri

    def files(self) -> Sequence[ExportFile]:
        """All data files, in the order of their names.

        Raises:
            CostbotError: the bucket cannot be listed, or there is no export under the prefix.
        """
        objects = self._listed()
        named = self._named_by_manifests(objects)
        data = [one for one in objects if str(one["Key"]).lower().endswith(SUFFIXES)]
        if named is not None:
            data = [one for one in data if one["Key"] in named]
            gone = sorted(named - {str(one["Key"]) for one in data})
            if gone:
                raise CostbotError(
                    f"s3://{self.bucket}/{gone[0]} is named by its manifest and not there.",
                    "A delivery is being written; run this again in some minutes.",
                )
        if not data:
            raise CostbotError(
                f"{self.root} holds no CSV or Parquet file.",
                "Name the prefix of a billing export, as s3://bucket/exports/costs.",
            )
        return sorted((self._described(one) for one in data), key=lambda file: file.uri)

    @contextlib.contextmanager
    def brought(self, files: Sequence[ExportFile]) -> Iterator[tuple[Path, ...]]:
        """Copies of some files, gone again when the context ends.

        Raises:
            CostbotError: they do not fit on the disk, or S3 does not give them.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        size = sum(file.size for file in files)
        if shutil.disk_usage(self._folder).free < size + SPARE_BYTES:
            raise CostbotError(
                f"{size / 1e6:,.0f} MB of {files[0].name} and others do not fit into {self._folder}.",
                "Free disk space there, or set COSTBOT_DATA_DIR to a larger disk.",
            )
        paths: list[Path] = []
        try:
            for number, file in enumerate(files):
                path = self._folder / f"{number:05d}-{file.name}"
                paths.append(path)
                self._bring(file, path)
            yield tuple(paths)
        finally:
            for path in paths:
                path.unlink(missing_ok=True)

    def _bring(self, file: ExportFile, path: Path) -> None:
        key = file.uri.removeprefix(f"s3://{self.bucket}/")
        with reading("s3:GetObject"):
            try:
                answer = self._client().get_object(Bucket=self.bucket, Key=key, IfMatch=file.version)
            except ClientError as error:
                if error.response["Error"]["Code"] not in _REPLACED:
                    raise
                raise CostbotError(
                    f"{file.uri} was replaced while it was read.",
                    "A delivery is being written; run this again in some minutes.",
                ) from error
            with path.open("wb") as target:
                shutil.copyfileobj(answer["Body"], target, 1 << 20)
        if path.stat().st_size != file.size:
            raise CostbotError(f"{file.uri} came only in part.", "Run this again; nothing was stored.")

    def _listed(self) -> list[dict[str, Any]]:
        prefix = f"{self.prefix}/" if self.prefix and not self.prefix.lower().endswith(SUFFIXES) else self.prefix
        found: list[dict[str, Any]] = []
        with reading("s3:ListBucket"):
            pages = self._client().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            for page in pages:
                found += page.get("Contents", ())
        return found

    def _named_by_manifests(self, objects: Sequence[dict[str, Any]]) -> set[str] | None:
        """Keys that the newest manifest of each month names; None where there are no manifests."""
        newest: dict[tuple[str, date], dict[str, Any]] = {}
        for one in objects:
            key = str(one["Key"])
            month = billing_month(key)
            if key.endswith("Manifest.json") and month:
                export = key.partition("/metadata/")[0]
                if (export, month) not in newest or newest[export, month]["LastModified"] < one["LastModified"]:
                    newest[export, month] = one
        if not newest:
            return None
        named: set[str] = set()
        for one in newest.values():
            named |= self._manifest(str(one["Key"]))
        return named

    def _manifest(self, key: str) -> set[str]:
        with reading("s3:GetObject"):
            text = self._client().get_object(Bucket=self.bucket, Key=key)["Body"].read()
        try:
            files = [str(uri) for uri in json.loads(text)["dataFiles"]]
        except (ValueError, KeyError, TypeError) as error:
            raise CostbotError(
                f"s3://{self.bucket}/{key} is no manifest of a billing export.", "Export it again; nothing was stored."
            ) from error
        return {uri.removeprefix(f"s3://{self.bucket}/") for uri in files}

    def _described(self, one: dict[str, Any]) -> ExportFile:
        key = str(one["Key"])
        return ExportFile(f"s3://{self.bucket}/{key}", int(one["Size"]), str(one["ETag"]), billing_month(key))

    def _client(self) -> Any:
        return self._aws.client("s3")
