"""The worker's part: stored costs in, incidents with their explanation out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.models import Anomaly, AnomalyKind, Direction, from_json
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData
from bot.workflows.find_anomalies import find_anomalies
from bot.workflows.incident_group import Group
from bot.workflows.incident_joins import Told
from bot.workflows.judge_costs import SEPARATOR
from tests.bot.anomalies.anomaly_factories import EC2, EC2_OTHER, LAST, PROD, STAGING, Bill, question

RDS, S3, TRANSFER = "Amazon Relational Database Service", "Amazon Simple Storage Service", "AWS Data Transfer"
SPIKE = LAST - timedelta(days=3)


def found(tmp_path: Path, bill: Bill, **asked: Any) -> list[Anomaly]:
    bill.store(CostFiles(tmp_path))
    return [from_json(Anomaly, text) for text in find_anomalies(str(tmp_path), question(**asked)).anomalies]


def told(*names: str, first: date = SPIKE) -> Told:
    """An incident of these services in prod that was told before."""
    return Told(frozenset(f"{name}{SEPARATOR}{PROD}" for name in names), first, first, "up")


def test_nothing_stored_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData):
        find_anomalies(str(tmp_path), question())


def test_two_weeks_of_history_are_too_few(tmp_path: Path) -> None:
    Bill(length=14).line(EC2, "BoxUsage:m5.large", 100).store(CostFiles(tmp_path))
    with pytest.raises(NotEnoughData, match="14 days"):
        find_anomalies(str(tmp_path), question())


def test_an_ordinary_bill_has_none(tmp_path: Path) -> None:
    bill = Bill().line(EC2, "BoxUsage:m5.large", 200).line(EC2_OTHER, "NatGateway-Bytes", 40)
    assert found(tmp_path, bill) == []


def test_a_spike_says_what_where_and_whose(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(40, SPIKE, 2, 240)).line(EC2_OTHER, "EBS:VolumeUsage.gp3", 60)
    bill.line(EC2, "BoxUsage:m5.large", 200, tags={"team": "search"})
    (one,) = found(tmp_path, bill)
    assert (one.service, one.service_name, one.account_name) == ("ec2", "NAT gateways", "prod")
    assert (one.region, one.owner, one.kind, one.direction) == (
        "us-east-1", "platform", AnomalyKind.SPIKE, Direction.UP,
    )  # fmt: skip
    assert (one.first_day, one.last_day, one.data_until) == (SPIKE, SPIKE + timedelta(days=1), LAST)
    assert one.expected == pytest.approx(100, rel=0.05)
    assert one.actual == pytest.approx(300, rel=0.05)
    assert one.impact_per_day == pytest.approx(one.actual - one.expected)
    assert one.impact_total == pytest.approx(2 * one.impact_per_day)
    assert [driver.name for driver in one.top_usage_types] == ["NatGateway-Bytes"]
    assert one.explanation.startswith("EC2 - Other there: $")
    assert "on the eight " in one.explanation
    assert len(one.chart.labels) == 14
    assert one.chart.labels[-1] == "Nov 19"


def test_each_usage_type_says_how_it_moved(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(40, SPIKE, 2, 240), unit="GB", pricing_category="Standard")
    bill.line(EC2_OTHER, "EBS:VolumeUsage.gp3", 60)
    for row in bill.rows:
        row["quantity"] = row["billed_cost"] / 0.045 if "unit" in row else None
    (one,) = found(tmp_path, bill)
    (driver,) = one.top_usage_types
    assert driver.how.startswith("more used, ")
    assert driver.how.endswith(" GB a day")
    assert driver.impact == pytest.approx(200, rel=0.05)


def measured(bill: Bill) -> Bill:
    for row in bill.rows:
        row["quantity"] = row["billed_cost"] / 0.045
    return bill


def test_the_same_cause_in_two_accounts_is_one_incident(tmp_path: Path) -> None:
    bill = Bill()
    nat = {"unit": "GB", "pricing_category": "Standard"}
    bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(40, SPIKE, 2, 140), **nat)
    bill.line(EC2_OTHER, "EUW1-NatGateway-Bytes", bill.during(40, SPIKE, 2, 240), sub_account_id=STAGING, **nat)
    (one,) = found(tmp_path, measured(bill))
    assert (one.account_id, one.also_in, one.account_name) == (PROD, (STAGING,), "prod and 1 more account")
    assert one.impact_per_day == pytest.approx(300, rel=0.05)
    assert [round(driver.impact, -2) for driver in one.top_usage_types] == [200, 100]
    assert "The same moved in the same way in staging." in one.explanation


def test_another_cause_in_another_account_is_another_incident(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(40, SPIKE, 2, 140), unit="GB")
    bill.line(EC2_OTHER, "EBS:VolumeUsage.gp3", bill.during(40, SPIKE, 2, 240), sub_account_id=STAGING, unit="GB-Mo")
    assert [one.also_in for one in found(tmp_path, measured(bill))] == [(), ()]


def test_what_cannot_be_told_is_not_taken_for_the_same_cause(tmp_path: Path) -> None:
    bill = Bill()
    for account in (PROD, STAGING):
        bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(40, SPIKE, 2, 240), sub_account_id=account)
    assert [one.account_id for one in found(tmp_path, bill)] == [PROD, STAGING]


def cluster(bill: Bill, first: date = SPIKE, count: int = 2, **changed: Any) -> Bill:
    """Machines and databases of one team that rise together."""
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, first, count, 400))
    return bill.line(RDS, "InstanceUsage:db.m5.large", bill.during(50, first, count, 150), **changed)


def test_services_of_one_team_that_rise_together_are_one_incident_that_names_its_parts(tmp_path: Path) -> None:
    (one,) = found(tmp_path, cluster(Bill()).line(S3, "Requests-Tier1", 30))
    assert (one.service, one.services, one.service_name) == ("ec2", ("ec2", "rds"), "EC2 and RDS")
    assert (one.account_id, one.owner, one.kind) == (PROD, "platform", AnomalyKind.SPIKE)
    assert [(part.service, part.service_name) for part in one.parts] == [("ec2", "EC2"), ("rds", "RDS")]
    assert sum(part.impact_per_day for part in one.parts) == pytest.approx(one.impact_per_day)
    assert [part.impact_per_day for part in one.parts] == pytest.approx([300, 100], rel=0.05)
    assert one.lines == tuple(line for part in one.parts for line in part.lines)
    assert one.expected == pytest.approx(150, rel=0.05)
    assert one.explanation.startswith("EC2 +$")
    assert "they began on the same day in the same account and moved alike, so they are told as one." in one.explanation
    assert [driver.name for driver in one.top_usage_types] == ["BoxUsage:m5.large", "InstanceUsage:db.m5.large"]


@pytest.mark.parametrize(
    "changed", [{"tags": {"team": "search"}}, {"sub_account_id": STAGING}], ids=["another team", "another account"]
)
def test_services_of_another_team_or_account_are_another_incident(tmp_path: Path, changed: dict[str, Any]) -> None:
    assert [one.services for one in found(tmp_path, cluster(Bill(), **changed))] == [("ec2",), ("rds",)]


def test_services_that_began_days_apart_or_went_otherwise_are_not_one(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, SPIKE, 4, 400))
    bill.line(RDS, "InstanceUsage:db.m5.large", bill.during(50, SPIKE, 1, 150))
    bill.line(S3, "Requests-Tier1", bill.during(50, SPIKE - timedelta(days=6), 2, 250))
    assert sorted(one.services for one in found(tmp_path, bill)) == [("ec2",), ("rds",), ("s3",)]


def test_what_was_told_apart_stays_apart_and_what_was_told_as_one_stays_one(tmp_path: Path) -> None:
    apart = found(tmp_path / "a", cluster(Bill()), known=(told(EC2), told(RDS)))
    assert [one.services for one in apart] == [("ec2",), ("rds",)]
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, SPIKE, 4, 400))
    bill.line(RDS, "InstanceUsage:db.m5.large", bill.during(50, SPIKE, 1, 150), tags={"team": "search"})
    assert [one.services for one in found(tmp_path / "b", bill, known=(told(EC2, RDS),))] == [("ec2", "rds")]


def test_a_group_is_of_what_was_told_where_it_shares_series_days_and_direction() -> None:
    group = Group("ec2", PROD, "up", "step", SPIKE, SPIKE, [f"{EC2}{SEPARATOR}{PROD}"], [EC2])
    assert told(EC2, RDS).has(group)
    assert not told(RDS).has(group)
    assert not told(EC2, first=SPIKE - timedelta(days=20)).has(group)
    assert not told(EC2).has(replace(group, direction="down"))


def test_several_services_in_several_accounts_are_one(tmp_path: Path) -> None:
    bill = Bill()
    for account in (PROD, STAGING):
        nat = {"unit": "GB", "pricing_category": "Standard", "sub_account_id": account}
        bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(40, SPIKE, 2, 140), **nat)
        bill.line(TRANSFER, "DataTransfer-Out-Bytes", bill.during(40, SPIKE, 2, 100), **nat)
    (one,) = found(tmp_path, measured(bill))
    assert (one.services, one.also_in) == (("ec2", "datatransfer"), (STAGING,))
    assert one.service_name == "NAT gateways and Data transfer"
    assert one.impact_per_day == pytest.approx(320, rel=0.05)
    assert "in the same accounts" in one.explanation


def test_a_rise_that_the_fall_of_another_account_hides_is_found(tmp_path: Path) -> None:
    """The organisation's total stands still; from the stored bill to the incident and to what explains it."""
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(200, SPIKE, 9, 590))
    bill.line(EC2, "BoxUsage:m5.large", bill.during(400, SPIKE, 9, 10), sub_account_id=STAGING)
    rise, fall = sorted(found(tmp_path, measured(bill)), key=lambda one: -one.impact_per_day)
    assert (rise.account_id, rise.direction, rise.first_day) == (PROD, Direction.UP, SPIKE)
    assert (fall.account_id, fall.direction, fall.first_day) == (STAGING, Direction.DOWN, SPIKE)
    assert rise.impact_per_day == pytest.approx(-fall.impact_per_day, rel=0.1)


def test_an_untagged_cost_has_no_owner(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(50, SPIKE, 2, 400), tags={"team": ""})
    (one,) = found(tmp_path, bill)
    assert one.owner is None


def test_a_new_service_has_no_percent_and_stays_news_for_two_weeks(tmp_path: Path) -> None:
    first = LAST - timedelta(days=9)
    bill = Bill().line(EC2, "BoxUsage:m5.large", 100)
    bill.line("Amazon Bedrock", "USE1-NovaPro-input-tokens", bill.during(0, first, 60, 34), sub_account_id=STAGING)
    (one,) = found(tmp_path, bill)
    assert (one.kind, one.service_name, one.account_name) == (AnomalyKind.NEW, "Bedrock", "staging")
    assert (one.first_day, one.last_day) == (first, LAST)
    assert (one.pct, one.expected) == (None, 0.0)
    assert one.actual == pytest.approx(34, rel=0.05)
    assert one.explanation.startswith(f"No cost before Nov {first.day}; $3")
    assert (len(one.chart.labels), one.chart.labels[-1]) == (14, "Nov 19")
    assert one.chart.series[0].values[:4] == (0.0, 0.0, 0.0, 0.0)
    assert min(one.chart.series[0].values[4:]) > 30


def test_two_lines_of_one_service_are_one_incident(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, SPIKE, 2, 400))
    bill.line(EC2_OTHER, "NatGateway-Bytes", bill.during(50, SPIKE, 2, 200))
    (one,) = found(tmp_path, bill)
    assert one.service_name == "EC2"
    assert one.impact_per_day == pytest.approx(450, rel=0.05)
    assert [driver.name for driver in one.top_usage_types] == ["BoxUsage:m5.large", "NatGateway-Bytes"]


def test_accounts_are_told_apart(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, SPIKE, 2, 400))
    bill.line(EC2, "BoxUsage:m5.large", 150, sub_account_id=STAGING)
    (one,) = found(tmp_path, bill)
    assert one.account_name == "prod"


def test_a_drop_is_explained_by_the_days_before(tmp_path: Path) -> None:
    gone = LAST - timedelta(days=4)
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(300, gone, 9, 5))
    (one,) = found(tmp_path, bill)
    assert (one.kind, one.direction) == (AnomalyKind.DROP, Direction.DOWN)
    assert one.impact_per_day == pytest.approx(-295, rel=0.05)
    assert one.severity == "medium"


def test_the_dearest_comes_first(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, SPIKE, 2, 200))
    bill.line(S3, "Requests-Tier1", bill.during(100, SPIKE, 2, 900), tags={"team": "search"})
    assert [one.service for one in found(tmp_path, bill)] == ["s3", "ec2"]


def test_incidents_of_long_ago_are_not_told(tmp_path: Path) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, date(2026, 9, 20), 2, 900))
    assert found(tmp_path, bill) == []
    assert np.max([row["effective_cost"] for row in bill.rows]) > 800
