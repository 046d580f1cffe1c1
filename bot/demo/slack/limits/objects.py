"""Composition objects: texts, confirm dialogs, options, images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.demo.slack.limits.problems import Node, Problems

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def text(problems: Problems, node: Any, pointer: str, maximum: int, kinds: Sequence[str] = ANY_TEXT) -> None:
    """A text object; None is not its business."""
    if node is None or not problems.is_object(node, pointer):
        return
    kind = node.get("type")
    problems.one_of(kind or "", f"{pointer}/type", kinds)
    problems.keys(node, pointer, required=("text",), optional=("emoji",) if kind == "plain_text" else ("verbatim",))
    problems.string(node.get("text"), f"{pointer}/text", maximum)


def confirm(problems: Problems, node: Any, pointer: str) -> None:
    """A confirm dialog."""
    if node is None or not problems.is_object(node, pointer):
        return
    problems.keys(node, pointer, required=("title", "text", "confirm", "deny"), optional=("style",))
    text(problems, node.get("title"), f"{pointer}/title", 100, PLAIN)
    text(problems, node.get("text"), f"{pointer}/text", 300)
    text(problems, node.get("confirm"), f"{pointer}/confirm", 30, PLAIN)
    text(problems, node.get("deny"), f"{pointer}/deny", 30, PLAIN)
    problems.one_of(node.get("style"), f"{pointer}/style", ("primary", "danger"))


def options(problems: Problems, node: Node, pointer: str, maximum: int, *, kinds: Sequence[str] = PLAIN) -> list[Node]:
    """The options of an element, in groups or not; returns those that are objects."""
    if "option_groups" not in node:
        return _options(problems, node.get("options"), f"{pointer}/options", maximum, kinds)
    found: list[Node] = []
    if "options" in node:
        problems.add(pointer, "options and option_groups exclude each other")
    for index, group in enumerate(problems.items(node["option_groups"], f"{pointer}/option_groups", 100)):
        here = f"{pointer}/option_groups/{index}"
        if problems.is_object(group, here):
            problems.keys(group, here, required=("label", "options"))
            text(problems, group.get("label"), f"{here}/label", 75, PLAIN)
            found += _options(problems, group.get("options"), f"{here}/options", maximum, kinds)
    return found


def initial(problems: Problems, node: Node, pointer: str, known: list[Node]) -> None:
    """What is chosen at first must be one of the options, exactly."""
    chosen = node.get("initial_options") or ([node["initial_option"]] if node.get("initial_option") else [])
    name = "initial_options" if node.get("initial_options") else "initial_option"
    if not isinstance(chosen, list) or any(option not in known for option in chosen):
        problems.add(f"{pointer}/{name}", "must equal one of the options")


def image(problems: Problems, node: Node, pointer: str) -> None:
    """The picture of an image block or element: one address or one file, and what it shows in words."""
    problems.string(node.get("alt_text"), f"{pointer}/alt_text", 2000)
    problems.string(node.get("image_url"), f"{pointer}/image_url", 3000)
    if (node.get("image_url") is None) == (node.get("slack_file") is None):
        problems.add(pointer, "exactly one of image_url and slack_file must be given")
    url = node.get("image_url")
    if isinstance(url, str) and not url.startswith(("https://", "http://")):
        problems.add(f"{pointer}/image_url", "must be a valid URL")
    file = node.get("slack_file")
    if file is not None and problems.is_object(file, f"{pointer}/slack_file") and len({"id", "url"} & file.keys()) != 1:
        problems.add(f"{pointer}/slack_file", "exactly one of id and url must be given")


def _options(problems: Problems, node: Any, pointer: str, maximum: int, kinds: Sequence[str]) -> list[Node]:
    if node is None:
        problems.add(pointer, "missing required field: options")
    found = []
    for index, option in enumerate(problems.items(node, pointer, maximum)):
        here = f"{pointer}/{index}"
        if problems.is_object(option, here):
            problems.keys(option, here, required=("text", "value"), optional=("description", "url"))
            text(problems, option.get("text"), f"{here}/text", 75, kinds)
            problems.string(option.get("value"), f"{here}/value", 150)
            text(problems, option.get("description"), f"{here}/description", 75, kinds)
            found.append(option)
    return found
