"""The Home tab as a view."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from analysis.daily_summary import MonthEnd
from analysis.models import Chart, Series
from bot.blocks.home import MAX_LISTED, Home, MonthSoFar, home_view
from bot.store import Finding, Subscription
from bot.workflows.home_facts import home_facts
from bot.workflows.month_end import computed_month_end
from tests.bot.costs.cost_factories import days, full, store
from tests.bot.decisions_factories import NOW, anomaly, clock_of, context, recommendation

GOLDEN = Path(__file__).parents[2] / "golden"


def finding(number: str, value: object) -> Finding:
    kind = "anomaly" if number.startswith("A") else "recommendation"
    return Finding(
        number,
        kind,
        "open",
        value,
        1,
        False,
        NOW,
        NOW,
        None,
        None,
        None,
        None,
        None,  # type: ignore[arg-type]
    )


def home() -> Home:
    """One of everything."""
    return Home(
        anomalies=(finding("A-3K8P", anomaly(account_name="<!channel>")),),
        savings=(finding("S-7Q2M", recommendation(resource_name="<@U0ANA> & co")),),
        subscriptions=(
            Subscription("C0COSTS", "digest", time(9), None, "U0ANA", NOW, None),
            Subscription("C0ARCHIVE", "savings", None, 50.0, "U0BEN", NOW, "The channel is archived."),
        ),
        month=MonthSoFar(
            71230.0,
            "USD",
            "effective",
            "Nov 18",
            NOW - timedelta(hours=2),
            left_out="Nov 19 is about 91 % in, Nov 20 is about 12 % in; both are left out",
            end=MonthEnd(99870.0, 98100.0, 101900.0),
            chart=Chart("Cost so far in November", ("Nov 1", "Nov 2"), (Series("November", (3900.0, 7841.5)),), "USD"),
        ),
        is_approver=True,
        notice="You approved S-0000.",
        mine=(finding("A-9M4T", anomaly()),),
    )


def test_the_home_tab_is_what_it_was() -> None:
    assert home_view(home()) == json.loads((GOLDEN / "home.json").read_text())


def test_an_empty_home_tab_is_what_it_was() -> None:
    empty = Home((), (), (), "No costs are stored yet.", None)
    assert home_view(empty) == json.loads((GOLDEN / "home_empty.json").read_text())


def test_on_the_first_of_a_month_its_name_is_that_of_the_month_before(tmp_path: Path) -> None:
    bot = context(tmp_path)
    clock_of(bot).at = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    told = [full(day, 10.0, estimated=day > date(2026, 11, 29)) for day in days(date(2026, 11, 1), 31)]
    store(bot.costs, told, "focus")
    shown = json.dumps(home_view(home_facts(bot, "U0ANA")), ensure_ascii=False)
    assert "*$290* in November 2026 up to Nov 29 (effective cost). Nov 30 – Dec 1 still incomplete." in shown
    clock_of(bot).at = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    assert "*$290* this month up to Nov 29" in json.dumps(home_view(home_facts(bot, "U0ANA")))
    bot.store.close()


def test_names_from_tags_ping_nobody() -> None:
    shown = json.dumps([block.get("text", {}).get("text", "") for block in home_view(home())["blocks"]])
    assert "<!channel>" not in shown
    assert "<@U0ANA>" not in shown


@pytest.mark.parametrize(("is_approver", "told"), [(False, "/cost approvers"), (None, "could not be checked")])
def test_who_may_not_approve_sees_no_button_and_why(is_approver: bool | None, told: str) -> None:
    shown = json.dumps(home_view(dataclasses.replace(home(), is_approver=is_approver)))
    assert "decide.approve" not in shown
    assert told in shown


def test_hundreds_of_findings_stay_within_sixty_blocks_with_ids_that_differ() -> None:
    many = dataclasses.replace(
        home(),
        mine=tuple(finding(f"A-9{n:03d}", anomaly()) for n in range(300)),
        anomalies=tuple(finding(f"A-{n:04d}", anomaly()) for n in range(300)),
        savings=tuple(finding(f"S-{n:04d}", recommendation()) for n in range(300)),
    )
    blocks = home_view(many)["blocks"]
    assert len(blocks) < 60
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids)) == 3 * MAX_LISTED
    told = "294 more: `/cost anomalies mine` · 294 more: `/cost anomalies` · 294 more: `/cost savings`"
    assert told in json.dumps(blocks, ensure_ascii=False)


def test_what_a_person_was_given_comes_first_and_is_not_told_twice(tmp_path: Path) -> None:
    bot = context(tmp_path)
    given = bot.store.record(anomaly(service="Amazon EC2"), NOW)
    seen = bot.store.record(anomaly(service="Amazon S3"), NOW)
    for one in (given, seen):
        bot.store.assign(one.id, "U0BEN", actor="U0ANA", now=NOW)
    bot.store.decide(seen.id, "acknowledge", actor="U0BEN", now=NOW)
    bot.store.record(anomaly(service="Amazon RDS"), NOW)

    bens, anas = home_facts(bot, "U0BEN"), home_facts(bot, "U0ANA")

    assert {one.id for one in bens.mine} == {given.id, seen.id}
    assert len(bens.anomalies) == 1
    assert anas.mine == ()
    assert len(anas.anomalies) == 2, "open ones, whoever has them"
    buttons = json.dumps(home_view(bens)["blocks"])
    assert f'"Acknowledge {seen.id}"' not in buttons
    assert f"Snooze\\u2026 {seen.id}" in buttons
    bot.store.close()


def test_the_month_has_a_curve_and_its_end_once_that_was_computed(tmp_path: Path) -> None:
    bot = context(tmp_path)
    stored = [full(day, 10.0) for day in days(date(2026, 9, 1), 80)]
    store(bot.costs, stored, "focus")
    window = bot.costs.window(view=bot.settings.cost_view)

    before = home_facts(bot, "U0ANA").month
    end = computed_month_end(bot, window)
    after = home_facts(bot, "U0ANA").month

    assert isinstance(before, MonthSoFar)
    assert isinstance(after, MonthSoFar)
    assert before.end is None
    assert before.chart is not None
    assert [one.name for one in before.chart.series] == ["November", "October"]
    assert before.chart.series[0].values[-1] == pytest.approx(before.amount)
    assert after.end == end == computed_month_end(bot, window)
    assert end is not None
    assert end.mean == pytest.approx(300.0, abs=0.5)
    bot.store.close()
