"""Costs by resource: usage only, of the days asked, and nothing said of days that are not kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotEnoughData
from tests.bot.costs.cost_factories import context, row, store
from tests.bot.costs.focus_files import COLUMNS, line, take_in, write

NOW = datetime(2026, 10, 20, 10, tzinfo=UTC)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def taken(tmp_path: Path, *lines: dict[str, Any], **settings: Any) -> Any:
    bot = context(tmp_path / "data", now=NOW, **settings)
    take_in(bot, [write(tmp_path / "export.csv", *lines, columns=(*COLUMNS, "ResourceId"))])
    return bot


def test_cost_explorer_alone_knows_no_resources(tmp_path: Path) -> None:
    bot = context(tmp_path)
    store(bot.costs, [row(date(2026, 10, 5), 1.0)])
    with pytest.raises(NotEnoughData, match="by resource are not stored"):
        bot.costs.resources(start=OCTOBER, end=NOVEMBER)


def test_months_without_detail_are_not_taken_for_free_ones(tmp_path: Path) -> None:
    bot = taken(tmp_path, line("1", ResourceId="i-1"), detail_months=0)
    with pytest.raises(NotEnoughData, match="COSTBOT_DETAIL_MONTHS"):
        bot.costs.resources(start=OCTOBER, end=NOVEMBER)


def test_usage_is_summed_by_resource_and_the_rest_is_left_out(tmp_path: Path) -> None:
    bot = taken(
        tmp_path,
        line("1.25", ResourceId="i-1"),
        line("2.50", ResourceId="i-1", ChargePeriodStart="2026-10-06 00:00:00"),
        line("9", ResourceId="i-2", RegionId="eu-west-1"),
        line("5", ResourceId="NULL"),
        line("30", ResourceId="i-3", ChargeCategory="Purchase"),
    )
    found = bot.costs.resources(start=OCTOBER, end=NOVEMBER)
    assert found[["resource_id", "region", "cost"]].to_numpy().tolist() == [
        ["i-2", "eu-west-1", 9.0],
        ["i-1", "us-east-1", 3.75],
    ]
    only = bot.costs.resources(
        start=date(2026, 10, 6), end=NOVEMBER, where={"service": "ec2", "account": "111122223333"}
    )
    assert only["cost"].tolist() == [2.5]
    assert bot.costs.resources(start=OCTOBER, end=NOVEMBER, where={"service": "s3"}).empty


def test_a_month_is_replaced_there_too(tmp_path: Path) -> None:
    bot = taken(tmp_path, line("1", ResourceId="i-1"))
    take_in(bot, [write(tmp_path / "again.csv", line("2", ResourceId="i-9"), columns=(*COLUMNS, "ResourceId"))])
    assert bot.costs.resources(start=OCTOBER, end=NOVEMBER)["resource_id"].tolist() == ["i-9"]
