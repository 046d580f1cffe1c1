"""The dialog of a budget as Slack delivers it: opened, wrong at its fields, set once, told where it can be told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import dialogs
from bot.blocks.budget_modal import Origin, budget_modal
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_view
from bot.errors import CostbotError
from bot.listeners import budget as budget_listener
from bot.listeners import duplicates, unhandled
from bot.settings import Who
from tests.bot.budgets.budget_factories import ask, ec2, made
from tests.bot.decisions_factories import slack_of
from tests.bot.forecast.forecast_factories import bill

BEN = "U0BEN"
URL = "https://hooks.slack.test/actions/1"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("costs")
    bill(60).store(CostFiles(folder))
    return folder


@pytest.fixture
def bot(tmp_path: Path, stored: Path) -> Iterator[Context]:
    bot = made(tmp_path, stored)
    yield bot
    bot.store.close()


def app_of(bot: Context) -> App:
    """Bolt without Slack: requests are handed to it as Socket Mode would."""
    result = AuthorizeResult(
        enterprise_id=None, team_id="T0DEMO", bot_id="B1", bot_user_id="U0BOT", bot_token="xoxb-local"
    )
    app = App(
        name="costbot",
        client=WebClient(token="xoxb-local"),
        signing_secret="",
        authorize=lambda **_: result,
        process_before_response=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
    )
    for module in (duplicates, budget_listener, unhandled):
        module.register(app, bot)
    return app


def dispatch(bot: Context, body: dict[str, Any]) -> BoltResponse:
    return app_of(bot).dispatch(BoltRequest(mode="socket_mode", body=body))


def submitted(origin: Origin | None = None, user: str = BEN, trigger: str = "T.2", **filled: str) -> dict[str, Any]:
    """The dialog sent off with these choices."""
    values: dict[str, Any] = {}
    for field, value in ({"amount": "5000", "period": "month", "kind": "service", "name": "ec2"} | filled).items():
        is_choice = field in ("period", "kind")
        values[field] = {field: {"selected_option": {"value": value}} if is_choice else {"value": value or None}}
    view = {
        "type": "modal",
        "callback_id": "budget.set",
        "private_metadata": (origin or Origin("C0COSTS")).to_metadata(),
        "state": {"values": values},
    }
    return {
        "type": "view_submission", "user": {"id": user}, "team": {"id": "T0DEMO"}, "trigger_id": trigger, "view": view
    }  # fmt: skip


def opened(value: str = "new", user: str = BEN) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "user": {"id": user},
        "team": {"id": "T0DEMO"},
        "trigger_id": "T.1",
        "actions": [{"type": "button", "action_id": "budget.open", "block_id": "b", "value": value}],
        "container": {"type": "message", "channel_id": "C0COSTS", "message_ts": "17.1"},
        "channel": {"id": "C0COSTS"},
        "response_url": URL,
    }


def test_the_button_opens_an_empty_dialog(bot: Context) -> None:
    dispatch(bot, opened())

    (call,) = slack_of(bot).of("open_view")
    assert call["trigger_id"] == "T.1"
    assert [block["block_id"] for block in call["view"]["blocks"] if block["type"] == "input"] == [
        "amount", "period", "kind", "name"
    ]  # fmt: skip
    assert call["view"]["blocks"][0]["label"]["text"] == "Amount in USD"


def test_the_dialog_of_a_budget_that_stands_asks_only_how_much(bot: Context) -> None:
    ask(bot, "set 5000 --service ec2")
    dispatch(bot, opened("B-1"))
    (call,) = slack_of(bot).of("open_view")
    answer = dispatch(bot, submitted(Origin("C0COSTS", "B-1"), amount="7k", name=""))

    assert "EC2" in call["view"]["blocks"][0]["text"]["text"]
    assert call["view"]["blocks"][1]["element"]["initial_value"] == "5000"
    assert not answer.body
    assert bot.store.budgets.get("B-1").amount == 7000


def test_a_dialog_of_a_budget_that_is_gone_is_not_opened(bot: Context) -> None:
    dispatch(bot, opened("B-7"))

    assert slack_of(bot).of("open_view") == []
    (told,) = slack_of(bot).of("respond")
    assert told["text"].startswith("There is no budget “B-7”.")


@pytest.mark.parametrize(
    ("filled", "errors"),
    [
        ({"amount": "lots"}, {"amount": "“lots” is no amount of money."}),
        ({"amount": "0"}, {"amount": "A budget of nothing cannot be kept."}),
        ({"amount": "500 SEK"}, {"amount": "“500 SEK” is in SEK; the stored costs are in USD."}),
        ({"name": "nosuch & co"}, {"name": "No service is called “nosuch & co”."}),
        ({"name": ""}, {"name": "Which service? Write its name."}),
        ({"kind": "all"}, {"name": "Leave this empty for everything"}),
        ({"kind": "account", "name": "prid"}, {"name": "No account is called “prid”."}),
        ({"kind": "tag", "name": "prod"}, {"name": "“prod” is no tag."}),
        ({"amount": "x", "kind": "team", "name": "y"}, {"amount": "“x” is no amount", "name": "No cost is tagged"}),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_set(
    bot: Context, filled: dict[str, str], errors: dict[str, str]
) -> None:
    answer = dispatch(bot, submitted(**filled))

    assert '"response_action": "errors"' in answer.body
    said = budget_listener.check(bot, budget_listener.values_of(submitted(**filled)["view"]), Origin("C0COSTS"), BEN)
    assert said.errors.keys() == errors.keys()
    for field, text in errors.items():
        assert said.errors[field].startswith(text)
        assert "&amp;" not in said.errors[field]
    assert bot.store.budgets.every() == []
    assert slack_of(bot).of("post") == []


def test_what_is_right_is_set_and_the_channel_is_told_with_a_way_back(bot: Context) -> None:
    answer = dispatch(bot, submitted())

    assert answer.status == 200
    assert not answer.body
    (posted,) = slack_of(bot).of("post")
    assert posted["channel"] == "C0COSTS"
    assert posted["text"].startswith("EC2: budget of $5,000 a month, set by <@U0BEN>.")
    (kept,) = bot.store.budgets.every()
    assert (kept.typed, kept.channel) == ("--service ec2", "C0COSTS")


def test_a_double_click_sets_one_budget_and_tells_once(bot: Context) -> None:
    app = app_of(bot)
    for trigger in ("T.2", "T.2", "T.3"):
        app.dispatch(BoltRequest(mode="socket_mode", body=submitted(trigger=trigger)))

    assert len(slack_of(bot).of("post")) == 1
    assert [call["text"] for call in slack_of(bot).of("ephemeral")] == [
        "EC2: B-1 is $5,000 a month already. Nothing was changed."
    ]
    assert len(bot.store.budgets.changes("B-1")) == 1


def test_who_may_not_is_told_in_the_dialog(tmp_path: Path, stored: Path) -> None:
    bot = made(tmp_path, stored, budgets_by=Who.APPROVERS)

    answer = dispatch(bot, submitted())
    dispatch(bot, opened())

    assert "You may not set a budget: that takes an approver." in answer.body
    assert bot.store.budgets.every() == []
    assert slack_of(bot).of("open_view") == []


def test_where_costbot_may_not_post_the_person_is_told_alone(bot: Context) -> None:
    slack_of(bot).refuses["C0COSTS"] = CostbotError("costbot is not in the channel.", "Invite it.")

    dispatch(bot, submitted())

    (posted,) = slack_of(bot).of("post")
    assert posted["channel"] == BEN
    assert len(bot.store.budgets.every()) == 1


def test_what_takes_too_long_to_check_is_acknowledged_and_told_afterwards(
    bot: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that is not done in time: Slack gets its answer, the person theirs."""
    waiting: Future[Any] = Future()
    monkeypatch.setattr(dialogs, "PATIENCE_SECONDS", 0.01)
    submit = bot.work.submit

    def slow(function: Any, *args: Any) -> Any:
        if getattr(function, "func", None) is budget_listener.check:
            return waiting
        waiting.set_result(budget_listener.check(bot, {"amount": "x", "period": "month", "kind": "all", "name": ""},
                                                 Origin("C0COSTS"), BEN))  # fmt: skip
        return submit(function, *args)

    monkeypatch.setattr(bot.work, "submit", slow)
    began = time.monotonic()
    answer = dispatch(bot, submitted())

    assert time.monotonic() - began < 2
    assert answer.status == 200
    assert not answer.body
    (told,) = slack_of(bot).of("ephemeral")
    assert told["text"].startswith("“x” is no amount of money.")


def test_the_dialogs_keep_slacks_limits() -> None:
    for known in (None, ec2(label="x" * 400)):
        assert check_view(budget_modal(Origin("C0COSTS"), "USD" * 9, "team" * 40, known)) == []
