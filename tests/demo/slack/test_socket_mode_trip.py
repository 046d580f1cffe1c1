"""A real Bolt app in Socket Mode: command, click, modal, Home."""

import time

from tests.demo.slack.slack_factories import bolt_app, button, in_socket_mode, person, running_workspace, section


def test_a_command_is_answered_and_a_click_redraws_the_message(tmp_path):
    with running_workspace(tmp_path) as workspace:
        app = bolt_app(workspace)

        @app.command("/cost")
        def cost(ack, say, command):
            ack()
            say(text="Costs rose.", blocks=[
                section(f"typed {command['text']}"),
                {"type": "actions", "block_id": "a1", "elements": [button("Approve", "decide.approve", "S-1")]},
            ])

        @app.action("decide.approve")
        def approve(ack, body, client):
            ack()
            client.chat_update(
                channel=body["channel"]["id"], ts=body["message"]["ts"], text="Approved.",
                blocks=[section(f"Approved by <@{body['user']['id']}>: {body['actions'][0]['value']}")])

        with in_socket_mode(workspace, app):
            ana = person(workspace)
            assert ana.say("C0COSTS", "/cost help me") == {"ok": True}
            ana.wait_for_message("C0COSTS", "typed help me")
            assert ana.click("C0COSTS", "Approve") == {"ok": True}
            ana.wait_for_message("C0COSTS", "Approved by <@U0ANA>: S-1")
        started = time.monotonic()
    assert time.monotonic() - started < 1
