"""Stored costs: never the same dollar twice, missing is not zero, unchanged bytes stay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas import DataFrame

from analysis.costs import Cut
from bot.cost_files import CostFiles, summary
from bot.cost_files.stored_days import StoredDay, stored_days
from bot.errors import CostbotError, NotEnoughData
from bot.settings import CostView
from tests.bot.costs.cost_factories import EC2, EC2_OTHER, days, full, row, store

NOV, DEC = date(2026, 11, 1), date(2026, 12, 1)


def test_an_empty_directory_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="costbot refresh"):
        CostFiles(tmp_path).window()
    with pytest.raises(NotEnoughData, match="ingest focus"):
        CostFiles(tmp_path).daily(by=("service",), start=NOV, end=DEC)


def test_asking_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData):
        CostFiles(tmp_path).window()
    assert list(tmp_path.iterdir()) == []


def test_the_same_month_again_leaves_the_file_alone(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    rows = DataFrame([full(NOV, 1.0, tags={"team": "a", "env": ""}), full(date(2026, 11, 2), 2.0)])
    assert costs.replace_month("focus", NOV, rows)
    path = tmp_path / "costs" / "focus" / "2026-11.parquet"
    before = path.stat().st_mtime_ns
    assert not costs.replace_month("focus", NOV, rows.iloc[::-1])
    assert path.stat().st_mtime_ns == before


def test_a_month_s_facts_are_read_once_for_all_who_ask_and_again_when_it_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counted(own: DuckDBPyConnection, path: Path) -> dict[str, tuple[StoredDay, ...]]:
        read.append(path)
        return stored_days(own, path)

    monkeypatch.setattr(summary, "stored_days", counted)
    store(CostFiles(tmp_path), [full(NOV, 1.0)], "focus")
    asking = [CostFiles(tmp_path) for _ in range(3)]
    assert {costs.window().last_day for costs in asking} == {NOV}
    assert len(read) == 1
    store(CostFiles(tmp_path), [full(NOV, 1.0), full(date(2026, 11, 2), 1.0)], "focus")
    assert {costs.window().last_day for costs in asking} == {date(2026, 11, 2)}
    assert len(read) == 2


def test_a_month_is_replaced_whole(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 1.0), row(date(2026, 11, 2), 2.0)])
    store(costs, [row(date(2026, 11, 3), 4.0)])
    assert costs.daily(start=NOV, end=DEC)["cost"].tolist() == [4.0]
    assert [path.name for path in (tmp_path / "costs" / "cost_explorer").iterdir()] == ["2026-11.parquet"]


def test_two_currencies_are_never_added_up(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 1.0)])
    with pytest.raises(CostbotError, match="EUR and USD"):
        store(costs, [row(date(2026, 10, 1), 1.0, currency="EUR")])


def test_an_export_and_cost_explorer_never_count_the_same_month_twice(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(date(2026, 10, 1), 5.0), row(NOV, 7.0)])
    store(costs, [full(NOV, 6.5)], "focus")
    assert costs.daily(start=date(2026, 10, 1), end=DEC)["cost"].tolist() == [5.0, 6.5]


def test_another_provider_s_export_leaves_cost_explorer_its_month(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0)])
    store(costs, [full(NOV, 2.0, provider="Microsoft", service_name="Virtual Machines")], "focus")
    found = costs.daily(by=("provider",), start=NOV, end=DEC)
    assert dict(zip(found["provider"], found["cost"], strict=True)) == {"AWS": 7.0, "Microsoft": 2.0}


def test_cuts_are_never_summed_together(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    account = {"cut": Cut.ACCOUNT.value, "sub_account_id": "111122223333"}
    store(costs, [row(NOV, 7.0), row(NOV, 7.0, **account)])
    assert costs.daily(start=NOV, end=DEC)["cost"].tolist() == [7.0]
    assert costs.daily(by=("account",), start=NOV, end=DEC)["cost"].tolist() == [7.0]


def test_a_grouping_that_cost_explorer_cannot_give_is_refused(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0)])
    with pytest.raises(NotEnoughData, match="Cost Explorer does not give costs by account and region and service"):
        costs.daily(by=("service", "account", "region"), start=NOV, end=DEC)


def test_tax_by_account_is_refused_rather_than_left_out(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0), row(NOV, 7.0, cut=Cut.ACCOUNT.value, sub_account_id="1")])
    with pytest.raises(NotEnoughData, match="with tax"):
        costs.daily(by=("account",), start=NOV, end=DEC, usage_only=False)


def test_a_cut_that_is_missing_for_a_month_is_not_zero(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0), row(date(2026, 10, 1), 5.0)])
    tagged = {"cut": Cut.TAG.value, "tag_key": "team", "tag_value": "search"}
    store(costs, [row(NOV, 7.0), row(NOV, 7.0, **tagged)])
    assert costs.daily(by=("tag:team",), start=NOV, end=DEC)["cost"].tolist() == [7.0]
    with pytest.raises(NotEnoughData, match="tag team are not stored for October 2026"):
        costs.daily(by=("tag:team",), start=date(2026, 10, 1), end=DEC)


def test_an_unknown_tag_names_those_that_are_stored(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [full(NOV, 7.0, tags={"team": "search"})], "focus")
    with pytest.raises(NotEnoughData, match="stored: team"):
        costs.daily(by=("tag:owner",), start=NOV, end=DEC)


def test_an_export_knows_several_tags_together_and_cost_explorer_one_at_a_time(tmp_path: Path) -> None:
    both = {"team": "search", "env": "prod"}
    store(
        CostFiles(tmp_path / "a"), [full(NOV, 7.0, tags=both), full(NOV, 1.0, tags={"team": "", "env": "dev"})], "focus"
    )
    found = CostFiles(tmp_path / "a").daily(by=("tag:team", "tag:env"), start=NOV, end=DEC)
    assert found[["tag:team", "tag:env", "cost"]].to_numpy().tolist() == [["", "dev", 1.0], ["search", "prod", 7.0]]
    with pytest.raises(NotEnoughData, match="tag owner are not stored for November 2026 from the FOCUS export"):
        CostFiles(tmp_path / "a").daily(by=("tag:team", "tag:owner"), start=NOV, end=DEC)
    tags = [row(NOV, 7.0, cut=Cut.TAG.value, tag_key=key, tag_value=value) for key, value in both.items()]
    store(CostFiles(tmp_path / "b"), [row(NOV, 7.0), *tags])
    with pytest.raises(NotEnoughData, match="Cost Explorer does not give costs by tag:env and tag:team together"):
        CostFiles(tmp_path / "b").daily(by=("tag:team", "tag:env"), start=NOV, end=DEC)


def test_one_source_can_be_asked_what_another_does_not_know(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0)])
    store(costs, [full(NOV, 2.0, provider="Microsoft", region_id="eu", service_name="Virtual Machines")], "focus")
    with pytest.raises(NotEnoughData):
        costs.daily(by=("account", "region"), start=NOV, end=DEC)
    only = {"source": "focus", "provider": "Microsoft"}
    found = costs.daily(by=("account", "region"), start=NOV, end=DEC, where=only)
    assert found[["account", "region", "cost"]].to_numpy().tolist() == [["111122223333", "eu", 2.0]]
    assert costs.daily(start=NOV, end=DEC, where={"source": "cost_explorer"})["cost"].tolist() == [7.0]
    assert [(item.source, item.provider) for item in costs.stored(NOV, DEC)] == [
        ("cost_explorer", "AWS"),
        ("focus", "Microsoft"),
    ]


def test_a_wrong_name_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'team'"):
        CostFiles(tmp_path).daily(by=("team",), start=NOV, end=DEC)


def test_only_usage_is_usage(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0), row(NOV, 3.0, charge_category="Tax", service_name="Tax")])
    assert costs.daily(start=NOV, end=DEC)["cost"].tolist() == [7.0]
    both = costs.daily(by=("charge_category",), start=NOV, end=DEC, usage_only=False)
    assert both["cost"].tolist() == [3.0, 7.0]


def test_ec2_is_compute_and_other(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0, service_name=EC2), row(NOV, 2.0, service_name=EC2_OTHER), row(NOV, 1.0)])
    found = costs.daily(by=("service",), start=NOV, end=DEC, where={"service": "ec2"})
    assert found[["service", "cost"]].to_numpy().tolist() == [["ec2", 9.0]]


def test_a_service_that_is_not_stored_costs_no_rows(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0)])
    assert costs.daily(by=("service",), start=NOV, end=DEC, where={"service": "rds"}).empty


def test_the_end_is_exclusive(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(day, 1.0) for day in days(NOV, 5)])
    assert len(costs.daily(start=date(2026, 11, 2), end=date(2026, 11, 4))) == 2


def test_a_tag_of_an_export_may_hold_anything(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    hostile = """<!channel> '"; DROP"""
    store(costs, [full(NOV, 7.0, tags={"team": hostile}), full(NOV, 1.0, tags={"team": ""})], "focus")
    found = costs.daily(by=("tag:team",), start=NOV, end=DEC)
    assert dict(zip(found["tag:team"], found["cost"], strict=True)) == {"": 1.0, hostile: 7.0}
    one = costs.daily(start=NOV, end=DEC, where={"tag:team": hostile})
    assert one["cost"].tolist() == [7.0]


def test_where_effective_cost_is_missing_billed_cost_stands_in(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [full(NOV, 7.0, effective_cost=None)], "focus")
    assert costs.daily(start=NOV, end=DEC)["cost"].tolist() == [7.0]
    window = costs.window()
    assert window.view is CostView.BILLED
    assert window.billed_only == ("AWS",)
    assert window.note is None


def test_the_billed_view_is_the_invoice(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 7.0, effective_cost=5.0)])
    assert costs.daily(start=NOV, end=DEC)["cost"].tolist() == [5.0]
    assert costs.daily(start=NOV, end=DEC, view=CostView.BILLED)["cost"].tolist() == [7.0]


def test_a_day_is_complete_when_it_is_not_estimated_or_old_enough(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    open_since = date(2026, 11, 1)  # Amazon calls the whole running month estimated
    store(costs, [row(day, 1.0, estimated=day >= open_since) for day in days(date(2026, 10, 20), 36)])
    assert costs.window().complete_until == date(2026, 10, 31)
    fetched = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    costs.months.note_facts("cost_explorer", {"months": {"2026-11": {"fetched_at": fetched.isoformat()}}})
    window = costs.window()
    assert (window.first_day, window.last_day) == (date(2026, 10, 20), date(2026, 11, 24))
    assert window.complete_until == date(2026, 11, 22)
    assert window.fetched_at == fetched


def test_months_before_a_gap_are_not_part_of_the_window(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [full(date(2024, 9, 3), 7.0)], "focus")
    store(costs, [row(date(2026, 10, 20), 1.0), row(NOV, 1.0)])
    assert costs.window().first_day == date(2026, 10, 20)


def test_a_provider_left_behind_does_not_hold_the_others_back(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(day, 1.0) for day in days(date(2026, 10, 1), 50)])
    azure = {"provider": "Microsoft", "service_name": "Virtual Machines"}
    store(costs, [full(day, 1.0, **azure) for day in days(date(2026, 10, 1), 20)], "focus")
    window = costs.window()
    assert window.complete_until == date(2026, 11, 19)
    assert window.note == "Microsoft is stored until Oct 20, 2026 only."
    assert costs.window("virtual-machines").complete_until == date(2026, 10, 20)


def test_a_month_whose_last_days_are_only_tax_is_still_read(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(NOV, 3.0, charge_category="Tax", service_name="Tax")])
    assert costs.daily(by=("account",), start=NOV, end=DEC).empty


def test_months_may_be_replaced_while_many_threads_read(tmp_path: Path) -> None:
    costs = CostFiles(tmp_path)
    store(costs, [row(day, 1.0) for day in days(NOV, 20)])

    def read(_: int) -> float:
        return float(costs.daily(by=("service",), start=NOV, end=DEC)["cost"].sum())

    def write(step: int) -> None:
        store(costs, [row(day, 1.0 + step % 2) for day in days(NOV, 20)])

    with ThreadPoolExecutor(8) as pool:
        writes = [pool.submit(write, step) for step in range(6)]
        sums = set(pool.map(read, range(30)))
        for done in writes:
            done.result()
    assert sums <= {20.0, 40.0}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 27), st.sampled_from(["a", "b", ""]), st.sampled_from([EC2, EC2_OTHER, "Tax", "X"]),
            st.floats(-50, 500),
        ),
        min_size=1,
        max_size=30,
    )
)  # fmt: skip
def test_every_grouping_of_an_export_has_the_same_total(
    tmp_path: Path, lines: list[tuple[int, str, str, float]]
) -> None:
    costs = CostFiles(tmp_path)
    rows = [
        full(date(2026, 11, 1 + day), cost, tags={"team": team}, service_name=service)
        for day, team, service, cost in lines
    ]
    costs.replace_month("focus", NOV, DataFrame(rows))
    total = sum(cost for *_, cost in lines)
    for by in ((), ("service",), ("tag:team",), ("service", "tag:team", "region"), ("account", "usage_type")):
        assert costs.daily(by=by, start=NOV, end=DEC)["cost"].sum() == pytest.approx(total, abs=1e-6)
