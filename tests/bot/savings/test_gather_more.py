"""The second round asks about the rows that need it, wherever in an account they are, and about no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.aws import AccountRef
from bot.aws.places import Place, Round
from bot.clock import Clock
from bot.collectors import s3_object_sizes
from bot.collectors.scopes import Window
from bot.savings.scan_tables import placed_table
from bot.workflows.gather_savings import Gathered, gather_more
from tests.analysis.checks.check_factories import ACCOUNT, table
from tests.bot.collectors.fake_clients import FakeAws
from tests.bot.decisions_factories import context

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
PAGE = {"Contents": [{"Key": "k", "Size": 5, "LastModified": NOW - timedelta(days=40)}], "IsTruncated": False}
HOME = Place(AccountRef(ACCOUNT, "prod"), "us-east-1")


def test_a_bucket_in_another_region_than_its_table_is_asked_about(tmp_path: Path) -> None:
    aws = FakeAws({"list_objects_v2": lambda _: PAGE}, "s3")
    made = replace(context(tmp_path, clock=Clock.starting_at(NOW)), aws=aws.as_aws())
    rows = [{"resource_id": name, "region": region} for name, region in (("b-1", "eu-west-1"), ("b-2", "us-east-1"))]
    gathered = Gathered(tmp_path, Window(NOW - timedelta(days=14), NOW), Round(made, lambda *_: None))
    gathered.inventories["s3_buckets"] = {HOME: table("s3_buckets", *rows)}

    gather_more(made, gathered, {"all_keys": {"s3_buckets": {(ACCOUNT, "eu-west-1"): ["b-1"]}}})

    found = placed_table(tmp_path, "s3_object_sizes", s3_object_sizes.COLUMNS)
    assert found[["resource_id", "region", "objects", "bytes"]].to_numpy().tolist() == [["b-1", "eu-west-1", 1, 5]]
    assert gathered.spots["s3_object_sizes"] == {(ACCOUNT, "us-east-1")}
