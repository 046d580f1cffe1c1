"""The fewest lines first, at the level where they are fewest; what hides in a flat total is found."""

from __future__ import annotations

from typing import Any

from analysis.causes import Effect, Explanation, explain
from tests.analysis.causes.cause_factories import part, table

NAT = {"usage_type": "NatGateway-Bytes", "unit": "GB", "service": "EC2 - Other"}


def explained(*parts: dict[str, Any], more: tuple[float, float] = (0.0, 0.0)) -> Explanation:
    before = sum(one["cost_before"] for one in parts) + more[0]
    return explain(table(*parts), before=before, now=sum(one["cost_now"] for one in parts) + more[1])


def test_nothing_has_no_cause() -> None:
    found = explained()
    assert (found.change, found.causes, found.residual, found.fraction) == (0, (), 0, None)


def test_one_line_among_many_that_hardly_moved_is_the_cause() -> None:
    noise = [part((10, 100.0), (10, 100.0 + i % 3 - 1), usage_type=f"BoxUsage:m{i}.large") for i in range(40)]
    found = explained(*noise, part((1000, 42.0), (6000, 252.0), **NAT))
    (cause,) = found.causes
    assert (cause.account, cause.region, cause.usage_type) == ("prod", "us-east-1", "NatGateway-Bytes")
    assert (cause.before, cause.now, cause.change) == (4200, 25200, 21000)
    assert cause.effects == ((Effect.USAGE, 21000),)
    assert found.explained > 0.99
    assert found.other_lines > 20
    assert not found.is_flat


def test_one_cause_in_many_accounts_is_one_line() -> None:
    found = explained(*(part((10, 10.0), (20, 20.0), account=f"account {i}", **NAT) for i in range(12)))
    (cause,) = found.causes
    assert (cause.account, cause.usage_type, cause.change) == ("", "NatGateway-Bytes", 12_000)
    assert len(found.where["account"]) == 5


def test_a_rise_that_a_fall_hides_is_found() -> None:
    found = explained(
        part((10, 1000.0), (10, 1000.0), usage_type="BoxUsage:m5.large"),
        part((100, 300.0), (170, 510.0), **NAT),
        part((100, 300.0), (30, 90.2), account="staging", **NAT),
    )
    assert found.is_flat
    assert found.change == 20
    assert [(cause.account, cause.change) for cause in found.causes] == [("prod", 21_000), ("staging", -20_980)]
    assert round(found.explained, 2) == 1.0


def test_two_accounts_that_moved_apart_are_found_however_small_their_lines_are() -> None:
    lines = [
        part((10, 10.0), (10 + sign * 5, 10.0 + sign * 5), usage_type=f"usage {i}", account=name)
        for i in range(30)
        for name, sign in (("prod", 1), ("staging", -1))
    ]
    found = explained(*lines)
    assert found.is_flat
    assert [(cause.account, cause.change) for cause in found.causes] == [("prod", 15_000), ("staging", -15_000)]


def test_what_moved_against_a_change_is_shown_beside_it() -> None:
    found = explained(part((10, 10.0), (110, 110.0), **NAT), part((50, 60.0), (10, 12.0), account="staging"))
    assert [cause.change for cause in found.causes] == [10_000]
    assert [cause.change for cause in found.against] == [-4_800]
    assert found.others == 0


def test_what_no_line_says_is_the_residual() -> None:
    found = explained(part((10, 10.0), (20, 20.0)), more=(5.0, 8.5))
    assert (found.change, found.residual) == (1_350, 350)
    assert found.effects == ((Effect.USAGE, 1_000),)


def test_the_cents_of_thirds_add_up() -> None:
    found = explained(*(part((3, 1.0), (3, 1.0 + 1 / 3), usage_type=f"usage {i}") for i in range(3)))
    assert found.change == 100
    assert sum(cause.change for cause in found.causes) + found.others == 100


def test_tax_is_a_line_of_its_own() -> None:
    found = explained(
        part((0, 0.0), (0, 900.0), category="Tax", service="Tax", usage_type=""), part((1, 10.0), (1, 10.0))
    )
    (cause,) = found.causes
    assert (cause.category, cause.effects) == ("Tax", ((Effect.FEES, 90_000),))


def test_a_dimension_that_is_not_known_says_nothing() -> None:
    found = explained(part((10, 10.0), (20, 20.0), region="", account=""))
    assert found.where["region"] == ()
    assert found.where["account"] == ()


def test_of_a_cause_spread_over_many_lines_the_first_are_listed_and_all_are_counted() -> None:
    parts = [
        part((10, 10.0), (20, 20.0 + i / 100), usage_type=f"usage {i}", service=f"service {i}", account=f"account {i}")
        for i in range(50)
    ]
    found = explained(*parts)
    assert (len(found.causes), found.needed, found.other_lines) == (20, 40, 30)
    assert found.causes[0].usage_type == "usage 49"
    assert sum(cause.change for cause in found.causes) + found.others == found.change
    assert found.explained < 0.5


def test_everything_of_the_only_account_is_no_cause() -> None:
    found = explained(*(part((10, 10.0), (20, 20.0), usage_type=f"usage {i}") for i in range(8)))
    assert [cause.usage_type for cause in found.causes] == [f"usage {i}" for i in range(7)]


def test_thousands_of_lines_are_explained_to_the_cent() -> None:
    parts = [part((10, i / 7), (20, i / 3), usage_type=f"usage {i % 90}", account=f"account {i}") for i in range(3000)]
    found = explained(*parts)
    assert found.change == sum(cents for _, cents in found.effects) + found.residual
    assert found.residual == 0


def test_what_is_new_cost_nothing_before_to_the_cent() -> None:
    news = [part(now=(1.0, 1 / 3), usage_type=f"usage {i}") for i in range(3)]
    assert [(cause.before, cause.now - cause.change) for cause in explained(*news).causes] == [(0, 0)] * 3
