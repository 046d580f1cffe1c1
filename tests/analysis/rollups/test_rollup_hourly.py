"""What the rollup by the hour keeps apart, and what of it a commitment could cover."""

from __future__ import annotations

import pytest

from analysis.rollups import Rollup
from tests.analysis.rollups.lines_factories import rolled_up

OPERATION = {"focus": "x_Operation", "cur": "line_item_operation"}
USAGE_TYPE = {"focus": "x_UsageType", "cur": "line_item_usage_type"}


@pytest.mark.parametrize("source", ["focus", "cur"])
def test_windows_and_linux_of_one_type_are_two_rows(source: str) -> None:
    same = {USAGE_TYPE[source]: "BoxUsage:m5.large"}
    lines = [{**same, OPERATION[source]: name} for name in ("RunInstances", "RunInstances:0002", "RunInstances ")]

    rows = rolled_up(source, lines, rollup=Rollup.HOURLY).sort_values("billed_cost")

    assert sorted(rows["operation"].unique()) == ["RunInstances", "RunInstances:0002"]
    assert rows.groupby("operation")["billed_cost"].sum().to_dict() == {"RunInstances": 2.0, "RunInstances:0002": 1.0}


@pytest.mark.parametrize("source", ["focus", "cur"])
def test_a_bill_without_operations_has_none(source: str) -> None:
    lines = [{USAGE_TYPE[source]: "BoxUsage:m5.large"}]

    rows = rolled_up(source, lines, rollup=Rollup.HOURLY, missing=[OPERATION[source]])

    assert rows["operation"].isna().all()


@pytest.mark.parametrize(
    ("usage_type", "kept"),
    [
        ("USE1-Host:ml.m5.xlarge", True),
        ("EUW1-Multi-AZClusterUsage:db.m6gd.large", True),
        ("Multi-AZUsage:db.m5.large", True),
        ("USE1-Host:html.page", False),
    ],
)
def test_usage_that_a_commitment_could_cover_is_kept(usage_type: str, kept: bool) -> None:
    assert len(rolled_up("focus", [{"x_UsageType": usage_type}], rollup=Rollup.HOURLY)) == kept
