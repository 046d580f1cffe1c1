"""users.* and usergroups.*: the people."""

from __future__ import annotations

from bot.demo.slack.refusal import Refusal
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("users.info")
def users_info(workspace: Workspace, body: Body) -> Answer:
    """One user, the bot too."""
    user = workspace.users.get(str(body.get("user")))
    if user is None:
        raise Refusal("user_not_found")
    return {"user": user.as_slack(with_email="users:read.email" in workspace.bot_scopes())}


@method("users.list")
def users_list(workspace: Workspace, body: Body) -> Answer:
    """All users, on one page."""
    with_email = "users:read.email" in workspace.bot_scopes()
    members = [user.as_slack(with_email=with_email) for user in workspace.users.values()]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


@method("users.lookupByEmail")
def users_lookup_by_email(workspace: Workspace, body: Body) -> Answer:
    """The person with an e-mail address; a bot has none."""
    address = str(body.get("email") or "").strip().lower()
    if not address:
        messages = ["[ERROR] missing required field: email"]
        raise Refusal("invalid_arguments", response_metadata={"messages": messages})
    found = next((user for user in workspace.users.values() if user.email == address), None)
    if found is None:
        raise Refusal("users_not_found")
    return {"user": found.as_slack(with_email=True)}


@method("usergroups.list")
def usergroups_list(workspace: Workspace, body: Body) -> Answer:
    """All user groups, with their users on request."""
    include_users = str(body.get("include_users", "")).lower() in ("true", "1")
    return {"usergroups": [group.as_slack(include_users=include_users) for group in workspace.user_groups.values()]}


@method("usergroups.users.list")
def usergroups_users_list(workspace: Workspace, body: Body) -> Answer:
    """The users of one group."""
    group = workspace.user_groups.get(str(body.get("usergroup")))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"users": list(group.users)}
