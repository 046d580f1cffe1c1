"""The labelled bills themselves: incidents that matter, families that differ, mornings that know less."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.analysis.generators import Family
from tests.analysis.generators_apart import APART
from tests.analysis.generators_incidents import KINDS, LEAST_DOLLARS, LEAST_SHARE, inject_any
from tests.analysis.generators_labelled import LEAST_THERE, MOST_THERE, labelled, mornings
from tests.analysis.generators_metered import METERED
from tests.analysis.generators_sealed import SEALED
from tests.analysis.generators_unseen import UNSEEN
from tests.analysis.generators_wide import WIDE

DAYS = pd.date_range("2025-01-06", periods=300, freq="D")
ALL = {"wide": WIDE, "metered": METERED, "apart": APART, "sealed": SEALED, "unseen": UNSEEN}
OFFICE = np.where(DAYS.day_of_week >= 5, 20.0, 200.0)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "new"])
@pytest.mark.parametrize("seed", range(5))
def test_an_incident_matters_and_leaves_the_days_before_alone(kind: str, seed: int) -> None:
    injected = inject_any(OFFICE, DAYS, kind, np.random.default_rng(seed), between=(100, 250))
    assert injected is not None
    change = np.abs(injected.values - OFFICE)
    assert (change[: injected.first] == 0).all()
    worst = change[injected.first : injected.last + 1].max()
    assert worst >= max(LEAST_DOLLARS, LEAST_SHARE * 20.0)


@pytest.mark.parametrize("kind", KINDS)
def test_cents_carry_no_incident(kind: str) -> None:
    assert inject_any(OFFICE / 100, DAYS, kind, np.random.default_rng(1), between=(100, 250)) is None


def test_the_families_kept_apart_are_others() -> None:
    names = [name for families in ALL.values() for name in families]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("families", ALL.values(), ids=ALL)
def test_every_family_is_finite_and_as_long_as_asked(families: dict[str, tuple[Family, float]]) -> None:
    for name, (family, _) in families.items():
        values = family(DAYS, np.random.default_rng(2))
        assert len(values) == len(DAYS), name
        assert np.isfinite(values).all(), name


def test_a_bill_is_the_same_for_the_same_seed() -> None:
    one, other = (labelled(4, APART, series=10, length=200) for _ in range(2))
    pd.testing.assert_frame_equal(one.daily, other.daily)
    assert one.incidents == other.incidents


def test_incidents_of_a_young_bill_may_begin_early() -> None:
    bill = labelled(4, APART, series=40, length=200, quiet_days=30)
    first = min((one.start - bill.daily["date"].min()).days for one in bill.incidents)
    assert 30 <= first < 60


def test_a_morning_knows_less_of_its_newest_day_and_nothing_of_the_next() -> None:
    bill = labelled(4, APART, series=20, length=200, incident_share=0.0)
    whole = bill.daily.set_index(["key", "date"])["cost"]
    newest = bill.daily["date"].max()
    [(day, known)] = list(mornings(bill, 1, newest))
    assert day == newest
    share = (known.set_index(["key", "date"])["cost"] / whole).dropna()
    partial = share[(share < 1 - 1e-9)]
    assert partial.between(LEAST_THERE, MOST_THERE).all()
    late = set(bill.daily["key"]) - set(known[known["date"] == newest]["key"])
    assert 0 < len(late) < 20
    assert set(partial.index.get_level_values("date")) <= {newest, newest - pd.Timedelta(days=1)}
