"""What a new user finds in the channel when the demo says it is ready, and how every message is made."""

import json
import re

from bot.demo.launcher import message_kinds
from bot.demo.slack.limits import check_message, check_view

COSTS = "C0COSTS"
POSTS = {"chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"}


def of_kind(person, kind):
    return [m for m in person.messages(COSTS) if kind in message_kinds(m)]


def test_the_channel_holds_a_digest_an_anomaly_card_and_a_right_sizing_card(ana):
    assert [len(of_kind(ana, kind)) > 0 for kind in ("digest", "anomaly", "recommendation")] == [True, True, True]


def test_the_planted_incidents_are_the_only_alerts(ana):
    news = sorted(m["text"] for m in of_kind(ana, "anomaly"))
    assert len(news) == 2, news
    assert any("NAT" in text for text in news), news


def test_a_guest_sees_the_same_channel_messages_but_no_private_answers(ana, guest):
    ana.say(COSTS, "/cost help trend")
    ana.wait_for_message(COSTS, "/cost help trend")
    assert not any(m["ephemeral"] for m in guest.messages(COSTS))


def test_every_message_keeps_slacks_limits(ana, journal):
    for command in ("", "help", "trend", "trend ec2 --by region --days 7", "savings", "anomalies", "subscriptions"):
        ana.say(COSTS, f"/cost {command}".strip())
    ana.open_home()
    ana.wait_for(lambda state: state["home"])
    sent = [(method, body, answer) for method, body, answer in journal() if method in POSTS]
    assert len(sent) > 10
    for method, body, answer in sent:
        assert check_message(body) == [], (method, body.get("text"))
        assert answer.get("ok", True), (method, answer)


def test_every_message_has_a_text_that_reads_as_a_sentence(journal):
    for method, body, _ in journal():
        if method not in POSTS:
            continue
        text = body["text"]
        assert text[:1].isupper() or text[:1].isdigit() or text.startswith(("costbot", "<", "/")), text
        assert text.rstrip()[-1] in ".!?)", text
        assert not re.search(r"\*|\bnan\b|\bNone\b|\binf\b", text), text


def test_views_keep_slacks_limits(ana, journal):
    ana.open_home()
    ana.wait_for(lambda state: state["home"])
    views = [body["view"] for method, body, _ in journal() if method.startswith("views.")]
    assert views
    for view in views:
        assert check_view(view if isinstance(view, dict) else json.loads(view)) == []


def test_no_call_lacks_a_scope_of_the_manifest(journal):
    refused = [(method, answer) for method, _, answer in journal() if answer.get("error") == "missing_scope"]
    assert refused == []


def test_a_tag_that_shouts_is_shown_and_not_obeyed(ana, journal):
    ana.say(COSTS, "/cost savings")
    shown = json.dumps([body for method, body, _ in journal() if method in POSTS], ensure_ascii=False)
    assert "<!channel>" not in shown
    assert "<script>" not in shown
