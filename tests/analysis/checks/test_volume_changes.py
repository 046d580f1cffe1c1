"""Changes of a volume in place: EC2 takes no smaller size, and only so many changes a day."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.checks import checks
from tests.analysis.checks.check_factories import cards, table
from tests.analysis.checks.volume_factories import days, volume

#: Each check whose card changes a volume, with one that it changes.
CHANGED: dict[str, dict[str, Any]] = {
    "ebs.gp2_to_gp3": volume(volume_type="gp2", size_gib=2000, iops=6000.0, throughput_mib_s=None),
    "ebs.provisioned_iops": volume(volume_type="io2", iops=5000.0, throughput_mib_s=None),
    "ebs.unused_gp3_performance": volume(iops=9000.0, throughput_mib_s=500.0),
}


def lines(check_id: str) -> list[str]:
    """The lines of its command and its way back that change a volume."""
    words = checks()[check_id].words
    return [line for line in (*words.command, *words.undo) if "modify-volume " in line] if words else []


def test_no_command_makes_a_volume_smaller() -> None:
    changing = {check_id: lines(check_id) for check_id in checks() if lines(check_id)}

    assert set(changing) == set(CHANGED)
    assert not [line for every in changing.values() for line in every if "--size" in line]


@pytest.mark.parametrize("check_id", CHANGED)
def test_the_card_says_how_often_a_volume_may_be_changed(check_id: str) -> None:
    tables = {"ebs_volumes": table("ebs_volumes", CHANGED[check_id]), "ebs_metrics": days(1000, 10)}

    (card,) = cards(check_id, tables)

    assert "at most four times in 24 hours" in card.risk_reason
