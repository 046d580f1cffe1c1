"""Utilization, coverage and the effective savings rate: three figures that are not each other."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.commitments.coverage import coverage, stable_floor
from analysis.commitments.daily_charges import family_of
from analysis.commitments.effective_rate import effective_savings_rate
from analysis.commitments.utilization import attributed, of_fees, use_of_each, utilization
from tests.analysis.commitments.charge_factories import DAY, PLAN, charges, covered, uncovered, unused

BY_DAY = ["date"]
#: A plan of $80 a day, $60 of it used for what costs $100 on demand, beside $300 on demand.
USUAL = charges(covered(60.0, 100.0), unused(20.0), uncovered(300.0))


def one(table: DataFrame, name: str) -> float:
    [value] = table[name]
    return float(value)


def test_a_plan_may_be_well_used_and_cover_little() -> None:
    assert one(utilization(USUAL, BY_DAY), "utilization") == pytest.approx(0.75)
    assert one(coverage(USUAL, BY_DAY), "coverage") == pytest.approx(0.25)


def test_the_savings_rate_counts_unused_commitment_and_all_eligible_usage() -> None:
    # $400 on demand cost 60 + 20 + 300.
    rate = effective_savings_rate(USUAL, BY_DAY)

    assert (one(rate, "on_demand_equivalent"), one(rate, "actual")) == (400.0, 380.0)
    assert one(rate, "rate") == pytest.approx(0.05)


def test_unused_commitment_may_outweigh_the_discount() -> None:
    assert one(effective_savings_rate(charges(covered(10.0, 20.0), unused(90.0)), BY_DAY), "rate") == -4.0


def test_without_usage_there_is_no_rate_and_without_commitment_no_utilization() -> None:
    idle, plain = charges(unused(20.0)), charges(uncovered(5.0))

    assert pd.isna(one(effective_savings_rate(idle, BY_DAY), "rate"))
    assert coverage(idle, BY_DAY).empty
    assert utilization(plain, BY_DAY).empty
    assert one(coverage(plain, BY_DAY), "coverage") == 0.0


@pytest.mark.parametrize("lacking", [covered(60.0, None), uncovered(None)])
def test_a_missing_price_leaves_the_whole_unknown(lacking: dict[str, object]) -> None:
    table = charges(covered(1.0, 2.0), lacking)

    assert pd.isna(one(coverage(table, BY_DAY), "coverage"))
    assert pd.isna(one(effective_savings_rate(table, BY_DAY), "rate"))


def test_each_commitment_has_its_newest_days_and_those_before() -> None:
    rows = [row | {"date": DAY - pd.Timedelta(days=n)} for n in range(28) for row in (covered(6.0, 9.0), unused(4.0))]
    rows += [covered(90.0, 9.0, date=DAY - pd.Timedelta(days=28)), covered(90.0, 9.0, date=DAY + pd.Timedelta(days=1))]

    [use] = use_of_each(charges(*rows), DAY + pd.Timedelta(days=1), recent=7, before=21).to_dict("records")

    assert (use["commitment_id"], use["days"], use["used"], use["unused"]) == (PLAN, 7.0, 42.0, 28.0)
    assert (use["on_demand"], use["used_before"], use["unused_before"]) == (63.0, 126.0, 84.0)
    assert (use["first_day"], use["last_day"]) == (DAY - pd.Timedelta(days=6), DAY)


def test_a_young_commitment_has_no_days_before() -> None:
    [use] = use_of_each(USUAL, DAY + pd.Timedelta(days=1), recent=7, before=21).to_dict("records")

    assert use["days"] == 1.0
    assert pd.isna(use["used_before"])


def test_what_is_unused_counts_where_the_commitment_is_used() -> None:
    table = charges(covered(30.0, 40.0), covered(10.0, 15.0, service="lambda"), unused(8.0), uncovered(5.0))

    spread = utilization(attributed(table, "service"), ["service"])["unused"]

    assert spread.to_dict() == {"ec2": 6.0, "lambda": 2.0}


def test_what_is_used_nowhere_stays_with_its_owner() -> None:
    assert utilization(attributed(charges(unused(8.0)), "service"), ["service"])["unused"].to_dict() == {
        "savingsplans": 8.0
    }


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1e6), st.sampled_from(("ec2", "rds"))), max_size=8),
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1e6)), max_size=4),
)
def test_attributing_never_changes_a_sum(used: list[tuple[str, float, str]], lost: list[tuple[str, float]]) -> None:
    table = charges(
        *(covered(usd, usd, commitment_id=own, service=service) for own, usd, service in used),
        *(unused(usd, commitment_id=own) for own, usd in lost),
    )
    moved = attributed(table, "service")

    assert moved["cost"].sum() == pytest.approx(table["cost"].sum())
    assert moved.loc[moved["is_unused"], "cost"].sum() == pytest.approx(table.loc[table["is_unused"], "cost"].sum())


def held(hourly: float | None, starts: str | None = "2026-01-01", ends: str | None = "2027-01-01") -> DataFrame:
    return DataFrame(
        {
            "hourly_usd": pd.Series([hourly], dtype="float64"),
            "starts_at": pd.to_datetime([starts]),
            "ends_at": pd.to_datetime([ends]),
        }
    )


DAYS = pd.date_range("2026-11-18", periods=2)


def test_fees_tell_the_use_of_what_is_owned() -> None:
    daily = of_fees(pd.Series({DAYS[0]: 12.0}), held(2.0), DAYS)

    assert daily["unused"].tolist() == [12.0, 0.0]
    assert daily["utilization"].tolist() == pytest.approx([0.75, 1.0])


def test_fees_of_days_before_a_purchase_are_of_nothing() -> None:
    daily = of_fees(pd.Series(dtype="float64"), held(2.0, starts="2026-11-18 12:00"), DAYS)

    assert daily["total"].tolist() == [24.0, 48.0]
    assert of_fees(pd.Series(dtype="float64"), held(2.0, ends="2026-11-18"), DAYS)["total"].tolist() == [0.0, 0.0]


def test_an_unknown_commitment_leaves_its_days_unknown() -> None:
    assert of_fees(pd.Series({DAYS[0]: 12.0}), held(None), DAYS)["utilization"].isna().all()


def test_the_floor_is_what_all_but_one_hour_in_twenty_have() -> None:
    left = DataFrame({"a": [0.0] * 5 + [10.0] * 95, "b": [4.0] * 100})
    half = DataFrame({"a": [0.0] * 100, "b": [2.0] * 100})

    floors = stable_floor(half, left)

    assert floors["floor"].to_dict() == {"a": 0.0, "b": 6.0}
    assert floors["covered"].to_dict() == {"a": 0.0, "b": 2.0}
    assert floors.loc["a", "mean"] == 9.5


def test_the_floor_is_covered_by_what_covers_the_quiet_hours() -> None:
    covered_, left = DataFrame({"a": [3.0, 3.0, 5.0, 5.0]}), DataFrame({"a": [0.0, 1.0, 9.0, 9.0]})

    assert stable_floor(covered_, left, quantile=0.1).loc["a", ["floor", "covered"]].tolist() == [3.0, 3.0]


def test_the_floor_is_unknown_where_a_price_is() -> None:
    gap = DataFrame({"a": [1.0, float("nan")], "b": [1.0, 1.0]})

    floors = stable_floor(DataFrame({"a": [0.0, 0.0], "b": [0.0, 0.0]}), gap)

    assert floors["floor"].isna().to_dict() == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("usage_type", "family"),
    [
        ("EUW1-BoxUsage:r5.xlarge", "r5"),
        ("InstanceUsage:db.r5.large", "r5"),
        ("USE1-NodeUsage:cache.m6g.large", "m6g"),
        ("ESInstance:r6g.large.search", "r6g"),
        ("Node:ra3.xlplus", "ra3"),
        ("USE1-Fargate-vCPU-Hours:perCPU", ""),
        ("Lambda-GB-Second", ""),
    ],
)
def test_the_family_is_in_the_usage_type(usage_type: str, family: str) -> None:
    assert family_of(usage_type) == family
