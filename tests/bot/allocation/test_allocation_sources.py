"""Exports and Cost Explorer tell the same bill: the totals are its own, and what was joined is marked."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.allocation import Allocation, ChargeRule, Dimension, Match, Rules, Shared, Split, allocate, by_category
from bot.allocation.charges import charges_of, kinds_of
from bot.allocation.feeds import Days
from bot.cost_files import CostFiles
from bot.settings import CostView
from tests.bot.allocation.allocation_bills import DATA, EC2, PROD, S3, SANDBOX, Line, cuts, export
from tests.bot.costs.cost_factories import EC2_OTHER, full, store

TEAM = Dimension.TEAM
DAYS = Days(date(2026, 10, 1), date(2026, 11, 1), CostView.EFFECTIVE)
SHARED = Shared("pool", Match(services=frozenset({"s3"})), Split.PROPORTIONAL)


def of(folder: Path, rules: Rules | None = None, **tags: dict[str, str]) -> tuple[Allocation, tuple[str, ...]]:
    """What is allocated of October, and what could not be told; `data={"team": "x"}` are an account's tags."""
    accounts = {{"prod": PROD, "data": DATA, "sandbox": SANDBOX}[name]: own for name, own in tags.items()}
    used = rules or Rules()
    gathered = charges_of(CostFiles(folder), DAYS, used, TEAM, accounts)
    return allocate(gathered.charges, used, TEAM, accounts), gathered.notes


def totals(found: Allocation) -> dict[str, float]:
    return {share.owner: share.cents / 100 for share in found.shares if share.cents}


def estimated(found: Allocation) -> dict[str, float]:
    return {share.owner: share.estimated / 100 for share in found.shares if share.estimated}


def explorer(folder: Path, *lines: Line) -> Path:
    store(CostFiles(folder), cuts(lines))
    return folder


def exported(folder: Path, *lines: Line) -> Path:
    store(CostFiles(folder), export(lines), "focus")
    return folder


TAX = Line(10.0, service="Tax", category="Tax")
BILL = (Line(60.0, "search"), Line(20.0, "data", DATA), Line(20.0, account=DATA, service=S3), TAX)


@pytest.mark.parametrize("put", [explorer, exported])
def test_both_kinds_of_source_allocate_the_whole_bill_alike(tmp_path: Path, put: object) -> None:
    found, notes = of(put(tmp_path, *BILL), data={"Team": "Data"})  # type: ignore[operator]
    assert totals(found) == {"search": 66.0, "data": 44.0}
    assert (estimated(found), notes) == ({}, ())


def test_what_only_a_join_of_pairs_tells_is_marked(tmp_path: Path) -> None:
    bill = (Line(60.0, "search"), Line(30.0, account=DATA), Line(10.0))
    exact, _ = of(exported(tmp_path / "a", *bill), data={"team": "data"})
    joined, _ = of(explorer(tmp_path / "b", *bill), data={"team": "data"})
    assert totals(exact) == {"search": 60.0, "data": 30.0, "unallocated": 10.0}
    # 40 without a tag, spread as all of EC2 is: 70 in prod, 30 in data-platform.
    assert totals(joined) == {"search": 60.0, "data": 12.0, "unallocated": 28.0}
    assert estimated(joined) == {"data": 12.0, "unallocated": 28.0}
    assert estimated(exact) == {}


def test_nothing_is_joined_that_no_rule_asks_for(tmp_path: Path) -> None:
    found, _ = of(explorer(tmp_path, Line(60.0, "search"), Line(30.0, account=DATA)))
    assert totals(found) == {"search": 60.0, "unallocated": 30.0}
    assert estimated(found) == {}
    assert [hint.account for hint in found.hints] == [None]


def test_a_service_that_is_tagged_nowhere_is_exact_by_account(tmp_path: Path) -> None:
    found, _ = of(explorer(tmp_path, Line(60.0), Line(30.0, account=DATA), Line(5.0, "x", service=S3)))
    assert estimated(found) == {}
    found, _ = of(tmp_path, data={"team": "data"})
    assert totals(found) == {"unallocated": 60.0, "data": 30.0, "x": 5.0}
    assert estimated(found) == {}
    assert [(hint.service_name, hint.account, hint.cents) for hint in found.hints] == [(EC2, PROD, 6000)]


def test_costs_of_both_signs_in_a_service_are_not_spread(tmp_path: Path) -> None:
    bill = (Line(60.0, "search"), Line(-50.0, account=DATA), Line(5.0, account=SANDBOX))
    found, _ = of(explorer(tmp_path, *bill), data={"team": "data"})
    assert totals(found) == {"search": 60.0, "unallocated": -45.0}


def test_a_shared_account_is_exact_in_sum_and_an_estimate_in_whose_it_was(tmp_path: Path) -> None:
    pool = Shared("platform", Match(accounts=frozenset({DATA})), Split.FIXED, (), {"search": Fraction(1)})
    bill = (Line(60.0, "search"), Line(20.0, "growth", DATA), Line(20.0, "growth"))
    found, _ = of(explorer(tmp_path, *bill), Rules(shared=(pool,)))
    assert [(one.name, one.cents) for one in found.pools] == [("platform", 2000)]
    # A fifth of EC2 is in data-platform: a fifth of each team's goes into the pool.
    assert totals(found) == {"search": 68.0, "growth": 32.0}
    assert estimated(found) == {"search": 48.0, "growth": 32.0}


def test_with_a_shared_account_the_others_still_own_what_is_untagged(tmp_path: Path) -> None:
    pool = Shared("platform", Match(accounts=frozenset({PROD})), Split.EVEN, ("search",))
    bill = (Line(60.0), Line(30.0, account=DATA), Line(10.0, account=SANDBOX))
    found, _ = of(explorer(tmp_path, *bill), Rules(shared=(pool,)), data={"team": "data"})
    assert totals(found) == {"search": 60.0, "data": 30.0, "unallocated": 10.0}
    assert estimated(found) == {}


def test_a_shared_usage_type_and_a_shared_tag_are_found_in_both_kinds_of_source(tmp_path: Path) -> None:
    nat = {"service": EC2_OTHER, "usage": "EUW1-NatGateway-Bytes"}
    bill = (
        Line(30.0, "search", tags={"kind": "own"}),
        Line(10.0, "data", tags={"kind": "own"}),
        Line(20.0, tags={"kind": "own"}, **nat),
        Line(8.0, "data", service=S3, tags={"kind": "Shared"}),
    )
    rules = Rules(
        shared=(
            Shared("nat", Match(usage=("natgateway",)), Split.PROPORTIONAL),
            Shared("tagged", Match(tags=frozenset({("kind", "shared")})), Split.EVEN),
        )
    )
    for folder in (exported(tmp_path / "a", *bill), explorer(tmp_path / "b", *bill)):
        found, notes = of(folder, rules)
        assert totals(found) == {"search": 49.0, "data": 19.0}
        assert notes == ()


def test_a_renamed_tag_counts_on_both_sides_of_the_change(tmp_path: Path) -> None:
    early, late = {"day": date(2026, 10, 5)}, {"day": date(2026, 10, 20)}
    bill = (
        Line(10.0, "search", tags={"squad": ""}, **early),
        Line(20.0, "", tags={"squad": "search"}, **late),
        Line(5.0, "", tags={"squad": ""}, **late),
    )
    rules = Rules(tags={**Rules().tags, TEAM: ("team", "squad")})
    for folder in (exported(tmp_path / "a", *bill), explorer(tmp_path / "b", *bill)):
        found, notes = of(folder, rules)
        assert totals(found) == {"search": 30.0, "unallocated": 5.0}
        assert (estimated(found), notes) == ({}, ())


def test_a_renaming_under_way_is_an_estimate_and_never_counts_twice(tmp_path: Path) -> None:
    rules = Rules(tags={**Rules().tags, TEAM: ("team", "squad")})
    apart = (Line(10.0, "search", tags={"squad": ""}), Line(20.0, tags={"squad": "data"}), Line(5.0))
    found, _ = of(explorer(tmp_path / "a", *apart), rules)
    assert totals(found) == {"data": 20.0, "search": 10.0, "unallocated": 5.0}
    assert estimated(found) == {"data": 20.0, "unallocated": 5.0}
    both = (Line(30.0, "search", tags={"squad": "Find"}), Line(5.0, tags={"squad": ""}))
    found, notes = of(explorer(tmp_path / "b", *both), rules)
    assert totals(found) == {"search": 30.0, "unallocated": 5.0}
    assert notes == ("30.00 of usage carry more than one of the tags team, squad: there team counts.",)


def test_spellings_of_a_stored_key_count_together(tmp_path: Path) -> None:
    bill = (Line(10.0, "search", tags={"Team": ""}), Line(20.0, "", tags={"Team": "data"}, day=date(2026, 10, 9)))
    for folder in (exported(tmp_path / "a", *bill), explorer(tmp_path / "b", *bill)):
        assert totals(of(folder)[0]) == {"data": 20.0, "search": 10.0}


def test_a_tag_that_is_not_stored_is_told_and_accounts_still_own(tmp_path: Path) -> None:
    rules = Rules(tags={**Rules().tags, TEAM: ("squad",)}, accounts={DATA: {TEAM: "data"}})
    for folder in (exported(tmp_path / "a", *BILL), explorer(tmp_path / "b", *BILL)):
        found, notes = of(folder, rules)
        assert totals(found) == {"unallocated": 66.0, "data": 44.0}
        assert estimated(found) == {}
        assert len(notes) == 1
        assert notes[0].startswith("Costs by the tag squad are not stored from ")


def test_charges_that_follow_the_chain_need_an_export(tmp_path: Path) -> None:
    rules = Rules(charges=ChargeRule.OWNER, accounts={PROD: {TEAM: "prod-team"}})
    found, notes = of(exported(tmp_path / "a", *BILL), rules)
    assert totals(found) == {"search": 60.0, "data": 20.0, "unallocated": 20.0, "prod-team": 10.0}
    assert notes == ()
    found, notes = of(explorer(tmp_path / "b", *BILL), rules)
    assert totals(found) == {"search": 66.0, "data": 22.0, "unallocated": 22.0}
    assert notes == ("Cost Explorer does not tell whose tax, fees and credits are: they are split by usage.",)


def test_an_export_of_one_cloud_and_cost_explorer_of_another_are_one_bill(tmp_path: Path) -> None:
    explorer(tmp_path, Line(60.0, "search"), TAX)
    azure = full(date(2026, 10, 5), 30.0, provider="Microsoft", service_name="Virtual Machines", tags={"team": "data"})
    store(CostFiles(tmp_path), [azure], "focus")
    assert totals(of(tmp_path)[0]) == {"search": 66.67, "data": 33.33}


def test_a_gap_between_a_pair_and_the_bill_is_untagged_and_told(tmp_path: Path) -> None:
    rows = cuts([Line(60.0, "search"), Line(10.0, "data")])
    missing = [one for one in rows if one.get("tag_value") != "data"]
    store(CostFiles(tmp_path), missing)
    found, notes = of(tmp_path)
    assert totals(found) == {"search": 60.0, "unallocated": 10.0}
    assert notes[0].startswith("Cost Explorer's sum by tag differs from the bill by 10.00")


def test_nothing_of_these_days_is_nothing(tmp_path: Path) -> None:
    explorer(tmp_path, Line(60.0, day=date(2026, 9, 1)))
    assert of(tmp_path)[0].shares == ()
    assert kinds_of(CostFiles(tmp_path), DAYS).charges.empty


def test_categories_agree_between_the_sources(tmp_path: Path) -> None:
    nat = Line(5.0, service=EC2_OTHER, usage="NatGateway-Hours")
    folders = exported(tmp_path / "a", *BILL, nat), explorer(tmp_path / "b", *BILL, nat)
    first, second = (by_category(kinds_of(CostFiles(folder), DAYS).charges) for folder in folders)
    assert first == second
    assert totals(first) == {"compute": 100.0, "tax, fees and credits": 10.0, "network": 5.0}


lines = st.builds(
    Line,
    cost=st.one_of(st.floats(0.001, 500), st.floats(-20, 20)),
    team=st.sampled_from(["search", "Search", "data", "", "n/a"]),
    account=st.sampled_from([PROD, DATA, SANDBOX]),
    service=st.sampled_from([EC2, EC2_OTHER, S3]),
    usage=st.sampled_from(["BoxUsage:m5.large", "NatGateway-Bytes", "x"]),
    category=st.sampled_from(["Usage", "Usage", "Usage", "Tax", "Credit"]),
    day=st.sampled_from([date(2026, 10, 1), date(2026, 10, 2)]),
    tags=st.fixed_dictionaries({"squad": st.sampled_from(["", "find", "data"])}),
)
matches = st.builds(
    Match,
    accounts=st.frozensets(st.sampled_from([PROD, DATA]), max_size=1),
    services=st.frozensets(st.sampled_from(["ec2", "s3"]), max_size=1),
    usage=st.sampled_from([(), ("natgateway",)]),
    tags=st.frozensets(st.just(("squad", "find")), max_size=1),
)
any_rules = st.builds(
    Rules,
    charges=st.sampled_from(ChargeRule),
    tags=st.sampled_from([("team",), ("team", "squad"), ("squad", "missing")]).map(lambda keys: {TEAM: keys}),
    untagged=st.sampled_from([frozenset[str](), frozenset({"n/a"})]),
    accounts=st.sampled_from([{}, {DATA: {TEAM: "data"}}, {DATA: {TEAM: "data"}, PROD: {TEAM: "Find"}}]),
    shared=st.lists(
        st.builds(Shared, name=st.just("pool"), match=matches, split=st.sampled_from([Split.EVEN, Split.PROPORTIONAL])),
        max_size=1,
    ).map(tuple),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(lines, min_size=1, max_size=14), any_rules)
def test_whatever_is_asked_both_sources_add_up_to_the_bill(bill: list[Line], rules: Rules) -> None:
    expected = round(math.fsum(line.cost for line in bill) * 100, 6)
    kinds: dict[str, float] = defaultdict(float)
    for line in bill:
        kinds[line.category] += line.cost
    with TemporaryDirectory() as folder:
        found = [of(exported(Path(folder) / "a", *bill), rules)[0], of(explorer(Path(folder) / "b", *bill), rules)[0]]
    for one in found:
        assert abs(one.cents - expected) <= 0.5 + 1e-6
        assert sum(share.cents for share in one.shares) == one.cents
    if rules.charges is ChargeRule.PROPORTIONAL:
        for one in found:
            for kind, cents in (one.charges or {}).items():
                assert cents == pytest.approx(kinds[kind] * 100, abs=1.5)
