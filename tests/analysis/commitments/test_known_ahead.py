"""A term's start: what ends gives usage back, what was decided takes usage away, each at its time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pandas import Timedelta, Timestamp

from analysis.commitments.eligible import Eligible, Held
from analysis.commitments.hourly import Part
from analysis.commitments.known_ahead import Ahead, Reduction, ahead
from analysis.commitments.usage import Floats, HourlyUsage
from analysis.commitments.what_if import what_if
from tests.analysis.commitments.purchase_factories import offer, steady, usage

HOURS = 30 * 168
MONTH_H = 730


def eligible(left: tuple[float, float], covered: tuple[float, float], **told: Any) -> Eligible:
    """Dollars an hour of m5 and c5 that are left on demand, and that a plan pays for which ends in six months."""
    everything = usage(steady(HOURS, left[0] + covered[0], left[1] + covered[1]), "m5.large", "c5.large")
    until = everything.hours[-1] + Timedelta(hours=1)
    values: dict[str, Any] = {
        "id": "p-1",
        "name": "plan",
        "kind": "Compute",
        "family": "",
        "region": "",
        "hourly": 5.0,
        "used": 5.0,
        "ends_at": until + Timedelta(hours=6 * MONTH_H),
        "is_renewed": False,
        "covers": Part(np.array([0, 1]), steady(HOURS, *covered)),
    }
    on_demand = HourlyUsage(everything.hours, everything.lines, steady(HOURS, *left))
    return Eligible(everything, on_demand, until, (Held(**(values | told)),))


def shares(of: Ahead, months: int = 12) -> Floats:
    """Dollars an hour of each line by the month, as scenarios apply changes."""
    kept = np.ones((2, months))
    starts = np.arange(months) * MONTH_H
    for change in of.changes:
        elapsed = np.clip((starts + MONTH_H - change.start_hour) / MONTH_H, 0, 1)
        kept[change.line] *= 1 - (1 - change.remaining) * elapsed
    return of.usage.on_demand[-1][:, None] * kept


def test_nothing_known_changes_nothing() -> None:
    found = ahead(eligible((4.0, 2.0), (0.0, 0.0)), 1)

    assert (found.changes, found.ends, found.placed, found.unplaced) == ((), (), (), ())
    assert found.usage.quantity.tolist() == found.now.quantity.tolist()


def test_what_ends_gives_its_usage_back_from_that_hour_on() -> None:
    found = ahead(eligible((4.0, 2.0), (3.0, 0.0)), 1)

    assert shares(found)[0] == pytest.approx([4.0] * 6 + [7.0] * 6)
    assert shares(found)[1] == pytest.approx([2.0] * 12)
    [(one, dollars)] = found.ends
    assert (one.name, dollars.tolist()) == ("plan", pytest.approx([3.0, 0.0]))


def test_what_is_covered_in_full_comes_back_too() -> None:
    found = ahead(eligible((0.0, 2.0), (3.0, 1.0)), 1)

    assert shares(found)[0] == pytest.approx([0.0] * 6 + [3.0] * 6, abs=1e-6)
    assert shares(found)[1] == pytest.approx([2.0] * 6 + [3.0] * 6)


@pytest.mark.parametrize("told", [{"is_renewed": True}, {"ends_at": None}, {"covers": None}])
def test_what_does_not_end_gives_nothing_back(told: dict[str, Any]) -> None:
    assert ahead(eligible((4.0, 2.0), (3.0, 0.0), **told), 1).changes == ()


def test_an_end_beyond_the_term_or_one_that_is_bought_again_gives_nothing_back() -> None:
    late = eligible((4.0, 2.0), (3.0, 0.0), ends_at=Timestamp("2029-01-01", tz="UTC"))

    assert ahead(late, 1).changes == ()
    assert len(ahead(late, 3).ends) == 1
    assert ahead(eligible((4.0, 2.0), (3.0, 0.0)), 1, are_renewed=True).ends == ()


def test_a_decided_saving_is_taken_off_its_type() -> None:
    smaller = Reduction("api m5.large → m5.medium", 1.0, regions=("us-east-1",), instance_type="m5.large")
    found = ahead(eligible((4.0, 2.0), (0.0, 0.0)), 1, reductions=[smaller])

    assert shares(found)[:, 0] == pytest.approx([3.0, 2.0])
    [(one, lost)] = found.placed
    assert (one.name, lost.tolist()) == ("api m5.large → m5.medium", pytest.approx([1.0, 0.0]))


def test_an_announced_end_falls_on_all_of_its_service_from_its_day_on() -> None:
    moved = Reduction("the move", 3.0, start_hour=3 * MONTH_H, services=("ec2",))
    found = ahead(eligible((4.0, 2.0), (0.0, 0.0)), 1, reductions=[moved])

    assert shares(found)[:, 2] == pytest.approx([4.0, 2.0])
    assert shares(found)[:, 3] == pytest.approx([2.0, 1.0])


def test_no_more_is_taken_off_than_there_is() -> None:
    both = [Reduction("one", 3.0, instance_type="m5.large"), Reduction("two", 3.0, instance_type="m5.large")]
    found = ahead(eligible((4.0, 2.0), (0.0, 0.0)), 1, reductions=both)

    assert shares(found)[0] == pytest.approx([0.0] * 12)
    assert [float(lost.sum()) for _, lost in found.placed] == pytest.approx([3.0, 1.0])


@pytest.mark.parametrize(
    "where",
    [
        {"accounts": ("999999999999",)},
        {"regions": ("eu-west-1",)},
        {"services": ("rds",)},
        {"instance_type": "r5.large"},
    ],
)
def test_what_falls_on_nothing_on_demand_is_named(where: dict[str, Any]) -> None:
    found = ahead(eligible((4.0, 2.0), (0.0, 0.0)), 1, reductions=[Reduction("gone", 1.0, **where)])

    assert (found.changes, found.unplaced) == ((), ("gone",))


def test_a_purchase_is_better_used_once_another_has_ended() -> None:
    start = ahead(eligible((4.0, 0.0), (4.0, 0.0)), 1)
    offers = [offer("Compute", 0.7, 0.7)]
    with_end = what_if(start.usage, offers, 5.0, now=start.now, changes=start.changes)
    without = what_if(start.now, offers, 5.0)

    # $2.80 of the load at the plan's rates now, $5.60 from the seventh month on.
    assert without.figures.utilisation == pytest.approx(0.56, abs=0.04)
    assert with_end.figures.utilisation == pytest.approx(0.78, abs=0.04)
    assert (with_end.aws, with_end.curve.dollars[0]) == (pytest.approx(2.8), pytest.approx(2.8))
