"""The demo's planted unit: orders a day in CloudWatch, and the units file that asks for them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.collectors.unit_metrics import fetch
from bot.demo.aws.cloudwatch_shop import PLACE
from bot.demo.shop_unit import UNITS
from bot.units.definitions import parse
from tests.demo.aws.inventory_factories import NOW, monitoring


class StandIn:
    """Hands out the stand-in's own answers, a page after the other."""

    def client(self, service: str, *, account_id: str, region: str) -> Any:
        assert (service, (account_id, region)) == ("cloudwatch", PLACE)
        return self

    def get_paginator(self, name: str) -> Any:
        assert name == "get_metric_data"
        return self

    def paginate(self, **asked: Any) -> Any:
        yield monitoring().get_metric_data(PLACE, asked)


def test_the_demos_unit_has_orders_for_every_day_that_is_over() -> None:
    [unit] = parse(UNITS, Path("units.toml"))
    assert unit.metric is not None
    counts = fetch(StandIn(), unit.key, unit.metric, NOW.date())  # type: ignore[arg-type]
    assert (max(counts), len(counts)) == (date(2026, 11, 19), 400)
    thursday, sunday = counts[date(2026, 11, 19)], counts[date(2026, 11, 15)]
    assert 50_000 < thursday < 120_000
    assert sunday < 0.7 * thursday
    assert min(counts) == NOW.date() - timedelta(days=400)
