"""What is owned: amortised cost, ids that two sources write differently, and names."""

from __future__ import annotations

import pytest
from pandas import DataFrame

from analysis.commitments.holdings import hourly_usd, key_of, name_of, owner_of, same_commitment, unknown_to_api

EC2 = "arn:aws:ec2:us-east-1:111122223333:reserved-instances/r-1"
RDS = "arn:aws:rds:us-east-1:111122223333:ri:orders"
PLAN = "arn:aws:savingsplans::111122223333:savingsplan/p-1"


def ids(*told: str) -> DataFrame:
    return DataFrame({"commitment_id": list(told)}, dtype="str")


@pytest.mark.parametrize("missing", [(None, 0.1, 10), (1.0, None, 10), (1.0, 0.1, None), (1.0, 0.1, 0)])
def test_an_hour_is_unknown_where_a_part_is(missing: tuple[float | None, float | None, float | None]) -> None:
    assert hourly_usd(2, *missing) is None


def test_the_upfront_part_is_spread_over_the_term() -> None:
    # Two of $876 at the start of 8,760 hours and $0.05 an hour each.
    assert hourly_usd(2, 876.0, 0.05, 8760 * 3600) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("told", "key", "owner"),
    [
        (EC2, "111122223333/r-1", "111122223333"),
        (RDS, "111122223333/orders", "111122223333"),
        (PLAN, "111122223333/p-1", "111122223333"),
        ("r-1", "r-1", ""),
    ],
)
def test_an_id_is_its_owner_and_its_last_part(told: str, key: str, owner: str) -> None:
    assert (key_of(told), owner_of(told)) == (key, owner)


def test_two_accounts_may_have_a_reservation_of_one_name() -> None:
    other = RDS.replace("111122223333", "444455556666")

    assert not same_commitment(RDS, other)
    assert same_commitment(RDS, "orders")
    assert unknown_to_api(ids(RDS, other), ids(RDS))["commitment_id"].tolist() == [other]


def test_what_the_lists_have_is_known_by_its_id_alone_too() -> None:
    assert unknown_to_api(ids(EC2, "orders"), ids("r-1", RDS)).empty
    assert unknown_to_api(ids(PLAN), ids())["commitment_id"].tolist() == [PLAN]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"kind": "Reserved", "type": "r5.xlarge", "count": 12.0}, "12 × r5.xlarge"),
        ({"kind": "Reserved", "type": "r5.xlarge", "count": float("nan")}, "r5.xlarge"),
        ({"kind": "Savings Plan", "type": "Compute", "family": "", "hourly_usd": 4.2}, "Compute Savings Plan $4.20/h"),
        (
            {"kind": "Savings Plan", "type": "EC2Instance", "family": "c5", "hourly_usd": None},
            "EC2 Instance Savings Plan c5",
        ),
    ],
)
def test_names_are_what_people_say(row: dict[str, object], name: str) -> None:
    assert name_of(row) == name
