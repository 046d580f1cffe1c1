"""Rewrites the numbers of a finished message as a channel writes them; `elements` writes all of them the English way.

Amounts, per cent and numbers with separators are rewritten, words and dates stay. What is code, a mention, a link or a
date of Slack's is left alone, as are charts, whose axes Slack draws itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.blocks.elements import MAX_BUTTON, MAX_HEADER, MAX_SECTION, Block, clip

#: Separators of thousands and decimals.
_SEPARATORS = {"de": (".", ","), "fr": ("\u00a0", ",")}
_NO_BREAK = "\u00a0"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TOKEN = re.compile(
    r"(?P<kept>```.*?```|`[^`]*`|<[^<>]*>)"
    rf"|(?P<sign>[+\u2212-]?)(?P<symbol>[$€£¥])(?P<amount>{_NUMBER})"
    rf"|(?<![\w.,:/-])(?P<measured>{_NUMBER})(?= ?%| [A-Z]{{3}}\b)"
    r"|(?<![\w.,:/-])(?P<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?)(?![\w,]?\d)",
    re.DOTALL,
)
#: Blocks whose text Slack does not show as it stands, or draws itself.
_LEFT = frozenset({"data_visualization", "waterfall"})
#: Characters that a text holds, by what it belongs to.
_LIMITS = {"header": MAX_HEADER, "button": MAX_BUTTON, "option": 75, "fields": 2000, "confirm": 100}
_TEXTS = frozenset({"plain_text", "mrkdwn", "raw_text", "text", "markdown"})


def local_text(text: str, numbers: str) -> str:
    """A text with its numbers as `de` or `fr` writes them; as it is for any other."""
    if numbers not in _SEPARATORS:
        return text
    return _TOKEN.sub(lambda found: _rewritten(found, *_SEPARATORS[numbers]), text)


def local_blocks(blocks: list[Block], numbers: str) -> list[Block]:
    """The same for blocks, which are not changed themselves; what a click sends back stays as it is."""
    if numbers not in _SEPARATORS:
        return blocks
    return [_walked(block, numbers, MAX_SECTION) for block in blocks]


def _rewritten(found: re.Match[str], thousands: str, decimal: str) -> str:
    if found["kept"] is not None:
        return found[0]
    typed = found["amount"] or found["measured"] or found["grouped"]
    whole, point, cents = typed.partition(".")
    shown = whole.replace(",", thousands) + (decimal if point else "") + cents
    if found["symbol"] is None:
        return shown
    return f"{found['sign']}{shown}{_NO_BREAK}{found['symbol']}"


def _walked(node: Any, numbers: str, limit: int) -> Any:
    if isinstance(node, list):
        return [_walked(item, numbers, limit) for item in node]
    if not isinstance(node, Mapping) or node.get("type") in _LEFT:
        return node
    if node.get("type") in _TEXTS and isinstance(node.get("text"), str):
        return {**node, "text": _fitting(node["text"], numbers, limit)}
    inside = _LIMITS.get(str(node.get("type")), limit)
    return {key: _member(key, value, numbers, inside) for key, value in node.items()}


def _member(key: str, value: Any, numbers: str, limit: int) -> Any:
    if key == "alt_text":
        return _fitting(value, numbers, 2000)
    if key in ("options", "confirm", "fields"):
        return _walked(value, numbers, _LIMITS[key.removesuffix("s") if key == "options" else key])
    return _walked(value, numbers, limit) if isinstance(value, (list, dict)) else value


def _fitting(text: str, numbers: str, limit: int) -> str:
    """Rewritten, and no longer than Slack takes: moving a symbol takes one character more."""
    return clip(local_text(text, numbers), max(limit, len(text)))
