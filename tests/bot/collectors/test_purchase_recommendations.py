"""What AWS proposes to buy: asked once a week, of what was billed, within the day's requests; refusals are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.costs import Cut
from bot.collectors import purchase_recommendations
from bot.collectors.purchase_recommendations import COLUMNS, PLANS_ACTION, read
from bot.context import Context
from tests.bot.collectors.bill_factories import END, charges
from tests.bot.collectors.fake_aws import FakeAws, refused
from tests.bot.decisions_factories import context as faked

PLANS, NODES = "ce:GetSavingsPlansPurchaseRecommendation", "ce:GetReservationPurchaseRecommendation"
EC2, RDS = "Amazon Elastic Compute Cloud - Compute", "Amazon Relational Database Service"


def bot(folder: Path, answers: dict[str, Any], *services: str, **settings: Any) -> Context:
    """A bot whose bill has these services."""
    context = faked(folder, aws=FakeAws(answers), settings={"ce_requests_a_day": 24} | settings)
    first = END - timedelta(days=20)
    rows = [row for name in services for row in charges(Cut.CHARGE, first, END, 5.0, service_name=name)]
    frame = pd.DataFrame(rows)
    months = frame["date"].map(lambda day: day.replace(day=1))
    for month in sorted(set(months)):
        context.costs.replace_month("cost_explorer", month, frame[months.eq(month)])
    return context


def plan(hourly: str, saving: str, **details: str) -> dict[str, Any]:
    return {
        "SavingsPlansDetails": details,
        "HourlyCommitmentToPurchase": hourly,
        "EstimatedMonthlySavingsAmount": saving,
        "CurrentAverageHourlyOnDemandSpend": "9.5",
    }


def plans(*details: dict[str, Any], token: str = "") -> dict[str, Any]:
    page = {"SavingsPlansPurchaseRecommendation": {"SavingsPlansPurchaseRecommendationDetails": list(details)}}
    return page | ({"NextPageToken": token} if token else {})


DATABASE = {
    "RecommendationDetails": [
        {
            "InstanceDetails": {
                "RDSInstanceDetails": {
                    "Family": "db.r6g",
                    "InstanceType": "db.r6g.large",
                    "Region": "us-east-1",
                    "DatabaseEngine": "PostgreSQL",
                    "DeploymentOption": "Multi-AZ",
                }
            },
            "RecommendedNumberOfInstancesToPurchase": "4",
            "MinimumNumberOfInstancesUsedPerHour": "4",
            "AverageNumberOfInstancesUsedPerHour": "4.5",
            "EstimatedMonthlySavingsAmount": "120.5",
            "EstimatedMonthlyOnDemandCost": "730",
            "RecurringStandardMonthlyCost": "365",
            "UpfrontCost": "0",
        }
    ]
}


def test_nothing_is_asked_of_what_is_not_billed(tmp_path: Path) -> None:
    context = bot(tmp_path, {}, "AmazonCloudWatch")

    assert read(context).empty


def test_plans_for_machines_are_asked_page_by_page(tmp_path: Path) -> None:
    first = plans(plan("4.25", "310.5"), token="more")
    narrow = plans(plan("1.5", "200", InstanceFamily="m5", Region="eu-west-1"))
    context = bot(tmp_path, {PLANS: [first, plans(), narrow]}, EC2)

    found = read(context)

    assert list(found.columns) == list(COLUMNS)
    assert found[["resource_id", "kind", "label", "hourly", "saving", "on_demand"]].to_numpy().tolist() == [
        ["Compute", "Compute", "Compute Savings Plan", 4.25, 310.5, 9.5],
        [
            "EC2Instance m5 eu-west-1", "EC2Instance", "EC2 Instance Savings Plan m5 in eu-west-1", 1.5, 200.0, 9.5,
        ],
    ]  # fmt: skip
    asked = [told for _, told in context.aws.calls]  # type: ignore[attr-defined]
    assert [one.get("NextPageToken") for one in asked] == [None, "more", None]
    assert {one["TermInYears"] for one in asked} == {"ONE_YEAR"}


def test_nodes_are_asked_of_their_service(tmp_path: Path) -> None:
    context = bot(tmp_path, {PLANS: [plans()], NODES: [{"Recommendations": [DATABASE]}]}, RDS)

    [row] = read(context).to_dict("records")

    told = {name: row[name] for name in ("service", "instance_type", "platform", "multi_az", "count", "used_least")}
    assert told == {
        "service": "AmazonRDS", "instance_type": "db.r6g.large", "platform": "PostgreSQL", "multi_az": True,
        "count": 4.0, "used_least": 4.0,
    }  # fmt: skip
    assert (row["hourly"], row["saving"], row["on_demand"]) == (pytest.approx(0.5), 120.5, pytest.approx(1.0))


def test_a_second_scan_of_the_week_asks_nothing(tmp_path: Path) -> None:
    context = bot(tmp_path, {PLANS: [plans(plan("4.25", "310.5")), plans()]}, EC2)

    pd.testing.assert_frame_equal(read(context), read(context))
    assert len(context.aws.calls) == 2  # type: ignore[attr-defined]


def test_a_refusal_is_told_once(tmp_path: Path) -> None:
    context = bot(tmp_path, {PLANS: [refused(), refused()]}, EC2)

    [row] = read(context).to_dict("records")

    assert PLANS_ACTION in row["problem"]
    assert row["kind"] == ""


def test_where_cost_explorer_is_switched_off_that_is_told(tmp_path: Path) -> None:
    context = bot(tmp_path, {}, EC2, RDS, cost_explorer=False)

    [row] = read(context).to_dict("records")

    assert row["problem"] == "Cost Explorer is not asked, as COSTBOT_COST_EXPLORER switches it off."


def test_where_nothing_ran_aws_proposes_nothing(tmp_path: Path) -> None:
    unavailable = refused("DataUnavailableException")

    assert read(bot(tmp_path, {PLANS: [unavailable, unavailable]}, EC2)).empty


def test_it_may_ask_what_it_says(tmp_path: Path) -> None:
    assert set(purchase_recommendations.ACTIONS) == {PLANS, NODES}
