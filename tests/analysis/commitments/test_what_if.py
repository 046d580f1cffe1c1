"""What one purchase of a given size would bring."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.what_if import what_if
from tests.analysis.commitments.purchase_factories import offer, steady, usage

NAN = float("nan")
OFFERS = [
    offer("Compute", 0.7, 0.8),
    offer("EC2Instance", 0.6, NAN, region="us-east-1", family="m5"),
    offer("EC2Instance", NAN, 0.65, region="us-east-1", family="c5"),
]
USAGE = usage(steady(26 * 168, 10.0, 30.0), "m5.large", "c5.large")


def test_a_small_commitment_is_used_whatever_comes() -> None:
    found = what_if(USAGE, OFFERS, 1.4)
    assert found.offer.kind == "Compute"
    assert found.figures.saving == pytest.approx(0.6 * 730, rel=0.02)
    assert found.figures.utilisation_low == pytest.approx(1.0)
    assert found.warning == ""


def test_a_commitment_above_all_usage_says_how_much_of_it_is_used() -> None:
    found = what_if(USAGE, OFFERS, 62.0)
    assert found.figures.utilisation == pytest.approx(0.5, abs=0.03)
    assert found.figures.saving < 0
    assert found.curve.hours_used == 0.0
    assert found.aws == pytest.approx(31.0)
    assert 20 < found.ours < 31


def test_the_curve_is_of_loads_at_the_plans_rates_and_stands_on_what_is_owned() -> None:
    found = what_if(USAGE, OFFERS, 12.5, owned_hourly=2.0)
    assert found.curve.dollars == pytest.approx(np.full(200, 7.0 + 24.0 + 2.0))
    assert (found.curve.old, found.curve.new, found.curve.hours_used) == (2.0, 14.5, 1.0)


def test_of_plans_of_a_family_the_one_with_the_most_usage_is_meant_unless_it_is_named() -> None:
    assert what_if(USAGE, OFFERS, 1.0, kind="EC2Instance").offer.family == "c5"
    assert what_if(USAGE, OFFERS, 1.0, kind="EC2Instance", family="m5").offer.family == "m5"


def test_warns_where_the_past_is_no_guide() -> None:
    fallen = usage(np.concatenate([steady(25 * 168, 10.0), steady(168, 4.0)]), "m5.large")
    assert "less than" in what_if(fallen, [offer("Compute", 0.7)], 1.0).warning


def test_says_what_is_not_on_offer() -> None:
    with pytest.raises(ValueError, match="no usage on demand that Compute, All Upfront, covers"):
        what_if(USAGE, OFFERS, 1.0, payment="All Upfront")
    with pytest.raises(ValueError, match="more than 0"):
        what_if(USAGE, OFFERS, 0.0)
