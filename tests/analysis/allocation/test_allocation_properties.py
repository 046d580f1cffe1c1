"""The owners add up to the total: for any charges, any rules, to the cent and whatever the order of the rows."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.allocation import Dimension, Match, Rules, Shared, Split, allocate, by_category
from analysis.allocation.cents import in_cents, table_in_cents
from analysis.allocation.rules import ChargeRule
from analysis.costs import ChargeCategory

TEAMS = ("search", "Search ", "data", "payments", "", "n/a", "unallocated", "ghost")
ACCOUNTS = ("111122223333", "777788889999", "222233334444", "unknown")
SERVICES = ("Amazon Elastic Compute Cloud - Compute", "EC2 - Other", "Amazon Simple Storage Service", "Tax")
USAGE = ("BoxUsage:m5.large", "NatGateway-Bytes", "EBS:VolumeUsage.gp3", "x")
KINDS = tuple(kind.value for kind in ChargeCategory)

rows = st.fixed_dictionaries(
    {
        "cost": st.one_of(
            st.floats(-1e6, 1e6), st.floats(-1e-3, 1e-3), st.sampled_from([0.0, 0.005, 0.1, -0.1, 1e9, 1 / 3])
        ),
        "service_name": st.sampled_from(SERVICES),
        "account": st.sampled_from(ACCOUNTS),
        "usage_type": st.sampled_from(USAGE),
        "charge_category": st.one_of(st.just("Usage"), st.sampled_from(KINDS)),
        "tag:team": st.sampled_from(TEAMS),
        "tag:squad": st.sampled_from(TEAMS),
        "estimated": st.booleans(),
    }
)
frames = st.lists(rows, min_size=1, max_size=25).map(DataFrame)
owners = st.sampled_from([team for team in TEAMS if team])
matches = st.builds(
    Match,
    accounts=st.frozensets(st.sampled_from(ACCOUNTS), max_size=2),
    services=st.frozensets(st.sampled_from(["ec2", "s3", "tax"]), max_size=2),
    tags=st.frozensets(st.tuples(st.sampled_from(["team", "env"]), st.sampled_from(["search", "data"])), max_size=2),
    usage=st.lists(st.sampled_from(["natgateway", "ebs"]), max_size=1).map(tuple),
    charges=st.frozensets(st.sampled_from(list(ChargeCategory)), max_size=2),
)


@st.composite
def shares(draw: st.DrawFn) -> dict[str, Fraction]:
    weights = draw(st.dictionaries(owners, st.integers(1, 99), min_size=1, max_size=4))
    total = sum(weights.values())
    return {team: Fraction(weight, total) for team, weight in weights.items()}


pools = st.builds(
    Shared,
    name=st.sampled_from(["network", "platform", "again"]),
    match=matches,
    split=st.sampled_from(Split),
    among=st.lists(owners, max_size=3, unique=True).map(tuple),
    shares=shares(),
)
any_rules = st.builds(
    Rules,
    default=st.sampled_from(["unallocated", "nobody"]),
    charges=st.sampled_from(ChargeRule),
    tags=st.sampled_from([("team",), ("team", "squad"), ("missing",)]).map(lambda keys: {Dimension.TEAM: keys}),
    aliases=st.sampled_from([{}, {Dimension.TEAM: {"ghost": "data", "payments": "Search"}}]),
    untagged=st.sampled_from([frozenset[str](), frozenset({"n/a"})]),
    accounts=st.dictionaries(
        st.sampled_from(ACCOUNTS), st.dictionaries(st.just(Dimension.TEAM), owners, max_size=1), max_size=3
    ),
    shared=st.lists(pools, max_size=4).map(tuple),
)


def rounded(costs: list[float]) -> int:
    return round(Fraction(math.fsum(costs)) * 100)


@settings(max_examples=50, deadline=None)
@given(frames, any_rules)
def test_the_owners_add_up_to_the_total_to_the_cent(frame: DataFrame, rules: Rules) -> None:
    found = allocate(frame, rules, Dimension.TEAM, {"111122223333": {"team": "Payments"}})
    assert found.cents == rounded(frame["cost"].tolist())
    assert sum(share.cents for share in found.shares) == found.cents
    direct, shared = sum(s.direct_cents for s in found.shares), sum(s.shared_cents for s in found.shares)
    assert direct + shared == found.cents
    assert sum(pool.cents for pool in {pool.name: pool for pool in found.pools}.values()) == shared
    assert len({share.owner for share in found.shares}) == len(found.shares)
    kinds = found.charges or {}
    assert sum(kinds.values()) == sum(share.shared.get("tax, fees and credits", 0) for share in found.shares)


@settings(max_examples=20, deadline=None)
@given(frames, any_rules, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_makes_no_difference(frame: DataFrame, rules: Rules, random: object) -> None:
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = frame.iloc[order].reset_index(drop=True)
    assert allocate(shuffled, rules, Dimension.TEAM) == allocate(frame, rules, Dimension.TEAM)


@settings(max_examples=30, deadline=None)
@given(frames)
def test_the_categories_add_up_to_the_total(frame: DataFrame) -> None:
    found = by_category(frame)
    assert sum(share.cents for share in found.shares) == found.cents == rounded(frame["cost"].tolist())


@settings(max_examples=20, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8).map(DataFrame), any_rules)
def test_without_shared_costs_each_row_goes_whole_to_the_owner_it_has_alone(frame: DataFrame, rules: Rules) -> None:
    alone = dataclasses.replace(rules, shared=())
    usage = frame.assign(charge_category="Usage")
    expected: dict[str, Fraction] = {}
    for at in range(len(usage)):
        row = usage.iloc[[at]]
        (one,) = allocate(row, alone, Dimension.TEAM).shares
        key = one.owner.strip().casefold()
        expected[key] = expected.get(key, Fraction(0)) + Fraction(float(row["cost"].iloc[0]))
    whole = {share.owner.strip().casefold(): share for share in allocate(usage, alone, Dimension.TEAM).shares}
    assert whole.keys() == expected.keys()
    assert all(not share.shared for share in whole.values())
    assert all(abs(share.cents - expected[owner] * 100) < 1.51 for owner, share in whole.items())


@given(
    st.dictionaries(st.integers(), st.floats(-1e7, 1e7).map(Fraction), max_size=30),
    st.floats(-1e-6, 1e-6).map(Fraction),
)
def test_no_amount_moves_by_a_cent_and_all_together_are_the_total(amounts: dict[int, Fraction], dust: Fraction) -> None:
    total = sum(amounts.values(), Fraction(0)) + (dust if amounts else 0)
    cents = in_cents(amounts, total)
    assert sum(cents.values()) == round(total * 100)
    assert all(abs(cents[key] - amount * 100) < 1 + abs(dust) * 100 for key, amount in amounts.items())
    assert all(cents[key] == 0 for key, amount in amounts.items() if not amount and not dust)


cells = st.tuples(st.sampled_from("abcdefgh"), st.tuples(st.sampled_from("xyz"), st.booleans()))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(cells, st.one_of(st.floats(-1e6, 1e6), st.floats(-0.02, 0.02)).map(Fraction), max_size=30))
def test_cells_rows_and_columns_of_a_table_agree_and_none_moves_by_more_than_it_must(
    table: dict[tuple[str, tuple[str, bool]], Fraction],
) -> None:
    columns = {column: round(sum(table[cell] for cell in table if cell[1] == column) * 100) for _, column in table}
    cents = table_in_cents(table, columns)
    assert cents.keys() == table.keys()
    largest = {min((c for c in table if c[1] == col), key=lambda c: (-abs(table[c]), c)) for col in columns}
    for column, whole in columns.items():
        assert sum(cents[cell] for cell in table if cell[1] == column) == whole
    for row in {row for row, _ in table}:
        inside = [cell for cell in table if cell[0] == row]
        off = abs(sum(cents[cell] for cell in inside) - sum(table[cell] for cell in inside) * 100)
        assert off < 1.001 + 0.5 * len(largest.intersection(inside))
    for cell, amount in table.items():
        assert abs(cents[cell] - amount * 100) < (1.501 if cell in largest else 1.001)
        assert cents[cell] == 0 or amount or cell in largest
