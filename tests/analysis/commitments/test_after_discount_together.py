"""What several savings are worth together, and what they say of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas import DataFrame

from analysis.commitments.after_discount_lines import Change
from analysis.commitments.after_discount_owned import Owned, observed_rates, owned
from analysis.commitments.after_discount_together import Weighed, weigh
from analysis.commitments.after_discount_words import after_commitments, beside, unknown
from analysis.commitments.apply import apply
from analysis.commitments.holdings import RESERVED, SAVINGS_PLAN, TERMS
from analysis.commitments.usage import HourlyUsage, Plan, Reservation
from analysis.models import Action, Effort, Recommendation, Risk
from tests.analysis.commitments.simulation_factories import OWNER, VIRGINIA, line, plan, reservation, usage

HOURS = 24
MONTH = 730.0
ENDS = pd.Timestamp("2026-12-10")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def have(*commitments: Reservation | Plan) -> Owned:
    ids = [one.id for one in commitments]
    return Owned(
        tuple(one for one in commitments if isinstance(one, Reservation)),
        tuple(one for one in commitments if isinstance(one, Plan)),
        dict.fromkeys(ids, "Compute Savings Plan $4.20/h"),
        dict.fromkeys(ids, ENDS),
        (),
    )


def gone(at: int, hours: float = 1.0, price: float = 1.0) -> Change:
    return Change({at: np.full(HOURS, -hours)}, MONTH / HOURS, hours * price * HOURS, 0.0)


def all_count(alone: Sequence[float]) -> list[int | None]:
    return [None] * len(alone)


def test_commitments_take_nothing_of_what_they_do_not_cover() -> None:
    used = usage(line("m5.large", 3, 1.0), hours=HOURS)

    found = weigh(used, have(reservation("c5.large")), [gone(0), gone(0)], all_count)

    assert found == [Weighed(pytest.approx(0.0), pytest.approx(0.0), 0.0, 0.0, (), ())] * 2


def test_alike_savings_share_the_room_that_there_is() -> None:
    # One hour of other usage takes up what one of the two frees; the other's 60 cents stand unused.
    used = usage(line("m5.large", 2, 1.0), line("c5.large", 1, 1.0), hours=HOURS)

    found = weigh(used, have(plan(1.2, 0.6, 0.6)), [gone(0), gone(0)], all_count)

    assert [round(one.alone / MONTH, 9) for one in found] == [0.0, 0.0]
    assert [round(one.together / MONTH, 9) for one in found] == [0.5, 0.5]


def test_the_parts_add_up_to_what_all_give_and_touch_nothing_else() -> None:
    used = usage(
        line("m5.large", 2, 1.0),
        line("c5.large", 2, 1.5),
        line("r5.large", 1, 2.0),
        line("t3.large", 1, 0.1),
        hours=HOURS,
    )
    plans = [plan(3.0, 0.6, 0.9, 1.4, np.nan)]
    savings = [gone(0, 2.0), gone(1, 1.0, 1.5), gone(2, 1.0, 2.0), gone(3, 1.0, 0.1)]

    found = weigh(used, have(*plans), savings, all_count)

    less = HourlyUsage(used.hours, used.lines, used.quantity - np.array([2.0, 1.0, 1.0, 1.0]))
    both = apply(used, [], plans).on_demand.sum() - apply(less, [], plans).on_demand.sum()
    listed = sum(one.on_demand for one in savings)
    assert listed - sum(one.together for one in found) * HOURS / MONTH == pytest.approx(both)
    assert all(one.together >= one.alone - 1e-9 for one in found)
    assert found[3].together == found[3].alone == pytest.approx(0.0)


def test_an_alternative_is_weighed_in_the_place_of_the_one_that_counts() -> None:
    used = usage(line("m5.large", 2, 1.0), line("c5.large", 1, 1.0), hours=HOURS)
    savings = [gone(0), gone(0), gone(0, 0.5)]

    found = weigh(used, have(plan(1.2, 0.6, 0.6)), savings, lambda alone: [None, None, 1])

    # Half an hour less is all taken up; and one hour and a half leave half an hour stranded.
    assert [round(one.together / MONTH, 9) for one in found] == [0.5, 0.5, 0.25]


def test_the_choice_is_made_by_what_each_gives_alone() -> None:
    seen: list[Sequence[float]] = []

    def choose(alone: Sequence[float]) -> list[int | None]:
        seen.append(alone)
        return [None, 0]

    weigh(usage(line("m5.large", 2, 1.0), hours=HOURS), have(plan(1.2, 0.6)), [gone(0), gone(0, 2.0)], choose)

    assert seen == [[pytest.approx(730.0), pytest.approx(1460.0)]]


VALUE = Recommendation(
    check_id="ec2.idle_instance", action=Action.STOP, effort=Effort.LOW, risk=Risk.LOW, risk_reason="", effect="",
    resource_type="EC2 instance", resource_id="i-1", resource_name=None, account_id=OWNER, account_name="prod",
    region=VIRGINIA, owner=None, current="running", proposed="stopped", monthly_cost=730.0, monthly_savings=730.0,
    currency="USD", price_source="AWS's public list", price_date=date(2026, 8, 1), how_computed="", ignores="Volumes.",
    reason="", evidence=(), chart=None, command="", undo="", data_until=NOW,
)  # fmt: skip


def judged(
    alone: float,
    together: float | None = None,
    *,
    stranded: float = 0.0,
    freed: float = 438.0,
    discount: float = 0.0,
    **changed: Any,
) -> Recommendation:
    """The saving of an hour at a dollar that 60 cents of a plan cover; `alone` and `together` of $730 are left."""
    weighed = Weighed(
        730.0 - alone,
        730.0 - (alone if together is None else together),
        freed,
        stranded,
        ("sp",) if freed else (),
        ("sp",) if stranded else (),
    )
    own = dataclasses.replace(gone(0), discount=discount)
    return after_commitments(dataclasses.replace(VALUE, **changed), own, weighed, have(plan(4.2, 0.6)))


def test_a_saving_that_no_commitment_has_to_do_with_stays_as_it_is() -> None:
    assert judged(730.0, freed=0.0) == VALUE


def test_what_is_taken_up_in_full_says_so_and_keeps_its_figure() -> None:
    found = judged(760.0)

    assert found.monthly_savings == found.before_commitments == 730.0
    assert found.commitments == (
        "At list price $730.00 a month, and as much after your commitments: the Compute Savings Plan $4.20/h covers "
        "it, and all that it frees is taken up by other usage."
    )


def test_what_runs_instead_is_named_among_what_takes_it_up() -> None:
    smaller = Change({0: -np.ones(HOURS), 1: np.ones(HOURS)}, MONTH / HOURS, HOURS * 0.5, 0.0)

    found = after_commitments(VALUE, smaller, Weighed(0.0, 0.0, 438.0, 0.0, ("sp",), ()), have(plan(4.2, 0.6)))

    assert found.commitments.endswith("all that it frees is taken up by what runs instead and other usage.")


def test_the_lower_figure_is_the_figure_and_the_sentence_says_until_when() -> None:
    found = judged(365.0, stranded=219.0)

    assert (found.monthly_savings, found.before_commitments) == (365.0, 730.0)
    assert found.commitments == (
        "At list price $730.00 a month; after your commitments $365.00: the Compute Savings Plan $4.20/h covers it; "
        "50 % of what it frees is taken up by other usage, the rest is paid for nothing until Dec 10, 2026; from then "
        "on it is saved too."
    )


def test_what_all_savings_together_leave_is_shown_where_it_is_less() -> None:
    found = judged(700.0, 400.0)

    assert found.monthly_savings == 400.0
    assert "after your commitments $400.00" in found.commitments
    assert found.commitments.endswith(
        "Alone it would save $700.00; all open savings together leave less usage for what they free."
    )


@pytest.mark.parametrize(("alone", "is_notice"), [(219.0, False), (218.9, True), (-50.0, True)])
def test_less_than_thirty_per_cent_is_a_notice(alone: float, is_notice: bool) -> None:
    found = judged(alone, stranded=400.0)

    assert found.is_notice is is_notice
    assert found.before_commitments == 730.0
    assert ("The bill would even rise" in found.commitments) is (alone < 0)


def test_storage_is_saved_whatever_becomes_of_the_plan() -> None:
    found = judged(300.0, stranded=200.0, monthly_savings=800.0)

    assert found.monthly_savings == pytest.approx(370.0)


def test_by_rates_that_have_the_discount_in_them_no_discount_is_taken_twice() -> None:
    # Counted at 60 cents an hour; 60 % of it is taken up by usage that costs a dollar on demand.
    own = {"monthly_savings": 438.0, "price_source": "your own bill, last 30 days", "discount": 292.0}

    found, more = judged(400.0, stranded=175.2, **own), judged(600.0, stranded=80.0, **own)

    assert found.monthly_savings == pytest.approx(400.0)
    assert found.commitments.startswith("At your own rates $438.00 a month; after your commitments $400.00")
    assert more.monthly_savings == 438.0


def test_what_is_not_known_is_said_in_what_is_left_out() -> None:
    assert unknown(VALUE, "Something.").ignores == "Volumes. Something."
    assert beside(VALUE, ()) == VALUE
    assert beside(VALUE, ("sp-9",), ("AmazonRDS",)).ignores == (
        "Volumes. Commitments of the bill that AWS's lists do not tell: sp-9. Reservations of AmazonRDS, which AWS did "
        "not tell."
    )


def held(*rows: dict[str, Any]) -> DataFrame:
    empty = {name: "" if kind == "str" else float("nan") for name, kind in TERMS.items()}
    usual = empty | {
        "account_id": OWNER, "name": "a name", "state": "active", "hourly_usd": 1.0, "count": 2.0,
        "starts_at": pd.Timestamp("2026-01-01"), "ends_at": pd.Timestamp("2027-01-01"),
    }  # fmt: skip
    return DataFrame([usual | row for row in rows])


PLAN = {"kind": SAVINGS_PLAN, "commitment_id": f"arn:aws:savingsplans::{OWNER}:savingsplan/sp-1", "type": "Compute"}
LINES = usage(
    line("m5.large", 1, 0.1),
    line("c5.large", 1, 0.2),
    line("m5.large", 1, 0.3, platform="Windows"),
    line("db.m5.large", 1, 1.0, service="AmazonRDS", usage_type="InstanceUsage:db.m5.large"),
).lines


def covered(commitment: str, usage_type: str, cost: float, list_cost: float) -> dict[str, Any]:
    return {
        "charge_category": "Usage", "commitment_id": commitment, "usage_type": usage_type, "operation": "RunInstances",
        "effective_cost": cost, "list_cost": list_cost, "quantity": 10.0,
    }  # fmt: skip


def test_a_plans_rates_are_what_it_covered_at_and_its_smallest_discount_elsewhere() -> None:
    id_ = str(PLAN["commitment_id"])
    rates = observed_rates(
        DataFrame([covered(id_, "BoxUsage:m5.large", 0.5, 1.0), covered(id_, "m5.xlarge", 0.6, 1.0)])
    )

    found = owned(held(PLAN), LINES, rates, NOW)

    assert found.plans[0].rates == pytest.approx([0.05, 0.12, 0.18, np.nan], nan_ok=True)
    assert found.plans[0].rates[1] > 0.12, "after what it was seen to cover"
    assert (found.plans[0].owner_id, found.plans[0].hourly, found.unlisted) == (OWNER, 1.0, ())


def test_an_instance_plan_covers_its_family_and_region() -> None:
    rates = observed_rates(DataFrame([covered(str(PLAN["commitment_id"]), "BoxUsage:m5.large", 0.6, 1.0)]))
    narrow = PLAN | {"type": "EC2Instance", "family": "m5", "scope_region": VIRGINIA}

    found = owned(held(narrow), LINES, rates, NOW)

    assert found.plans[0].rates == pytest.approx([0.06, np.nan, 0.18, np.nan], nan_ok=True)


def test_a_plan_that_covered_nothing_is_worth_nothing_to_other_usage() -> None:
    rates = observed_rates(DataFrame([covered("other", "BoxUsage:m5.large", 0.6, 1.0)]))

    found = owned(held(PLAN), LINES, rates, NOW)

    assert np.isnan(found.plans[0].rates).all()
    assert found.unlisted == ("other",)


def test_only_what_runs_now_is_owned() -> None:
    reserved = {
        "kind": RESERVED,
        "service": "AmazonRDS",
        "type": "db.m5.large",
        "platform": "mysql",
        "scope_region": VIRGINIA,
    }
    rows = held(
        reserved | {"commitment_id": "runs"},
        reserved | {"commitment_id": "ended", "ends_at": pd.Timestamp("2026-11-20")},
        reserved | {"commitment_id": "queued", "state": "queued"},
        reserved | {"commitment_id": "unread", "problem": "AccessDenied"},
    )

    found = owned(rows, LINES, observed_rates(DataFrame([covered("", "BoxUsage:m5.large", 1, 1)])), NOW)

    assert found.reservations == (
        Reservation("runs", OWNER, "AmazonRDS", VIRGINIA, "db.m5.large", "mysql", 2, 1.0, is_flexible=True),
    )
    assert found.ends["runs"] == pd.Timestamp("2027-01-01")
