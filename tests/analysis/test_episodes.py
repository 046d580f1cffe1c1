"""Flags become incidents: what belongs together is one, what does not stays apart."""

from __future__ import annotations

import pandas as pd

from analysis.anomalies import episodes

DAY = pd.Timestamp("2026-03-01")


def flag(
    offset: int, *, key: str = "a", kind: str = "spike", impact: float = 50.0, told: bool = True
) -> dict[str, object]:
    return {
        "key": key,
        "date": DAY + pd.Timedelta(days=offset),
        "alert_date": DAY + pd.Timedelta(days=offset + (2 if kind == "drop" else 0)),
        "cost": 100.0 + impact,
        "expected": 100.0,
        "score": 2.0,
        "impact": impact,
        "direction": "down" if impact < 0 else "up",
        "kind": kind,
        "is_anomaly": told,
    }


def spans(*flags: dict[str, object]) -> list[tuple[str, int, int]]:
    found = episodes(pd.DataFrame(list(flags)))
    return [(row.key, (row.start - DAY).days, (row.end - DAY).days) for row in found.itertuples()]


def test_ordinary_days_make_no_incident() -> None:
    assert spans(flag(0, told=False), flag(1, told=False)) == []


def test_a_week_apart_is_two_incidents() -> None:
    assert spans(flag(0), flag(7)) == [("a", 0, 0), ("a", 7, 7)]


def test_keys_and_directions_stay_apart() -> None:
    assert spans(flag(0), flag(1, key="b"), flag(1, impact=-50.0, kind="drop")) == [
        ("a", 0, 0),
        ("a", 1, 1),
        ("b", 1, 1),
    ]


def test_three_ordinary_days_do_not_split_an_incident() -> None:
    assert spans(flag(0), flag(4)) == [("a", 0, 4)]


def test_four_ordinary_days_do() -> None:
    assert spans(flag(0), flag(5)) == [("a", 0, 0), ("a", 5, 5)]


def test_figures_are_of_the_flagged_days() -> None:
    found = episodes(pd.DataFrame([flag(0, impact=40.0), flag(2, impact=80.0, kind="step")])).iloc[0]
    assert (found["kind"], found["days"], found["impact"], found["peak_impact"]) == ("step", 2, 120.0, 80.0)
    assert (found["cost"], found["expected"], round(found["pct"], 6)) == (160.0, 100.0, 0.6)


def test_row_order_does_not_matter() -> None:
    assert spans(flag(4), flag(0), flag(2)) == [("a", 0, 4)]
