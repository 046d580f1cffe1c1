"""The blocks everybody knows: header, section, context, actions, divider, image, input, rich_text, video."""

from __future__ import annotations

from bot.demo.slack.limits import elements, objects
from bot.demo.slack.limits.problems import Node, Problems
from bot.demo.slack.limits.registry import block_type

RICH_TEXT_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
VIDEO = ("alt_text", "title", "thumbnail_url", "video_url")
VIDEO_OPTIONAL = ("author_name", "description", "provider_icon_url", "provider_name", "title_url")


@block_type("header", required=("text",), optional=("level",))
def header(problems: Problems, node: Node, pointer: str) -> None:
    objects.text(problems, node.get("text"), f"{pointer}/text", 150, objects.PLAIN)


@block_type("section", optional=("text", "fields", "accessory", "expand"))
def section(problems: Problems, node: Node, pointer: str) -> None:
    if node.get("text") is None and not node.get("fields"):
        problems.add(pointer, "missing required field: text")
    objects.text(problems, node.get("text"), f"{pointer}/text", 3000)
    for index, field in enumerate(problems.items(node.get("fields"), f"{pointer}/fields", 10)):
        objects.text(problems, field, f"{pointer}/fields/{index}", 2000)
    if node.get("accessory") is not None:
        elements.element(problems, node["accessory"], f"{pointer}/accessory", elements.IN_ACCESSORY)


@block_type("context", required=("elements",))
def context(problems: Problems, node: Node, pointer: str) -> None:
    for index, part in enumerate(problems.items(node.get("elements"), f"{pointer}/elements", 10)):
        here = f"{pointer}/elements/{index}"
        if isinstance(part, dict) and part.get("type") == "image":
            elements.element(problems, part, here, ("image",))
        else:
            objects.text(problems, part, here, 3000)


@block_type("actions", required=("elements",))
def actions(problems: Problems, node: Node, pointer: str) -> None:
    elements.elements(problems, node.get("elements"), f"{pointer}/elements", elements.IN_ACTIONS, 25)


@block_type("divider")
def divider(problems: Problems, node: Node, pointer: str) -> None:
    """Nothing but itself."""


@block_type("image", required=("alt_text",), optional=("image_url", "slack_file", "title"))
def image(problems: Problems, node: Node, pointer: str) -> None:
    objects.image(problems, node, pointer)
    objects.text(problems, node.get("title"), f"{pointer}/title", 2000, objects.PLAIN)


@block_type("input", required=("label", "element"), optional=("dispatch_action", "hint", "optional"))
def input_(problems: Problems, node: Node, pointer: str) -> None:
    objects.text(problems, node.get("label"), f"{pointer}/label", 2000, objects.PLAIN)
    objects.text(problems, node.get("hint"), f"{pointer}/hint", 2000, objects.PLAIN)
    if node.get("element") is not None:
        elements.element(problems, node["element"], f"{pointer}/element", elements.IN_INPUT)


@block_type("rich_text", required=("elements",))
def rich_text(problems: Problems, node: Node, pointer: str) -> None:
    for index, part in enumerate(problems.items(node.get("elements"), f"{pointer}/elements", 500)):
        here = f"{pointer}/elements/{index}"
        if problems.is_object(part, here):
            problems.one_of(part.get("type", ""), f"{here}/type", RICH_TEXT_PARTS)
            problems.items(part.get("elements", []), f"{here}/elements", 1000, minimum=0)


@block_type("video", required=VIDEO, optional=VIDEO_OPTIONAL)
def video(problems: Problems, node: Node, pointer: str) -> None:
    objects.text(problems, node.get("title"), f"{pointer}/title", 200, objects.PLAIN)
    problems.string(node.get("author_name"), f"{pointer}/author_name", 50)
