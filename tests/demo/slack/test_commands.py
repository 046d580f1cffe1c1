"""Commands typed to a real Bolt app in Socket Mode, and their response URLs."""

from slack_sdk.webhook import WebhookClient

from tests.demo.slack.slack_factories import (
    SetClock,
    person,
    running_workspace,
    section,
    web_client,
)


def test_an_unknown_command_is_refused_and_never_reaches_the_bot(trip):
    workspace, bot = trip
    seen = len(bot.commands)
    assert "/nope is not a valid command" in person(workspace).say("C0COSTS", "/nope x")["error"]
    assert len(bot.commands) == seen


def test_a_command_in_a_thread_is_refused(trip):
    workspace, _ = trip
    ts = web_client(workspace).chat_postMessage(channel="C0COSTS", text="root")["ts"]
    answer = person(workspace).say("C0COSTS", "/cost help", thread_ts=ts)
    assert answer["error"] == "/cost is not supported in threads. Sorry!"


def test_nobody_writes_in_an_archived_channel(trip):
    workspace, _ = trip
    assert person(workspace).say("C0ARCHIVE", "hello")["reason"] == "is_archived"


def test_a_command_is_echoed_to_the_person_who_typed_it_only(trip):
    workspace, _ = trip
    person(workspace, "U0BEN").say("C0PAYMENTS", "/cost <b> & co")
    echo = person(workspace, "U0BEN").messages("C0PAYMENTS")[-1]
    assert (echo["text"], echo["ephemeral"]) == ("ben used /cost &lt;b&gt; &amp; co", True)
    assert echo["ts"] not in [m["ts"] for m in person(workspace).messages("C0PAYMENTS")]


def test_the_command_payload_is_complete_and_escaped_as_the_manifest_says(trip):
    workspace, bot = trip
    ana = person(workspace)
    ana.say("C0COSTS", "/cost give @ben and #payments <x>")
    ana.say("C0COSTS", "/raw give @ben and #payments <x>")
    escaped, raw = bot.commands[-2:]
    assert escaped["text"] == "give <@U0BEN> and <#C0PAYMENTS> &lt;x&gt;"
    assert raw["text"] == "give @ben and #payments <x>"
    assert set(escaped) == {
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "api_app_id",
        "is_enterprise_install",
        "response_url",
        "trigger_id",
    }


def test_an_ack_with_a_text_is_shown_to_the_typer(trip):
    workspace, bot = trip
    bot.answers["ackedtext"] = lambda ack, **_: ack("said in the ack")
    ana = person(workspace)
    ana.say("C0COSTS", "/cost ackedtext")
    assert ana.wait_for_message("C0COSTS", "said in the ack")["ephemeral"] is True


def test_an_ack_that_breaks_a_limit_fails_the_command(trip):
    workspace, bot = trip
    bot.answers["badack"] = lambda ack, **_: ack(text="x", blocks=[section("")])
    answer = person(workspace).say("C0COSTS", "/cost badack")
    assert answer["error"] == '/cost failed with the error "invalid_command_response"'


def test_a_response_url_works_five_times_then_never(trip):
    workspace, bot = trip
    ana = person(workspace)
    ana.say("C0COSTS", "/cost anything")
    hook = WebhookClient(bot.commands[-1]["response_url"])
    answers = [hook.send(text=f"answer {n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body
    assert ana.wait_for_message("C0COSTS", "answer 4")["ephemeral"] is True
    assert "answer 4" not in str(person(workspace, "U0BEN").messages("C0COSTS"))


def test_a_response_url_may_speak_to_the_channel_and_refuses_bad_blocks(trip):
    workspace, bot = trip
    person(workspace).say("C0COSTS", "/cost anything")
    hook = WebhookClient(bot.commands[-1]["response_url"])
    assert hook.send(text="for all", response_type="in_channel").status_code == 200
    assert person(workspace, "U0BEN").wait_for_message("C0COSTS", "for all")["ephemeral"] is False
    bad = hook.send(text="x", blocks=[section("")])
    assert (bad.status_code, "invalid_blocks" in bad.body) == (400, True)


def test_a_response_url_is_dead_after_thirty_minutes(tmp_path):
    clock = SetClock()
    with running_workspace(tmp_path, clock=clock) as workspace:
        hook = WebhookClient(workspace.workspace.response_url("C0COSTS", "U0ANA"))
        clock.seconds += 30 * 60
        assert hook.send(text="just in time").status_code == 200
        clock.seconds += 1
        late = hook.send(text="late")
        assert (late.status_code, "expired_url" in late.body) == (404, True)
