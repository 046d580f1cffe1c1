"""`POST /page/faults`: one switch for each fault."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.faults import FAULTS
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import BOT_USER_ID
from bot.demo.slack.workspace import Workspace


async def switch(workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    """Switch a fault on; `request` has its name as `fault`, and its options.

    Raises:
        Refusal: unknown_fault, with those there are.
    """
    fault = request.get("fault")
    options = {name: value for name, value in request.items() if name != "fault"}
    if fault not in FAULTS:
        raise Refusal("unknown_fault", faults=FAULTS)
    if fault.endswith("_next") or fault in ("slow_ack", "slow_answer"):
        workspace.faults.await_call(fault, options)
    elif fault == "disconnect":
        await workspace.sockets.disconnect(str(options.get("reason", "refresh_requested")))
    elif fault == "drop":
        await workspace.sockets.drop()
    elif fault in ("archive", "unarchive"):
        workspace.channel(options.get("channel")).is_archived = fault == "archive"
    elif fault == "kick":
        workspace.channel(options.get("channel")).members.discard(BOT_USER_ID)
    else:
        _lasting(workspace, fault, options)
    return {"ok": True}


def _lasting(workspace: Workspace, fault: str, options: dict[str, Any]) -> None:
    faults = workspace.faults
    if fault == "clear":
        faults.clear()
    elif fault == "revoke_token":
        faults.token_revoked = True
    elif fault == "remove_scope":
        faults.removed_scopes.add(str(options.get("scope")))
    elif fault == "native_charts":
        faults.native_charts = bool(options.get("enabled", False))
    elif fault == "expire_triggers":
        workspace.triggers.expire()
