"""The shipped snapshot is what the repair makes of apache-libcloud's table, which itself is not usable."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from analysis.prices.ec2_list import SNAPSHOT_FILE
from bot.errors import CostbotError
from bot.savings.price_snapshot import libcloud_prices, snapshot_bytes


def test_without_the_package_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(CostbotError, match="apache-libcloud is not installed"):
        snapshot_bytes()


def test_what_is_shipped_is_what_the_repair_makes() -> None:
    assert snapshot_bytes() == SNAPSHOT_FILE.read_bytes()
    assert len(SNAPSHOT_FILE.read_bytes()) < 300_000


def test_the_table_as_it_stands_would_be_wrong() -> None:
    listed: Any = libcloud_prices()["compute"]["ec2_linux"]

    assert {name: listed[name]["us-east-1"] for name in ("t3.large", "r5.large", "m5.xlarge")} == {
        "t3.large": 0.0882, "r5.large": 0.134, "m5.xlarge": 0.0,
    }  # fmt: skip
