"""The registry of `/cost` commands: one file of this folder is one command, found by importing them all.

A command is a function of a request and the bot's context that returns a reply. It knows no Slack connection: the
same function answers in a channel, in the terminal (`costbot ask`) and in tests.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.context import Context

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What a person typed: `/cost <name> <words…>`, by whom and where."""

    name: str
    words: tuple[str, ...]
    user_id: str
    channel_id: str
    trigger_id: str | None = None

    @property
    def typed(self) -> str:
        """The command as one could type it again."""
        return " ".join(("/cost", self.name, *self.words)).rstrip()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `text` reads as a sentence on its own; `blocks` are Block Kit.

    Only the person who asked sees it unless `in_channel`. `replace` redraws the message whose button was pressed.
    `modal` is a view to open instead (needs the request's trigger id); `files` are (name, bytes) for the asker.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    in_channel: bool = False
    modal: Block | None = None
    files: tuple[tuple[str, bytes], ...] = ()


Answer = Callable[[Request, "Context"], Reply]


@dataclass(frozen=True, slots=True)
class Command:
    """One `/cost` command as help shows it."""

    name: str
    summary: str
    usage: str
    examples: tuple[tuple[str, str], ...]
    answer: Answer
    aliases: tuple[str, ...] = ()
    order: int = 100


def command(
    name: str,
    *,
    usage: str = "",
    examples: tuple[tuple[str, str], ...],
    aliases: tuple[str, ...] = (),
    order: int = 100,
) -> Callable[[Answer], Command]:
    """Declare a command; its summary is the first line of the function's docstring.

    Args:
        usage: what may follow the name, as "[service] [--days 7|14|30|90]".
        examples: pairs (what to type, what it shows).
        order: place in the help, low first.
    """

    def declare(answer: Answer) -> Command:
        summary = (answer.__doc__ or "").strip().split("\n")[0]
        return Command(name, summary, usage, examples, answer, aliases, order)

    return declare


@cache
def commands() -> dict[str, Command]:
    """All commands by name, in the order help lists them."""
    found: list[Command] = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found += [value for value in vars(loaded).values() if isinstance(value, Command)]
    return {c.name: c for c in sorted(found, key=lambda c: (c.order, c.name))}
