"""What moved with an incident, against its own same weekdays."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from analysis.anomalies.drivers import drivers, leading
from analysis.models import Contribution

START = date(2026, 10, 1)
INCIDENT = [date(2026, 11, 16), date(2026, 11, 17)]


def costs(**names: tuple[float, float]) -> pd.DataFrame:
    """Every name with its usual cost and its cost on the days of the incident."""
    days = [START + timedelta(days=i) for i in range(50)]
    return pd.DataFrame(
        [
            {"date": day, "name": name, "cost": during if day in INCIDENT else usual}
            for name, (usual, during) in names.items()
            for day in days
        ]
    )


def test_nothing_stored_drives_nothing() -> None:
    assert drivers(costs(), INCIDENT, start=START, rising=True) == ()


def test_what_fell_is_no_driver_of_a_rise() -> None:
    assert drivers(costs(nat=(50, 20)), INCIDENT, start=START, rising=True) == ()


def test_the_strongest_comes_first_with_its_dollars() -> None:
    found = drivers(costs(ebs=(40, 42), nat=(50, 300)), INCIDENT, start=START, rising=True)
    assert found == (Contribution("nat", 250.0), Contribution("ebs", 2.0))


def test_a_fall_is_negative() -> None:
    assert drivers(costs(nat=(50, 20)), INCIDENT, start=START, rising=False) == (Contribution("nat", -30.0),)


def test_what_had_no_cost_before_counts_in_full() -> None:
    fresh = costs(model=(0, 35))
    fresh = fresh[fresh["cost"] > 0]
    assert drivers(fresh, INCIDENT, start=START, rising=True) == (Contribution("model", 35.0),)


def test_days_are_held_against_their_own_weekday() -> None:
    days = [START + timedelta(days=i) for i in range(50)]
    busy_mondays = pd.DataFrame(
        {"date": days, "name": "batch", "cost": [90.0 if d.weekday() == 0 else 10.0 for d in days]}
    )
    assert drivers(busy_mondays, INCIDENT, start=START, rising=True) == ()


def test_nobody_leads_when_several_moved() -> None:
    assert leading((Contribution("a", 50.0), Contribution("b", 50.0)), 0.6) is None
    assert leading((), 0.0) is None


def test_the_one_that_moved_leads() -> None:
    assert leading((Contribution("a", 90.0), Contribution("b", 10.0)), 0.6) == "a"


def test_a_day_that_is_not_known_is_no_day_to_compare_with() -> None:
    table = costs(nat=(50, 300))
    low = table["date"].eq(INCIDENT[0] - timedelta(days=7))
    unknown = {INCIDENT[0] - timedelta(days=7)}
    halved = table.assign(cost=table["cost"].where(~low, 0.0))
    assert drivers(halved, INCIDENT, start=START, rising=True, unknown=unknown) == (Contribution("nat", 250.0),)


def test_without_a_same_weekday_before_nobody_drives() -> None:
    assert drivers(costs(nat=(50, 300)), INCIDENT, start=date(2026, 11, 12), rising=True) == ()
