"""`ec2.off_hours`: the week's 168 hours, four weeks of each; production and what is used at night stay on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas import DataFrame

from analysis.pricing import PriceBook
from analysis.rightsizing.demand import Metric
from tests.analysis.checks.check_factories import cards
from tests.analysis.checks.machine_factories import answers, machine, tables, verdict
from tests.analysis.rightsizing_factories import END, load, points

CHECK = "ec2.off_hours"
DEV = machine(env="dev", instance_type="m5.large")
HOURS = 28 * 24
TIMES = pd.DatetimeIndex([END - timedelta(hours=n) for n in range(HOURS, 0, -1)])
OFFICE = (TIMES.day_of_week < 5) & (TIMES.hour >= 8) & (TIMES.hour < 18)


def hours(busy: Any, *, idle_cpu: float = 2.0, idle_mb: float = 10.0) -> DataFrame:
    """CPU of 50 % and 900 MB an hour while busy; nothing hour by hour where that is None."""
    if busy is None:
        return load()
    parts = [load(), points(Metric.CPU, "Maximum", list(np.where(busy, 50.0, idle_cpu)), period_s=3600)]
    for metric in (Metric.NETWORK_IN, Metric.NETWORK_OUT):
        parts.append(points(metric, "Sum", list(np.where(busy, 450e6, idle_mb * 5e5)), period_s=3600))
    return pd.concat(parts, ignore_index=True)


_LEFT_ALONE: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"env": "prod"}, {"busy": OFFICE}, "fine", "Its environment is prod"),
    ({"env": ""}, {"busy": OFFICE}, "insufficient", "Its environment: a tag"),
    ({"asg_name": "web"}, {"busy": OFFICE}, "conflict", "a schedule of the group"),
    ({"age_days": 27.0}, {"busy": OFFICE}, "insufficient", "28 days of metrics"),
    ({"state": "stopped"}, {"busy": OFFICE}, "fine", "Not running"),
    ({}, {"busy": OFFICE, "idle_cpu": 5.0}, "fine", "only 0 hours of the week are idle"),
    ({}, {"busy": OFFICE, "idle_mb": 50.0}, "fine", "only 0 hours of the week are idle"),
    ({}, {"busy": np.zeros(HOURS, dtype=bool)}, "fine", "Idle all week"),
    ({}, {"busy": TIMES.hour.isin([0, 12, 23])}, "fine", "only 0 hours of the week are idle"),
    ({}, {"busy": None}, "insufficient", "Hour by hour"),
    ({"platform": "Windows"}, {"busy": OFFICE}, "insufficient", "The price of m5.large (Windows)"),
]


@pytest.fixture(scope="module")
def answered() -> DataFrame:
    """The verdicts on all of them, asked at once."""
    return answers(CHECK, [(DEV | changed, hours(**told[0])) for changed, *told, _, _ in _LEFT_ALONE])


@pytest.mark.parametrize("n", range(len(_LEFT_ALONE)))
def test_leaves_alone(n: int, answered: DataFrame) -> None:
    *_, expected, why = _LEFT_ALONE[n]
    found = answered.loc[str(n)]

    assert (found["verdict"], why in found["why"]) == (expected, True), found["why"]


def test_asks_for_hours_of_what_might_be_switched_off_only() -> None:
    asked, prod = verdict(CHECK, DEV, load()), verdict(CHECK, DEV | {"env": "prod"}, load())

    assert (asked["needs"], prod["needs"]) == ("hours", "")
    assert verdict(CHECK, DEV, hours(OFFICE))["needs"] == ""


def test_hours_that_are_missing_are_not_idle() -> None:
    metrics = hours(OFFICE)
    one_night = metrics["period_s"].eq(3600) & metrics["time"].eq(END - timedelta(hours=3))

    assert verdict(CHECK, DEV, metrics[~one_night])["verdict"] == "insufficient"


def test_saves_the_hours_outside_of_the_office() -> None:
    found = verdict(CHECK, DEV, hours(OFFICE))

    # Five days of ten hours are 50 of 168.
    assert (found["off_slots"], found["schedule"]) == (118, "Mon–Fri 8–18")
    assert found["monthly_savings"] == pytest.approx(118 / 168 * 730 * 0.096)


def test_one_night_of_four_at_work_does_not_spoil_the_slot_two_do() -> None:
    night = TIMES.hour == 3
    one = OFFICE | (night & (TIMES.isocalendar().week == TIMES.isocalendar().week.min() + 1).to_numpy())
    two = OFFICE | (night & (TIMES.isocalendar().week <= TIMES.isocalendar().week.min() + 2).to_numpy())

    assert verdict(CHECK, DEV, hours(one))["off_slots"] == 118
    assert verdict(CHECK, DEV, hours(two))["off_slots"] < 118


def test_idle_hours_within_the_day_are_not_counted() -> None:
    lunch_off = OFFICE & (TIMES.hour != 12)

    found = verdict(CHECK, DEV, hours(lunch_off))

    assert (found["off_slots"], found["idle_slots"]) == (118, 123)


def test_the_card_names_the_schedule() -> None:
    (card,) = cards(CHECK, tables(DEV, metrics=hours(OFFICE)), prices=PriceBook())

    assert (card.current, card.proposed) == ("always on, m5.large", "on Mon–Fri 8–18 UTC")
    assert card.how_computed == "118 of 168 hours a week off, 730 h × 70.2% × $0.0960 an hour."


def test_the_hours_off_are_told_slot_by_slot_for_what_commitments_cover() -> None:
    found = verdict(CHECK, DEV, hours(OFFICE))

    assert found["off"] == ("1" * 8 + "0" * 10 + "1" * 6) * 5 + "1" * 48
