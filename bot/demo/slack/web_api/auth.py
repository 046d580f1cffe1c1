"""auth.test, apps.connections.open and bots.info: who the bot is and how it connects."""

from __future__ import annotations

from bot.demo.slack.refusal import Refusal
from bot.demo.slack.socket_mode import MAX_CONNECTIONS
from bot.demo.slack.team import APP_ID, BOT_ID, BOT_NAME, BOT_USER_ID, TEAM_ID, TEAM_NAME
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("auth.test")
def auth_test(workspace: Workspace, body: Body) -> Answer:
    """Who the token belongs to."""
    return {
        "url": f"{workspace.base_url}/",
        "team": TEAM_NAME,
        "team_id": TEAM_ID,
        "user": BOT_NAME,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def apps_connections_open(workspace: Workspace, body: Body) -> Answer:
    """A web socket address that can be used once."""
    if workspace.sockets.count >= MAX_CONNECTIONS:
        raise Refusal("too_many_websockets")
    address = workspace.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={workspace.sockets.ticket()}&app_id={APP_ID}"}


@method("bots.info")
def bots_info(workspace: Workspace, body: Body) -> Answer:
    """The bot itself; there is no other."""
    if body.get("bot", BOT_ID) != BOT_ID:
        raise Refusal("bot_not_found")
    return {"bot": {"id": BOT_ID, "deleted": False, "name": BOT_NAME, "app_id": APP_ID, "user_id": BOT_USER_ID}}
