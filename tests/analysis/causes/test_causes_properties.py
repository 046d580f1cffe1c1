"""Whatever the bill says, the parts of a change add up to it, to the cent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.causes import explain
from analysis.causes.effects import Effect, effects
from tests.analysis.causes.cause_factories import NAN, part, table

MONEY = st.one_of(
    st.just(0.0), st.floats(-1e6, 1e6, allow_nan=False), st.floats(0, 50, allow_nan=False), st.just(1 / 3)
)
QUANTITY = st.one_of(st.just(0.0), st.just(NAN), st.floats(0, 1e7, allow_nan=False), st.just(24.0), st.just(-1.0))
SIDE = st.tuples(QUANTITY, MONEY)


@st.composite
def bills(draw: st.DrawFn) -> DataFrame:
    """Up to a dozen lines: zero and missing quantities, negative costs, several ways of paying, lines twice."""
    names = {
        "account": ("prod", "staging"),
        "region": ("us-east-1", "eu-west-1"),
        "service": ("EC2", "S3"),
        "usage_type": ("BoxUsage:m5.large", "BoxUsage:c5.large", "EUW1-BoxUsage:m5.large", "NatGateway-Bytes", ""),
        "unit": ("Hrs", "GB", ""),
        "tag": ("", "search"),
        "category": ("Usage", "Usage", "Usage", "Credit", "Tax", "UnusedCommitment"),
        "pricing": ("Standard", "Savings Plan", ""),
    }
    rows: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 12))):
        chosen = {name: draw(st.sampled_from(values)) for name, values in names.items()}
        rows.append(part(draw(SIDE), draw(SIDE), **chosen))
    return table(*rows)


@settings(max_examples=15, deadline=None)
@given(bills())
def test_effects_of_every_line_add_up_to_its_change(bill: DataFrame) -> None:
    found = effects(bill)
    together = found[[effect.value for effect in Effect]].sum(axis=1)
    assert np.allclose(together, found["change"], rtol=1e-9, atol=1e-6)
    assert found["change"].sum() == pytest.approx((bill["cost_now"] - bill["cost_before"]).sum(), abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(bills(), st.floats(-100, 100, allow_nan=False), st.floats(-100, 100, allow_nan=False))
def test_an_explanation_adds_up_to_the_cent(bill: DataFrame, more_before: float, more_now: float) -> None:
    before, now = float(bill["cost_before"].sum()) + more_before, float(bill["cost_now"].sum()) + more_now
    found = explain(bill, before=before, now=now)
    assert found.before == pytest.approx(before * 100, abs=0.51)
    assert found.now == pytest.approx(now * 100, abs=0.51)
    assert found.change == sum(cents for _, cents in found.effects) + found.residual
    lines = (*found.causes, *found.against)
    assert found.change == sum(line.change for line in lines) + found.others + found.residual
    assert found.residual == pytest.approx((more_now - more_before) * 100, abs=2.01)
    for line in lines:
        assert line.change == sum(cents for _, cents in line.effects) == line.now - line.before


@settings(max_examples=15, deadline=None)
@given(bills(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(bill: DataFrame, random: Any) -> None:
    order = list(range(len(bill)))
    random.shuffle(order)
    before, now = float(bill["cost_before"].sum()), float(bill["cost_now"].sum())
    shuffled = explain(bill.iloc[order].reset_index(drop=True), before=before, now=now)
    found = explain(bill, before=before, now=now)
    assert [(line.account, line.usage_type, line.category) for line in shuffled.causes] == [
        (line.account, line.usage_type, line.category) for line in found.causes
    ]
    assert dict(shuffled.effects).keys() == dict(found.effects).keys() or abs(found.change) < 3


@settings(max_examples=15, deadline=None)
@given(bills())
def test_the_other_way_round_has_the_other_sign(bill: DataFrame) -> None:
    swapped = {
        "cost_before": "cost_now", "cost_now": "cost_before", "quantity_before": "quantity_now",
        "quantity_now": "quantity_before",
    }  # fmt: skip
    there, back = effects(bill), effects(bill.rename(columns=swapped))
    for effect, opposite in ((Effect.USAGE, Effect.USAGE), (Effect.RATE, Effect.RATE), (Effect.NEW, Effect.GONE)):
        assert np.allclose(there[effect], -back[opposite], rtol=1e-9, atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(bills())
def test_the_causes_explain_four_fifths_and_one_less_would_not(bill: DataFrame) -> None:
    before, now = float(bill["cost_before"].sum()), float(bill["cost_now"].sum())
    found = explain(bill, before=before, now=now)
    if found.is_flat or abs(found.change) < 100:
        return
    made = [line.change / found.change for line in found.causes]
    assert sum(made) >= 0.8 - 1e-3
    assert sum(made[:-1]) < 0.8 + 1e-3
    assert made == sorted(made, reverse=True)
