"""Several details together: families, and what no family's details tell; offers of every term for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pandas import DataFrame

from analysis.commitments.known_ahead import Reduction, ahead
from analysis.commitments.look_back import Detail, LookBackRefused
from analysis.commitments.look_back_offers import asked_lines, plan_offers_of
from analysis.commitments.look_back_usage import falling_on, look_back
from analysis.prices.commitment_rates import SAVINGS_PLAN_RATES
from tests.analysis.commitments.look_back_factories import at, day_and_night, detail

M5, C5 = day_and_night(), day_and_night(day=3.0, night=3.0)
OTHER = day_and_night(day=2.0, night=1.0)


def every() -> list[Detail]:
    """Of all compute, and of two of its families."""
    return [
        detail(M5 + C5 + OTHER, hourly=9.0, ratio=0.73, kind="Compute"),
        detail(M5, hourly=5.0, ratio=0.66),
        detail(C5, hourly=1.9, ratio=0.64, family="c5", region="eu-west-1"),
    ]


def rates(*rows: tuple[str, int, str, float], usage_type: str = "BoxUsage:m5.xlarge") -> DataFrame:
    known: dict[str, object] = dict.fromkeys(SAVINGS_PLAN_RATES, "")
    told = [
        known | {"plan_type": kind, "years": years, "payment": payment, "usd": usd, "usage_type": usage_type}
        | {"region": "us-east-1"}
        for kind, years, payment, usd in rows
    ]  # fmt: skip
    return DataFrame(told, columns=list(SAVINGS_PLAN_RATES)).astype(SAVINGS_PLAN_RATES)


def test_families_are_lines_and_the_rest_of_compute_is_another() -> None:
    found = look_back(every())

    assert found.usage.lines[["region", "instance_type"]].to_numpy().tolist() == [
        ["us-east-1", "m5.large"],
        ["eu-west-1", "c5.large"],
        ["", "other compute.large"],
    ]
    np.testing.assert_allclose(found.usage.on_demand, np.array([M5, C5, OTHER]).T, rtol=1e-9)
    assert (found.kinds, found.refused) == (("EC2Instance", "EC2Instance", "Compute"), ())
    np.testing.assert_allclose(found.ratios, [0.66, 0.64, 0.73])
    assert found.eligible.until == pd.Timestamp("2026-11-20", tz="UTC")


def test_one_discount_moves_dollars_between_hours_of_the_rest_and_not_their_sum() -> None:
    exact = every()
    off = exact[0].left_by_hour * np.where(np.arange(720) % 2, 1.03, 0.97)
    found = look_back([replace(exact[0], left_by_hour=off), *exact[1:]])

    assert found.usage.on_demand[:, 2].sum() == pytest.approx(OTHER.sum(), rel=2e-2)
    assert (found.usage.on_demand >= 0).all()


def test_a_detail_that_does_not_add_up_is_named_and_left_to_the_rest() -> None:
    told = every()
    found = look_back([*told[:2], replace(told[2], spent=told[2].spent * 2)])

    assert found.usage.lines["instance_type"].tolist() == ["m5.large", "other compute.large"]
    np.testing.assert_allclose(found.usage.on_demand[:, 1], C5 + OTHER, rtol=1e-9)
    assert "EC2Instance c5 eu-west-1 do not add up" in found.refused[0]


def test_families_that_come_to_more_than_all_compute_leave_it_out() -> None:
    found = look_back([detail(M5, hourly=5.0, ratio=0.73, kind="Compute"), *every()[1:]])

    assert found.kinds == ("EC2Instance", "EC2Instance")
    assert "come to more than those of all compute" in found.refused[0]


def test_hours_that_one_detail_lacks_are_in_no_line() -> None:
    told = every()
    short = at(told[1], np.arange(5, 720))
    found = look_back([told[0], short, told[2]])

    assert len(found.usage.hours) == 715
    np.testing.assert_allclose(found.usage.on_demand[:, 0], M5[5:], rtol=1e-9)


def test_nothing_to_rely_on_is_refused() -> None:
    with pytest.raises(LookBackRefused, match="tells no hours"):
        look_back([])
    with pytest.raises(LookBackRefused, match="do not add up"):
        look_back([replace(every()[0], spent=1.0)])


def test_rates_are_asked_of_families_in_sizes_and_never_of_reservations() -> None:
    asked = asked_lines(look_back(every()))

    assert {"BoxUsage:m5.large", "EUW1-BoxUsage:c5.large", "EU-BoxUsage:c5.large"} <= set(asked["usage_type"])
    assert set(asked["instance_type"]) == {""}


def test_other_terms_cost_as_their_rates_differ_from_the_proposed_one() -> None:
    told = rates(
        ("EC2Instance", 1, "No Upfront", 0.132),
        ("EC2Instance", 3, "All Upfront", 0.088),
        ("Compute", 1, "No Upfront", 0.144),
        ("Compute", 3, "All Upfront", 0.108),
    )
    offers = {(one.kind, one.years, one.family): one.rates for one in plan_offers_of(look_back(every()), told)}

    np.testing.assert_allclose(offers["EC2Instance", 1, "m5"], [0.66, np.nan, np.nan])
    np.testing.assert_allclose(offers["EC2Instance", 3, "m5"], [0.44, np.nan, np.nan])
    np.testing.assert_allclose(offers["EC2Instance", 1, "c5"], [np.nan, 0.64, np.nan])
    # No rate of c5 is told: it has AWS's mean in the proposed term alone. The rest moves as m5 does.
    np.testing.assert_allclose(offers["Compute", 1, ""], [0.72, 0.73, 0.73])
    np.testing.assert_allclose(offers["Compute", 3, ""], [0.54, np.nan, 0.73 * 0.75])
    assert set(offers) == {
        ("EC2Instance", 1, "m5"), ("EC2Instance", 3, "m5"), ("EC2Instance", 1, "c5"), ("Compute", 1, ""),
        ("Compute", 3, ""),
    }  # fmt: skip


def test_without_rates_the_proposed_term_is_on_offer_alone() -> None:
    offers = plan_offers_of(look_back(every()), None)

    assert {(one.years, one.payment) for one in offers} == {(1, "No Upfront")}
    [wide] = [one for one in offers if one.kind == "Compute"]
    np.testing.assert_allclose(wide.rates, [0.73, 0.73, 0.73])


def test_savings_fall_on_their_family_else_on_the_rest_and_what_is_not_told_is_named() -> None:
    found = look_back(every())
    waiting = (
        Reduction("m5", 2.0, accounts=("1",), regions=("us-east-1",), instance_type="m5.4xlarge"),
        Reduction("r5", 0.5, accounts=("1",), regions=("us-east-1",), instance_type="r5.large"),
        Reduction("db", 0.5, accounts=("1",), regions=("us-east-1",), instance_type="db.r5.large"),
        Reduction("account", 0.5, accounts=("1",)),
        Reduction("eu", 1.0, regions=("eu-west-1",), services=("ec2",)),
    )
    placed, unplaced = falling_on(found, waiting)
    start = ahead(found.eligible, 1, reductions=placed)

    assert unplaced == ("db", "account")
    lost = {one.name: dollars.round(9).tolist() for one, dollars in start.placed}
    assert lost == {"m5": [2.0, 0.0, 0.0], "r5": [0.0, 0.0, 0.5], "eu": [0.0, 1.0, 0.0]}
    assert start.unplaced == ()
