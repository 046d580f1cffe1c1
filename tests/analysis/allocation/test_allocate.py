"""Who bears a cost: the chain, spellings, shared costs, and charges that are no usage."""

from __future__ import annotations

import math

import pytest

from analysis.allocation import CHARGES, ChargeRule, Dimension, Way, allocate, by_category
from analysis.costs import ChargeCategory
from tests.analysis.allocation.allocation_factories import (
    DATA,
    EC2,
    PROD,
    S3,
    SANDBOX,
    charge,
    charges,
    dollars,
    owner,
    rules,
    shared,
)

TEAM = Dimension.TEAM


def test_nothing_is_allocated_to_nobody() -> None:
    found = allocate(charges(), rules(), TEAM)
    assert (found.cents, found.shares, found.default) == (0, (), None)


def test_a_charge_without_a_cost_is_refused() -> None:
    with pytest.raises(ValueError, match="without a cost"):
        allocate(charges(charge(math.nan)), rules(), TEAM)


def test_untagged_cost_of_an_account_without_owner_stays_unallocated() -> None:
    found = allocate(charges(charge(10.0, "search"), charge(5.0)), rules(), TEAM)
    assert dollars(found) == {"search": 10.0, "unallocated": 5.0}
    assert found.default is not None
    assert found.default.direct == {Way.DEFAULT: 500}


def test_each_step_of_the_chain_counts_only_where_the_steps_before_say_nothing() -> None:
    frame = charges(
        charge(1.0, "search", account=PROD),
        charge(2.0, account=PROD),
        charge(4.0, account=DATA),
        charge(8.0, account=SANDBOX),
        charge(16.0, account="999999999999"),
    )
    file = owner(PROD, team="from-file") | owner(DATA, team="data") | owner(SANDBOX, env="dev")
    tags = {PROD: {"Team": "platform"}, SANDBOX: {"cost-center": "7"}}
    found = allocate(frame, rules(accounts=file), TEAM, tags)
    assert dollars(found) == {"data": 4.0, "platform": 2.0, "search": 1.0, "unallocated": 24.0}
    ways = {share.owner: set(share.direct) for share in found.shares}
    assert ways == {
        "data": {Way.ACCOUNT_OWNER},
        "platform": {Way.ACCOUNT_TAG},
        "search": {Way.TAG},
        "unallocated": {Way.DEFAULT},
    }


def test_another_dimension_has_its_own_tags_and_owners() -> None:
    frame = charges(charge(3.0, "search", **{"tag:env": "prod"}), charge(4.0, **{"tag:env": ""}))
    found = allocate(frame, rules(accounts=owner(PROD, team="x", env="staging")), Dimension.ENV)
    assert dollars(found) == {"staging": 4.0, "prod": 3.0}


@pytest.mark.parametrize("value", ["Payments", " payments ", "PAYMENTS", "payments\t"])
def test_case_and_white_space_make_no_second_team(value: str) -> None:
    found = allocate(charges(charge(5.0, "payments"), charge(1.0, value)), rules(), TEAM)
    assert dollars(found) == {"payments": 6.0}


def test_spellings_that_were_merged_are_told() -> None:
    found = allocate(charges(charge(5.0, "payments"), charge(9.0, "Payments"), charge(1.0, "search")), rules(), TEAM)
    assert dollars(found) == {"Payments": 14.0, "search": 1.0}
    assert found.merged == {"Payments": ("Payments", "payments")}


@pytest.mark.parametrize("value", ["payment", "pay-ments", "payments2"])
def test_other_spellings_are_never_merged_by_themselves(value: str) -> None:
    found = allocate(charges(charge(5.0, "payments"), charge(1.0, value)), rules(), TEAM)
    assert dollars(found) == {"payments": 5.0, value: 1.0}
    assert found.merged == {}


def test_an_alias_counts_for_the_team_it_names_in_the_file_s_spelling() -> None:
    aliases = {TEAM: {"pay": "Payments", "payments team": "Payments"}}
    frame = charges(charge(5.0, "PAY"), charge(1.0, "Payments  Team"), charge(2.0, "payments"))
    assert dollars(allocate(frame, rules(aliases=aliases), TEAM)) == {"Payments": 8.0}


@pytest.mark.parametrize("value", ["N/A", " n/a", "unallocated", "Unallocated"])
def test_a_value_that_means_no_tag_falls_back_to_the_account(value: str) -> None:
    file = rules(untagged=frozenset({"n/a"}), accounts=owner(PROD, team="platform"))
    assert dollars(allocate(charges(charge(5.0, value)), file, TEAM)) == {"platform": 5.0}


def test_a_renamed_tag_counts_where_the_first_has_no_value() -> None:
    frame = charges(
        charge(1.0, "search", **{"tag:squad": ""}),
        charge(2.0, "", **{"tag:squad": "search"}),
        charge(4.0, "search", **{"tag:squad": "data"}),
    )
    both = rules(tags={**rules().tags, TEAM: ("team", "squad")})
    assert dollars(allocate(frame, both, TEAM)) == {"search": 7.0}
    assert dollars(allocate(frame, rules(), TEAM)) == {"search": 5.0, "unallocated": 2.0}


def test_tax_fees_and_credits_follow_usage_and_unowned_usage_bears_its_part() -> None:
    frame = charges(
        charge(60.0, "search"),
        charge(20.0, "data"),
        charge(20.0),
        charge(10.0, charge_category="Tax", service_name="Tax"),
        charge(-5.0, charge_category="Credit"),
        charge(15.0, charge_category="UnusedCommitment"),
    )
    found = allocate(frame, rules(), TEAM)
    assert dollars(found) == {"search": 72.0, "data": 24.0, "unallocated": 24.0}
    assert found.charges == {"Credit": -500, "Tax": 1000, "UnusedCommitment": 1500}
    assert (found.shares[0].direct_cents, found.shares[0].shared) == (6000, {CHARGES: 1200})


def test_charges_may_follow_the_chain_instead() -> None:
    frame = charges(charge(60.0, "search"), charge(10.0, charge_category="Support", account=DATA))
    file = rules(charges=ChargeRule.OWNER, accounts=owner(DATA, team="data"))
    found = allocate(frame, file, TEAM)
    assert dollars(found) == {"search": 60.0, "data": 10.0}
    assert found.charges == {}


def test_charges_without_any_usage_stay_unallocated() -> None:
    found = allocate(charges(charge(10.0, charge_category="Tax")), rules(), TEAM)
    assert dollars(found) == {"unallocated": 10.0}


NAT = {"usage_type": "EUW1-NatGateway-Bytes"}


def test_a_shared_cost_is_split_evenly_among_the_teams_that_have_costs() -> None:
    frame = charges(charge(30.0, "search"), charge(10.0, "data"), charge(5.0), charge(20.0, "search", **NAT))
    found = allocate(frame, rules(shared=(shared("even"),)), TEAM)
    assert dollars(found) == {"search": 40.0, "data": 20.0, "unallocated": 5.0}


def test_a_proportional_split_goes_by_the_own_cost_of_those_named() -> None:
    frame = charges(charge(30.0, "search"), charge(10.0, "data"), charge(90.0, "growth"), charge(20.0, "x", **NAT))
    found = allocate(frame, rules(shared=(shared("proportional", among=("Search", "data")),)), TEAM)
    assert dollars(found) == {"growth": 90.0, "Search": 45.0, "data": 15.0}


def test_a_fixed_split_may_name_a_team_without_a_cost_and_says_so() -> None:
    frame = charges(charge(30.0, "search"), charge(20.0, **NAT))
    found = allocate(frame, rules(shared=(shared("fixed", shares={"search": 75, "serch": 25}),)), TEAM)
    assert dollars(found) == {"search": 45.0, "serch": 5.0}
    assert found.pools[0].strangers == ("serch",)


def test_a_third_of_a_dollar_is_split_to_the_cent() -> None:
    frame = charges(*(charge(1.0, team) for team in "abc"), charge(1.0, **NAT))
    found = allocate(frame, rules(shared=(shared("even"),)), TEAM)
    assert dollars(found) == {"a": 1.34, "b": 1.33, "c": 1.33}


def test_nothing_to_be_proportional_to_is_split_evenly_and_told() -> None:
    frame = charges(charge(-3.0, "search"), charge(0.0, "data"), charge(20.0, **NAT))
    found = allocate(frame, rules(shared=(shared("proportional"),)), TEAM)
    assert dollars(found) == {"data": 10.0, "search": 7.0}
    assert found.pools[0].even_instead


def test_a_shared_cost_that_nobody_is_there_to_bear_is_unallocated() -> None:
    found = allocate(charges(charge(20.0, **NAT)), rules(shared=(shared("proportional"),)), TEAM)
    assert dollars(found) == {"unallocated": 20.0}


def test_the_first_shared_cost_takes_a_charge_and_shares_are_not_shared_again() -> None:
    frame = charges(charge(30.0, "search"), charge(10.0, "data"), charge(8.0, "platform", account=DATA, **NAT))
    file = rules(
        shared=(
            shared("even", name="network"),
            shared("fixed", name="data account", accounts=frozenset({DATA}), shares={"data": 100}),
            shared("even", name="data team", tags=frozenset({("team", "data")}), among=("search", "growth")),
        )
    )
    found = allocate(frame, file, TEAM)
    assert {share.owner: share.shared for share in found.shares} == {
        "search": {"network": 800, "data team": 500},
        "growth": {"data team": 500},
    }
    assert found.cents == 4800


def test_a_shared_cost_of_usage_leaves_tax_alone_unless_it_names_it() -> None:
    frame = charges(charge(30.0, "search"), charge(10.0, "data"), charge(6.0, charge_category="Support"))
    usage = rules(shared=(shared("even", services=frozenset({"ec2"})),))
    support = rules(shared=(shared("even", charges=frozenset({ChargeCategory.SUPPORT})),))
    assert dollars(allocate(frame, usage, TEAM)) == {"unallocated": 46.0}
    assert dollars(allocate(frame, support, TEAM)) == {"search": 33.0, "data": 13.0}


def test_a_shared_cost_of_another_dimension_stays_where_it_is() -> None:
    frame = charges(charge(30.0, "search"), charge(20.0, **NAT, **{"tag:env": "prod"}))
    assert dollars(allocate(frame, rules(shared=(shared("even"),)), Dimension.ENV)) == {
        "unallocated": 30.0,
        "prod": 20.0,
    }


def test_what_to_tag_first_is_the_dearest_usage_that_nobody_owns() -> None:
    frame = charges(
        charge(30.0, service_name=S3),
        charge(50.0, account=DATA),
        charge(70.0, account=SANDBOX),
        charge(99.0, "search"),
        charge(500.0, charge_category="Tax"),
        charge(-4.0, service_name="x"),
    )
    found = allocate(frame, rules(accounts=owner(SANDBOX, team="growth")), TEAM)
    assert [(hint.service_name, hint.account, hint.cents) for hint in found.hints] == [
        (EC2, DATA, 5000),
        (S3, PROD, 3000),
    ]


def test_with_an_owner_for_everything_the_untagged_usage_is_still_named() -> None:
    found = allocate(charges(charge(30.0)), rules(accounts=owner(PROD, team="growth")), TEAM)
    assert [(hint.service_name, hint.account) for hint in found.hints] == [(EC2, PROD)]


def test_an_account_that_is_only_estimated_is_not_named() -> None:
    found = allocate(charges(charge(30.0, estimated=True)), rules(), TEAM)
    assert found.hints[0].account is None
    assert found.shares[0].estimated == 3000


def test_categories_split_ec2_other_by_usage_type_and_keep_tax_apart() -> None:
    other = "EC2 - Other"
    frame = charges(
        charge(1.0),
        charge(2.0, service_name=other, usage_type="EBS:VolumeUsage.gp3"),
        charge(4.0, service_name=other, usage_type="NatGateway-Hours"),
        charge(8.0, service_name=other, usage_type="CPUCredits:t3"),
        charge(16.0, service_name=other, usage_type="unknown"),
        charge(32.0, service_name="Tax", charge_category="Tax"),
    )
    found = by_category(frame)
    assert list(dollars(found).items()) == [
        ("other", 16.0),
        ("compute", 9.0),
        ("network", 4.0),
        ("storage", 2.0),
        (CHARGES, 32.0),
    ]
    assert (found.cents, found.charges) == (6300, {"Tax": 3200})
