"""A scan in the terminal: text, JSON and CSV say the same, and say what was not looked at."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.aws.places import NotLookedAt
from bot.savings import checks_report, scan_report
from bot.tables import typed
from bot.workflows.post_savings import Posted
from bot.workflows.scan_savings import ScanResult
from bot.workflows.think_savings import ROWS
from tests.bot.decisions_factories import context as a_context
from tests.bot.savings.savings_factories import recorded, row, saving

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.fixture
def result(tmp_path: Path) -> ScanResult:
    big, small = saving(1, monthly_savings=100.25), saving(2, monthly_savings=9.5, resource_name="=cmd|' /C calc'!A0")
    rows = [
        row(big),
        row(small),
        row(saving(3), "fine"),
        row(saving(4), "insufficient", why="Memory of at least 7 days: install the agent."),
        row(saving(5), "insufficient", why="Memory of at least 7 days: install the agent."),
        row(saving(6), "conflict", why="In Auto Scaling group web [prod]: change its launch template."),
    ]
    context = a_context(tmp_path)
    return ScanResult(
        at=AT,
        data_until=AT,
        findings=(recorded(context, big), recorded(context, small)),
        rows=typed(rows, ROWS),
        small=(2, 7.3),
        not_looked_at=(NotLookedAt("ec2", "4", "staging", "us-east-1", "No ec2:DescribeInstances in account 4."),),
        resolved=(),
        posted=Posted(),
    )


def test_json_names_every_verdict_the_missing_facts_and_who_failed(result: ScanResult) -> None:
    told = json.loads(scan_report.as_json(result))

    assert told["monthly_savings"] == 109.75
    assert told["counts"] == {"saves": 2, "fine": 1, "insufficient": 2, "conflict": 1, "notice": 0}
    assert told["missing_facts"] == {"Memory of at least 7 days": 2}
    assert [finding["monthly_savings"] for finding in told["findings"]] == [100.25, 9.5]
    assert told["findings"][0]["id"] == result.findings[0].id
    assert len(told["verdicts"]) == 6
    assert [failure["account_id"] for failure in told["not_looked_at"]] == ["4"]


def test_csv_has_a_line_per_resource_and_per_failure_and_no_formula(result: ScanResult) -> None:
    lines = list(csv.DictReader(io.StringIO(scan_report.as_csv(result))))

    assert [line["verdict"] for line in lines] == [
        "saves", "saves", "fine", "insufficient", "insufficient", "conflict", "not looked at",
    ]  # fmt: skip
    assert lines[0]["id"] == result.findings[0].id
    assert lines[1]["resource_name"].startswith("'=cmd")
    assert lines[2]["monthly_savings"] == ""


def test_text_gives_the_total_first_and_reasons_last(result: ScanResult) -> None:
    told = scan_report.as_text(result)

    assert told.startswith("$110 a month could be saved: 2 findings of 1 check (data until 2026-11-20 10:00 UTC).")
    assert "2 smaller savings, $7.30 a month together, are below the minimum" in told
    assert "api-4 (ec2.rightsizing): Memory of at least 7 days: install the agent." in told
    assert "In Auto Scaling group web [prod]" in told
    assert told.endswith("Not looked at:\n  staging: No ec2:DescribeInstances in account 4.")


def test_the_list_of_checks_has_what_others_rely_on() -> None:
    (listed,) = [row for row in json.loads(checks_report.as_json()) if row["id"] == "ec2.rightsizing"]

    assert {"id", "system", "title", "tables", "thresholds", "iam_actions", "source"} <= set(listed)
    assert listed["iam_actions"] == [
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "pricing:GetProducts",
    ]
    assert "ec2.rightsizing" in checks_report.as_text()
