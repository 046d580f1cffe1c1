"""Posting to a Slack that misbehaves: what it costs is a sentence, never a message."""

from datetime import UTC, datetime

import pytest

from analysis.models import Chart, Series
from bot import waterfall
from bot.blocks import elements
from bot.commands import Reply
from bot.demo.slack.server import SlackWorkspace
from bot.errors import CostbotError
from bot.posting import NO_NATIVE_CHARTS, Poster, web_client
from bot.slack_manifest import PATH
from bot.waterfall import Step

CHANNEL = "C0COSTS"
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
WATERFALL = waterfall.waterfall("EC2", Step("Before", 1.0), [Step("<NAT>", 2.0)], Step("Now", 3.0), "USD")
CHART = elements.chart(Chart("Cost per day", ("Nov 1", "Nov 2"), (Series("EC2", (1.0, 2.0)),)))


class Facts(dict):
    def recall(self, key):
        return self.get(key)

    def remember(self, key, value, now):
        assert now == NOW
        self[key] = value


@pytest.fixture(scope="module")
def workspace():
    made = SlackWorkspace(manifest=PATH)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def slack(workspace):
    workspace.fault("clear")
    workspace.fault("unarchive", channel=CHANNEL)
    return Poster(web_client("xoxb-local", f"{workspace.workspace.base_url}/api/"), Facts(), lambda: NOW)


def stored(workspace, ts, channel=CHANNEL):
    return next(m for m in workspace.workspace.messages.in_channel(channel) if m.ts == ts)


def refused(call):
    with pytest.raises(CostbotError) as error:
        call()
    return error.value


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"fault": "archive", "channel": CHANNEL}, f"The channel <#{CHANNEL}> is archived."),
        ({"fault": "revoke_token"}, "Slack says the bot token was revoked."),
        (
            {"fault": "remove_scope", "scope": "chat:write"},
            f"costbot lacks the Slack permission chat:write to post to {CHANNEL}.",
        ),
        ({"fault": "server_error_next", "times": 9}, f"Slack did not answer when costbot tried to post to {CHANNEL}."),
        (
            {"fault": "server_error_next", "times": 9, "html": True},
            f"Slack did not answer when costbot tried to post to {CHANNEL}.",
        ),
    ],
)
def test_a_refusal_is_one_sentence_with_a_remedy(workspace, slack, fault, sentence):
    workspace.fault(**fault)
    error = refused(lambda: slack.post(CHANNEL, "hello", []))
    assert error.cause == sentence
    assert error.remedy


def test_an_unknown_channel_is_named(slack):
    assert refused(lambda: slack.post("C0NOWHERE", "hello", [])).cause == "Slack knows no channel <#C0NOWHERE>."


def test_rate_limits_and_a_server_error_are_waited_out(workspace, slack):
    workspace.fault("rate_limit_next", method="chat.postMessage", retry_after=1)
    ts = slack.post(CHANNEL, "after the limit", [])
    workspace.fault("server_error_next", method="chat.update", times=1)
    slack.update(CHANNEL, ts, "after the error", [])
    assert stored(workspace, ts).text == "after the error"


def test_a_workspace_with_native_charts_gets_them(workspace, slack):
    ts = slack.post(CHANNEL, "chart", [CHART])
    assert stored(workspace, ts).blocks[0]["type"] == "data_visualization"


def test_a_workspace_without_native_charts_gets_a_picture_and_is_remembered(workspace, slack):
    workspace.fault("native_charts", enabled=False)
    ts = slack.post(CHANNEL, "chart", [elements.section("text"), CHART])
    shown = stored(workspace, ts).blocks
    assert [block["type"] for block in shown] == ["section", "image"]
    assert shown[1]["alt_text"] == "Cost per day. EC2: 1.00 on Nov 1, 2.00 on Nov 2"
    assert slack._facts == {NO_NATIVE_CHARTS: "1"}
    slack.update(CHANNEL, ts, "chart", [CHART])
    assert stored(workspace, ts).blocks[0]["slack_file"] == shown[1]["slack_file"]


def test_blocks_that_are_wrong_for_another_reason_are_not_blamed_on_charts(workspace, slack):
    error = refused(
        lambda: slack.post(CHANNEL, "wrong", [CHART, {"type": "section", "text": {"type": "mrkdwn", "text": ""}}])
    )
    assert "invalid_blocks" in error.cause


def test_a_used_up_response_url_is_a_sentence_not_silence(workspace, slack):
    url = workspace.workspace.response_url(CHANNEL, "U0ANA")
    for _ in range(5):
        slack.respond(url, Reply("hello"))
    assert (
        refused(lambda: slack.respond(url, Reply("hello"))).cause == "Slack no longer takes the answer to this message."
    )


def test_an_ephemeral_answer_falls_back_to_a_picture_too(workspace, slack):
    workspace.fault("native_charts", enabled=False)
    slack.respond(workspace.workspace.response_url(CHANNEL, "U0ANA"), Reply("chart", [CHART]))
    last = workspace.workspace.messages.in_channel(CHANNEL)[-1]
    assert last.blocks[0]["type"] == "image"


def test_group_members_are_asked_once_a_minute(workspace, slack):
    assert slack.group_members("S0FINOPS") == frozenset({"U0ANA"})
    workspace.fault("error_next", method="usergroups.users.list", error="fatal_error", times=1)
    assert slack.group_members("S0FINOPS") == frozenset({"U0ANA"})


def test_a_failing_group_look_up_is_an_error_not_an_empty_group(workspace, slack):
    workspace.fault("error_next", method="usergroups.users.list", error="fatal_error", times=9)
    assert "fatal_error" in refused(lambda: slack.group_members("S0FINOPS")).cause


def test_a_waterfall_is_always_a_picture(workspace, slack):
    slack.respond(workspace.workspace.response_url(CHANNEL, "U0ANA"), Reply("why", [elements.section("x"), WATERFALL]))
    last = workspace.workspace.messages.in_channel(CHANNEL)[-1]
    assert [block["type"] for block in last.blocks] == ["section", "image"]
    assert last.blocks[1]["alt_text"] == "EC2. Before $1.00; <NAT> +$2.00; Now $3.00."
    assert slack._facts == {}


def test_a_waterfall_is_told_in_words_where_slack_takes_no_file(workspace, slack):
    workspace.fault("remove_scope", scope="files:write")
    ts = slack.post(CHANNEL, "why", [WATERFALL])
    assert stored(workspace, ts).blocks[0]["elements"][0]["text"] == "EC2. Before $1.00; &lt;NAT&gt; +$2.00; Now $3.00."
