"""views.*: modals and Home tabs."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.checked_view import checked_view
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("views.open")
def views_open(workspace: Workspace, body: Body) -> Answer:
    """Show a modal to the person whose action the trigger came from."""
    view = _view(workspace, body, "modal")
    user = workspace.triggers.take(body.get("trigger_id"))
    return {"view": workspace.views.open(user, view).as_slack()}


@method("views.push")
def views_push(workspace: Workspace, body: Body) -> Answer:
    """Put a modal on top of the open one."""
    view = _view(workspace, body, "modal")
    user = workspace.triggers.take(body.get("trigger_id"))
    if workspace.views.top(user) is None:
        raise Refusal("not_found")
    return {"view": workspace.views.push(user, view).as_slack()}


@method("views.update")
def views_update(workspace: Workspace, body: Body) -> Answer:
    """Redraw an open view."""
    given = body.get("view")
    current = workspace.views.find(body.get("view_id"), body.get("external_id"))
    view = checked_view(workspace, given, current.body["type"])
    return {"view": workspace.views.update(current, view, body.get("hash")).as_slack()}


@method("views.publish")
def views_publish(workspace: Workspace, body: Body) -> Answer:
    """Draw a person's Home tab."""
    view = _view(workspace, body, "home")
    user = workspace.person(body.get("user_id"))
    return {"view": workspace.views.publish(user.id, view, body.get("hash")).as_slack()}


def _view(workspace: Workspace, body: Body, kind: str) -> dict[str, Any]:
    return checked_view(workspace, body.get("view"), kind)
