"""What a new user finds in the channel when the demo says it is ready, and how every message is made."""

import json
import re
import subprocess
import sys

import pytest

from analysis.checks import checks
from bot.demo.aws.planted import PLANTED
from bot.demo.launcher import message_kinds
from bot.demo.slack.limits import check_message, check_view

#: One worker for all of them: they share the running demo.
pytestmark = pytest.mark.xdist_group("demo")

COSTS = "C0COSTS"
POSTS = {"chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"}


def of_kind(person, kind):
    return [m for m in person.messages(COSTS) if kind in message_kinds(m)]


def test_the_channel_holds_a_digest_an_anomaly_card_and_a_right_sizing_card(ana):
    assert [len(of_kind(ana, kind)) > 0 for kind in ("digest", "anomaly", "recommendation")] == [True, True, True]


def test_the_planted_incidents_are_the_only_alerts(journal):
    alerts = [
        body["text"]
        for method, body, answer in journal()
        if method == "chat.postMessage"
        and '"decide.acknowledge"' in json.dumps(body)
        and "digest" not in json.dumps(body)
    ]
    assert len(alerts) == 2, alerts
    assert any("NAT gateways +$" in text and "in prod" in text for text in alerts), alerts
    assert any("Bedrock +$" in text and "in data-platform" in text for text in alerts), alerts


def test_nobody_else_sees_an_answer(ana, guest):
    ana.say(COSTS, "/cost help unsubscribe")
    ana.wait_for_message(COSTS, "/cost unsubscribe")
    assert "/cost unsubscribe [" not in json.dumps(guest.messages(COSTS))


def test_every_message_keeps_slacks_limits(ana, journal):
    commands = ("", "help", "trend", "trend ec2 --by region --days 7", "savings", "anomalies", "subscriptions")
    for command in (*commands, "allocation", "allocation --by category --month this", "allocation --by owner"):
        ana.say(COSTS, f"/cost {command}".strip())
    ana.open_home()
    ana.wait_for(lambda state: state["home"])
    sent = [(method, body, answer) for method, body, answer in journal() if method in POSTS]
    assert len(sent) > 10
    for method, body, answer in sent:
        assert check_message(body) == [], (method, body.get("text"))
        assert answer.get("ok", True) or answer["error"] == "ratelimited", (method, answer)


def test_every_message_has_a_text_that_reads_as_a_sentence(journal):
    for method, body, _ in journal():
        if method not in POSTS:
            continue
        text = body["text"]
        assert text[:1].isupper() or text[:1].isdigit() or text.startswith(("costbot", "<", "/", "$")), text
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
    ana.wait_for_message(COSTS, "savings")
    texts = [text for method, body, _ in journal() if method in POSTS for text in parsed_by_slack(body)]
    assert any("&lt;!channel&gt;" in text for text in texts)
    for text in texts:
        assert not re.search(r"<!(?!date\^|subteam\^)|<script", text), text


def parsed_by_slack(value):
    """Every text in which Slack looks for mentions: the fallback text and mrkdwn objects."""
    if isinstance(value, list):
        return [text for item in value for text in parsed_by_slack(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "mrkdwn" or "blocks" in value else []
    return own + [text for item in value.values() for text in parsed_by_slack(item)]


def test_a_scan_right_sizes_every_planted_machine_to_the_cent_and_takes_no_trap(demo):
    others = ",".join(id_ for id_ in checks() if id_ != "ec2.rightsizing")
    scanned = subprocess.run(
        [sys.executable, "-m", "bot", "scan", "--json"],
        env=demo.environment | {"COSTBOT_CHECKS_OFF": others},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert scanned.returncode == 0, scanned.stderr
    verdicts = json.loads(scanned.stdout)["verdicts"]
    found = {row["resource_name"]: row for row in verdicts if row["check_id"] == "ec2.rightsizing"}
    planted = [row for row in PLANTED if row.check == "ec2.rightsizing"]
    assert len(planted) > 30
    for row in planted:
        verdict = found[row.resource_key.removeprefix("ec2_instance/")]
        assert verdict["verdict"] == row.expect, (row, verdict)
        if row.expect == "saves":
            assert verdict["monthly_savings"] == pytest.approx(row.monthly_savings, abs=0.005), (row, verdict)
            assert verdict["proposed"] == row.proposed
    saving = {row.resource_key.removeprefix("ec2_instance/") for row in planted if row.expect == "saves"}
    assert {name for name, row in found.items() if row["verdict"] == "saves"} == saving
