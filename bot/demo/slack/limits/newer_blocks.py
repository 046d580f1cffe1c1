"""The newer blocks: alert, card, carousel, container, context_actions, markdown, plan, task_card."""

from __future__ import annotations

from bot.demo.slack.limits import elements, objects
from bot.demo.slack.limits.problems import Node, Problems
from bot.demo.slack.limits.registry import block_type, check_block, check_blocks

MESSAGE = ("message",)
# Summed over all markdown blocks of a payload.
MARKDOWN_CHARS = 12_000
NOT_IN_CONTAINER = ("container", "carousel", "alert", "plan")


@block_type("alert", surfaces=("modal",), required=("text",), optional=("level",))
def alert(problems: Problems, node: Node, pointer: str) -> None:
    objects.text(problems, node.get("text"), f"{pointer}/text", 200)
    problems.one_of(node.get("level"), f"{pointer}/level", ("default", "info", "warning", "error", "success"))


@block_type(
    "card",
    surfaces=("message", "home"),
    optional=("hero_image", "icon", "title", "subtitle", "subtext", "body", "actions"),
)
def card(problems: Problems, node: Node, pointer: str) -> None:
    if not any(node.get(name) for name in ("hero_image", "title", "actions", "body")):
        problems.add(pointer, "at least one of hero_image, title, actions, body is required")
    for name, maximum in (("title", 150), ("subtitle", 150), ("body", 200)):
        objects.text(problems, node.get(name), f"{pointer}/{name}", maximum)
    for name in ("hero_image", "icon"):
        if node.get(name) is not None:
            elements.element(problems, node[name], f"{pointer}/{name}", ("image",))
    elements.elements(problems, node.get("actions"), f"{pointer}/actions", ("button",), 3)


@block_type("carousel", surfaces=("message", "home"), required=("elements",))
def carousel(problems: Problems, node: Node, pointer: str) -> None:
    for index, child in enumerate(problems.items(node.get("elements"), f"{pointer}/elements", 10)):
        here = f"{pointer}/elements/{index}"
        if not isinstance(child, dict) or child.get("type") != "card":
            problems.add(f"{here}/type", "must be a card")
        else:
            check_block(problems, child, here)


@block_type(
    "container",
    surfaces=MESSAGE,
    required=("child_blocks",),
    optional=(
        "title",
        "rich_text_title",
        "subtitle",
        "width",
        "icon",
        "is_collapsible",
        "default_collapsed",
        "has_header_divider",
    ),
)
def container(problems: Problems, node: Node, pointer: str) -> None:
    if node.get("title") is None and node.get("rich_text_title") is None:
        problems.add(pointer, "missing required field: title")
    objects.text(problems, node.get("title"), f"{pointer}/title", 150, objects.PLAIN)
    objects.text(problems, node.get("subtitle"), f"{pointer}/subtitle", 150)
    problems.one_of(node.get("width"), f"{pointer}/width", ("narrow", "standard", "wide", "full"))
    if node.get("is_collapsible") and node.get("has_header_divider"):
        problems.add(f"{pointer}/has_header_divider", "cannot be set when is_collapsible is true")
    problems.items(node.get("child_blocks"), f"{pointer}/child_blocks", 10)
    for index, child in enumerate(node["child_blocks"] if isinstance(node.get("child_blocks"), list) else ()):
        if isinstance(child, dict) and child.get("type") in NOT_IN_CONTAINER:
            problems.add(f"{pointer}/child_blocks/{index}/type", f"unsupported type: {child['type']}")
    check_blocks(problems, node.get("child_blocks"), f"{pointer}/child_blocks")


@block_type("context_actions", surfaces=MESSAGE, required=("elements",))
def context_actions(problems: Problems, node: Node, pointer: str) -> None:
    elements.elements(problems, node.get("elements"), f"{pointer}/elements", ("feedback_buttons", "icon_button"), 5)


@block_type("markdown", surfaces=MESSAGE, required=("text",))
def markdown(problems: Problems, node: Node, pointer: str) -> None:
    problems.string(node.get("text"), f"{pointer}/text", MARKDOWN_CHARS)
    earlier = problems.markdown_chars
    problems.markdown_chars += len(node["text"]) if isinstance(node.get("text"), str) else 0
    if earlier and problems.markdown_chars > MARKDOWN_CHARS:
        problems.add(f"{pointer}/text", f"all markdown must be less than {MARKDOWN_CHARS + 1} characters together")


@block_type("plan", surfaces=MESSAGE, required=("title",), optional=("tasks", "plan_id"))
def plan(problems: Problems, node: Node, pointer: str) -> None:
    problems.string(node.get("title"), f"{pointer}/title", 150)
    for index, task in enumerate(problems.items(node.get("tasks"), f"{pointer}/tasks", 50)):
        here = f"{pointer}/tasks/{index}"
        if not isinstance(task, dict) or task.get("type", "task_card") != "task_card":
            problems.add(f"{here}/type", "must be a task_card")
        else:
            check_block(problems, {"type": "task_card", **task}, here)


@block_type(
    "task_card", surfaces=MESSAGE, required=("task_id", "title", "status"), optional=("details", "output", "sources")
)
def task_card(problems: Problems, node: Node, pointer: str) -> None:
    problems.one_of(node.get("status"), f"{pointer}/status", ("pending", "in_progress", "complete", "error"))
