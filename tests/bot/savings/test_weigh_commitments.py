"""The savings of a scan beside the commitments that it found, from files to figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.commitments.after_discount_usage import Moved
from analysis.commitments.after_discount_words import UNKNOWN, UNSEEN
from analysis.costs import ChargeCategory, Cut
from analysis.models import Recommendation
from analysis.rollups import Rollup
from analysis.verdicts import Verdict
from bot.collectors import reservations, savings_plans
from bot.commitments.stored_hours import StoredHours, read_hours, stored_hours
from bot.context import Context
from bot.cost_files.detail import detail_path
from bot.savings.scan_tables import note_spots
from bot.tables import typed, write_table
from bot.workflows.think_savings import ROWS, Question, Thought
from bot.workflows.weigh_commitments import weigh_commitments
from tests.bot.decisions_factories import context, recommendation

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
START, DAYS = date(2026, 11, 1), 14
ACCOUNT = "111122223333"
ARN = f"arn:aws:savingsplans::{ACCOUNT}:savingsplan/sp-1"


def an_hour(usage_type: str, quantity: float, price: float, commitment: str = "", paid: float = 0.0) -> dict[str, Any]:
    """A line of the bill of one hour, on demand or covered at the rate `paid`."""
    return {
        "charge_category": "Usage",
        "provider": "AWS",
        "sub_account_id": ACCOUNT,
        "region_id": "us-east-1",
        "service_name": "Amazon Elastic Compute Cloud",
        "usage_type": usage_type,
        "operation": "RunInstances",
        "unit": "Hrs",
        "pricing_category": "Committed" if commitment else "Standard",
        "commitment_id": commitment or None,
        "currency": "USD",
        "billed_cost": 0.0 if commitment else quantity * price,
        "effective_cost": quantity * (paid if commitment else price),
        "list_cost": quantity * price,
        "quantity": quantity,
    }


def stored(folder: Path, *lines: dict[str, Any]) -> StoredHours:
    """Two weeks in which every hour has these lines."""
    first = pd.Timestamp(START)
    rows = [{"hour": first + pd.Timedelta(hours=at), **line} for at in range(24 * DAYS) for line in lines]
    path = folder / "2026-11.parquet"
    write_table(path, DataFrame(rows))
    return StoredHours((str(path),), START, START + timedelta(days=DAYS))


def scanned(folder: Path, *plans: dict[str, Any]) -> Question:
    """What the scan found owned; a plan of 20 cents an hour that ends in December."""
    usual: dict[str, Any] = {
        "account_id": ACCOUNT, "region": "", "resource_id": "sp-1", "name": "Compute Savings Plan $0.20/h",
        "ignored": False, "kind": "Savings Plan", "commitment_id": ARN, "type": "Compute", "hourly_usd": 0.2,
        "state": "active", "starts_at": pd.Timestamp("2026-01-01"), "ends_at": pd.Timestamp("2026-12-10"),
    }  # fmt: skip
    for name, columns, rows in (
        ("savings_plans", savings_plans.COLUMNS, plans),
        ("reservations", reservations.COLUMNS, ()),
    ):
        empty = {column: "" for column, kind in columns.items() if kind == "str"}
        write_table(folder / f"{name}.parquet", typed([empty | usual | row for row in rows], columns))
    note_spots(folder, {"savings_plans": [(ACCOUNT, "us-east-1")], "reservations": [(ACCOUNT, "us-east-1")]})
    return Question(folder, (), {}, 5.0, NOW)


def instance(number: int = 1, price: float = 0.4, **changed: Any) -> Recommendation:
    """An idle instance."""
    return recommendation(
        check_id="ec2.idle_instance", account_id=ACCOUNT, resource_id=f"i-{number}", current="running",
        proposed="stopped", monthly_cost=730 * price, monthly_savings=730 * price, **changed,
    )  # fmt: skip


def thought(*values: Recommendation, kind: str = "m5.2xlarge", price: float = 0.4) -> Thought:
    rows = [
        {
            "check_id": one.check_id,
            "verdict": Verdict.SAVES.value,
            "why": "",
            "account_id": one.account_id,
            "region": one.region,
            "resource_id": one.resource_id,
            "monthly_savings": one.monthly_savings,
        }
        for one in values
    ]
    moved = {one.fingerprint: (Moved("AmazonEC2", 1.0, price, kind, "Linux/UNIX", "BoxUsage"),) for one in values}
    return Thought(typed(rows, ROWS), values, {}, moved=moved)


COVERED = an_hour("BoxUsage:m5.2xlarge", 1.0, 0.4, ARN, 0.2)


def test_where_nothing_is_owned_nothing_changes(tmp_path: Path) -> None:
    told = thought(instance())

    assert weigh_commitments(scanned(tmp_path), told, stored(tmp_path, COVERED), NOW) is told


def test_without_usage_by_the_hour_it_says_what_is_not_known(tmp_path: Path) -> None:
    found = weigh_commitments(scanned(tmp_path, {}), thought(instance()), None, NOW)

    assert found.recommendations == (replace(instance(), ignores=f"commitments {UNKNOWN}"),)
    assert found.rows["monthly_savings"].tolist() == [292.0]


def test_where_the_scan_did_not_ask_what_is_owned_it_is_not_known(tmp_path: Path) -> None:
    found = weigh_commitments(Question(tmp_path, (), {}, 5.0, NOW), thought(instance()), stored(tmp_path, COVERED), NOW)

    assert found.recommendations[0].ignores.endswith(UNKNOWN)


def test_an_instance_that_the_hours_do_not_show_keeps_its_figure(tmp_path: Path) -> None:
    told = thought(instance(), kind="r6i.large")

    found = weigh_commitments(scanned(tmp_path, {}), told, stored(tmp_path, COVERED), NOW)

    assert found.recommendations == (replace(instance(), ignores=f"commitments {UNSEEN}"),)


def test_hours_without_usage_show_nothing(tmp_path: Path) -> None:
    other = stored(tmp_path, COVERED | {"provider": "Microsoft"})

    found = weigh_commitments(scanned(tmp_path, {}), thought(instance()), other, NOW)

    assert found.recommendations == (replace(instance(), ignores=f"commitments {UNSEEN}"),)


def test_what_is_stranded_whole_is_a_notice(tmp_path: Path) -> None:
    found = weigh_commitments(scanned(tmp_path, {}), thought(instance()), stored(tmp_path, COVERED), NOW)

    (told,) = found.recommendations
    assert (told.monthly_savings, told.before_commitments) == (0.0, pytest.approx(292.0))
    assert told.commitments == (
        "At list price $292.00 a month; after your commitments $0.00: the Compute Savings Plan $0.20/h covers it; "
        "nothing of what it frees is taken up by other usage, the rest is paid for nothing until Dec 10, 2026; from "
        "then on it is saved too."
    )
    assert found.rows[["verdict", "why"]].to_numpy().tolist() == [["notice", told.commitments]]
    assert found.rows["monthly_savings"].isna().all()


def test_what_other_usage_takes_up_in_half_is_half_a_saving(tmp_path: Path) -> None:
    # What is freed, 20 cents an hour, would cover an hour at 40 cents; half of one is there.
    hours = stored(tmp_path, COVERED, an_hour("BoxUsage:c5.2xlarge", 0.5, 0.4))

    found = weigh_commitments(scanned(tmp_path, {}), thought(instance()), hours, NOW)

    assert found.recommendations[0].monthly_savings == pytest.approx(146.0)
    assert "50 % of what it frees is taken up" in found.recommendations[0].commitments
    assert found.rows[["verdict", "monthly_savings"]].to_numpy().tolist() == [["saves", pytest.approx(146.0)]]


def test_a_plan_that_has_ended_covers_nothing(tmp_path: Path) -> None:
    ended = {"ends_at": pd.Timestamp("2026-11-20 09:00")}

    found = weigh_commitments(scanned(tmp_path, ended), thought(instance()), stored(tmp_path, COVERED), NOW)

    assert found.recommendations[0].monthly_savings == 292.0


def test_a_plan_that_only_the_bill_knows_is_named(tmp_path: Path) -> None:
    other = {"commitment_id": ARN.replace("sp-1", "sp-2")}

    found = weigh_commitments(scanned(tmp_path, other), thought(instance()), stored(tmp_path, COVERED), NOW)

    assert "AWS's lists do not tell: sp-1." in found.recommendations[0].ignores


def test_two_savings_share_what_other_usage_takes_up(tmp_path: Path) -> None:
    both = an_hour("BoxUsage:m5.2xlarge", 2.0, 0.4, ARN, 0.2)
    hours = stored(tmp_path, both, an_hour("BoxUsage:c5.2xlarge", 1.0, 0.4))

    found = weigh_commitments(scanned(tmp_path, {"hourly_usd": 0.4}), thought(instance(1), instance(2)), hours, NOW)

    assert [one.monthly_savings for one in found.recommendations] == [pytest.approx(146.0)] * 2
    assert "Alone it would save $292.00" in found.recommendations[0].commitments


def test_a_dismissed_saving_takes_up_nothing_of_the_others_room(tmp_path: Path) -> None:
    both = an_hour("BoxUsage:m5.2xlarge", 2.0, 0.4, ARN, 0.2)
    hours = stored(tmp_path, both, an_hour("BoxUsage:c5.2xlarge", 1.0, 0.4))
    unwanted = frozenset({instance(2).fingerprint})

    found = weigh_commitments(
        scanned(tmp_path, {"hourly_usd": 0.4}), thought(instance(1), instance(2)), hours, NOW, unwanted
    )

    left = {one.resource_id: one.monthly_savings for one in found.recommendations}
    assert left == {"i-1": pytest.approx(292.0), "i-2": pytest.approx(292.0)}


def test_of_two_savings_on_one_resource_one_counts(tmp_path: Path) -> None:
    hours = stored(tmp_path, COVERED, an_hour("BoxUsage:c5.2xlarge", 1.0, 0.4))
    stop, shrink = instance(), replace(instance(), check_id="ec2.rightsizing")

    found = weigh_commitments(scanned(tmp_path, {}), thought(stop, shrink), hours, NOW)

    assert [one.monthly_savings for one in found.recommendations] == [pytest.approx(292.0)] * 2


def test_what_falls_below_the_smallest_is_counted_and_not_told(tmp_path: Path) -> None:
    hours = stored(tmp_path, COVERED, an_hour("BoxUsage:c5.2xlarge", 0.5, 0.4))
    small = replace(scanned(tmp_path, {}), smallest=200.0)

    found = weigh_commitments(small, thought(instance()), hours, NOW)

    assert found.recommendations == ()
    assert found.small == (1, pytest.approx(146.0))


def test_hours_outside_of_the_days_and_of_other_providers_are_not_read(tmp_path: Path) -> None:
    hours = stored(tmp_path, COVERED, COVERED | {"provider": "Microsoft"}, COVERED | {"currency": "EUR"})

    assert len(read_hours(hours)) == 24 * DAYS
    assert len(read_hours(replace(hours, end=START + timedelta(days=1)))) == 24
    spot = stored(tmp_path, an_hour("BoxUsage:m5.large", 1.0, 0.1) | {"pricing_category": "Dynamic"})
    assert read_hours(spot).empty


def billed(bot: Context, source: str, month: date, *, by_the_hour: bool) -> None:
    """A month of one line a day, up to 19 November, and whether its hours are kept too."""
    days = [month + timedelta(days=at) for at in range(31)]
    line = {
        "cut": Cut.FULL.value,
        "provider": "AWS",
        "charge_category": ChargeCategory.USAGE.value,
        "service_name": "Amazon Elastic Compute Cloud - Compute",
        "usage_type": "BoxUsage:m5.large",
        "billed_cost": 24.0,
        "effective_cost": 24.0,
        "quantity": 24.0,
        "unit": "Hrs",
        "currency": "USD",
        "estimated": False,
    }
    inside = [day for day in days if day.month == month.month and day < date(2026, 11, 20)]
    bot.costs.replace_month(source, month, DataFrame([{"date": day, **line} for day in inside]))
    if by_the_hour:
        path = detail_path(bot.costs.months.path(source, month), Rollup.HOURLY)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(path, DataFrame([{"hour": pd.Timestamp(month), **COVERED}]))


def test_no_stored_costs_have_no_hours(tmp_path: Path) -> None:
    assert stored_hours(context(tmp_path)) is None


def test_costs_by_the_day_have_no_hours(tmp_path: Path) -> None:
    bot = context(tmp_path)
    billed(bot, "cost_explorer", date(2026, 11, 1), by_the_hour=False)

    assert stored_hours(bot) is None


def test_the_newest_four_weeks_that_are_kept_by_the_hour(tmp_path: Path) -> None:
    bot = context(tmp_path)
    for month in (date(2026, 10, 1), date(2026, 11, 1)):
        billed(bot, "focus", month, by_the_hour=True)

    found = stored_hours(bot)

    assert found is not None
    assert (found.end - found.start).days == 28
    assert [Path(path).name for path in found.paths] == ["2026-11.parquet", "2026-10.parquet"]


def test_days_before_the_first_that_is_kept_by_the_hour_are_left_out(tmp_path: Path) -> None:
    bot = context(tmp_path)
    billed(bot, "focus", date(2026, 10, 1), by_the_hour=False)
    billed(bot, "focus", date(2026, 11, 1), by_the_hour=True)

    found = stored_hours(bot)

    assert found is not None
    assert found.start == date(2026, 11, 1)
    assert [Path(path).name for path in found.paths] == ["2026-11.parquet"]
