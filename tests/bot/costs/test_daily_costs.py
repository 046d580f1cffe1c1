"""Cost Explorer's answers as rows: what must never look like usage, and what must never be lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.costs import Cut
from bot.collectors.charge_categories import split
from bot.collectors.daily_costs import Query, disagreements, fetch, parse, queries
from tests.bot.costs.fake_explorer import FakeExplorer, charge

DAY = date(2026, 11, 3)
CHARGE = Query(Cut.CHARGE)


def page(*groups: tuple[tuple[str, ...], str, str], unit: str = "USD", estimated: bool = False) -> dict[str, Any]:
    """An answer of one day, as AWS sends it: amounts are text."""
    return {
        "ResultsByTime": [
            {
                "TimePeriod": {"Start": "2026-11-03", "End": "2026-11-04"},
                "Total": {},
                "Estimated": estimated,
                "Groups": [
                    {
                        "Keys": list(keys),
                        "Metrics": {
                            "UnblendedCost": {"Amount": billed, "Unit": unit},
                            "NetAmortizedCost": {"Amount": effective, "Unit": unit},
                        },
                    }
                    for keys, billed, effective in groups
                ],
            }
        ],
        "DimensionValueAttributes": [{"Value": "111122223333", "Attributes": {"description": "prod"}}],
    }


@pytest.mark.parametrize("record_type", ["Tax", "Credit", "Refund", "Support", "Fee", "RIFee", "SavingsPlanUpfrontFee"])
def test_what_is_not_used_is_not_usage(record_type: str) -> None:
    found = parse([page(((record_type, "Some Service"), "9.5", "9.5"))], CHARGE)
    assert "Usage" not in set(found["charge_category"])


def test_a_record_type_nobody_knows_is_an_adjustment() -> None:
    assert split("Brand New Charge").billed.value == "Adjustment"


def test_no_query_asks_for_more_than_two_groups() -> None:
    for query in queries(("team", "env")):
        assert len(query.parameters(DAY, DAY)["GroupBy"]) <= 2


def test_no_query_asks_for_blended_costs() -> None:
    for query in queries(("team",)):
        asked = query.parameters(DAY, DAY)["Metrics"]
        assert [name for name in asked if name.endswith("Cost")] == ["UnblendedCost", "NetAmortizedCost"]


def test_only_the_whole_bill_is_unfiltered() -> None:
    unfiltered = [query.cut for query in queries(("team",)) if "Filter" not in query.parameters(DAY, DAY)]
    assert unfiltered == [Cut.CHARGE]


def test_quantities_are_asked_only_where_their_unit_means_something() -> None:
    with_quantity = [q.cut for q in queries(()) if "UsageQuantity" in q.parameters(DAY, DAY)["Metrics"]]
    assert with_quantity == [Cut.USAGE_TYPE, Cut.ACCOUNT_USAGE_TYPE]


def test_a_fee_is_a_purchase_when_billed_and_unused_commitment_when_amortised() -> None:
    found = parse([page((("SavingsPlanRecurringFee", "Savings Plans"), "48.00", "0.96"))], CHARGE)
    rows = found[["charge_category", "billed_cost", "effective_cost"]].to_numpy().tolist()
    assert rows == [["Purchase", 48.0, 0.0], ["UnusedCommitment", 0.0, 0.96]]


def test_covered_usage_and_its_negation_cancel_on_the_invoice() -> None:
    found = parse(
        [
            page(
                (("SavingsPlanCoveredUsage", "EC2"), "10.0", "7.2"),
                (("SavingsPlanNegation", "EC2"), "-10.0", "0"),
                (("DiscountedUsage", "EC2"), "0", "3.1"),
                (("Usage", "EC2"), "1.5", "1.5"),
            )
        ],
        CHARGE,
    )
    usage = found[found["charge_category"] == "Usage"]
    assert usage["billed_cost"].sum() == pytest.approx(1.5)
    assert usage["effective_cost"].sum() == pytest.approx(11.8)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "RIFee",
                             "SavingsPlanRecurringFee", "Fee", "Tax", "Credit", "Refund", "Support", "Whatever"]),
            st.sampled_from(["EC2", "S3"]),
            st.floats(-1e5, 1e5),
            st.floats(-1e5, 1e5),
        ),
        min_size=1,
    )
)  # fmt: skip
def test_categories_add_up_to_the_bill_in_both_views(lines: list[tuple[str, str, float, float]]) -> None:
    groups = [((kind, service), repr(billed), repr(effective)) for kind, service, billed, effective in lines]
    found = parse([page(*groups)], CHARGE)
    assert found["billed_cost"].sum() == pytest.approx(sum(billed for *_, billed, _ in lines), abs=1e-6)
    assert found["effective_cost"].sum() == pytest.approx(sum(effective for *_, effective in lines), abs=1e-6)


def test_tag_values_lose_their_key_and_untagged_is_empty() -> None:
    query = Query(Cut.TAG, "team")
    found = parse([page((("S3", "team$pay$ments"), "1", "1"), (("S3", "team$"), "2", "2"))], query)
    assert found["tag_value"].tolist() == ["pay$ments", ""]
    assert found["tag_key"].tolist() == ["team", "team"]


def test_a_group_of_another_tag_is_refused() -> None:
    with pytest.raises(ValueError, match="env\\$prod"):
        parse([page((("S3", "env$prod"), "1", "1"))], Query(Cut.TAG, "team"))


def test_currencies_are_not_mixed() -> None:
    pages = [page((("Usage", "S3"), "1", "1")), page((("Usage", "EC2"), "1", "1"), unit="EUR")]
    with pytest.raises(ValueError, match="EUR and USD"):
        parse(pages, CHARGE)


def test_nothing_in_no_currency_is_nothing_in_the_currency_of_the_others() -> None:
    answer = page((("Usage", "S3"), "1", "1"), (("Usage", "EC2"), "0", "0"), unit="EUR")
    for metric in answer["ResultsByTime"][0]["Groups"][1]["Metrics"].values():
        metric["Unit"] = "N/A"
    assert parse([answer], CHARGE)["currency"].unique().tolist() == ["EUR"]
    alone = page((("Usage", "EC2"), "0", "0"), unit="N/A")
    assert parse([alone], CHARGE).empty


def test_a_cost_without_a_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="names no currency for a cost"):
        parse([page((("Usage", "EC2"), "0", "3"), unit="")], CHARGE)


def test_quantities_of_mixed_units_are_missing_not_zero() -> None:
    answer = page((("S3", "Requests"), "1", "1"))
    answer["ResultsByTime"][0]["Groups"][0]["Metrics"]["UsageQuantity"] = {"Amount": "7", "Unit": "N/A"}
    found = parse([answer], Query(Cut.USAGE_TYPE))
    assert found["quantity"].isna().all()


def test_a_charge_without_a_region_is_global() -> None:
    found = parse([page((("Route 53", "NoRegion"), "1", "1"), (("S3", "eu-west-1"), "1", "1"))], Query(Cut.REGION))
    assert found["region_id"].tolist() == ["global", "eu-west-1"]


def test_estimated_days_stay_marked() -> None:
    assert parse([page((("Usage", "S3"), "1", "1"), estimated=True)], CHARGE)["estimated"].all()


def test_accounts_carry_their_names() -> None:
    found = parse([page((("S3", "111122223333"), "1", "1"), (("S3", "999"), "1", "1"))], Query(Cut.ACCOUNT))
    assert found["sub_account_name"].tolist()[0] == "prod"
    assert pd.isna(found["sub_account_name"].tolist()[1])


def test_an_empty_answer_is_no_row() -> None:
    assert parse([{"ResultsByTime": []}], CHARGE).empty


def test_every_page_is_read_and_counted() -> None:
    charges = [charge(DAY, float(i), service=f"Service {i}") for i in range(7)]
    explorer = FakeExplorer(charges, page_size=3)
    counted: list[int] = []
    pages = fetch(explorer, CHARGE.parameters(DAY, date(2026, 11, 4)), lambda: counted.append(1))
    assert len(counted) == 3
    assert parse(pages, CHARGE)["billed_cost"].sum() == 21.0


def test_cuts_that_agree_are_not_reported() -> None:
    explorer = FakeExplorer([charge(DAY, 5.0), charge(DAY, 2.0, team=""), charge(DAY, 1.0, "Tax")])
    frames = [parse(fetch(explorer, q.parameters(DAY, date(2026, 11, 4)), lambda: None), q) for q in queries(("team",))]
    assert disagreements(pd.concat(frames)) == []


def test_a_cut_that_lost_a_dollar_is_reported_with_its_day_and_service() -> None:
    explorer = FakeExplorer([charge(DAY, 5.0)])
    whole = parse(fetch(explorer, CHARGE.parameters(DAY, date(2026, 11, 4)), lambda: None), CHARGE)
    by_account = Query(Cut.ACCOUNT)
    part = parse(fetch(explorer, by_account.parameters(DAY, date(2026, 11, 4)), lambda: None), by_account)
    assert disagreements(pd.concat([whole, part.assign(billed_cost=4.0)])) == [
        "Cost Explorer's service,account differs from the bill by 1.00 on 2026-11-03 of Amazon Simple Storage Service."
    ]
