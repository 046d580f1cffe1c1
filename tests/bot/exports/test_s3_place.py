"""Exports in S3: only whole deliveries are read, a change in between stores nothing, copies are gone afterwards."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.s3.models import s3_backends

from bot.errors import CostbotError
from bot.exports.s3 import S3Place
from bot.settings import CostView
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Ingested
from bot.workflows.refresh_exports import place_of
from tests.bot.costs.cost_factories import context
from tests.bot.costs.focus_files import line, text

BUCKET, ROOT = "billing", "exports/costs"
DATA, METADATA = f"{ROOT}/data/BILLING_PERIOD={{}}/{{}}.csv", f"{ROOT}/metadata/BILLING_PERIOD={{}}/{{}}-Manifest.json"


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """One client for all tests: making one takes a quarter of a second."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield boto3.client("s3", region_name="us-east-1")


@pytest.fixture
def s3(client: Any) -> Any:
    """A client and its bucket, which is empty."""
    s3_backends.reset()
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def bot(tmp_path: Path) -> Any:
    return context(tmp_path / "data")


def put(s3: Any, key: str, *lines: dict[str, Any]) -> str:
    s3.put_object(Bucket=BUCKET, Key=key, Body=text(*lines).encode())
    return key


def manifest(s3: Any, month: str, *keys: str, name: str = "costs") -> None:
    files = [f"s3://{BUCKET}/{key}" for key in keys]
    s3.put_object(Bucket=BUCKET, Key=METADATA.format(month, name), Body=json.dumps({"dataFiles": files}).encode())


class Touchy:
    """A client that lets a test do something before it gets an object, and counts what it gets."""

    def __init__(self, client: Any) -> None:
        self.client, self.got, self.before = client, [], lambda key: None

    def get_paginator(self, name: str) -> Any:
        return self.client.get_paginator(name)

    def get_object(self, **asked: Any) -> Any:
        self.before(asked["Key"])
        self.got.append(asked["Key"])
        return self.client.get_object(**asked)


def place_at(bot: Any, client: Any, uri: str = f"s3://{BUCKET}/{ROOT}") -> S3Place:
    aws: Any = SimpleNamespace(client=lambda service: client)
    return S3Place(aws, uri, bot.costs.months.folder.parent / "tmp" / "s3")


def taken(bot: Any, client: Any, **how: Any) -> Ingested:
    result = ingest(bot, "focus", place_at(bot, client), **how)
    assert not left(bot)
    return result


def left(bot: Any) -> list[Path]:
    """Copies that are still there."""
    return [path for path in (bot.costs.months.folder.parent / "tmp").rglob("*") if path.is_file()]


def refusal(bot: Any, client: Any, uri: str = f"s3://{BUCKET}/{ROOT}") -> str:
    with pytest.raises(CostbotError) as caught:
        ingest(bot, "focus", place_at(bot, client, uri))
    assert not list(bot.costs.months.folder.rglob("*.parquet"))
    assert not left(bot)
    assert caught.value.remedy
    return caught.value.cause


def billed(bot: Any) -> float:
    return float(bot.costs.daily(start=date(2020, 1, 1), end=date(2030, 1, 1), view=CostView.BILLED)["cost"].sum())


NOVEMBER = {"BillingPeriodStart": "2026-11-01", "ChargePeriodStart": "2026-11-02"}


@pytest.mark.parametrize("uri", ["billing/exports", "s3://", "s3:///exports", "https://billing/exports"])
def test_what_is_no_address_is_a_sentence(bot: Any, uri: str) -> None:
    with pytest.raises(CostbotError, match="is no S3 address"):
        place_at(bot, None, uri)


def test_a_prefix_without_an_export_is_a_sentence(bot: Any, s3: Any) -> None:
    assert refusal(bot, s3) == "s3://billing/exports/costs holds no CSV or Parquet file."


def test_a_prefix_is_a_folder_and_no_beginning_of_names(bot: Any, s3: Any) -> None:
    put(s3, "exports/costs-of-somebody-else/data/a.csv", line("99"))
    assert refusal(bot, s3) == "s3://billing/exports/costs holds no CSV or Parquet file."


def test_a_bucket_that_is_not_there_is_a_sentence(bot: Any, s3: Any) -> None:
    assert "s3:ListBucket" in refusal(bot, s3, "s3://no-such-bucket/exports")


def test_a_file_that_its_manifest_names_and_is_not_there_is_a_sentence(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    manifest(s3, "2026-10", DATA.format("2026-10", "a"), DATA.format("2026-10", "b"))
    said = refusal(bot, s3)
    assert (
        said == "s3://billing/exports/costs/data/BILLING_PERIOD=2026-10/b.csv is named by its manifest and not there."
    )


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"files": []}', b'{"dataFiles": 3}', b"\xff\xfe", b"null"])
def test_a_manifest_that_is_none_is_a_sentence(bot: Any, s3: Any, body: bytes) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    s3.put_object(Bucket=BUCKET, Key=METADATA.format("2026-10", "costs"), Body=body)
    assert refusal(bot, s3).endswith("costs-Manifest.json is no manifest of a billing export.")


def test_a_file_that_changes_between_listing_and_reading_stores_nothing(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    late = put(s3, DATA.format("2026-11", "a"), line("2", **NOVEMBER))
    client = Touchy(s3)
    client.before = lambda key: put(s3, late, line("3", **NOVEMBER)) if key == late else None
    assert refusal(bot, client) == f"s3://billing/{late} was replaced while it was read."
    client.before = lambda key: None
    taken(bot, client)
    assert billed(bot) == 1 + 3


def test_a_file_that_vanishes_between_listing_and_reading_stores_nothing(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    late = put(s3, DATA.format("2026-11", "a"), line("2", **NOVEMBER))
    client = Touchy(s3)
    client.before = lambda key: s3.delete_object(Bucket=BUCKET, Key=late) if key == late else None
    assert refusal(bot, client) == f"s3://billing/{late} was replaced while it was read."


def test_a_refusal_by_s3_names_the_permission(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))

    def deny(key: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")

    client = Touchy(s3)
    client.before = deny
    assert "s3:GetObject" in refusal(bot, client)


def test_a_copy_that_comes_in_part_is_a_sentence(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    client = Touchy(s3)
    client.get_object = lambda **asked: {"Body": io.BytesIO(b"BilledCost")}  # type: ignore[method-assign]
    assert refusal(bot, client).endswith("a.csv came only in part.")


def test_a_disk_without_space_is_a_sentence(bot: Any, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    free = SimpleNamespace(free=199_999_999)
    monkeypatch.setattr("bot.exports.s3.shutil", SimpleNamespace(disk_usage=lambda _: free, copyfileobj=None))
    assert "do not fit into" in refusal(bot, s3)


def test_without_manifests_all_data_files_are_read(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    put(s3, DATA.format("2026-10", "b"), line("2"))
    s3.put_object(Bucket=BUCKET, Key=f"{ROOT}/data/BILLING_PERIOD=2026-10/notes.txt", Body=b"hello")
    taken(bot, s3)
    assert billed(bot) == 3


def test_only_files_that_a_manifest_names_are_read(bot: Any, s3: Any) -> None:
    named = put(s3, DATA.format("2026-10", "a"), line("1"))
    put(s3, DATA.format("2026-10", "half-written"), line("2"))
    put(s3, DATA.format("2026-11", "no-manifest-yet"), line("4", **NOVEMBER))
    manifest(s3, "2026-10", named)
    taken(bot, s3)
    assert billed(bot) == 1


def test_the_newest_manifest_of_a_month_counts(bot: Any, s3: Any) -> None:
    old, new = (put(s3, DATA.format("2026-10", name), line(cost)) for name, cost in (("old", "1"), ("new", "2")))
    manifest(s3, "2026-10", old, name="z-first")
    objects = [dict(one) for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    manifest(s3, "2026-10", new, name="a-second")
    later = [one for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"] if "a-second" in one["Key"]]
    later[0]["LastModified"] = max(one["LastModified"] for one in objects).replace(year=2099)
    client = Touchy(s3)
    client.get_paginator = lambda _: SimpleNamespace(  # type: ignore[method-assign]
        paginate=lambda **_: [{"Contents": objects}, {}, {"Contents": later}]
    )
    taken(bot, client)
    assert billed(bot) == 2


def test_each_export_under_a_prefix_has_its_own_newest_manifest(bot: Any, s3: Any) -> None:
    for name, cost, payer in (("one", "1", "p1"), ("two", "2", "p2")):
        key = f"{ROOT}/{name}/data/BILLING_PERIOD=2026-10/a.csv"
        put(s3, key, line(cost, BillingAccountId=payer))
        body = json.dumps({"dataFiles": [f"s3://{BUCKET}/{key}"]}).encode()
        s3.put_object(Bucket=BUCKET, Key=f"{ROOT}/{name}/metadata/BILLING_PERIOD=2026-10/x-Manifest.json", Body=body)
    taken(bot, s3)
    assert billed(bot) == 3


def test_another_etag_is_read_again_and_only_that_month(bot: Any, s3: Any) -> None:
    october = put(s3, DATA.format("2026-10", "a"), line("1"))
    november = put(s3, DATA.format("2026-11", "a"), line("2", **NOVEMBER))
    client = Touchy(s3)
    taken(bot, client)
    assert client.got == [october, november]
    put(s3, november, line("5", **NOVEMBER))
    put(s3, october, line("1"))
    client.got.clear()
    taken(bot, client)
    assert client.got == [november], "the same content has the same ETag"
    assert billed(bot) == 1 + 5


def test_more_objects_than_a_page_of_a_listing_are_all_seen(bot: Any, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")
    for number in range(15):
        s3.put_object(Bucket=BUCKET, Key=f"{ROOT}/data/{number:05}.txt", Body=b"x")
    for number in range(3):
        put(s3, f"{ROOT}/data/zz{number}.csv", line("1", ConsumedQuantity=str(number)))
    assert s3.list_objects_v2(Bucket=BUCKET)["IsTruncated"]
    assert [file.name for file in place_at(bot, s3).files()] == ["zz0.csv", "zz1.csv", "zz2.csv"]
    taken(bot, s3)
    assert billed(bot) == 3


def test_one_file_may_be_named_and_keys_may_hold_any_sign(bot: Any, s3: Any) -> None:
    key = put(s3, f"{ROOT}/a + b=c%20 ü#?.csv", line("1"))
    put(s3, f"{ROOT}/other.csv", line("2"))
    ingest(bot, "focus", place_at(bot, s3, f"s3://{BUCKET}/{ROOT}/other.csv"))
    assert billed(bot) == 2
    assert key in [file.uri.removeprefix(f"s3://{BUCKET}/") for file in place_at(bot, s3).files()]
    taken(bot, s3)
    assert billed(bot) == 3


def test_one_partition_is_here_at_a_time(bot: Any, s3: Any) -> None:
    put(s3, DATA.format("2026-10", "a"), line("1"))
    put(s3, DATA.format("2026-11", "a"), line("2", **NOVEMBER))
    here: list[int] = []
    client = Touchy(s3)
    client.before = lambda key: here.append(len([path for path in left(bot) if path.suffix == ".csv"]))
    taken(bot, client)
    assert here == [0, 0]


def test_copies_that_a_killed_process_left_are_taken_away(bot: Any, s3: Any) -> None:
    put(s3, f"{ROOT}/a.csv", line("1"))
    bot.settings.data_dir = bot.costs.months.folder.parent
    bot.aws = SimpleNamespace(client=lambda service: s3)
    place: Any = place_of(bot, f"s3://{BUCKET}/{ROOT}")
    mine = Path(str(place._folder).replace(str(os.getpid()), "999999999"))
    mine.mkdir(parents=True)
    (mine / "00003-b.parquet").write_bytes(b"half")
    ingest(bot, "focus", place)
    assert not left(bot)
