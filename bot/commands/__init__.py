"""The registry of `/cost` commands: one file of this folder is one command, found by importing them all.

A command is a function of a request and the bot's context that returns a reply. It knows no Slack connection: the
same function answers in a channel, in the terminal (`costbot ask`) and in tests.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from bot.blocks.elements import clip, escape
from bot.errors import UsageError
from bot.reply import Block, Reply

if TYPE_CHECKING:
    from bot.context import Context

__all__ = ["Block", "Command", "Reply", "Request", "command", "commands", "find"]


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
        summary = (answer.__doc__ or "").strip().split("\n")[0].rstrip(".")
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


def find(name: str) -> Command:
    """The command of that name or alias.

    Raises:
        UsageError: there is none; the remedy names the nearest.
    """
    known = commands()
    for candidate in known.values():
        if name == candidate.name or name in candidate.aliases:
            return candidate
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    remedy = f"Did you mean `/cost {near[0]}`?" if near else "Type `/cost help` to see all commands."
    raise UsageError(f"There is no command “{escape(clip(name, 40))}”.", remedy)
