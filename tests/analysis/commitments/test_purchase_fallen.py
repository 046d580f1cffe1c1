"""Parts of the usage that have just fallen: nothing counts on their coming back."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.objective import grouped
from analysis.commitments.purchase_fallen import Part, fallen_changes, parts
from analysis.commitments.usage import HourlyUsage
from tests.analysis.commitments.purchase_factories import Array, offer, steady, usage

WEEK = 168
OFFERS = [offer("Compute", 0.8, 0.8), offer("EC2Instance", 0.5, float("nan"), family="m5")]


def case(levels: Array) -> tuple[HourlyUsage, list[Part]]:
    of = usage(levels, "m5.large", "c5.large")
    groups = grouped(of, OFFERS)
    return of, parts(groups.spend, groups, of.lines, OFFERS)


def test_what_stands_is_not_blocked() -> None:
    _, found = case(steady(8 * WEEK, 10.0, 4.0))

    assert [(part.name, part.region, part.blocked) for part in found] == [
        ("AmazonEC2 m5", "us-east-1", ""),
        ("AmazonEC2 c5", "us-east-1", ""),
    ]
    assert found[0].offer is OFFERS[1], "the deepest discount on offer for it"
    assert found[0].aws == pytest.approx(5.0)
    assert found[0].promised == found[0].at_recent == pytest.approx(5.0 * 730)


def test_what_has_stopped_would_have_lost_all_of_it() -> None:
    _, found = case(np.concatenate([steady(7 * WEEK, 10.0, 4.0), steady(WEEK, 0.0, 4.0)]))
    fallen = next(part for part in found if part.name == "AmazonEC2 m5")

    assert "nothing was spent on demand" in fallen.blocked
    assert fallen.at_recent == pytest.approx(-5.0 * 730)
    assert fallen.promised == pytest.approx((10.0 * 23 / 30 - 5.0) * 730)


def test_a_sliver_is_not_spoken_of() -> None:
    _, found = case(steady(8 * WEEK, 10.0, 0.1))

    assert [part.name for part in found] == ["AmazonEC2 m5"]


def test_a_fall_is_counted_on_at_its_last_level_and_touches_no_other() -> None:
    of, found = case(np.concatenate([steady(7 * WEEK, 10.0, 4.0), steady(WEEK, 5.0, 4.0)]))
    groups = grouped(of, OFFERS)
    [change] = fallen_changes(groups, of.lines, groups.spend, [part for part in found if part.blocked])

    # Four weeks of 10, 10, 10 and 5 are 8.75 on average.
    assert (change.line, change.start_hour, change.remaining) == (0, 0.0, pytest.approx(5 / 8.75))
