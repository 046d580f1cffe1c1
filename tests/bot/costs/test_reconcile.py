"""Reconciling: what a sum over everything would hide is found, by month, service and account."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pandas import DataFrame

from bot.exports.local import LocalPlace
from bot.reconciliation import Reconciliation
from bot.workflows.ingest import ingest
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_costs import refresh
from tests.bot.costs.cost_factories import context, days, store
from tests.bot.costs.cost_factories import full as stored_row
from tests.bot.costs.fake_explorer import FakeExplorer, charge
from tests.bot.costs.focus_files import EVERY_KIND, line, take_in, text, write

OCTOBER = date(2026, 10, 1)


def found(result: Reconciliation) -> list[tuple[Any, ...]]:
    """The differences, shortly."""
    names = ["month", "service_name", "account", "charge", "view", "difference"]
    return [tuple(row) for row in result.differences()[names].itertuples(index=False)]


def change(bot: Any, source: str, month: date, edit: Callable[[DataFrame], DataFrame]) -> None:
    """What an ingest with a mistake would have stored."""
    bot.costs.months.replace(source, month, edit(bot.costs.months.read(source, month)))


def test_nothing_stored_is_no_difference(tmp_path: Path) -> None:
    result = reconcile(context(tmp_path))
    assert result.agrees
    assert str(result) == "Nothing is stored yet."


def test_stored_exports_agree_with_their_files(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", *EVERY_KIND)])
    result = reconcile(bot)
    assert result.agrees
    assert (result.requests, found(result), result.worst) == (0, [], 0.0)
    assert set(result.cells["charge"]) == {"Tax", "Credit", "usage and fees"}
    assert set(result.cells["account"]) == {"111122223333", "unknown"}
    assert "1 month: all agree to the cent. 12 cells compared" in result.verdict
    assert result.months()["stored"].tolist() == [pytest.approx(40.8), pytest.approx(11.65)]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_an_exact_copy_in_csv_of_any_kind_agrees(tmp_path: Path, delimiter: str) -> None:
    bot = context(tmp_path / "data")
    packed = tmp_path / "export.csv.gz"
    packed.write_bytes(gzip.compress(text(*EVERY_KIND, delimiter=delimiter).encode()))
    take_in(bot, [packed])
    assert reconcile(bot).agrees


def test_a_lost_cent_is_found(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", line("10.25"))])
    change(bot, "focus", OCTOBER, lambda rows: rows.assign(billed_cost=10.24))
    result = reconcile(bot)
    assert not result.agrees
    ec2 = ("2026-10", "Amazon Elastic Compute Cloud", "111122223333", "usage and fees")
    assert found(result) == [(*ec2, "billed", -0.01)]
    assert result.worst == 0.01


def test_a_dollar_under_the_wrong_account_is_found_though_the_sum_is_right(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", line("10"), line("5", SubAccountId="444455556666"))])
    change(bot, "focus", OCTOBER, lambda rows: rows.assign(sub_account_id="111122223333"))
    result = reconcile(bot)
    assert not result.agrees
    assert sorted((account, view, gap) for _, _, account, _, view, gap in found(result)) == [
        ("111122223333", "billed", 5.0),
        ("111122223333", "effective", 5.0),
        ("444455556666", "billed", -5.0),
        ("444455556666", "effective", -5.0),
    ]
    assert set(result.months()["difference"]) == {0.0}


def test_tax_stored_as_usage_is_found(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", *EVERY_KIND)])
    change(bot, "focus", OCTOBER, lambda rows: rows.assign(charge_category="Usage"))
    assert {charge for _, _, _, charge, _, _ in found(reconcile(bot))} == {"Tax", "Credit", "usage and fees"}


def test_a_missing_and_an_additional_service_are_found(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", line("10"))])
    change(bot, "focus", OCTOBER, lambda rows: rows.assign(service_name="Amazon Elastic Compute  Cloud"))
    assert sorted(gap for *_, gap in found(reconcile(bot))) == [-10.0, -10.0, 10.0, 10.0]


def test_an_effective_cost_that_is_not_kept_is_not_compared(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    rounded = [line("1.25", EffectiveCost="1"), line("0.80", EffectiveCost="1")]
    take_in(bot, [write(tmp_path / "export.csv", *rounded)])
    result = reconcile(bot)
    assert result.agrees
    assert set(result.cells["view"]) == {"billed"}


def test_a_changed_or_missing_file_cannot_be_compared_and_says_so(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    path = write(tmp_path / "export.csv", line("1"))
    take_in(bot, [path])
    write(path, line("2"))
    os.utime(path, ns=(1, 1))
    assert "export.csv was changed since it was ingested; ingest it again." in reconcile(bot).sentences[0]
    path.unlink()
    result = reconcile(bot)
    assert not result.agrees
    assert "export.csv is no longer where it was ingested from" in result.sentences[0]
    assert result.verdict == "Nothing could be compared; 0 billed requests ($0.00)."


def test_one_missing_file_does_not_hide_the_other_months(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    september = {"BillingPeriodStart": "2026-09-01 00:00:00", "ChargePeriodStart": "2026-09-05 13:00:00"}
    first = write(tmp_path / "september.csv", line("3", **september))
    take_in(bot, [first, write(tmp_path / "october.csv", line("1"))])
    first.unlink()
    result = reconcile(bot)
    assert set(result.cells["month"]) == {"2026-10"}
    assert not result.agrees


def test_a_month_whose_origin_is_not_noted_is_told(tmp_path: Path) -> None:
    bot = context(tmp_path)
    store(bot.costs, [stored_row(day, 1.0) for day in days(OCTOBER, 3)], "focus")
    result = reconcile(bot)
    assert not result.agrees
    assert result.problems[0].startswith("2026-10 (focus) is stored, and which files it came from is not noted")


def test_a_file_that_holds_several_months_and_payers_is_split_rightly(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    september = {"BillingPeriodStart": "2026-09-01T00:00:00Z", "ChargePeriodStart": "2026-09-30 23:00:00"}
    other = {"BillingAccountId": "999999999999", "SubAccountId": "999999999999"}
    path = write(
        tmp_path / "all.csv", line("1"), line("2", **september), line("4", **other), line("8", **other, **september)
    )
    take_in(bot, [path])
    result = reconcile(bot)
    assert result.agrees
    billed = result.cells[result.cells["view"] == "billed"]
    assert dict(zip(zip(billed["month"], billed["account"], strict=True), billed["actual"], strict=True)) == {
        ("2026-09", "111122223333"): 2.0,
        ("2026-09", "999999999999"): 8.0,
        ("2026-10", "111122223333"): 1.0,
        ("2026-10", "999999999999"): 4.0,
    }


CUR_LINES = """
    ('Usage', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 4.0, NULL, NULL, NULL, NULL, ''),
    ('SavingsPlanCoveredUsage', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 10.0, 7.0, NULL, NULL, NULL, ''),
    ('SavingsPlanNegation', 'AmazonEC2', 'Amazon Elastic Compute Cloud', -10.0, NULL, NULL, NULL, NULL, ''),
    ('SavingsPlanRecurringFee', 'ComputeSavingsPlans', 'Savings Plans', 8.0, NULL, 8.0, 7.0, NULL, ''),
    ('DiscountedUsage', 'AmazonRDS', 'Amazon Relational Database Service', 0.0, NULL, NULL, NULL, 2.5, 'arn:ri'),
    ('Fee', 'AmazonRDS', 'Amazon Relational Database Service', 90.0, NULL, NULL, NULL, NULL, 'arn:ri'),
    ('Tax', 'AmazonEC2', 'Amazon Elastic Compute Cloud', 1.9, NULL, NULL, NULL, NULL, ''),
    ('Credit', 'AmazonEC2', NULL, -3.0, NULL, NULL, NULL, NULL, '')
"""


def cur(path: Path) -> Path:
    """A Cost and Usage Report of one month with the types of line item that cost differently when amortised."""
    with duckdb.connect() as database:
        database.execute(
            f"""COPY (
                SELECT '123456789012' AS bill_payer_account_id, 'USD' AS line_item_currency_code,
                    TIMESTAMP '2026-10-01' AS bill_billing_period_start_date,
                    TIMESTAMP '2026-10-05 13:00:00' AS line_item_usage_start_date,
                    TIMESTAMP '2026-10-05 14:00:00' AS line_item_usage_end_date,
                    '111122223333' AS line_item_usage_account_id, 'BoxUsage:m5.large' AS line_item_usage_type,
                    kind AS line_item_line_item_type, code AS line_item_product_code,
                    CASE WHEN name IS NOT NULL THEN MAP {{'product_name': name}} END AS product,
                    billed AS line_item_unblended_cost, plan AS savings_plan_savings_plan_effective_cost,
                    committed AS savings_plan_total_commitment_to_date, used AS savings_plan_used_commitment,
                    reserved AS reservation_effective_cost, arn AS reservation_reservation_a_r_n
                FROM (VALUES {CUR_LINES}) t(kind, code, name, billed, plan, committed, used, reserved, arn)
            ) TO '{path}' (FORMAT parquet)"""
        )
    return path


def test_the_cost_and_usage_report_agrees_amortised_too(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    ingest(bot, "cur", LocalPlace([cur(tmp_path / "cur.parquet")]))
    result = reconcile(bot)
    assert result.problems == ()
    assert found(result) == []
    totals = {row["view"]: row["actual"] for row in result.months().to_dict("records")}
    assert totals["billed"] == pytest.approx(4 + 8 + 90 + 1.9 - 3)
    assert totals["effective"] == pytest.approx(4 + 7 + (8 - 7) + 2.5 + 1.9 - 3)


def explorer() -> FakeExplorer:
    first = date(2026, 10, 15)
    charges = [charge(day, 10.0 + i) for i, day in enumerate(days(first, 41))]
    charges += [charge(day, 3.0, account="444455556666", service="EC2 - Other") for day in days(first, 41)]
    charges += [charge(date(2026, 11, 1), 50.0, "Tax", service="Tax", team="")]
    return FakeExplorer(charges, estimated_from=date(2026, 11, 23))


def test_cost_explorer_is_asked_twice_by_month_and_agrees(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.requests.clear()
    result = reconcile(bot)
    assert result.agrees
    assert result.requests == len(aws.requests) == 2
    assert {asked["Granularity"] for asked in aws.requests} == {"MONTHLY"}
    assert [[group["Key"] for group in asked["GroupBy"]] for asked in aws.requests] == [
        ["RECORD_TYPE", "SERVICE"],
        ["SERVICE", "LINKED_ACCOUNT"],
    ]
    assert result.months()["stored"].tolist()[0] == pytest.approx(sum(10 + i + 3 for i in range(17)))
    assert "2 billed requests ($0.02)" in result.verdict


def test_a_settled_month_that_cost_explorer_tells_otherwise_is_a_difference(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    other = (*aws.charges[0][:7], 99.0, 99.0)
    aws.charges = [other if row is aws.charges[0] else row for row in aws.charges]
    result = reconcile(bot)
    assert {(month, account, gap) for month, _, account, _, _, gap in found(result)} == {
        ("2026-10", "111122223333", -89.0)
    }


def test_an_open_month_may_differ(tmp_path: Path) -> None:
    aws = explorer()
    bot = context(tmp_path, explorer=aws)
    refresh(bot)
    aws.charges.append(charge(date(2026, 11, 24), 5.0))
    result = reconcile(bot)
    assert {row["open"] for row in result.differences().to_dict("records")} == {True}
    assert result.agrees
    assert "1 of them still open" in result.verdict


def test_the_table_has_a_line_a_month_and_view_and_each_difference(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", line("1234.5", SubAccountId="[b]444455556666"))])
    change(bot, "focus", OCTOBER, lambda rows: rows.assign(billed_cost=1234.0))
    shown = str(reconcile(bot)).split("\n")
    assert [" ".join(row.split()) for row in shown if row] == [
        "Month Source View Stored Source says Difference Cells",
        "2026-10 FOCUS export billed 1,234.00 1,234.50 -0.50 1",
        "2026-10 FOCUS export effective 1,234.50 1,234.50 0.00 1",
        "Differs Service Account Charge View Stored Source says Difference",
        "2026-10 Amazon Elastic [b]444455556666 usage and fees billed 1,234.00 1,234.50 -0.50",
        "Compute Cloud",
        "1 month: not all agree to the cent. 2 cells compared (month × service × account × kind of charge, billed and "
        "effective), 1 differ, worst difference 0.50; 0 billed requests ($0.00).",
    ]


def test_json_tells_everything(tmp_path: Path) -> None:
    bot = context(tmp_path / "data")
    take_in(bot, [write(tmp_path / "export.csv", line("10"))])
    change(bot, "focus", OCTOBER, lambda rows: rows.assign(billed_cost=9.0))
    told = json.loads(json.dumps(reconcile(bot).as_dict()))
    assert (told["agrees"], told["cells"], told["worst_difference"], told["requests"]) == (False, 2, 1.0, 0)
    assert [(row["view"], row["stored"], row["actual"], row["difference"]) for row in told["differences"]] == [
        ("billed", 9.0, 10.0, -1.0)
    ]
    assert [row["view"] for row in told["months"]] == ["billed", "effective"]
