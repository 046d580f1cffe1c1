"""Of several savings on one resource one counts: together they never save more than it costs."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.models import Effort, Recommendation, Risk
from analysis.ranking import alternatives
from tests.bot.decisions_factories import recommendation


def saving(check: str, resource: str, dollars: float, **changed: Any) -> Recommendation:
    return recommendation(check_id=check, resource_id=resource, monthly_savings=dollars, **changed)


def by_check(*values: Recommendation) -> dict[str, bool]:
    """Whether each one counts."""
    excluded = alternatives(values)
    return {value.check_id: value.fingerprint not in excluded for value in values}


def test_savings_on_different_resources_all_count() -> None:
    assert by_check(saving("a", "i-1", 10), saving("b", "i-2", 5)) == {"a": True, "b": True}


def test_the_same_id_in_another_account_is_another_resource() -> None:
    assert all(by_check(saving("a", "x", 10), saving("b", "x", 5, account_id="999988887777")).values())


def test_of_two_on_one_resource_the_worthier_counts() -> None:
    safe, risky = saving("safe", "i-1", 90, risk=Risk.LOW), saving("risky", "i-1", 100, risk=Risk.HIGH)

    assert by_check(risky, safe) == {"risky": False, "safe": True}


def test_what_is_approved_counts_before_all_others() -> None:
    better, approved = saving("better", "i-1", 90), saving("approved", "i-1", 10)

    assert alternatives([better], approved=[approved]) == {better.fingerprint}


def test_a_saving_that_covers_a_volume_excludes_those_on_it() -> None:
    instance = saving("stopped", "i-1", 40, covers=("vol-1",))

    assert by_check(instance, saving("volume", "vol-1", 40, effort=Effort.HIGH)) == {"stopped": True, "volume": False}


def test_a_notice_excludes_nothing() -> None:
    assert by_check(saving("notice", "i-1", 0.0), saving("a", "i-1", 5)) == {"notice": True, "a": True}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.floats(0.01, 100)), max_size=12))
def test_no_resource_is_counted_for_more_than_it_costs(rows: list[tuple[str, str, float]]) -> None:
    values = [saving(f"{check}{n}", resource, dollars) for n, (check, resource, dollars) in enumerate(rows)]

    excluded = alternatives(values)

    for resource in "xyz":
        own = [value for value in values if value.resource_id == resource]
        counted = [value.monthly_savings for value in own if value.fingerprint not in excluded]
        assert len(counted) == min(len(own), 1)
        assert sum(counted) <= max((value.monthly_savings for value in own), default=0.0)
