"""The Home tab as a view."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from analysis.daily_summary import MonthEnd
from analysis.models import Chart, Series
from bot.blocks.elements import section
from bot.blocks.home import Home, MonthSoFar, home_view
from bot.blocks.waiting_sections import MOST, page_asked
from bot.commands import Block
from bot.context import Context
from bot.demo.slack.limits import check_view
from bot.errors import CostbotError
from bot.listeners.actions import Click, answer_click
from bot.listeners.commands import answer_command
from bot.listeners.home import answer_opened, answer_turned
from bot.store import Finding, Subscription
from bot.watch import verdicts
from bot.workflows.home_facts import MOST_TROUBLES, home_facts
from bot.workflows.month_end import computed_month_end
from tests.bot.costs.cost_factories import days, full, store
from tests.bot.decisions_factories import NOW, anomaly, clock_of, context, recommendation, slack_of

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
        owned=(finding("S-0W1D", recommendation(resource_name="cart-1")),),
        budgets=(section("payments: $4,200 of $5,000, expected to end at $5,400"),),
        health=("Costs have not been refreshed since Nov 18.",),
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


def many() -> Home:
    """Hundreds of everything."""
    return dataclasses.replace(
        home(),
        mine=tuple(finding(f"A-9{n:03d}", anomaly()) for n in range(300)),
        owned=tuple(finding(f"S-8{n:03d}", recommendation()) for n in range(300)),
        anomalies=tuple(finding(f"A-{n:04d}", anomaly()) for n in range(300)),
        savings=tuple(finding(f"S-{n:04d}", recommendation()) for n in range(300)),
        budgets=tuple(section(f"budget {n}") for n in range(50)),
        health=tuple(f"trouble {n}" for n in range(50)),
    )


def rows(blocks: list[Block]) -> list[str]:
    """The ids of the findings that are shown."""
    return [b["block_id"].removeprefix("home.") for b in blocks if b.get("block_id", "").startswith("home.")]


@pytest.mark.parametrize("is_approver", [True, False, None])
def test_hundreds_of_findings_stay_within_sixty_blocks_with_ids_that_differ(is_approver: bool | None) -> None:
    view = home_view(dataclasses.replace(many(), is_approver=is_approver))
    assert len(view["blocks"]) < 60
    assert check_view(view) == []
    assert len(set(rows(view["blocks"]))) == MOST
    told = json.dumps(view["blocks"])
    assert '"And 294 more"' in told
    assert '"And 296 more"' in told


def test_the_rest_of_a_section_is_a_button_away() -> None:
    shown = home_view(dataclasses.replace(many(), starts=page_asked("owned 298")))["blocks"]
    assert rows(shown)[10:12] == ["S-8298", "S-8299"]
    assert '"owned 294"' in json.dumps(shown), "the way back"
    assert '"owned 302"' not in json.dumps(shown)


@pytest.mark.parametrize("value", ["owned 300", "owned -1", "owned", "", "owned 1e9", "nothing 3", "owned 99999999"])
def test_a_page_that_is_not_there_is_the_first(value: str) -> None:
    assert home_view(dataclasses.replace(many(), starts=page_asked(value))) == home_view(many())


def test_what_is_assigned_comes_first_then_what_one_may_approve_then_what_one_owns() -> None:
    everything = home_view(home())["blocks"]
    assert rows(everything) == ["A-9M4T", "S-7Q2M", "S-0W1D", "A-3K8P"]
    as_other = home_view(dataclasses.replace(home(), is_approver=False))["blocks"]
    assert rows(as_other) == ["A-9M4T", "S-0W1D", "A-3K8P", "S-7Q2M"]


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


def test_what_somebody_owns_is_theirs_and_told_once(tmp_path: Path) -> None:
    owners = tmp_path / "owners.csv"
    owners.write_text("kind,value,owner\ntag,payments,U0BEN\ntag,search,S0FINOPS\n")
    bot = context(tmp_path, settings={"owners_file": owners})
    bens = bot.store.record(anomaly(owner="payments"), NOW)
    groups = bot.store.record(recommendation(owner="search"), NOW)

    ben, ana = home_facts(bot, "U0BEN"), home_facts(bot, "U0ANA")

    assert [one.id for one in ben.owned] == [bens.id]
    assert [one.id for one in (*ben.anomalies, *ben.savings)] == [groups.id]
    assert ana.owned == (), "an approver decides on a saving as one, also where it is theirs"
    assert [one.id for one in ana.savings] == [groups.id]
    bot.store.close()


def test_an_approver_reads_what_is_wrong_with_costbot_itself(tmp_path: Path) -> None:
    bot = context(tmp_path)
    for channel in ("C0A", "C0B", "C0C"):
        bot.store.subscribe(Subscription(channel, "digest", time(9), None, "U0ANA", NOW))
        bot.store.flag_subscription(channel, "digest", "<!channel> is archived.")
    clock_of(bot).pass_time(hours=2)
    found = verdicts(bot)

    ana, ben = home_facts(bot, "U0ANA"), home_facts(bot, "U0BEN")

    assert len(found) > MOST_TROUBLES
    assert ana.health[0].startswith(found[0].sentence)
    assert ana.health[-1] == f"And {len(found) - MOST_TROUBLES} more: `/cost status`."
    assert len(ana.health) == MOST_TROUBLES + 1
    assert ben.health == ()
    assert "<!channel>" not in str(ana.health)
    assert ":warning:" in json.dumps(home_view(ana))
    bot.store.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Context]:
    """A bot with one saving, whose Home tab ana has opened and ben has not."""
    bot = context(tmp_path)
    bot.store.record(recommendation(), NOW)
    answer_opened(bot, "U0ANA")
    yield bot
    bot.store.close()


def typed(bot: Context, text: str, user: str) -> None:
    body = {"text": text, "user_id": user, "channel_id": "C0COSTS", "response_url": "https://hooks/1"}
    answer_command(bot, body)


def drawn_for(bot: Context) -> list[str]:
    """For whom the tab was drawn since ana opened it."""
    return [call["user_id"] for call in slack_of(bot).of("publish_home")][1:]


def test_it_is_drawn_anew_after_ones_own_action_for_who_opened_it_once(opened: Context) -> None:
    (saving,) = opened.store.findings()
    for user in ("U0BEN", "U0ANA"):
        typed(opened, f"assign {saving.id} me", user)
    assert drawn_for(opened) == ["U0ANA"]
    typed(opened, "subscribe digest", "U0ANA")
    assert drawn_for(opened) == ["U0ANA", "U0ANA"]
    shown = json.dumps(slack_of(opened).of("publish_home")[-1]["view"])
    assert "<#C0COSTS>: digest" in shown
    assert "Assigned to you" in shown


def test_a_question_and_a_wrong_command_draw_nothing(opened: Context) -> None:
    for text in ("approvers", "assign", "approve S-0000", "help", ""):
        typed(opened, text, "U0ANA")
    assert drawn_for(opened) == []


def test_a_button_in_a_channel_draws_it_anew_and_one_on_the_tab_once(opened: Context) -> None:
    (saving,) = opened.store.findings()
    body = {
        "user": {"id": "U0ANA"},
        "container": {"channel_id": "C0COSTS", "message_ts": "1.1"},
        "response_url": "https://hooks/1",
        "actions": [{"action_id": "decide.approve", "value": saving.id}],
    }
    answer_click(opened, Click.from_body(body))
    assert drawn_for(opened) == ["U0ANA"]
    on_the_tab = {"user": {"id": "U0ANA"}, "actions": [{"action_id": "decide.reopen", "value": saving.id}]}
    answer_click(opened, Click.from_body(on_the_tab))
    assert drawn_for(opened) == ["U0ANA", "U0ANA"]


def test_a_tab_that_slack_refuses_breaks_no_command(opened: Context) -> None:
    slack_of(opened).refuses["publish_home"] = CostbotError("Slack did not answer.")
    typed(opened, "subscribe digest", "U0ANA")
    answer_turned(opened, "U0ANA", {"others": 1})
    assert slack_of(opened).of("respond")[-1]["text"].startswith("This channel now gets the daily digest")


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
