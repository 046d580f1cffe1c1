"""What the page calls: the state, the live events, and what people do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.demo.slack import clicking, submitting
from bot.demo.slack.events import home_opened
from bot.demo.slack.fault_switches import switch
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.request_body import read_arguments
from bot.demo.slack.saying import say
from bot.demo.slack.team import BOT_NAME, BOT_USER_ID, TEAM_ID, TEAM_NAME
from bot.demo.slack.workspace import Workspace

Json = dict[str, Any]
SENTENCES = {
    "action_not_found": "This button is not there any more.",
    "channel_not_found": "There is no such channel.",
    "is_archived": "This channel is archived: nobody can write in it.",
    "message_not_found": "This message is not there any more.",
    "no_text": "There is nothing to send.",
    "not_found": "This window is not open any more.",
    "option_not_found": "This choice is not there any more.",
    "user_not_found": "There is no such person.",
}
Action = Callable[[Workspace, Json], Awaitable[Json]]


def page_routes(workspace: Workspace) -> list[BaseRoute]:
    """The routes of the page's side."""

    async def state(request: Request) -> Response:
        return _answered(lambda: page_state(workspace, request.query_params.get("user", "U0ANA")))

    async def events(request: Request) -> Response:
        try:
            user = workspace.person(request.query_params.get("user"))
        except Refusal as refusal:
            return JSONResponse(refusal.answer(), 404)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(workspace.fan_out.stream(user.id), media_type="text/event-stream", headers=headers)

    def doing(action: Action) -> Callable[[Request], Awaitable[Response]]:
        async def do(request: Request) -> Response:
            try:
                return JSONResponse(await action(workspace, await read_arguments(request)))
            except Refusal as refusal:
                return JSONResponse(refusal.answer() | {"error": sentence(refusal), "reason": refusal.error}, 400)

        return do

    actions: dict[str, Action] = {
        "say": _say,
        "action": _action,
        "submit": _submit,
        "close": _close,
        "home": _home,
        "faults": switch,
    }
    return [
        Route("/page/state", state),
        Route("/page/events", events),
        *(Route(f"/page/{name}", doing(action), methods=["POST"]) for name, action in actions.items()),
    ]


def page_state(workspace: Workspace, user_id: str) -> Json:
    """Everything one person sees."""
    me = workspace.person(user_id)
    home = workspace.views.home(me.id)
    modal = workspace.views.top(me.id)
    channels = workspace.channels_of(me.id)
    return {
        "me": me.id,
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "app": {"user_id": BOT_USER_ID, "name": BOT_NAME},
        "users": [
            {"id": user.id, "name": user.name, "real_name": user.real_name, "role": user.role}
            for user in workspace.users.values()
            if not user.is_bot
        ],
        "groups": [{"id": group.id, "handle": group.handle} for group in workspace.user_groups.values()],
        "channels": [
            {
                "id": channel.id,
                "name": channel.name,
                "topic": channel.topic,
                "is_archived": channel.is_archived,
                "is_im": channel.im_user is not None,
                "is_member": BOT_USER_ID in channel.members,
            }
            for channel in channels
        ],
        "commands": [command.as_page() for command in workspace.manifest.commands],
        "subcommands": workspace.subcommands(),
        "messages": {
            channel.id: [message.as_page() for message in workspace.messages.seen_by(me.id, channel.id)]
            for channel in channels
        },
        "home": home.as_slack() if home else None,
        "view": modal.as_slack() if modal else None,
        "bot_connected": workspace.delivery.transport.connected,
    }


def sentence(refusal: Refusal) -> str:
    """What a person reads when the workspace refuses what they did."""
    return SENTENCES.get(refusal.error, f"That is not possible here ({refusal.error}).")


def _answered(answer: Callable[[], Json]) -> Response:
    try:
        return JSONResponse(answer(), headers={"Cache-Control": "no-store"})
    except Refusal as refusal:
        return JSONResponse(refusal.answer(), 404)


async def _say(workspace: Workspace, request: Json) -> Json:
    person = workspace.person(request.get("user"))
    channel = workspace.channel(request.get("channel"))
    thread = request.get("thread_ts")
    if thread and workspace.messages.find(channel.id, thread) is None:
        raise Refusal("message_not_found")
    failure = await say(workspace, person, channel, str(request.get("text") or ""), thread or None)
    return {"ok": False, "error": failure} if failure else {"ok": True}


async def _action(workspace: Workspace, request: Json) -> Json:
    error = await clicking.click(workspace, workspace.person(request.get("user")), request)
    return {"ok": False, "error": f'This did not work: the app failed with "{error}".'} if error else {"ok": True}


async def _submit(workspace: Workspace, request: Json) -> Json:
    state = request.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    return await submitting.submit(workspace, workspace.person(request.get("user")), request.get("view_id"), values)


async def _close(workspace: Workspace, request: Json) -> Json:
    await submitting.close(workspace, workspace.person(request.get("user")), request.get("view_id"))
    return {"ok": True}


async def _home(workspace: Workspace, request: Json) -> Json:
    home_opened(workspace, workspace.person(request.get("user")).id)
    return {"ok": True}
