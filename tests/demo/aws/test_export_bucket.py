"""The exports in the stand-in's S3, read by boto3."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest
from botocore.exceptions import ClientError

from bot.demo.aws.export_kinds import KINDS
from bot.demo.aws.server import AwsStandIn
from tests.demo.aws.billing_factories import BUCKET, billing_stand_in, client, move
from tests.demo.aws.ledger_factories import NOW, ask, request, totals

FOCUS = "exports/focus/data/BILLING_PERIOD=2026-{:02}/"


@pytest.fixture
def stand_in() -> Iterator[AwsStandIn]:
    with billing_stand_in() as running:
        yield running


@pytest.fixture
def s3(stand_in: AwsStandIn) -> Any:
    return client(stand_in, "s3")


def listed(s3: Any, prefix: str) -> dict[str, str]:
    """Key → ETag."""
    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return {entry["Key"]: entry["ETag"].strip('"') for entry in found.get("Contents", [])}


def written_months(stand_in: AwsStandIn) -> set[tuple[str, str]]:
    return {(kind, f"{month:%Y-%m}") for kind, month in stand_in.billing.store._deliveries}


def test_nothing_is_made_before_somebody_looks(stand_in: AwsStandIn, s3: Any) -> None:
    assert "store" not in vars(stand_in.billing)

    s3.list_buckets()
    s3.get_bucket_location(Bucket=BUCKET)
    s3.list_objects_v2(Bucket=BUCKET, Prefix="elsewhere/")
    assert written_months(stand_in) == set()


def test_looking_at_folders_writes_nothing(stand_in: AwsStandIn, s3: Any) -> None:
    exports = s3.list_objects_v2(Bucket=BUCKET, Prefix="exports/", Delimiter="/")
    months = s3.list_objects_v2(Bucket=BUCKET, Prefix="exports/focus/data/", Delimiter="/")

    assert [entry["Prefix"] for entry in exports["CommonPrefixes"]] == [
        "exports/cur/",
        "exports/focus-1-0/",
        "exports/focus/",
    ]
    assert len(months["CommonPrefixes"]) == 14
    assert months["CommonPrefixes"][-1]["Prefix"] == FOCUS.format(11)
    assert written_months(stand_in) == set()


def test_listing_a_month_writes_that_month_in_several_files(stand_in: AwsStandIn, s3: Any) -> None:
    s3.list_objects_v2(Bucket=BUCKET, Prefix="exports/", Delimiter="/")
    found = listed(s3, FOCUS.format(11))

    assert list(found) == [FOCUS.format(11) + f"focus-{number:05}.snappy.parquet" for number in (1, 2)]
    assert written_months(stand_in) == {("focus", "2026-11")}


def test_an_objects_etag_is_its_md5_and_its_time_that_of_the_bill(s3: Any) -> None:
    (key, etag), *_ = listed(s3, FOCUS.format(11)).items()
    head = s3.head_object(Bucket=BUCKET, Key=key)
    body = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    assert hashlib.md5(body, usedforsecurity=False).hexdigest() == etag
    assert head["ContentLength"] == len(body)
    assert head["LastModified"] == NOW


def test_the_files_of_a_month_sum_to_cost_explorer(s3: Any, tmp_path: Any) -> None:
    for key in listed(s3, FOCUS.format(10)):
        s3.download_file(BUCKET, key, str(tmp_path / key.rpartition("/")[2]))
    with duckdb.connect() as connection:
        (billed,) = connection.execute(f"SELECT sum(BilledCost) FROM '{tmp_path}/*.parquet'").fetchall()[0]

    explored = ask(request("2026-10-01", "2026-11-01", Granularity="MONTHLY"))
    assert billed == pytest.approx(totals(explored)["2026-10-01"], abs=1e-6)


def test_the_manifest_names_the_files_and_columns_of_its_month(s3: Any) -> None:
    key = "exports/cur/metadata/BILLING_PERIOD=2026-11/cur-Manifest.json"
    manifest = json.load(io.BytesIO(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()))
    files = listed(s3, "exports/cur/data/BILLING_PERIOD=2026-11/")

    assert manifest["dataFiles"] == [f"s3://{BUCKET}/{key}" for key in files]
    assert manifest["billingPeriod"] == {"start": "2026-11-01T00:00:00.000Z", "end": "2026-12-01T00:00:00.000Z"}
    assert [column["name"] for column in manifest["columns"]] == list(KINDS["cur"].columns)
    assert {"name": "resource_tags", "type": "map<string,string>"} in manifest["columns"]
    assert manifest["exportArn"].startswith("arn:aws:bcm-data-exports:us-east-1:123456789012:export/cur-")


def test_a_later_bill_changes_only_the_etags_of_changed_months(stand_in: AwsStandIn, s3: Any) -> None:
    prefixes = (FOCUS.format(9), FOCUS.format(10), FOCUS.format(11))
    before = [listed(s3, prefix) for prefix in prefixes]
    manifest = listed(s3, "exports/focus/metadata/BILLING_PERIOD=2026-11/")
    move(stand_in, datetime(2026, 11, 21, 10, tzinfo=UTC))
    after = [listed(s3, prefix) for prefix in prefixes]

    assert after[:2] == before[:2]
    assert after[2].keys() == before[2].keys()
    assert not set(after[2].values()) & set(before[2].values())
    assert listed(s3, "exports/focus/metadata/BILLING_PERIOD=2026-11/") != manifest


def test_what_does_not_exist_is_not_made_up(s3: Any) -> None:
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket=BUCKET, Key=FOCUS.format(11) + "focus-00099.snappy.parquet")
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket=BUCKET, Key="exports/focus/data/BILLING_PERIOD=2031-01/focus-00001.snappy.parquet")


def test_stopping_removes_the_files(s3: Any) -> None:
    with billing_stand_in() as second:
        listed(client(second, "s3"), FOCUS.format(11))
        folder = second.billing.store._folder
        assert folder is not None
        assert folder.exists()
    assert not folder.exists()
