"""What a channel gets and how it is spoken to: typed, by a dialog, and ended; wrong input says how to write it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.blocks.settings_modal import settings_modal
from bot.blocks.subscribe_modal import subscribe_modal
from bot.commands import Reply, Request, find
from bot.context import Context
from bot.demo.slack.limits import check_view
from bot.errors import CostbotError, UsageError
from bot.listeners import subscribing
from bot.store import ChannelSettings, Subscription
from bot.words.flags import split
from tests.bot.costs.cost_factories import days, full, store
from tests.bot.decisions_factories import NOW, slack_of
from tests.bot.decisions_factories import context as made_context

PROD, STAGING, ANA = "111122223333", "444455556666", "U0ANA"


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Stored costs of two teams in two accounts, one of which has a name."""
    bot = made_context(tmp_path_factory.mktemp("bills"))
    rows = []
    for day in days(date(2026, 11, 1), 18):
        rows.append(full(day, 30.0, sub_account_id=PROD, sub_account_name="prod", tags={"team": "payments"}))
        rows.append(full(day, 20.0, sub_account_id=STAGING, tags={"team": "search"}))
    store(bot.costs, rows, source="focus")
    return bot


@pytest.fixture
def bot(bills: Context, tmp_path: Path) -> Iterator[Context]:
    bot = made_context(tmp_path, costs=bills.costs)
    yield bot
    bot.store.close()


def say(bot: Context, typed: str, *, channel: str = "C0COSTS", trigger: str | None = None) -> Reply:
    name, *words = split(typed)
    return find(name).answer(Request(name, tuple(words), ANA, channel, trigger), bot)


def stored(kind: str, at: time | None = None, least: float | None = None, **more: Any) -> Subscription:
    return Subscription("C0COSTS", kind, at, least, ANA, NOW, **more)


@pytest.mark.parametrize(
    ("typed", "wanted", "told"),
    [
        (
            "digest --team Payments --at 8 --only-changes",
            [stored("digest", time(8), team="payments", least_change=10.0)],
            "the daily digest of team payments at 08:00 (UTC), only when a day is $10 or more off its usual cost",
        ),
        (
            "digest --account prod --only-changes --min 2.50",
            [stored("digest", time(9), account=PROD, least_change=2.5)],
            "the daily digest of account prod at 09:00 (UTC), only when a day is $2.50 or more off its usual cost",
        ),
        (
            f"anomalies --team search,payments --account {STAGING} --min 50",
            [
                stored("anomalies", least=50.0, team="payments", account=STAGING),
                stored("anomalies", least=50.0, team="search", account=STAGING),
            ],
            f"a card for every cost anomaly of team search in account {STAGING} of at least $50 a day and a card for "
            f"every cost anomaly of team payments in account {STAGING} of at least $50 a day",
        ),
        ("budgets --min 100", [stored("budgets", least=100.0)], "news of every budget of at least $100 a month"),
        ("weekly --at 7:30", [stored("weekly", time(7, 30))], "the weekly report at 07:30 (UTC)"),
    ],
)
def test_flags_are_kept_and_said(bot: Context, typed: str, wanted: list[Subscription], told: str) -> None:
    reply = say(bot, f"subscribe {typed}")

    assert bot.store.subscriptions() == wanted
    assert reply.text == f"This channel now gets {told}. Set by <@U0ANA>."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("digest --team paiments", "Did you mean “payments”"),
        ("digest --team <!channel>", "&lt;!channel&gt;"),
        ("anomalies --account '; drop table'", "Stored are"),
        ("weekly --min 5", "does not fit the weekly report"),
        ("anomalies --only-changes", "--only-changes does not fit anomalies"),
        ("savings --at 09:00", "does not fit savings"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way(bot: Context, typed: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        say(bot, f"subscribe {typed}".replace("'", '"'))

    assert told in str(refused.value)
    assert bot.store.subscriptions() == []


def test_one_filter_is_ended_and_the_others_stay(bot: Context) -> None:
    for typed in ("digest", "digest --team payments", "digest --account prod", "anomalies"):
        say(bot, f"subscribe {typed}")

    assert "no longer gets digest of team “PAYMENTS”" in say(bot, "unsubscribe digest --team PAYMENTS").text
    assert "no longer gets digest of account “prod”" in say(bot, "unsubscribe digest --account prod").text
    assert [(one.kind, one.team, one.account) for one in bot.store.subscriptions()] == [
        ("anomalies", "", ""),
        ("digest", "", ""),
    ]
    assert "nothing changed" in say(bot, "unsubscribe digest --team search").text


def test_both_dialogs_open_and_fit(bot: Context) -> None:
    alone = say(bot, "subscribe", trigger="T1"), say(bot, "settings", trigger="T2")

    assert not any(reply.in_channel for reply in alone)
    assert [call["view"]["callback_id"] for call in slack_of(bot).of("open_view")] == ["subscribe", "settings"]
    for view in (
        subscribe_modal("C0COSTS"),
        subscribe_modal("D0ANA"),
        settings_modal("C0COSTS", ChannelSettings("Europe/Berlin", numbers="fr"), zone="UTC", alerts=10),
    ):
        assert check_view(view) == []


def test_without_a_dialog_the_words_are_told(bot: Context) -> None:
    slack_of(bot).refuses["open_view"] = CostbotError("Slack waits 3 seconds.", "Press again.")

    assert "/cost subscribe weekly" in say(bot, "subscribe", trigger="T1").text
    assert "Time zone: UTC (default)" in say(bot, "settings", trigger="T1").text


def view(callback: str, **values: Any) -> dict[str, Any]:
    """A filled-in dialog as Slack sends it; a tuple ticks boxes, text is an input, `channel` a conversation."""
    state: dict[str, Any] = {}
    for name, value in values.items():
        element: dict[str, Any] = {"value": value}
        if isinstance(value, tuple):
            element = {"selected_options": [{"value": one} for one in value]}
        elif name == "channel":
            element = {"selected_conversation": value}
        elif name == "at":
            element = {"selected_time": value}
        elif name in ("threads", "mentions", "numbers"):
            element = {"selected_option": {"value": value}}
        state[name] = {name: element}
    return {"type": "modal", "callback_id": callback, "private_metadata": "C0COSTS", "state": {"values": state}}


class Heard:
    """Stands for Bolt: keeps what `register` listens with."""

    def __init__(self) -> None:
        self.views: dict[str, Any] = {}

    def view(self, callback: str) -> Any:
        return lambda function: self.views.setdefault(callback, function)


def submit(bot: Context, filled: dict[str, Any]) -> dict[str, Any]:
    """Submit a dialog; what was acknowledged."""
    heard, acked = Heard(), {}
    subscribing.register(heard, bot)  # type: ignore[arg-type]
    heard.views[filled["callback_id"]](lambda **words: acked.update(words), {"user": {"id": ANA}}, filled)
    return acked


def test_the_dialog_makes_a_subscription_of_each_kind_and_tells_the_channel(bot: Context) -> None:
    filled = view(
        "subscribe",
        channel="C0PAY",
        kinds=("digest", "anomalies"),
        teams="payments",
        accounts=None,
        least="50",
        at="10:30",
        only_changes=("only_changes",),
    )

    assert submit(bot, filled) == {}
    assert [
        (one.channel, one.kind, one.team, one.at, one.min_impact, one.least_change) for one in bot.store.subscriptions()
    ] == [
        ("C0PAY", "anomalies", "payments", None, 50.0, None),
        ("C0PAY", "digest", "payments", time(10, 30), None, 50.0),
    ]
    (post,) = slack_of(bot).of("post")
    assert post["channel"] == "C0PAY"
    assert post["text"].startswith("This channel now gets the daily digest of team payments at 10:30 (UTC)")


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"teams": "nobody"}, "teams", "No team with stored costs is called “nobody”."),
        ({"accounts": "mars"}, "accounts", "No account with stored costs is called “mars”."),
        ({"least": "lots"}, "least", "is no amount of money"),
        ({"teams": "R&D <b>"}, "teams", "is called “R&D <b>”."),
        ({"kinds": ()}, "kinds", "Nothing was chosen."),
    ],
)
def test_what_is_wrong_in_the_dialog_is_said_at_its_field(
    bot: Context, changed: dict[str, Any], field: str, told: str
) -> None:
    right = {"channel": "C0PAY", "kinds": ("digest",), "teams": None, "accounts": None, "least": None, "at": "09:00"}

    answered = submit(bot, view("subscribe", **(right | changed)))

    assert answered["response_action"] == "errors"
    assert list(answered["errors"]) == [field]
    assert told in answered["errors"][field]
    assert bot.store.subscriptions() == []


@pytest.mark.parametrize("callback", ["subscribe", "settings"])
def test_what_is_no_fields_fault_is_told_when_the_dialog_has_closed(
    bot: Context, monkeypatch: pytest.MonkeyPatch, callback: str
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise CostbotError("The file cannot be used: it is locked.", "Try again.")

    monkeypatch.setattr(subscribing, "subscriptions_of", locked)
    monkeypatch.setattr(subscribing, "changed", locked)

    assert submit(bot, view(callback, kinds=("weekly",), at="09:00")) == {}
    (told,) = slack_of(bot).of("ephemeral")
    assert told["text"].startswith("The file cannot be used: it is locked.")
    assert (told["channel"], told["user"]) == ("C0COSTS", ANA)


def test_bolt_answers_with_the_error_and_with_nothing_when_all_is_right(bot: Context) -> None:
    """As Slack delivers it, through the listeners of the real app."""
    result = AuthorizeResult(enterprise_id=None, team_id="T0", bot_id="B1", bot_user_id="U0BOT", bot_token="xoxb-local")
    app = App(
        client=WebClient(token="xoxb-local"),
        signing_secret="",
        authorize=lambda **_: result,
        process_before_response=True,
        request_verification_enabled=False,
    )
    subscribing.register(app, bot)

    def answered(**changed: Any) -> str:
        filled = view("subscribe", **({"channel": "C0PAY", "kinds": ("digest",), "at": "09:00"} | changed))
        body = {"type": "view_submission", "user": {"id": ANA}, "team": {"id": "T0"}, "view": filled}
        return str(app.dispatch(BoltRequest(mode="socket_mode", body=body)).body)

    assert "No team with stored costs is called" in answered(teams="nobody")
    assert bot.store.subscriptions() == []
    assert answered(teams="search") == ""
    assert [one.team for one in bot.store.subscriptions()] == ["search"]


def test_a_channel_that_cannot_be_told_is_said_to_the_person(bot: Context) -> None:
    slack_of(bot).refuses["post"] = CostbotError("costbot is not in the channel.", "Invite it.")

    submit(bot, view("subscribe", channel="C0PAY", kinds=("weekly",), at="09:00"))

    (told,) = slack_of(bot).of("ephemeral")
    assert "costbot is not in the channel" in told["text"]
    assert len(bot.store.subscriptions()) == 1


def test_settings_by_words_and_by_the_dialog(bot: Context) -> None:
    said = say(bot, "settings --zone europe/berlin --numbers DE --threads off --mentions off --alerts 3")
    assert said.in_channel
    assert bot.store.channels.settings("C0COSTS") == ChannelSettings("Europe/Berlin", False, False, "de", 3, ANA)
    assert "Time zone: Europe/Berlin; Alerts a day, one by one: 3." in said.text

    answered = submit(
        bot, view("settings", threads="on", mentions="off", numbers="fr", zone="default", alerts="default")
    )

    assert answered == {}
    assert bot.store.channels.settings("C0COSTS") == ChannelSettings(None, False, True, "fr", None, ANA)
    assert slack_of(bot).of("post")[0]["text"].startswith("How costbot speaks in this channel from now on:")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("--zone Mars/Olympus", "is no time zone"),
        ("--zone Europe/Berln", "Did you mean Europe/Berlin?"),
        ("--numbers it", "Use one of en, de, fr"),
        ("--threads maybe", "Write --threads on"),
        ("--alerts -1", "from 0 to 200"),
        ("--alerts 1e3", "from 0 to 200"),
        ("threads", "is no setting"),
    ],
)
def test_wrong_settings_change_nothing(bot: Context, typed: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        say(bot, f"settings {typed}")

    assert told in str(refused.value)
    assert bot.store.channels.settings("C0COSTS") == ChannelSettings()


def test_a_wrong_zone_in_the_dialog_is_said_at_its_field(bot: Context) -> None:
    answered = submit(bot, view("settings", threads="on", mentions="on", numbers="en", zone="Mars", alerts="10"))

    assert list(answered["errors"]) == ["zone"]
