"""What people click or choose: a block_actions payload to the bot."""

from __future__ import annotations

from typing import Any

from bot.demo.slack.elements import STATE_KEYS, Blocks, State, clean_state, find_element, state_values
from bot.demo.slack.messages import Message
from bot.demo.slack.payloads import interaction
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import User
from bot.demo.slack.views import View
from bot.demo.slack.workspace import Workspace

# What a person chose, which is theirs to say; everything else of an action comes from the element as the bot drew it.
CHOICES = frozenset(key for key, _ in STATE_KEYS.values()) | {"selected_option"}


async def click(workspace: Workspace, person: User, request: dict[str, Any]) -> str:
    """Send an action in a message or a view; returns Slack's word for what went wrong, or "".

    Args:
        request: the page's: channel and message_ts or view_id, block_id, action, state.
    Raises:
        Refusal: the person sees no such element.
    """
    given = request.get("action")
    if not isinstance(given, dict):
        raise Refusal("invalid_arguments")
    payload = interaction(workspace, person, "block_actions")
    state = request.get("state")
    values = clean_state(state.get("values") if isinstance(state, dict) else None)
    if request.get("view_id"):
        view = workspace.views.owned(person.id, request["view_id"])
        action = _action(workspace, [view.blocks], request, given)
        payload |= _in_view(view, values)
    else:
        message = _message(workspace, person, request)
        action = _action(workspace, [message.blocks, *message.earlier], request, given)
        payload |= _in_message(workspace, person, message, _with_choice(values, action))
    ack = await workspace.delivery.deliver("interactive", payload | {"actions": [action]})
    return ack.error


def _message(workspace: Workspace, person: User, request: dict[str, Any]) -> Message:
    channel = workspace.channel(request.get("channel"))
    message = workspace.messages.find(channel.id, request.get("message_ts"))
    if message is None or message.only_for not in (None, person.id) or not channel.visible_to(person.id):
        raise Refusal("message_not_found")
    return message


def _action(
    workspace: Workspace, versions: list[Blocks], request: dict[str, Any], given: dict[str, Any]
) -> dict[str, Any]:
    """One entry of `actions`. A page that has not redrawn yet may name an element of an earlier version."""
    block_id, action_id = str(request.get("block_id")), str(given.get("action_id"))
    elements = [found for blocks in versions if (found := find_element(blocks, block_id, action_id)) is not None]
    if not elements:
        raise Refusal("action_not_found")
    element = elements[0]
    action_ts = workspace.messages.next_ts()
    action = {"type": element["type"], "action_id": action_id, "block_id": block_id, "action_ts": action_ts}
    action |= {key: element[key] for key in ("text", "value", "style") if key in element}
    if element["type"] == "feedback_buttons":
        action["value"] = given.get("value")
    action |= {key: given[key] for key in CHOICES if key in given and key != "value"}
    if element["type"].endswith("_input"):
        action["value"] = given.get("value")
    _check_option(element, action)
    return action


def _check_option(element: dict[str, Any], action: dict[str, Any]) -> None:
    """Refuse an option the element does not have."""
    if not element.get("options") and not element.get("option_groups"):
        return
    groups = element.get("option_groups") or [{"options": element.get("options")}]
    values = {option["value"] for group in groups for option in group["options"]}
    chosen = list(action.get("selected_options") or ())
    if action.get("selected_option"):
        chosen.append(action["selected_option"])
    if any(not isinstance(option, dict) or option.get("value") not in values for option in chosen):
        raise Refusal("option_not_found")


def _with_choice(values: State, action: dict[str, Any]) -> State:
    """The page's state with what was just chosen."""
    block = values.get(action["block_id"], {})
    if action["type"] not in STATE_KEYS or action["action_id"] in block:
        return values
    return {**values, action["block_id"]: {**block, action["action_id"]: action}}


def _in_view(view: View, values: State) -> dict[str, Any]:
    view.values = values or view.values
    return {"container": {"type": "view", "view_id": view.id}, "view": view.as_slack()}


def _in_message(workspace: Workspace, person: User, message: Message, values: State) -> dict[str, Any]:
    channel = workspace.channels[message.channel]
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    context: dict[str, Any] = {
        "container": container,
        "channel": {"id": channel.id, "name": "directmessage" if channel.im_user else channel.name},
        "state": {"values": state_values(message.blocks, values)},
        "response_url": workspace.response_url(
            channel.id, person.id, message_ts=message.ts, thread_ts=message.thread_ts
        ),
    }
    # Slack does not send an ephemeral message back.
    return context if message.only_for else context | {"message": message.as_slack()}
