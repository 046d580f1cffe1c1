"""A restated bill is told by what it changed on days that had been told, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from analysis.anomalies.correction import correction
from analysis.anomalies.matching import is_same_incident, matched
from analysis.models import Anomaly, Correction, DayCost
from tests.bot.decisions_factories import anomaly

FIRST, LAST, NOTED = date(2026, 11, 17), date(2026, 11, 19), date(2026, 11, 22)


def told(*costs: float, first: date = FIRST - timedelta(days=1), **changed: Any) -> Anomaly:
    """Costs of the days from the one before the incident on."""
    daily = tuple(DayCost(first + timedelta(days=n), cost, 68.0, 60.0, 90.0) for n, cost in enumerate(costs))
    return anomaly(**({"first_day": FIRST, "last_day": LAST, "data_until": LAST, "daily": daily} | changed))


def test_the_same_figures_are_no_correction() -> None:
    assert correction(told(68.0, 400.0, 410.0, 420.0), told(68.0, 400.0, 410.0, 420.0), NOTED) is None


def test_a_further_day_is_no_correction() -> None:
    now = told(68.0, 400.0, 410.0, 420.0, 430.0, last_day=LAST + timedelta(days=1))
    assert correction(told(68.0, 400.0, 410.0, 420.0), now, NOTED) is None


def test_a_day_that_was_not_all_in_is_no_correction() -> None:
    before = told(68.0, 400.0, 410.0, 200.0, data_until=LAST - timedelta(days=1))
    assert correction(before, told(68.0, 400.0, 410.0, 420.0), NOTED) is None


def test_days_before_the_incident_are_no_business_of_its_card() -> None:
    assert correction(told(68.0, 400.0, 410.0, 420.0), told(40.0, 400.0, 410.0, 420.0), NOTED) is None


def test_a_routine_change_is_not_spoken_of() -> None:
    assert correction(told(68.0, 400.0, 410.0, 420.0), told(68.0, 401.0, 410.0, 420.0), NOTED) is None


def test_another_currency_is_another_bill() -> None:
    assert correction(told(68.0, 400.0, 410.0, 420.0), told(68.0, 4.0, 4.1, 4.2, currency="EUR"), NOTED) is None


def test_what_changed_is_told_of_the_days_that_changed() -> None:
    found = correction(told(68.0, 400.0, 410.0, 420.0), told(68.0, 400.0, 300.0, 410.0), NOTED)
    assert found == Correction(date(2026, 11, 18), LAST, 830.0, 710.0, NOTED)


def test_an_earlier_correction_stays_until_there_is_a_newer_one() -> None:
    earlier = Correction(FIRST, FIRST, 500.0, 400.0, date(2026, 11, 20))
    before = told(68.0, 400.0, 410.0, 420.0, corrected=earlier)
    assert correction(before, told(68.0, 400.0, 410.0, 420.0), NOTED) == earlier
    assert correction(before, told(68.0, 300.0, 410.0, 420.0), NOTED) == Correction(FIRST, FIRST, 400.0, 300.0, NOTED)


def test_an_incident_told_before_days_were_kept_has_none() -> None:
    assert correction(told(), told(68.0, 400.0, 410.0, 420.0), NOTED) is None


def at(first: date, last: date, **changed: Any) -> Anomaly:
    return replace(anomaly(**changed), first_day=first, last_day=last)


def day(number: int) -> date:
    return date(2026, 11, number)


def test_another_account_or_direction_is_another_incident() -> None:
    assert not is_same_incident(at(day(3), day(5)), at(day(3), day(5), account_id="444455556666"))
    assert not is_same_incident(at(day(3), day(5)), at(day(3), day(5), direction="down"))


def test_a_week_between_makes_it_another_one() -> None:
    assert not is_same_incident(at(day(3), day(5)), at(day(12), day(12)))


def test_two_that_overlap_keep_their_own_cards() -> None:
    """Each incident updates the card that began when it did, whichever of the two is dearer."""
    cards = {"A-0001": at(day(1), day(19)), "A-0002": at(day(6), day(19))}
    assert matched(cards, [at(day(6), day(20)), at(day(1), day(20))]) == {0: "A-0002", 1: "A-0001"}


def test_one_card_is_updated_by_one_incident() -> None:
    assert matched({"A-0001": at(day(6), day(9))}, [at(day(5), day(9)), at(day(6), day(9))]) == {1: "A-0001"}
