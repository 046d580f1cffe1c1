"""`/cost budget`: what is refused, what is set, changed, removed and taken back, by whom, and what the list says."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.budgets import budget_states, known_budget_states
from bot.commands import Reply
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.slack.limits import check_message
from bot.errors import NotEnoughData, UsageError
from bot.settings import Who
from bot.store import NotAllowed, Store
from tests.bot.budgets.budget_factories import ask, ec2, made
from tests.bot.costs.cost_factories import blocks, texts
from tests.bot.decisions_factories import NOW, clock_of, slack_of
from tests.bot.decisions_factories import context as made_context
from tests.bot.forecast.forecast_factories import bill


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred and twenty days of costs, stored once: no test here may change them."""
    folder = tmp_path_factory.mktemp("costs")
    bill(120).store(CostFiles(folder))
    return folder


@pytest.fixture
def context(tmp_path: Path, stored: Path) -> Context:
    return made(tmp_path, stored)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("set lots", "“lots” is no amount of money."),
        ("set 0", "A budget of nothing cannot be kept."),
        ("set -5", "“-5” is no amount of money."),
        ("set 1e9", "“1e9” is no amount of money."),
        ("set 9999999999999999", "is more than any bill."),
        ("set €500", "“€500” is in EUR; the stored costs are in USD."),
        ("set 500 SEK", "“500 SEK” is in SEK"),
        ("set 500 --period week", "“week” is no period of a budget. Use month, quarter or year."),
        ("set --service ec2", "How much? A budget needs an amount."),
        ("set 500 --service nosuch", "No service is called “nosuch”."),
        ("set 500 --account stagin", "No account is called “stagin”. Did you mean staging?"),
        ("set 500 --team nobody", "No cost is tagged “team=nobody”."),
        ("set 500 --tag team", "“team” is no tag. Write its key and value, as env=prod."),
        ("set 500 --tag owner=x", "No costs are stored by the tag “owner”."),
        ("set 500 --service ec2 --team data", "A budget is of one service, account, team or tag, not of"),
        ("set 500 --servce ec2", "Did you mean --service?"),
        ("set 500 nonsense", "No service, account or team is called “nonsense”."),
        ("remove", "/cost budget remove takes one id."),
        ("remove B-9", "There is no budget “B-9”. Those that stand: none."),
        ("remove '; drop table budgets", "A quotation mark is not closed."),
        ("undo B-9", "There is no budget “B-9”."),
        ("show B-²", "There is no budget “B-²”."),
        ("frobnicate", "/cost budget does not know “frobnicate”."),
        ("set", "How much, and of what? Write /cost budget set 5000 --service ec2 --period month."),
    ],
)
def test_what_is_not_understood_says_how_to_write_it(context: Context, words: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(context, words)

    assert said in str(refused.value)
    assert context.store.budgets.every() == []


@pytest.mark.parametrize(
    ("words", "label", "amount", "cadence", "typed"),
    [
        ("set 5000 --service ec2", "EC2", 5000, "month", "--service ec2"),
        ("set $5,000.50 ec2 --period quarter", "EC2", 5000.5, "quarter", "--service ec2"),
        ("set 5k --account staging", "staging (444455556666)", 5000, "month", "--account 444455556666"),
        ("set 1.5m USD --team platform --period yearly", "team platform", 1.5e6, "year", "--tag team=platform"),
        ("set 300 --tag team=data", "team data", 300, "month", "--tag team=data"),
        ("set 900", "All costs", 900, "month", ""),
    ],
)
def test_a_budget_is_kept_as_it_was_meant(
    context: Context, words: str, label: str, amount: float, cadence: str, typed: str
) -> None:
    reply = ask(context, words)

    (kept,) = context.store.budgets.every()
    assert (kept.id, kept.amount, kept.cadence, kept.typed) == ("B-1", amount, cadence, typed)
    assert kept.label == label
    assert (kept.by, kept.channel, kept.currency) == ("U0BEN", "C0COSTS", "USD")
    assert reply.in_channel
    assert "set by <@U0BEN>" in reply.text
    assert "this channel is told at a forecast of 80 and 100 %" in texts(reply)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []


def test_setting_it_again_changes_the_amount_and_says_what_it_was(context: Context) -> None:
    ask(context, "set 5000 --service ec2")
    same = ask(context, "set 5,000 ec2")
    changed = ask(context, "set 6000 --service ec2", user="U0ANA")
    other = ask(context, "set 60000 --service ec2 --period year")

    assert same.text == "EC2: B-1 is $5,000 a month already. Nothing was changed."
    assert not same.in_channel
    assert "budget is now $6,000 a month and was $5,000, changed by <@U0ANA>" in changed.text
    assert "set by" in other.text
    assert [one.id for one in context.store.budgets.every()] == ["B-1", "B-2"]
    said = [(one.verb, one.actor, one.amount_before, one.amount) for one in context.store.budgets.changes("B-1")]
    assert said == [("set", "U0BEN", None, 5000.0), ("change", "U0ANA", 5000.0, 6000.0)]


def test_removing_asks_first_and_can_be_taken_back_once(context: Context) -> None:
    ask(context, "set 5000 --service ec2")
    card = ask(context, "show B-1")
    button = next(one for one in blocks(card, "actions")[0]["elements"] if one["value"] == "/cost budget remove B-1")

    removed = ask(context, "remove b-1", user="U0ANA")
    undo = blocks(removed, "actions")[0]["elements"][0]["value"]
    with pytest.raises(UsageError, match=r"already removed on 2026-11-20 by <@U0ANA>"):
        ask(context, "remove B-1")
    back = ask(context, undo.removeprefix("/cost budget "))
    with pytest.raises(UsageError, match="That was taken back already, by <@U0BEN>"):
        ask(context, undo.removeprefix("/cost budget "))

    assert button["confirm"]["title"]["text"] == "Remove this budget?"
    assert removed.text == "EC2: budget of $5,000 a month (B-1) removed by <@U0ANA>."
    assert back.text == "EC2: budget B-1 stands again: $5,000 a month, taken back by <@U0BEN>."
    assert [one.verb for one in context.store.budgets.changes("B-1")] == ["set", "remove", "restore"]


def test_a_change_is_undone_to_the_amount_before_and_a_stale_undo_is_refused(context: Context) -> None:
    ask(context, "set 5000 --service ec2")
    first = blocks(ask(context, "set 6000 --service ec2"), "actions")[0]["elements"][0]["value"]
    second = blocks(ask(context, "set 7000 --service ec2"), "actions")[0]["elements"][0]["value"]

    with pytest.raises(UsageError, match="was changed by <@U0BEN> since then"):
        ask(context, first.removeprefix("/cost budget "))
    ask(context, second.removeprefix("/cost budget "))

    assert context.store.budgets.get("B-1").amount == 6000


def test_an_undone_setting_is_removed_and_an_undone_removal_does_not_make_two(context: Context) -> None:
    ask(context, "set 5000 --service ec2")
    assert "is removed again" in ask(context, "undo B-1").text
    ask(context, "set 100 --service ec2")
    ask(context, "remove B-2")
    ask(context, "set 200 --service ec2")

    with pytest.raises(UsageError, match="Another budget of the same was set since B-2 was removed"):
        ask(context, "undo B-2")


def test_many_at_once_make_one_budget(tmp_path: Path) -> None:
    """Sixteen clicks on one dialog, in threads, make one row and one decision."""
    store = Store(tmp_path / "costbot.db")
    done: list[object] = []
    threads = [
        threading.Thread(
            target=lambda: done.append(store.budgets.set(ec2(id=""), actor="U0BEN", now=NOW, channel="C0COSTS").change)
        )
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.budgets.every()) == 1
    assert sum(one is not None for one in done) == 1
    store.close()


def test_where_the_settings_say_so_only_approvers_may(tmp_path: Path, stored: Path) -> None:
    bot = made(tmp_path, stored, budgets_by=Who.APPROVERS)

    with pytest.raises(NotAllowed, match="You may not set a budget"):
        ask(bot, "set 5000 --service ec2")
    ask(bot, "set 5000 --service ec2", user="U0ANA")
    with pytest.raises(NotAllowed, match="remove a budget"):
        ask(bot, "remove B-1")

    assert "New budget…" not in texts(ask(bot))
    assert "New budget…" in texts(ask(bot, user="U0ANA"))


def test_the_list_begins_with_the_gravest(context: Context) -> None:
    for words in ("set 20000", "set 1000 --service ec2", "set 6000 --account 111122223333", "set 1700 --team data"):
        ask(context, words)
    reply = ask(context)

    assert texts(reply).startswith("*4 budgets: 1 over, 1 expected to go over, 1 close, 1 on track*")
    said = [block["text"]["text"].split("\n")[0] for block in blocks(reply, "section")[1:]]
    assert [line.split(":")[0].strip("*") for line in said] == ["EC2", "111122223333", "Team data", "All costs"]
    assert "over the November budget" in said[0]
    assert "is expected to end over budget" in said[1]
    assert "Details" in texts(reply)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []


def test_without_budgets_it_says_how_to_set_one(context: Context) -> None:
    reply = ask(context)

    assert reply.text == "No budget is set."
    assert "/cost budget set 5000 --service ec2 --period month" in texts(reply)


def test_without_costs_nothing_is_set(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughData, match="No costs are stored yet"):
        ask(made_context(tmp_path), "set 5000")


def test_states_are_computed_once_for_the_same_costs(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(context, "set 5000 --service ec2")
    first = budget_states(context)
    assert known_budget_states(context) == first

    def never(*_: object) -> object:
        raise AssertionError("it is kept")

    monkeypatch.setattr("bot.budgets.kept.think", never)
    assert budget_states(context) == first
    clock_of(context).pass_time(days=12)
    assert known_budget_states(context) is None


def test_a_budget_in_another_currency_is_not_converted(context: Context) -> None:
    context.store.budgets.set(ec2(id="", currency="EUR"), actor="U0ANA", now=NOW, channel=None)

    (found,) = budget_states(context)

    assert found.spent is None
    assert found.why == "It is in EUR and the bill in USD; nothing is converted."
    assert "It is in EUR" in texts(ask(context))
    with pytest.raises(UsageError, match=r"B-1, of the same, is in “EUR”; the bill is not\. /cost budget remove B-1"):
        ask(context, "set 6000 --service ec2")


def test_a_hostile_name_is_escaped_everywhere(context: Context) -> None:
    name = "<!channel> *x* & '; drop table budgets; -- \u202e" + "w" * 400
    context.store.budgets.set(ec2(id="", label=name), actor="U0ANA", now=NOW, channel=None)

    for words in ("", "show B-1", "set 7000 --service ec2", "remove B-1"):
        reply = ask(context, words)
        said = reply.text + "".join(texts(Reply("", [b])) for b in reply.blocks if b["type"] in ("section", "context"))
        assert "<!channel>" not in said
        assert "\u202e" not in said
        assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
        if words:
            context.store.budgets.set(ec2(id="", label=name), actor="U0ANA", now=NOW, channel=None)


def test_set_without_words_opens_the_dialog_and_says_how_to_type_it(context: Context) -> None:
    reply = ask(context, "set", trigger_id="T1")

    (opened,) = slack_of(context).of("open_view")
    assert opened["view"]["callback_id"] == "budget.set"
    assert "/cost budget set 5000 --service ec2 --period month" in reply.text
