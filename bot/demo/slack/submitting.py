"""Modals that people submit or close: view_submission with its response_action, and view_closed."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.checked_view import checked_view
from bot.demo.slack.elements import clean_state
from bot.demo.slack.input_errors import input_errors
from bot.demo.slack.payloads import interaction
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import User
from bot.demo.slack.views import View
from bot.demo.slack.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(workspace: Workspace, person: User, view_id: object, values: Any) -> dict[str, Any]:
    """Submit the modal on top; returns the page's answer: `ok`, and `errors` by block or one `error`."""
    view = workspace.views.owned(person.id, view_id)
    if view is not workspace.views.top(person.id):
        raise Refusal("not_found")
    view.values = clean_state(values)
    state = view.as_slack()["state"]["values"]
    errors = input_errors(view.blocks, state)
    if errors:
        return {"ok": False, "errors": errors}
    payload = interaction(workspace, person, "view_submission") | {"view": view.as_slack(), "response_urls": []}
    ack = await workspace.delivery.deliver("interactive", payload)
    if not ack.ok:
        return {"ok": False, "error": TROUBLE}
    try:
        return _react(workspace, view, ack.payload)
    except Refusal:
        return {"ok": False, "error": TROUBLE}


async def close(workspace: Workspace, person: User, view_id: object) -> None:
    """Close a modal without submitting it; the bot hears of it when the view asked to."""
    view = workspace.views.owned(person.id, view_id)
    body = view.as_slack()
    if view.body.get("clear_on_close"):
        workspace.views.clear(person.id)
    else:
        workspace.views.close(view)
    if not view.body.get("notify_on_close"):
        return
    payload = interaction(workspace, person, "view_closed")
    del payload["trigger_id"]
    payload |= {"view": body, "is_cleared": bool(view.body.get("clear_on_close"))}
    workspace.delivery.later(workspace.delivery.deliver("interactive", payload))


def _react(workspace: Workspace, view: View, answer: Any) -> dict[str, Any]:
    """Do what the ack says; an answer Slack would not understand is a `Refusal`."""
    action = answer.get("response_action") if isinstance(answer, dict) else None
    if action is None:
        workspace.views.close(view)
    elif action == "clear":
        workspace.views.clear(view.user)
    elif action == "update":
        workspace.views.update(view, checked_view(workspace, answer.get("view"), "modal"))
    elif action == "push":
        workspace.views.push(view.user, checked_view(workspace, answer.get("view"), "modal"))
    elif action == "errors":
        return {"ok": False, "errors": _known_errors(view, answer.get("errors"))}
    else:
        raise Refusal("invalid_response_action")
    return {"ok": True}


def _known_errors(view: View, errors: Any) -> dict[str, str]:
    """Errors belong to input blocks of the view; Slack drops the whole answer when one does not."""
    inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
    if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
        raise Refusal("invalid_errors")
    return {block_id: str(text) for block_id, text in errors.items()}
