"""From a cost to its owner in Slack: which link counts, what is asked of Slack, and what a failing Slack does."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from bot.context import Context
from bot.errors import CostbotError
from bot.owners import Owner, mention, owner_of
from bot.owners.directory import problem
from bot.owners.owned_card import owned_blocks
from bot.store import ChannelSettings
from tests.bot.decisions_factories import NOW, anomaly, clock_of, recommendation, slack_of
from tests.bot.decisions_factories import context as a_context

PROD, DATA = "111122223333", "777788889999"
FILE = """
[tags]
payments = "U0BEN"
search = "ana@example.com"
web = "@frontend"
left = "gone@example.com"
[accounts]
"111122223333" = "S0PROD"
[services]
rds = "U0DBA"
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    path = tmp_path / "owners.toml"
    path.write_text(FILE)
    bot = a_context(tmp_path, settings={"owners_file": path, "default_owner": "S0FINOPS"})
    directory = slack_of(bot).directory
    directory.emails = {"ana@example.com": "U0ANA", "eve@example.com": "U0EVE"}
    directory.handles = {"frontend": "S0WEB", "platform": "S0PLATFORM"}
    tags = {DATA: {"team": "Payments"}}
    bot.store.remember("account_tags", json.dumps({"at": NOW.isoformat(), "tags": tags, "problem": None}), NOW)
    return bot


@pytest.mark.parametrize(
    ("tag", "account", "service", "owner", "how"),
    [
        ("Payments", PROD, "rds", "U0BEN", "the tag Payments in the owners file"),
        ("search", PROD, None, "U0ANA", "the tag search in the owners file"),
        ("web", None, None, "S0WEB", "the tag web in the owners file"),
        ("Eve@Example.com", PROD, None, "U0EVE", "the e-mail address in the tag"),
        ("platform", PROD, None, "S0PLATFORM", "the user group @platform, as the tag"),
        ("left", PROD, None, "S0PROD", f"the account {PROD} in the owners file"),
        ("gone@example.com", DATA, None, "U0BEN", "the tag Payments of the account in the owners file"),
        (None, DATA, "rds", "U0BEN", "the tag Payments of the account in the owners file"),
        (
            "growth",
            "222233334444",
            "Amazon Relational Database Service",
            "U0DBA",
            "the service Amazon Relational Database Service in the owners file",
        ),
        ("'; drop table findings; --", None, None, "S0FINOPS", "the default owner"),
        (None, None, None, "S0FINOPS", "the default owner"),
    ],
)
def test_the_most_specific_link_that_names_somebody_counts(
    context: Context, tag: str | None, account: str | None, service: str | None, owner: str, how: str
) -> None:
    found = owner_of(context, tag=tag, account_id=account, service=service)

    assert found == Owner(owner, owner.startswith("S"), how)
    assert mention(found) == (f"<!subteam^{owner}>" if found.is_group else f"<@{owner}>")


def test_without_any_link_nobody_owns_it(tmp_path: Path) -> None:
    assert owner_of(a_context(tmp_path), tag="growth", account_id=PROD, service="rds") is None


def test_an_alias_of_the_allocation_file_is_its_team(tmp_path: Path) -> None:
    owners, allocation = tmp_path / "owners.csv", tmp_path / "allocation.toml"
    owners.write_text("kind,value,owner\ntag,payments,U0BEN\n")
    allocation.write_text('[aliases.team]\npayments = ["pay", "checkout"]\n')
    bot = a_context(tmp_path, settings={"owners_file": owners, "allocation_file": allocation})

    found = owner_of(bot, tag="Checkout", account_id=None)

    assert found is not None
    assert found.slack_id == "U0BEN"


def test_slack_is_asked_once_a_day_for_an_address_and_once_an_hour_for_groups(context: Context) -> None:
    asked = slack_of(context).directory.asked
    for _ in range(3):
        owner_of(context, tag="nobody@example.com", account_id=None)
        owner_of(context, tag="platform", account_id=None)
    assert asked == ["nobody@example.com", "groups"]

    clock_of(context).pass_time(hours=2)
    owner_of(context, tag="nobody@example.com", account_id=None)
    owner_of(context, tag="platform", account_id=None)
    assert asked == ["nobody@example.com", "groups", "groups"]

    clock_of(context).pass_time(hours=23)
    slack_of(context).directory.emails["nobody@example.com"] = "U0NEW"
    found = owner_of(context, tag="nobody@example.com", account_id=None)
    assert found is not None
    assert found.slack_id == "U0NEW"


def test_a_missing_scope_is_said_once_and_fails_no_card(context: Context, caplog: pytest.LogCaptureFixture) -> None:
    refusal = CostbotError(
        "costbot lacks the Slack permission users:read.email to look up e-mail addresses.", "Add it."
    )
    slack_of(context).refuses["ask"] = refusal
    finding = context.store.record(recommendation(owner="eve@example.com"), NOW)
    with caplog.at_level(logging.WARNING, "costbot.owners"):
        for _ in range(3):
            shown = json.dumps(owned_blocks(context, finding, "C0COSTS", undo=False))
            clock_of(context).pass_time(hours=1)
    assert "owner eve@example.com (<!subteam^S0PROD>)" in shown, "the next link that names somebody"
    assert [record.message for record in caplog.records] == [f"owners: {refusal}"]
    assert problem(context) == str(refusal)

    slack_of(context).refuses.clear()
    assert "<@U0EVE>" in json.dumps(owned_blocks(context, finding, "C0COSTS", undo=False))
    assert problem(context) is None


def test_an_answer_outlives_an_outage_and_the_connection(context: Context) -> None:
    owner_of(context, tag="eve@example.com", account_id=None)
    clock_of(context).pass_time(days=3)
    slack_of(context).refuses["ask"] = CostbotError("Slack did not answer.")

    found = owner_of(context, tag="eve@example.com", account_id=None)

    assert found is not None
    assert found.slack_id == "U0EVE"


@pytest.mark.parametrize("value", [anomaly(owner="payments"), recommendation(owner="payments")])
def test_a_card_mentions_its_owner_unless_the_channel_wants_a_name_only(context: Context, value: object) -> None:
    slack_of(context).directory.names["U0BEN"] = "Ben <!channel> Example"
    finding = context.store.record(value, NOW)  # type: ignore[arg-type]
    context.store.channels.set("C0QUIET", ChannelSettings(mentions=False), NOW)

    loud = json.dumps(owned_blocks(context, finding, "C0COSTS", undo=False))
    quiet = json.dumps(owned_blocks(context, finding, "C0QUIET", undo=False))

    assert "payments (<@U0BEN>)" in loud
    assert "payments (Ben &lt;!channel&gt; Example)" in quiet
    assert "U0BEN" not in quiet


def test_what_has_no_tag_says_how_its_owner_is_known(context: Context) -> None:
    finding = context.store.record(anomaly(owner=None), NOW)
    shown = json.dumps(owned_blocks(context, finding, "C0COSTS", undo=False))
    assert f"*Owner*\\n<!subteam^S0PROD> (untagged: the account {PROD} in the owners file)" in shown
