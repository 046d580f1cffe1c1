"""An incident morning by morning, from the stored bill to the card: one message, its stages, its corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.models import Anomaly
from bot.blocks.anomaly_card import headline
from bot.context import Context
from bot.store import Finding
from bot.workflows.find_anomalies import find_anomalies
from bot.workflows.scan_anomalies import apply, gather
from tests.bot.anomalies.anomaly_factories import EC2, Bill
from tests.bot.decisions_factories import clock_of, slack_of
from tests.bot.decisions_factories import context as made_context

BILL_START, START = date(2026, 7, 20), date(2026, 11, 10)

#: What a day costs, by days since the incident began.
Shape = Callable[[int], float]


class NoAccounts:
    """Aws of somebody with one account without a name."""

    def accounts(self) -> tuple[()]:
        return ()


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return replace(made_context(tmp_path, settings={"alert_channel": "C0COSTS"}), aws=NoAccounts())  # type: ignore[arg-type]


def morning(context: Context, day: int, shape: Shape, *, missing: frozenset[int] = frozenset()) -> None:
    """The scan of the morning after a day, over a bill that is whole until then but for the days `missing`."""
    last = START + timedelta(days=day)
    bill = Bill(last=last, length=(last - BILL_START).days + 1)
    bill.line(EC2, "BoxUsage:m5.large", np.array([shape((one - START).days) for one in bill.days]))
    bill.line("Amazon Simple Storage Service", "TimedStorage-ByteHrs", 50)
    bill.rows = [row for row in bill.rows if (row["date"].date() - START).days not in missing]
    bill.store(context.costs)
    clock_of(context).at = datetime.combine(last + timedelta(days=1), time(10), UTC)
    apply(context, find_anomalies(str(context.settings.data_dir), gather(context)))


def only(context: Context) -> tuple[Finding, Anomaly]:
    (finding,) = context.store.findings("anomaly")
    assert isinstance(finding.value, Anomaly)
    return finding, finding.value


def posts(context: Context) -> list[dict[str, Any]]:
    return [call for call in slack_of(context).of("post") if call["thread_ts"] is None]


def three_days(day: int) -> float:
    return 400.0 if 0 <= day < 3 else 100.0


def test_a_spike_opens_settles_and_is_resolved_in_one_message(context: Context) -> None:
    stages = []
    for day in (0, 2, 4, 6, 7):
        morning(context, day, three_days)
        finding, value = only(context)
        stages.append((finding.state, value.phase))
    assert stages == [
        ("open", "open"), ("open", "open"), ("open", "settling"), ("resolved", "resolved"), ("resolved", "resolved"),
    ]  # fmt: skip
    assert len(posts(context)) == 1
    assert value.impact_total == pytest.approx(900.0, rel=0.02)
    total = f"+${value.impact_total:,.0f} in total"
    assert headline(finding).endswith(f": over, {total}")
    (told,) = [call["text"] for call in slack_of(context).of("post") if call["thread_ts"]]
    assert told.startswith("Resolved by costbot")
    assert told.endswith(f"back to normal; {total}.")


def test_a_rise_from_day_to_day_grows(context: Context) -> None:
    for day in range(3):
        morning(context, day, lambda since: 100.0 * (2 + since) if since >= 0 else 100.0)
    assert only(context)[1].phase == "growing"
    assert len(posts(context)) == 1
    assert "growing, +$" in str(slack_of(context).of("update")[-1]["blocks"])


def test_a_level_that_stays_is_resolved_as_the_new_normal(context: Context) -> None:
    for day in (0, 3, 12):
        morning(context, day, lambda since: 200.0 if since >= 0 else 100.0)
    finding, value = only(context)
    assert (finding.state, finding.reason) == ("resolved", "the new level has stayed: its normal now")
    assert ": stays at +$" in headline(finding)
    assert value.impact_per_day == pytest.approx(100.0, rel=0.05)
    assert len(posts(context)) == 1


def test_a_restated_day_corrects_the_figures_while_it_is_open(context: Context) -> None:
    for day in (0, 2):
        morning(context, day, three_days)
    _, before = only(context)
    assert before.corrected is None
    morning(context, 3, lambda day: 300.0 if day == 1 else three_days(day))
    _, value = only(context)
    assert value.impact_total == pytest.approx(before.impact_total - 100.0, rel=0.02)
    assert value.corrected is not None
    assert (value.corrected.first_day, value.corrected.last_day) == (START + timedelta(days=1),) * 2
    assert value.corrected.before - value.corrected.after == pytest.approx(100.0, rel=0.05)
    assert len(posts(context)) == 1
    assert f"the bill was restated, Nov 11 cost ${value.corrected.after:,.0f}, not $" in str(
        slack_of(context).of("update")[-1]["blocks"]
    )


def test_a_restated_day_corrects_the_figures_when_it_is_over_and_opens_nothing(context: Context) -> None:
    for day in (0, 3, 7):
        morning(context, day, three_days)
    drawn = len(slack_of(context).of("update"))
    morning(context, 8, three_days)
    assert len(slack_of(context).of("update")) == drawn
    morning(context, 9, lambda day: 300.0 if day == 1 else three_days(day))
    finding, value = only(context)
    assert finding.state == "resolved"
    assert value.impact_total == pytest.approx(800.0, rel=0.02)
    assert f"+${value.impact_total:,.0f} in total" in str(slack_of(context).of("update")[-1]["blocks"])
    assert len(posts(context)) == 1


def test_a_bill_that_takes_it_back_leaves_no_old_figure_on_the_card(context: Context) -> None:
    for day in (0, 1):
        morning(context, day, three_days)
    morning(context, 2, lambda _: 100.0)
    finding, value = only(context)
    assert (finding.state, finding.reason) == ("resolved", "the bill was corrected")
    assert abs(value.impact_total) < 10
    assert value.corrected is not None
    assert value.corrected.before == pytest.approx(800.0, rel=0.05)
    assert value.corrected.after == pytest.approx(200.0, rel=0.05)
    assert len(posts(context)) == 1


def test_a_new_service_that_goes_away_again_is_over_and_says_until_when(context: Context) -> None:
    for day in (2, 8):
        morning(context, day, lambda since: 40.0 if 0 <= since < 4 else 0.0)
    finding, value = only(context)
    assert (finding.state, value.last_day) == ("resolved", START + timedelta(days=3))
    mean = f"${value.actual:.2f}"
    assert value.explanation == f"No cost before Nov 10, {mean} a day until Nov 13, next to nothing since."


def test_a_fall_that_is_told_once_goes_on_until_the_cost_is_back(context: Context) -> None:
    for day in (3, 5, 11):
        morning(context, day, lambda since: 10.0 if 0 <= since < 5 else 100.0)
    finding, value = only(context)
    assert (value.first_day, value.last_day) == (START, START + timedelta(days=4))
    assert (finding.state, finding.reason) == ("resolved", "back to normal")
    assert value.impact_total == pytest.approx(-450.0, rel=0.05)


def test_thresholds_that_no_longer_take_it_are_not_called_a_correction(context: Context) -> None:
    for day in (0, 1):
        morning(context, day, three_days)
    stricter = replace(context, settings=context.settings.model_copy(update={"anomaly_min_impact": 5000.0}))
    morning(stricter, 2, three_days)
    finding, value = only(context)
    assert (finding.state, finding.reason) == ("resolved", "no longer unusual, as costs are judged now")
    assert value.corrected is None
    assert value.impact_total == pytest.approx(600.0, rel=0.02)


def test_a_level_that_stayed_and_soon_moves_on_is_the_same_incident(context: Context) -> None:
    def twice(since: int) -> float:
        return 100.0 if since < 0 else 200.0 if since < 13 else 900.0

    for day in (0, 12):
        morning(context, day, twice)
    first, told = only(context)
    assert first.state == "resolved"
    morning(context, 14, twice)
    finding, value = only(context)
    assert (finding.id, finding.state, value.first_day) == (first.id, "open", START)
    assert value.impact_total > told.impact_total
    card, news = posts(context)
    assert card["text"].startswith(f"{first.id}: ")
    assert (
        news["text"]
        == f"EC2 in 111122223333 is back: +${value.impact_per_day:.0f}/day, after {first.id} had been resolved."
    )


def test_a_second_spike_after_an_ordinary_week_is_an_incident_of_its_own(context: Context) -> None:
    for day in (0, 7, 12):
        morning(context, day, lambda since: {0: 400.0, 12: 1500.0}.get(since, 100.0))
    assert [finding.state for finding in context.store.findings("anomaly")] == ["resolved", "open"]
    assert len(posts(context)) == 2


def test_days_that_are_missing_are_not_taken_for_quiet_ones(context: Context) -> None:
    morning(context, 2, three_days)
    morning(context, 7, three_days, missing=frozenset({3, 4, 5}))
    finding, value = only(context)
    assert (finding.state, value.phase) == ("open", "settling")
    assert value.data_until == START + timedelta(days=7)
    morning(context, 9, three_days, missing=frozenset({3, 4, 5}))
    assert only(context)[0].state == "resolved"


def two_services(context: Context, day: int, rds_until: int) -> None:
    """The scan of a morning: machines rise from day 0 on, databases with them until a day."""
    last = START + timedelta(days=day)
    bill = Bill(last=last, length=(last - BILL_START).days + 1)
    since = np.array([(one - START).days for one in bill.days])
    bill.line(EC2, "BoxUsage:m5.large", np.where(since >= 0, 400.0, 100.0))
    rises = (since >= 0) & (since <= rds_until)
    bill.line("Amazon Relational Database Service", "InstanceUsage:db.m5.large", np.where(rises, 160.0, 50.0))
    bill.store(context.costs)
    clock_of(context).at = datetime.combine(last + timedelta(days=1), time(10), UTC)
    apply(context, find_anomalies(str(context.settings.data_dir), gather(context)))


def test_services_that_rose_together_are_one_message_also_when_one_of_them_is_over_first(context: Context) -> None:
    two_services(context, 1, rds_until=9)
    finding, value = only(context)
    assert headline(finding).startswith("EC2 and RDS +$4")
    context.store.decide(finding.id, "acknowledge", actor="U0BEN", now=clock_of(context).now())
    two_services(context, 6, rds_until=1)
    later, now = only(context)
    assert (later.id, later.state, now.services) == (finding.id, "acknowledged", value.services)
    assert now.impact_total > value.impact_total
    assert sum(part.impact_per_day for part in now.parts) == pytest.approx(now.impact_per_day)
    assert len(posts(context)) == 1
