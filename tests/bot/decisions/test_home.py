"""The Home tab as a view."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.blocks.home import MAX_LISTED, Home, MonthSoFar, home_view
from bot.store import Finding, Subscription
from bot.workflows.home_facts import home_facts
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
        ),
        is_approver=True,
        notice="You approved S-0000.",
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
        anomalies=tuple(finding(f"A-{n:04d}", anomaly()) for n in range(300)),
        savings=tuple(finding(f"S-{n:04d}", recommendation()) for n in range(300)),
    )
    blocks = home_view(many)["blocks"]
    assert len(blocks) < 60
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids)) == 2 * MAX_LISTED
    assert "292 more: `/cost anomalies` · 292 more: `/cost savings`" in json.dumps(blocks, ensure_ascii=False)
