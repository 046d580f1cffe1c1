"""What to buy: one proposal with its odds; blocked, unknown or small ones are none."""

from __future__ import annotations

import pytest

from analysis.models import Risk
from analysis.ranking import alternatives
from tests.analysis.checks.check_factories import cards, judged, table
from tests.analysis.checks.purchase_rows import blocked, compute, mix, of_aws, reserved, tables

CHECK = "commitments.purchase"
LONGER = {"resource_id": "purchase 3 years No Upfront", "years": 3.0, "saving": 2000.0}
UPFRONT = {"resource_id": "purchase 1 year All Upfront", "payment": "All Upfront", "saving": 1700.0}


def test_a_fall_blocks_with_its_reason() -> None:
    [row] = judged(CHECK, tables([blocked("the last 7 days cost $4.00 an hour, 33 % less")])).to_dict("records")

    assert row["verdict"] == "conflict"
    assert row["why"] == "Buying is blocked: the last 7 days cost $4.00 an hour, 33 % less."


def test_too_few_hours_are_no_evidence() -> None:
    [row] = judged(CHECK, tables([blocked("9 days of hourly usage are known", days=9.0)])).to_dict("records")

    assert (row["verdict"], row["why"]) == ("insufficient", "What to buy: 9 days of hourly usage are known")


def test_without_hours_and_without_an_answer_of_aws_it_says_why() -> None:
    unknown = {"problem": "Cost Explorer's stored costs are by the day."}
    [row] = judged(CHECK, tables([blocked("", days=None, basis="", **unknown)])).to_dict("records")

    assert row["verdict"] == "insufficient"
    assert row["why"] == "What to buy: Cost Explorer's stored costs are by the day."


def test_where_nothing_saves_at_the_accepted_risk_nothing_is_to_be_done() -> None:
    [row] = judged(CHECK, tables([blocked("")])).to_dict("records")

    assert (row["verdict"], row["why"]) == ("fine", "No commitment on offer saves at the accepted risk.")


def test_what_hardly_saves_is_none() -> None:
    assert judged(CHECK, tables([mix(saving=49.0)], [compute()]))["verdict"].tolist() == ["fine"]


def test_what_binds_for_longer_or_asks_for_more_is_not_proposed() -> None:
    rows = judged(CHECK, tables([mix(**LONGER), mix(**UPFRONT)], [compute()]))

    assert set(rows["verdict"]) == {"fine"}
    assert "purchase" not in rows.index


def test_one_mix_is_proposed_and_the_others_are_alternatives() -> None:
    rows = judged(CHECK, tables([mix(**LONGER), mix(), mix(**UPFRONT)], [compute()]))

    assert rows["verdict"].to_dict() == {
        "purchase 3 years No Upfront": "fine",
        "purchase": "saves",
        "purchase 1 year All Upfront": "fine",
    }
    assert rows.loc["purchase", "monthly_savings"] == 1460.0
    assert rows.loc["purchase 3 years No Upfront", "why"] == (
        "An alternative to what is proposed: 3 years, no upfront, expected $2,000.00 a month."
    )


def test_settings_may_allow_more_and_the_proposal_stays_the_same_one() -> None:
    rows = judged(CHECK, tables([mix(**LONGER), mix()], [compute(), compute(years=3.0)]), most_years=3)

    assert rows.loc["purchase", "years"] == 3
    assert rows.loc["purchase", "monthly_savings"] == 2000.0


def test_the_saving_is_off_by_the_wider_side_of_its_band() -> None:
    assert judged(CHECK, tables([mix()], [compute()])).loc["purchase", "plus_minus"] == 200.0


def test_single_offers_for_the_same_usage_are_not_counted_beside_it() -> None:
    [card] = cards(CHECK, tables([mix()], [compute()], [reserved()]))

    assert card.covers == ("databases", "AmazonRDS db.r6g us-east-1")


def test_aws_estimate_covers_the_nodes_that_are_in_it() -> None:
    node = of_aws("Reserved", 50.0, service="AmazonRDS", instance_type="db.r6g.large", place="us-east-1", count=1.0)
    [card] = cards(CHECK, tables([blocked("", days=None, problem="No export.")], aws=[of_aws("Compute", 900.0), node]))

    assert card.covers == ("databases", "AmazonRDS db.r6g us-east-1")


def test_beside_the_mix_only_what_it_leaves_out_is_counted() -> None:
    [whole] = cards(CHECK, tables([mix()], [compute()], [reserved()]))
    usual = {"known_days": 180.0, "billed_days": 180.0, "floor_share": 1.0, "region": ""}
    ids = ("AmazonRDS db.r6g us-east-1", "AmazonRedshift ra3 us-east-1")
    nodes = table("billed_nodes", *(usual | {"resource_id": id_} for id_ in ids))
    warehouse = of_aws(
        "Reserved", 300.0, service="AmazonRedshift", instance_type="ra3.4xlarge", place="us-east-1", count=1.0
    )
    alone = cards("commitments.reserved_nodes", {"billed_nodes": nodes} | tables(offers=[reserved()], aws=[warehouse]))

    assert [one.monthly_savings for one in alone] == [584.0, 300.0]
    assert alternatives([whole, *alone]) == {alone[0].fingerprint}


def test_the_card_tells_the_odds_the_rungs_and_the_commands() -> None:
    [card] = cards(CHECK, tables([mix(), mix(**UPFRONT)], [compute()]))

    assert card.risk is Risk.HIGH
    assert card.current == "$20.00/h that could be covered runs on demand"
    assert card.proposed == "commit $10.00/h for 1 year, no upfront"
    assert card.reason == (
        "Expected $1,460.00 a month ($2.00 an hour) once all rungs are bought, in eight of ten futures $1,260 to "
        "$1,560; the rung of today, $2.50/h, brings $400.00 a month"
    )
    assert "The chance that less than 95 % of it is used is 8 %, that it loses money 1 %" in card.risk_reason
    assert "returned within 7 days" in card.risk_reason
    assert card.command == ""
    steps = card.steps.splitlines()
    assert steps[0] == "costbot buys nothing: approving records the decision, and a person buys."
    assert "Rung by rung: now $2.00/h, in 3 months $2.00/h, in 6 months $4.00/h." in card.steps
    assert "Other terms and payments: 1 year, all upfront: expected $1,700 a month for $10.00/h." in card.steps
    assert [line for line in steps if line.startswith("aws ")] == [
        "aws savingsplans describe-savings-plans-offerings --region us-east-1 --plan-types Compute --durations "
        "31536000 --payment-options 'No Upfront' --currencies USD",
        "aws savingsplans create-savings-plan --region us-east-1 --savings-plan-offering-id OFFERING_ID --commitment "
        "2.000",
    ]
    assert card.chart is not None
    assert [line.name for line in card.chart.series] == ["expected", "low", "high"]
    assert {fact.metric for fact in card.evidence} >= {"Worst month", "Used below 95 %", "Regret beside AWS's proposal"}


def test_aws_stands_beside_ours_or_it_is_said_why_not() -> None:
    [card] = cards(CHECK, tables([mix()], [compute()], aws=[of_aws("Compute", 900.0)]))
    assert "AWS itself proposes $5.00/h and estimates $900.00 a month" in card.how_computed

    refused = of_aws("", 0.0, problem="Cost Explorer is not asked.")
    [card] = cards(CHECK, tables([mix()], [compute()], aws=[refused]))
    assert "AWS's own proposal is not known (Cost Explorer is not asked.)" in card.how_computed
    assert "its method, worked out here on the last 30 days, gives $12.00/h" in card.how_computed


@pytest.mark.parametrize(("ec2", "total"), [(700.0, 1100.0), (1000.0, 1200.0)])
def test_without_hours_it_is_aws_estimate_and_no_odds_are_told(ec2: float, total: float) -> None:
    aws = [of_aws("Compute", 900.0), of_aws("EC2Instance", ec2), of_aws("Database", 200.0)]
    [card] = cards(CHECK, tables([blocked("", days=None, problem="No export.")], aws=aws))

    assert card.monthly_savings == total
    assert card.plus_minus == total
    assert "no odds can be given" in card.reason
    assert "No hours of a billing export tell more: No export." in card.how_computed
    assert [fact.metric for fact in card.evidence] == ["Commitment", "Saving of it"]
    assert card.chart is None
