"""The file of instance types: asked once a month, and never trusted when it is damaged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.savings.instance_type_cache import FILE, instance_type_table
from tests.bot.collectors.test_ec2_collectors import spec

TODAY = date(2026, 11, 20)


class Ec2:
    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, families: Sequence[str]) -> list[dict[str, Any]]:
        self.asked.append(list(families))
        return [spec(InstanceType=f"{family}.large") for family in families if family != "r9"]


def test_asks_only_for_families_it_does_not_know(tmp_path: Path) -> None:
    ec2 = Ec2()
    instance_type_table(tmp_path, ["m5", "c5"], TODAY, ec2)

    found = instance_type_table(tmp_path, ["m5", "t3"], TODAY, ec2)

    assert ec2.asked == [["c5", "m5"], ["t3"]]
    assert sorted(found["instance_type"]) == ["m5.large", "t3.large"]


def test_a_family_that_does_not_exist_is_not_asked_for_again(tmp_path: Path) -> None:
    ec2 = Ec2()
    for _ in range(2):
        assert instance_type_table(tmp_path, ["r9"], TODAY, ec2).empty

    assert ec2.asked == [["r9"]]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"fetched_on": "soon"}', '{"fetched_on": "2026-11-20", "types": [{}]}']
)
def test_a_damaged_or_older_file_is_written_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    ec2 = Ec2()

    assert len(instance_type_table(tmp_path, ["m5"], TODAY, ec2)) == 1
    assert len(instance_type_table(tmp_path, ["m5"], TODAY, ec2)) == 1
    assert len(ec2.asked) == 1


@pytest.mark.parametrize(("on", "times"), [(date(2026, 12, 20), 1), (date(2026, 12, 21), 2), (date(2026, 11, 19), 2)])
def test_is_asked_again_after_a_month(tmp_path: Path, on: date, times: int) -> None:
    ec2 = Ec2()
    instance_type_table(tmp_path, ["m5"], TODAY, ec2)
    instance_type_table(tmp_path, ["m5"], on, ec2)

    assert len(ec2.asked) == times
