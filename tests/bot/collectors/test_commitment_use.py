"""How far commitments are used: from an export where there is one, else asked of Cost Explorer once a week."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.costs import Cut
from bot.collectors import commitment_coverage, reservations_use, savings_plans_use
from bot.commitments.figures import commitment_figures
from bot.context import Context
from tests.bot.collectors.bill_factories import END, TODAY, charges, stored
from tests.bot.collectors.fake_aws import FakeAws, refused
from tests.bot.decisions_factories import context as faked

OWNER = "111122223333"
PLAN = f"arn:aws:savingsplans::{OWNER}:savingsplan/p-1-of-search"
RI = f"arn:aws:ec2:us-east-1:{OWNER}:reserved-instances/r-1"
START = END - timedelta(days=40)


def exported(folder: Path, rows: list[dict[str, Any]]) -> Context:
    """A bot whose bill is an export."""
    context = faked(folder, aws=FakeAws({}))
    frame = DataFrame(rows)
    months = frame["date"].map(lambda day: day.replace(day=1))
    for month in sorted(set(months)):
        context.costs.replace_month("focus", month, frame[months.eq(month)])
    return context


def line(usd: float, **told: Any) -> list[dict[str, Any]]:
    usual = {
        "service_name": "Amazon Elastic Compute Cloud",
        "sub_account_id": OWNER,
        "region_id": "us-east-1",
        "usage_type": "BoxUsage:m5.large",
        "pricing_category": "Standard",
        "commitment_type": None,
        "commitment_id": None,
        "list_cost": usd,
    }
    return charges(Cut.FULL, START, TODAY, usd, **(usual | told))


def committed(usd: float, commitment_id: str, **told: Any) -> list[dict[str, Any]]:
    kind = "Savings Plan" if "savingsplan" in commitment_id else "Reserved"
    return line(usd, commitment_id=commitment_id, commitment_type=kind, pricing_category="Committed", **told)


def unused(usd: float, commitment_id: str) -> list[dict[str, Any]]:
    return committed(usd, commitment_id, charge_category="UnusedCommitment", list_cost=None)


BILL = [
    *committed(6.0, PLAN, list_cost=9.0),
    *unused(4.0, PLAN),
    *committed(3.0, RI, list_cost=5.0, usage_type="BoxUsage:r5.large"),
    *line(86.0),
    *line(50.0, usage_type="SpotUsage:m5.large", pricing_category="Dynamic"),
    *line(70.0, usage_type="EBS:VolumeUsage.gp3"),
    *committed(100.0, PLAN, charge_category="Purchase"),
]


def test_an_export_tells_each_commitment(tmp_path: Path) -> None:
    context = exported(tmp_path, BILL)
    [plan] = savings_plans_use.read(context).to_dict("records")
    [ri] = reservations_use.read(context).to_dict("records")

    assert (plan["name"], plan["account_id"], plan["region"]) == ("Savings Plan p-1-of-s", OWNER, "")
    assert (plan["days"], plan["used"], plan["unused"], plan["on_demand"]) == (7.0, 42.0, 28.0, 63.0)
    assert (plan["used_before"], plan["unused_before"], plan["source"]) == (126.0, 84.0, "the billing export")
    assert (ri["name"], ri["region"], ri["days"], ri["used"]) == ("EC2 r5 reservation", "us-east-1", 14.0, 42.0)
    assert (ri["unused"], ri["resource_id"]) == (0.0, "r-1")


def test_the_rates_are_over_all_eligible_usage_and_nothing_else(tmp_path: Path) -> None:
    found = commitment_figures(exported(tmp_path, BILL), 14, "family")

    # $100 of eligible usage on demand: 9 and 5 are covered, for 10 and 3; Spot and volumes are no part of it.
    assert (found.now.utilization, found.now.coverage) == (pytest.approx(9 / 13), pytest.approx(0.14))
    assert found.now.savings_rate == pytest.approx(0.01)
    assert found.before == found.now
    assert found.parts["coverage"].to_dict() == {"m5": pytest.approx(9 / 95), "r5": 1.0}
    assert found.parts["unused"].to_dict() == {"m5": pytest.approx(56.0), "r5": 0.0}
    assert found.points["coverage"].tolist() == pytest.approx([0.14] * 14)
    assert sorted(found.bill_only["name"]) == ["EC2 r5 reservation", "Savings Plan p-1-of-s"]


def test_an_export_without_amortised_costs_leaves_the_use_unknown(tmp_path: Path) -> None:
    rows = [row | {"effective_cost": None} for row in BILL]

    [plan] = savings_plans_use.read(exported(tmp_path, rows)).to_dict("records")

    assert pd.isna(plan["used"])


def period(days: int) -> dict[str, str]:
    until = date(2026, 11, 18)
    return {"Start": str(until - timedelta(days=days)), "End": str(until)}


def plan_details(used: str, unused_: str) -> dict[str, Any]:
    figures = {"TotalCommitment": "1", "UsedCommitment": used, "UnusedCommitment": unused_}
    return {
        "SavingsPlansUtilizationDetails": [
            {
                "SavingsPlanArn": PLAN,
                "Attributes": {"SavingsPlansType": "ComputeSavingsPlans"},
                "Utilization": figures,
                "Savings": {"OnDemandCostEquivalent": "99"},
            }
        ],
        "Total": {"Utilization": figures},
        "TimePeriod": period(7),
    }


def test_cost_explorer_tells_two_spans_of_plans_and_is_asked_once_a_week(tmp_path: Path) -> None:
    aws = FakeAws({"ce:GetSavingsPlansUtilizationDetails": [plan_details("60", "10"), plan_details("240", "20")]})
    context = faked(tmp_path, aws=aws)

    [plan] = savings_plans_use.read(context).to_dict("records")
    savings_plans_use.read(context)

    assert [asked["TimePeriod"] for _, asked in aws.calls] == [period(7), period(28)]
    assert (plan["name"], plan["source"], plan["days"]) == ("Compute Savings Plan", "Cost Explorer", 7.0)
    assert (plan["used"], plan["unused"], plan["on_demand"]) == (60.0, 10.0, 99.0)
    assert (plan["used_before"], plan["unused_before"]) == (180.0, 10.0)


def test_no_plan_is_no_row_and_a_refusal_is_one_that_says_so(tmp_path: Path) -> None:
    name = "ce:GetSavingsPlansUtilizationDetails"
    none = FakeAws({name: [refused("DataUnavailableException")] * 2})
    denied = FakeAws({name: [refused()] * 2})

    assert savings_plans_use.read(faked(tmp_path / "none", aws=none)).empty
    [row] = savings_plans_use.read(faked(tmp_path / "denied", aws=denied)).to_dict("records")
    assert name in row["problem"]


def reservation_details() -> dict[str, Any]:
    group = {
        "Key": "SUBSCRIPTION_ID",
        "Value": "1",
        "Attributes": {
            "leaseId": "r-1",
            "accountId": OWNER,
            "region": "us-east-1",
            "instanceType": "r5.large",
            "numberOfInstances": "2",
            "startDateTime": "2026-11-10T00:00:00.000Z",
            "endDateTime": "2027-11-10T00:00:00.000Z",
        },
        "Utilization": {"TotalAmortizedFee": "10", "RICostForUnusedHours": "4", "OnDemandCostOfRIHoursUsed": "9"},
    }
    return {"UtilizationsByTime": [{"TimePeriod": period(14), "Groups": [group]}]}


def test_cost_explorer_is_asked_about_services_that_were_charged_fees(tmp_path: Path) -> None:
    rows = charges(Cut.CHARGE, START, TODAY, 1.0, service_name="EC2 - Other")
    rows += charges(Cut.CHARGE, END, TODAY, 1.0, service_name="Amazon ElastiCache", charge_category="UnusedCommitment")
    aws = FakeAws({"ce:GetReservationUtilization": [reservation_details()]})

    [row] = reservations_use.read(stored(tmp_path, rows, aws=aws)).to_dict("records")

    assert [asked["Filter"]["Dimensions"]["Values"] for _, asked in aws.calls] == [["Amazon ElastiCache"]]
    assert (row["name"], row["account_id"], row["resource_id"]) == ("2 × r5.large", OWNER, "r-1")
    assert (row["used"], row["unused"], row["on_demand"]) == (6.0, 4.0, 9.0)
    assert row["days"] == 8.0, "it began on the tenth"


def test_without_an_export_by_the_hour_days_tell_the_stable_part(tmp_path: Path) -> None:
    days = [
        {
            "Coverage": {"SpendCoveredBySavingsPlans": "24", "OnDemandCost": str(48 + day), "TotalCost": "0"},
            "TimePeriod": {"Start": str(date(2026, 10, 21) + timedelta(days=day)), "End": "2026-11-18"},
        }
        for day in range(28)
    ]
    aws = FakeAws({"ce:GetSavingsPlansCoverage": {"SavingsPlansCoverages": days}})

    [row] = commitment_coverage.read(faked(tmp_path, aws=aws)).to_dict("records")

    assert (row["name"], row["spans"], row["span_hours"]) == ("what Savings Plans could cover", 28.0, 24.0)
    assert (row["floor"], row["covered"]) == (pytest.approx(73 / 24), 1.0)
    assert (
        commitment_coverage.read(faked(tmp_path / "no", aws=FakeAws({"ce:GetSavingsPlansCoverage": refused()})))[
            "problem"
        ]
        .str.contains("ce:GetSavingsPlansCoverage")
        .all()
    )
