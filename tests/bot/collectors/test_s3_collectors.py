"""The tables of buckets: what one refuses is unknown for it alone, and nothing is listed without bounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from botocore.exceptions import ClientError
from pandas import DataFrame

from analysis.costs import ChargeCategory, Cut
from bot.aws import AccountRef
from bot.clock import Clock
from bot.collectors import s3_buckets, s3_early_deletes, s3_metrics
from bot.collectors.metrics import Points, Query
from bot.collectors.scopes import Window
from bot.errors import SourceUnavailable
from bot.inventory import Here
from tests.analysis.checks.check_factories import table
from tests.bot.collectors.fake_clients import FakeAws, Prepared
from tests.bot.decisions_factories import context

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PROD = AccountRef("111122223333", "prod")
HERE = Here(PROD, "us-east-1", "team", NOW)
WEEKS_AGO = NOW - timedelta(days=30)
RULE = {
    "ID": "expire",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Date": datetime(2027, 1, 1, tzinfo=UTC)},
}


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}, "X")


def s3(**changed: Prepared) -> FakeAws:
    """One bucket in Ireland with a rule, tags and one upload that was given up."""
    listed = {"Name": "b-1", "CreationDate": NOW - timedelta(days=300), "BucketRegion": "eu-west-1"}
    answers: dict[str, Prepared] = {
        "list_buckets": [{"Buckets": [listed]}],
        "get_bucket_tagging": [{"TagSet": [{"Key": "team", "Value": "data"}]}],
        "get_bucket_versioning": [{"Status": "Enabled"}],
        "get_bucket_lifecycle_configuration": [
            {"Rules": [RULE], "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
        ],
        "list_multipart_uploads": [{"Uploads": [upload("u-1")]}],
        "list_parts": [{"Parts": [{"PartNumber": 1, "Size": 5}, {"PartNumber": 2, "Size": 7}]}],
    }
    return FakeAws(answers | changed, "s3")


def upload(id_: str, **changed: Any) -> dict[str, Any]:
    return {"Key": f"k-{id_}", "UploadId": id_, "Initiated": WEEKS_AGO, "StorageClass": "STANDARD"} | changed


def row(aws: FakeAws) -> pd.Series[Any]:
    return s3_buckets.parse(s3_buckets.fetch(aws.as_aws(), PROD.id, "us-east-1"), HERE).iloc[0]


def test_a_bucket_is_asked_in_its_own_region() -> None:
    aws = s3()
    found = row(aws)

    assert [place["region"] for place in aws.places] == ["us-east-1", "eu-west-1"]
    assert found[["resource_id", "name", "region", "owner", "age_days"]].tolist() == [
        "b-1", "b-1", "eu-west-1", "data", 300.0,
    ]  # fmt: skip


@pytest.mark.parametrize(("told", "region"), [(None, "us-east-1"), ("EU", "eu-west-1"), ("sa-east-1", "sa-east-1")])
def test_a_region_that_is_not_listed_is_asked_for(told: str | None, region: str) -> None:
    location: dict[str, Any] = {} if told is None else {"LocationConstraint": told}
    aws = s3(list_buckets=[{"Buckets": [{"Name": "b-1"}]}], get_bucket_location=[location])

    assert row(aws)["region"] == region


def test_rules_are_kept_whole_with_their_days() -> None:
    found = row(s3())

    assert json.loads(found["lifecycle"]) == [{**RULE, "Expiration": {"Date": "2027-01-01T00:00:00+00:00"}}]
    assert found[["lifecycle_minimum", "versioning", "tags_read", "unread"]].tolist() == [
        "varies_by_storage_class", "Enabled", True, "",
    ]  # fmt: skip


def test_none_is_told_apart_from_refused() -> None:
    none = row(
        s3(
            get_bucket_lifecycle_configuration=lambda _: refused("NoSuchLifecycleConfiguration"),
            get_bucket_tagging=lambda _: refused("NoSuchTagSet"),
            get_bucket_versioning=[{}],
        )
    )
    denied = row(
        s3(
            get_bucket_lifecycle_configuration=lambda _: refused("AccessDenied"),
            get_bucket_tagging=lambda _: refused("AccessDenied"),
            get_bucket_versioning=lambda _: refused("AccessDenied"),
        )
    )

    assert none[["lifecycle", "tags_read", "versioning", "unread"]].tolist() == ["[]", True, "Off", ""]
    assert denied[["lifecycle", "tags_read", "versioning"]].tolist() == ["", False, ""]
    assert "AWS refuses s3:GetLifecycleConfiguration in account 111122223333" in denied["unread"]


def test_refused_uploads_are_not_no_uploads() -> None:
    found = row(s3(list_multipart_uploads=lambda _: refused("AccessDenied")))

    assert found[["unfinished", "unfinished_bytes"]].isna().all()
    assert found["lifecycle"] != ""


def test_buckets_that_are_not_listed_are_a_failure() -> None:
    with pytest.raises(SourceUnavailable, match="s3:ListAllMyBuckets"):
        row(s3(list_buckets=lambda _: refused("AccessDenied")))


@pytest.mark.parametrize(
    ("uploads", "unfinished", "size", "more"),
    [
        ([upload("u-1")], 1, 12, False),
        ([upload("u-1"), upload("u-2", Initiated=NOW - timedelta(days=6))], 1, 12, False),
        ([upload("u-1"), upload("u-2", StorageClass="STANDARD_IA")], 2, 12, True),
        ([], 0, 0, False),
    ],
)
def test_only_parts_of_uploads_that_were_given_up_count(
    uploads: list[dict[str, Any]], unfinished: int, size: int, more: bool
) -> None:
    found = row(s3(list_multipart_uploads=[{"Uploads": uploads}]))

    assert found[["unfinished", "unfinished_bytes", "unfinished_more"]].tolist() == [unfinished, size, more]


def test_an_upload_that_ended_meanwhile_has_no_parts() -> None:
    found = row(s3(list_parts=lambda _: refused("NoSuchUpload")))

    assert found[["unfinished", "unfinished_bytes"]].tolist() == [1, 0]


def test_all_pages_of_uploads_and_of_parts_are_read_within_bounds() -> None:
    def uploads(asked: Mapping[str, Any]) -> dict[str, Any]:
        number = int(asked.get("KeyMarker", 0)) + 1
        page = {"Uploads": [upload(f"u-{number}-{n}") for n in range(30)], "IsTruncated": True}
        return page | {"NextKeyMarker": str(number), "NextUploadIdMarker": "u"}

    def parts(asked: Mapping[str, Any]) -> dict[str, Any]:
        last = "PartNumberMarker" in asked
        more = {} if last else {"NextPartNumberMarker": 1}
        return {"Parts": [{"PartNumber": 2 if last else 1, "Size": 10}], "IsTruncated": not last, **more}

    aws = s3(list_multipart_uploads=uploads, list_parts=parts)
    found = row(aws)

    assert (len(aws.called("list_multipart_uploads")), len(aws.called("list_parts"))) == (3, 60)
    assert found[["unfinished", "unfinished_bytes", "unfinished_more"]].tolist() == [90, 600, True]


def test_no_object_is_ever_listed() -> None:
    aws = s3()
    row(aws)

    assert {name for name, _ in aws.asked} == {
        "list_buckets", "get_bucket_tagging", "get_bucket_versioning", "get_bucket_lifecycle_configuration",
        "list_multipart_uploads", "list_parts",
    }  # fmt: skip


# --- sizes and requests ---------------------------------------------------------------------------------------------

START, END = datetime(2026, 11, 6, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
LISTED = {
    ("AWS/S3", "BucketSizeBytes"): [
        (("BucketName", "b-1"), ("StorageType", "StandardStorage")),
        (("BucketName", "b-1"), ("StorageType", "StandardIASizeOverhead")),
        (("BucketName", "gone"), ("StorageType", "StandardStorage")),
    ],
    ("AWS/S3", "AllRequests"): [
        (("BucketName", "b-1"), ("FilterId", "images")),
        (("BucketName", "b-1"), ("FilterId", "EntireBucket")),
    ],
    ("AWS/S3/Storage-Lens", "NonCurrentVersionStorageBytes"): [
        (("bucket_name", "b-1"), ("configuration_id", lens), ("record_type", "BUCKET"), ("storage_class", "STANDARD"))
        for lens in ("first", "second")
    ],
}


class Asked:
    """CloudWatch: what was listed and asked, and when from."""

    def __init__(self, patch: pytest.MonkeyPatch, listed: Mapping[tuple[str, str], Any] = LISTED) -> None:
        self.queries: list[tuple[str, Query, datetime]] = []
        self.listed: list[tuple[str, str]] = []
        self._found = listed
        patch.setattr(s3_metrics.metrics, "list_metrics", self._list)
        patch.setattr("bot.collectors.metrics.fetch", self._fetch)

    def _list(self, aws: Any, account_id: str, region: str, namespace: str, name: str) -> Any:
        self.listed.append((region, name))
        return self._found.get((namespace, name), [])

    def _fetch(self, aws: Any, account_id: str, region: str, queries: list[Query], start: Any, end: Any) -> Any:
        self.queries += [(region, query, start) for query in queries]
        return [Points(query, (START,), (1.0,)) for query in queries]


def configuration(asked: Mapping[str, Any]) -> dict[str, Any]:
    narrowed = {} if asked["Id"] == "EntireBucket" else {"Filter": {"Prefix": "images/"}}
    return {"MetricsConfiguration": {"Id": asked["Id"], **narrowed}}


def collected(patch: pytest.MonkeyPatch, aws: FakeAws, **listed: Any) -> tuple[Asked, DataFrame]:
    cloudwatch = Asked(patch, **listed)
    rows = table("s3_buckets", {"resource_id": "b-1", "region": "eu-west-1"}, {"resource_id": "b-2", "region": ""})
    return cloudwatch, s3_metrics.collect(aws.as_aws(), HERE, rows, Window(START, END))


def test_sizes_of_every_storage_type_that_is_there_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    cloudwatch, found = collected(monkeypatch, FakeAws({"get_bucket_metrics_configuration": configuration}, "s3"))

    assert set(found["metric"]) >= {
        "BucketSizeBytes.StandardStorage", "BucketSizeBytes.StandardIASizeOverhead", "NumberOfObjects",
    }  # fmt: skip
    assert set(found["resource_id"]) == {"b-1"}
    assert set(found["region"]) == {"eu-west-1"}
    assert {region for region, query, _ in cloudwatch.queries if query.namespace == "AWS/S3"} == {"eu-west-1"}


def test_requests_are_those_of_the_whole_bucket_and_of_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    cloudwatch, _ = collected(monkeypatch, FakeAws({"get_bucket_metrics_configuration": configuration}, "s3"))

    requests = [(query, start) for _, query, start in cloudwatch.queries if query.statistic == "Sum"]
    asked = [(query.name, dict(query.dimensions), start) for query, start in requests]
    whole = {"BucketName": "b-1", "FilterId": "EntireBucket"}
    since = END - timedelta(days=180)
    assert asked == [(name, whole, since) for name in ("AllRequests", "GetRequests", "BytesDownloaded")]


@pytest.mark.parametrize(
    "answer", [lambda _: refused("AccessDenied"), lambda asked: configuration({"Id": f"not-{asked['Id']}"})]
)
def test_requests_of_a_part_or_of_nobody_knows_what_are_no_evidence(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    cloudwatch, _ = collected(monkeypatch, FakeAws({"get_bucket_metrics_configuration": answer}, "s3"))

    assert not [query for _, query, _ in cloudwatch.queries if query.statistic == "Sum"]


def test_versions_are_read_where_storage_lens_keeps_them_and_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cloudwatch, found = collected(monkeypatch, FakeAws({"get_bucket_metrics_configuration": configuration}, "s3"))

    of_lens = [(region, query) for region, query, _ in cloudwatch.queries if "Lens" in query.namespace]
    lens = [(region, dict(query.dimensions)["configuration_id"]) for region, query in of_lens]
    assert lens == [("us-east-1", "first")]
    versions = found[found["metric"].eq("NonCurrentVersionStorageBytes.STANDARD")]
    assert versions[["resource_id", "region"]].to_numpy().tolist() == [["b-1", "eu-west-1"]]


def test_without_anything_listed_only_the_counts_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    cloudwatch, found = collected(monkeypatch, FakeAws({}, "s3"), listed={})

    assert [query.name for _, query, _ in cloudwatch.queries] == ["NumberOfObjects"]
    assert list(found.columns) == list(s3_metrics.COLUMNS)


# --- fees on the bill -----------------------------------------------------------------------------------------------


def test_a_fee_is_told_by_account_and_usage_type() -> None:
    bill = DataFrame(
        {
            "account_id": ["111122223333", "9"],
            "usage_type": ["EUW1-EarlyDelete-SIA", "EarlyDelete-GDA"],
            "cost": [42.0, 7.0],
            "gb_months": [3360.0, float("nan")],
        }
    )

    found = s3_early_deletes.parse(bill, {"111122223333": "prod"})

    assert list(found.columns) == list(s3_early_deletes.COLUMNS)
    assert found[["account_name", "region", "resource_id"]].to_numpy().tolist() == [
        ["prod", "eu-west-1", "EUW1-EarlyDelete-SIA"],
        ["9", "us-east-1", "EarlyDelete-GDA"],
    ]


def billed(cut: Cut, usage_type: str, cost: float, day: date = date(2026, 11, 10)) -> dict[str, Any]:
    return {
        "date": day,
        "cut": cut.value,
        "provider": "AWS",
        "charge_category": ChargeCategory.USAGE.value,
        "service_name": "Amazon Simple Storage Service",
        "sub_account_id": "111122223333" if cut is Cut.ACCOUNT_USAGE_TYPE else None,
        "usage_type": usage_type,
        "billed_cost": cost,
        "effective_cost": cost,
        "quantity": cost * 80,
        "unit": "GB-Mo",
        "currency": "USD",
        "estimated": False,
    }


def test_fees_of_thirty_days_are_summed_once(tmp_path: Path) -> None:
    made = context(tmp_path, clock=Clock.starting_at(NOW))
    lines = [
        billed(Cut.ACCOUNT_USAGE_TYPE, "EarlyDelete-SIA", 20.0),
        billed(Cut.ACCOUNT_USAGE_TYPE, "EarlyDelete-SIA", 22.0, date(2026, 11, 11)),
        billed(Cut.ACCOUNT_USAGE_TYPE, "TimedStorage-SIA-ByteHrs", 99.0),
        billed(Cut.USAGE_TYPE, "EarlyDelete-SIA", 42.0),
    ]
    made.costs.replace_month("cost_explorer", date(2026, 11, 1), DataFrame(lines))

    found = s3_early_deletes.read(made)

    assert found[["account_id", "resource_id", "cost", "gb_months"]].to_numpy().tolist() == [
        ["111122223333", "EarlyDelete-SIA", 42.0, 3360.0]
    ]


def test_without_a_bill_there_are_no_fees(tmp_path: Path) -> None:
    found = s3_early_deletes.read(context(tmp_path))

    assert found.empty
    assert list(found.columns) == list(s3_early_deletes.COLUMNS)
