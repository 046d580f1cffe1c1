"""The table `s3_buckets`: every bucket of an account, its lifecycle rules, and what lies in unfinished uploads.

No object is listed: sizes are CloudWatch's (`s3_metrics`). Of uploads that were never finished only the parts are
added up, and of those no more than a bounded number of pages. What AWS refuses to tell of one bucket is unknown for
that bucket and no other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope
from bot.errors import SourceUnavailable
from bot.inventory import HEAD, Here, tags_of
from bot.logs.correlation import carried
from bot.tables import typed

ACTIONS = (
    "s3:ListAllMyBuckets",
    "s3:GetBucketLocation",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
)
SCOPE = Scope.ACCOUNT

#: An upload that is older was given up.
STALE_DAYS = 7
#: Pages that are read of one bucket: of uploads (1,000 each), and of parts of all its uploads (1,000 each).
MOST_UPLOAD_PAGES, MOST_PART_PAGES = 3, 60
#: Buckets that are asked at the same time.
AT_ONCE = 4
#: Classes whose unfinished parts cost what Standard costs; those of other classes are not added up.
_AS_STANDARD = frozenset({"STANDARD", "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE"})

COLUMNS: dict[str, str] = HEAD | {
    "tags_read": "bool",  # whether its tags are known: its owner, and if it is to be left alone
    "lifecycle": "str",  # its rules as JSON; [] where it has none, empty where they are not known
    "lifecycle_minimum": "str",  # TransitionDefaultMinimumObjectSize; empty where AWS tells none
    "versioning": "str",  # Off, Enabled, Suspended; empty where it is not known
    "unfinished": "float64",  # uploads that were given up; missing where they are not known
    "unfinished_bytes": "float64",  # of their parts, as far as they were listed
    "unfinished_more": "bool",  # there are more than were listed
    "unread": "str",  # what AWS refused to tell, in a sentence; empty where it told all
}


def fetch(aws: Aws, account_id: str, region: str) -> list[dict[str, Any]]:
    """All buckets of an account with what each is asked for; a part that AWS did not tell is absent.

    Raises:
        SourceUnavailable: S3 does not list the buckets.
    """
    with reading("s3:ListAllMyBuckets", account_id):
        client = aws.client("s3", account_id=account_id, region=region)
        pages = client.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 1000})
        buckets = [bucket for page in pages for bucket in page.get("Buckets", ())]
    # Five calls a bucket, each waiting for S3: one after the other, a thousand buckets take minutes.
    with ThreadPoolExecutor(AT_ONCE, "s3") as pool:
        described = carried(lambda bucket: _Bucket(aws, account_id, client, bucket).described())
        return list(pool.map(described, buckets))


def parse(buckets: Iterable[Mapping[str, Any]], here: Here) -> DataFrame:
    """The buckets as a table with `COLUMNS`; the region is that of the bucket."""
    return typed([_row(bucket, here) for bucket in buckets], COLUMNS)


class _Bucket:
    """The questions about one bucket."""

    def __init__(self, aws: Aws, account_id: str, client: Any, listed: Mapping[str, Any]) -> None:
        self._account_id = account_id
        self._name: str = listed["Name"]
        self._found: dict[str, Any] = {"Listed": dict(listed)}
        self._refused: list[str] = []
        region = listed.get("BucketRegion") or self._region(client)
        self._found["Region"] = region
        # A bucket answers in its own region only; elsewhere every call is made twice.
        self._client = aws.client("s3", account_id=account_id, region=region) if region else client

    def described(self) -> dict[str, Any]:
        client, name = self._client, self._name
        self._ask("Tags", "s3:GetBucketTagging", lambda: client.get_bucket_tagging(Bucket=name), "NoSuchTagSet")
        self._ask("Versioning", "s3:GetBucketVersioning", lambda: client.get_bucket_versioning(Bucket=name))
        self._ask(
            "Lifecycle",
            "s3:GetLifecycleConfiguration",
            lambda: client.get_bucket_lifecycle_configuration(Bucket=name),
            "NoSuchLifecycleConfiguration",
        )
        self._ask("Uploads", "s3:ListBucketMultipartUploads", self._uploads)
        return self._found | {"Refused": self._refused}

    def _region(self, client: Any) -> str:
        found = self._told("s3:GetBucketLocation", lambda: client.get_bucket_location(Bucket=self._name))
        place = (found or {}).get("LocationConstraint") if found is not None else ""
        # AWS writes the oldest region as none, and the second oldest by an old name.
        return "us-east-1" if place is None else {"EU": "eu-west-1"}.get(str(place), str(place))

    def _ask(self, what: str, action: str, ask: Callable[[], Any], none: str = "") -> None:
        answer = self._told(action, ask, none)
        if answer is not None:
            self._found[what] = answer

    def _told(self, action: str, ask: Callable[[], Any], none: str = "") -> Any:
        """The answer; an empty one where AWS answers `none`; None where it refuses."""
        try:
            with reading(action, self._account_id):
                return _or_none(ask, none)
        except SourceUnavailable as error:
            self._refused.append(error.cause)
            return None

    def _uploads(self) -> dict[str, Any]:
        """The uploads, each with the sizes of its parts; `More` where there are more than were listed."""
        uploads, more = self._listed_uploads()
        budget = MOST_PART_PAGES
        for upload in sorted(uploads, key=lambda one: one["Initiated"]):
            upload["Bytes"] = 0
            for page in self._part_pages(upload):
                upload["Bytes"] += sum(part["Size"] for part in page.get("Parts", ()))
                budget -= 1
                if budget == 0:
                    return {"Uploads": uploads, "More": True}
        return {"Uploads": uploads, "More": more}

    def _listed_uploads(self) -> tuple[list[dict[str, Any]], bool]:
        uploads: list[dict[str, Any]] = []
        markers: dict[str, str] = {}
        for _ in range(MOST_UPLOAD_PAGES):
            page = self._client.list_multipart_uploads(Bucket=self._name, MaxUploads=1000, **markers)
            uploads += [dict(upload) for upload in page.get("Uploads", ())]
            if not page.get("IsTruncated"):
                return uploads, False
            markers = {"KeyMarker": page["NextKeyMarker"], "UploadIdMarker": page["NextUploadIdMarker"]}
        return uploads, True

    def _part_pages(self, upload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        marker: dict[str, int] = {}
        while True:
            asked = {"Bucket": self._name, "Key": upload["Key"], "UploadId": upload["UploadId"], **marker}
            # It may have been finished or aborted since it was listed.
            page = _or_none(lambda asked=asked: self._client.list_parts(**asked), "NoSuchUpload")  # type: ignore[misc]
            yield page
            if not page.get("IsTruncated"):
                return
            marker = {"PartNumberMarker": page["NextPartNumberMarker"]}


def _or_none(ask: Callable[[], Any], none: str) -> Any:
    """The answer, or an empty one where AWS says by the code `none` that there is nothing."""
    try:
        return ask()
    except ClientError as error:
        if none and error.response.get("Error", {}).get("Code") == none:
            return {}
        raise


def _row(bucket: Mapping[str, Any], here: Here) -> dict[str, object]:
    listed = bucket["Listed"]
    lifecycle, versioning = bucket.get("Lifecycle"), bucket.get("Versioning")
    place = replace(here, region=bucket["Region"])
    tags = tags_of(bucket.get("Tags", {}).get("TagSet"))
    return {
        **place.head(listed["Name"], tags, listed.get("CreationDate"), name=listed["Name"]),
        "tags_read": "Tags" in bucket,
        "lifecycle": "" if lifecycle is None else json.dumps(lifecycle.get("Rules", []), default=_written),
        "lifecycle_minimum": (lifecycle or {}).get("TransitionDefaultMinimumObjectSize") or "",
        "versioning": "" if versioning is None else versioning.get("Status") or "Off",
        **_unfinished(bucket.get("Uploads"), here.now),
        "unread": " ".join(bucket["Refused"]),
    }


def _unfinished(found: Mapping[str, Any] | None, now: datetime) -> dict[str, object]:
    if found is None:
        return {"unfinished": None, "unfinished_bytes": None, "unfinished_more": False}
    stale = [one for one in found["Uploads"] if one["Initiated"].astimezone(UTC) < now - timedelta(days=STALE_DAYS)]
    counted = [one for one in stale if one.get("StorageClass", "STANDARD") in _AS_STANDARD and "Bytes" in one]
    return {
        "unfinished": len(stale),
        "unfinished_bytes": sum(one["Bytes"] for one in counted),
        "unfinished_more": found["More"] or len(counted) < len(stale),
    }


def _written(value: Any) -> str:
    """A day of a rule, as the call that puts it back takes it."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a lifecycle rule holds a {type(value).__name__}")
