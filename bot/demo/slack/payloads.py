"""What all payloads of a person's doing have in common."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.team import APP_ID, TEAM_DOMAIN, TEAM_ID, User
from bot.demo.slack.workspace import Workspace


def interaction(workspace: Workspace, person: User, kind: str) -> dict[str, Any]:
    """The head of a block_actions, view_submission or view_closed payload."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": "local",
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": workspace.triggers.new(person.id),
    }
