"""What commitments do not cover, in which order they cover the rest, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from analysis.commitments.apply import apply
from tests.analysis.commitments.simulation_factories import OTHER, OWNER, database, line, plan, reservation, usage


@pytest.mark.parametrize(
    "other",
    [
        {"region": "eu-west-1"},
        {"platform": "Windows"},
        {"usage_type": "DedicatedUsage:m5.large"},
        {"usage_type": "HostUsage:m5.large"},
        {"service": "AmazonSageMaker"},
    ],
    ids=str,
)
def test_a_reservation_leaves_other_usage_alone(other: dict[str, str]) -> None:
    found = apply(usage(line("m5.large", 1, **other), line("m5a.large", 1)), [reservation("m5.large")], [])

    assert not found.covered.any()
    assert found.unused.tolist() == [[0.1]]


def test_a_reservation_that_is_not_flexible_covers_its_own_size_alone() -> None:
    hour = usage(line("m5.large", 1, platform="Windows"), line("m5.xlarge", 1, platform="Windows"))

    found = apply(hour, [reservation("m5.large", 3, platform="Windows", is_flexible=False)], [])

    assert found.covered.tolist() == [[1, 0]]
    assert found.used_hours.tolist() == [[1]]
    assert found.unused[0] == pytest.approx([0.2])


def test_a_zonal_reservation_has_no_other_size_and_no_other_zone() -> None:
    hour = usage(
        line("m5.xlarge", 1, zone="us-east-1a"), line("m5.large", 1, zone="us-east-1b"), line("m5.large", 1, zone="")
    )

    found = apply(hour, [reservation("m5.large", 3, zone="us-east-1a")], [])

    assert found.covered.tolist() == [[0, 0, 1]]


def test_a_standby_is_not_covered_by_an_exact_reservation_without_one() -> None:
    hour = usage(database("db.r5.large", 1, usage_type="Multi-AZUsage:db.r5.large", platform="SQL Server SE (LI)"))
    owned = {"service": "AmazonRDS", "platform": "sqlserver-se(li)", "is_flexible": False}

    assert not apply(hour, [reservation("db.r5.large", **owned)], []).covered.any()
    assert apply(hour, [reservation("db.r5.large", multi_az=True, **owned)], []).covered.tolist() == [[1]]


def test_a_flexible_reservation_with_a_standby_covers_two_databases_without() -> None:
    owned = reservation("db.r5.large", service="AmazonRDS", platform="mysql", multi_az=True)

    assert apply(usage(database("db.r5.large", 3)), [owned], []).covered.tolist() == [[2]]


def test_a_dedicated_reservation_covers_dedicated_usage() -> None:
    hour = usage(line("m5.large", 1, usage_type="DedicatedUsage:m5.large"), line("m5.large", 1))

    found = apply(hour, [reservation("m5.large", 2, tenancy="dedicated", is_flexible=False)], [])

    assert found.covered.tolist() == [[1, 0]]


def test_bare_metal_of_unknown_size_is_covered_by_its_own_type_alone() -> None:
    hour = usage(line("m9x.metal", 1), line("m9x.large", 1))

    assert apply(hour, [reservation("m9x.metal")], []).covered.tolist() == [[1, 0]]
    assert apply(hour, [reservation("m9x.large", 100)], []).covered.tolist() == [[0, 1]]


def test_types_are_compared_as_bills_and_as_apis_spell_them() -> None:
    search = line("r6g.large", 1, service="AmazonES", usage_type="ESInstance:r6g.large", platform="")
    owned = reservation("r6g.large.search", service="AmazonES", platform="", is_flexible=False)
    shortened = database("db.r5.2xl", 1)

    assert apply(usage(search), [owned], []).covered.tolist() == [[1]]
    assert apply(
        usage(shortened), [reservation("db.r5.xlarge", 2, service="AmazonRDS", platform="mysql")], []
    ).covered.tolist() == [[1]]


def test_a_line_of_unknown_platform_fits_and_an_exact_reservation_takes_it_first() -> None:
    hour = usage(line("m5.large", 1, platform=""))
    linux = reservation("m5.large", id="a-linux")
    windows = reservation("m5.large", id="b-windows", platform="Windows", is_flexible=False)

    assert apply(hour, [linux], []).covered.tolist() == [[1]]
    assert apply(hour, [linux, windows], []).covered.tolist() == [[0], [1]]


def test_without_sharing_the_other_accounts_get_nothing() -> None:
    hour = usage(line("m5.large", 1), line("m5.large", 1, account_id=OTHER))
    commitments = [reservation("m5.large", 2)], [plan(5.0, 0.5, 0.5)]

    found = apply(hour, *commitments, shared=False)

    assert found.covered.tolist() == [[1, 0], [0, 0]]
    assert found.on_demand.tolist() == [1.0]


def test_what_no_account_owns_covers_all_alike() -> None:
    hour = usage(line("m5.large", 1), line("m5.large", 3, account_id=OTHER))

    found = apply(hour, [], [plan(1.0, 0.5, 0.5, owner_id="")])

    assert found.covered.tolist() == [[0.5, 1.5]]
    assert not apply(hour, [], [plan(1.0, 0.5, 0.5, owner_id="")], shared=False).covered.any()


def test_a_plan_covers_its_owner_first_even_where_others_would_save_more() -> None:
    hour = usage(line("m5.large", 1), line("c5.large", 1, account_id=OTHER))

    found = apply(hour, [], [plan(0.9, 0.9, 0.3)])

    assert found.covered.tolist() == [[1, 0]]


def test_of_two_plans_the_one_that_saves_more_on_a_line_covers_it() -> None:
    hour = usage(line("m5.large", 1), line("c5.large", 1))
    one_year, three_years = plan(9.0, 0.7, 0.6, id="1y"), plan(0.5, 0.5, 0.55, id="3y")

    found = apply(hour, [], [one_year, three_years])

    assert found.covered.tolist() == [[0, 1], [1, 0]]


def test_all_instance_plans_come_before_the_owners_own_compute_plan() -> None:
    hour = usage(line("m5.large", 1))
    others = plan(0.6, 0.6, id="others", kind="EC2Instance", owner_id=OTHER, family="m5")

    found = apply(hour, [], [plan(0.7, 0.7), others])

    assert found.covered.tolist() == [[0], [1]]


def test_database_and_compute_plans_keep_to_their_own_usage() -> None:
    hour = usage(line("m5.large", 1), database("db.r7g.large", 1))

    found = apply(hour, [], [plan(9.0, 0.6, nan), plan(9.0, nan, 0.8, id="db", kind="Database")])

    assert found.covered_cost == pytest.approx(np.array([[0.6, 0], [0, 0.8]]))


def test_what_an_hour_does_not_use_is_lost() -> None:
    busy = np.array([[4.0], [0.0], [4.0]])

    found = apply(usage(line("m5.large", 0), quantity=busy), [reservation("m5.large", 2)], [plan(1.0, 0.5)])

    assert found.used.tolist() == [[0.2, 0.0, 0.2], [1.0, 0.0, 1.0]]
    assert found.unused.tolist() == [[0.0, 0.2, 0.0], [0.0, 1.0, 0.0]]
    assert found.cost == pytest.approx([1.2, 1.2, 1.2])


def test_before_its_term_a_commitment_costs_and_covers_nothing() -> None:
    running = np.array([False, True])

    found = apply(
        usage(line("m5.large", 3), hours=2), [reservation("m5.large", active=running)], [plan(1.0, 0.5, active=running)]
    )

    assert found.committed.tolist() == [[0.0, 0.1], [0.0, 1.0]]
    assert found.left.tolist() == [[3], [0]]


def test_without_a_price_usage_is_covered_last_and_its_cost_stays_missing() -> None:
    hour = usage(line("m5.large", 1, nan), line("c5.large", 1), hours=1)

    found = apply(hour, [], [plan(0.9, 0.1, 0.9)])

    assert found.covered.tolist() == [[0, 1]]
    assert np.isnan(found.on_demand).all()


def test_without_a_price_but_covered_nothing_is_missing_on_demand() -> None:
    found = apply(usage(line("m5.large", 1, nan)), [reservation("m5.large")], [])

    assert found.on_demand.tolist() == [0.0]
    assert np.isnan(found.worth).all()


def test_nothing_owned_leaves_everything() -> None:
    found = apply(usage(line("m5.large", 2, 0.5), hours=3), [], [])

    assert (found.ids, found.used.shape, found.covered.shape) == ((), (0, 3), (0, 1))
    assert found.cost.tolist() == [1.0, 1.0, 1.0]


def test_the_usage_is_not_changed() -> None:
    hour = usage(line("m5.large", 2))

    apply(hour, [reservation("m5.large")], [plan(0.5, 0.5)])

    assert hour.quantity.tolist() == [[2]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (plan(1.0, 0.5, 0.5), "has rates for"),
        (plan(1.0, 0.5, kind="Other"), "kind 'Other'"),
        (plan(1.0, 0.5, active=np.array([True, True])), "whether it runs"),
    ],
    ids=["rates", "kind", "active"],
)
def test_refuses_what_does_not_belong_to_the_usage(wrong: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        apply(usage(line("m5.large", 1)), [], [wrong])  # type: ignore[list-item]


def test_refuses_quantities_of_another_shape() -> None:
    with pytest.raises(ValueError, match="not \\(hours, lines\\) = \\(2, 1\\)"):
        apply(replace(usage(line("m5.large", 1), hours=2), quantity=np.ones((1, 1))), [], [])


@pytest.mark.parametrize("quantity", [-1.0, nan])
def test_refuses_usage_that_is_negative_or_missing(quantity: float) -> None:
    with pytest.raises(ValueError, match="negative or missing"):
        apply(usage(line("m5.large", quantity)), [], [])


def test_the_owner_of_a_reservation_comes_first_whatever_the_size() -> None:
    hour = usage(line("m5.4xlarge", 1), line("m5.large", 4, account_id=OTHER))

    found = apply(hour, [reservation("m5.4xlarge", owner_id=OWNER)], [])

    assert found.covered.tolist() == [[1, 0]]
