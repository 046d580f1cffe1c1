"""Reads the words after `/cost <name>`: positional words and `--flag value` pairs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.blocks.elements import clip, escape, quoted
from bot.errors import UsageError

#: Keyboards turn `--` and `"` into these.
TYPOGRAPHIC = str.maketrans({"—": "--", "–": "--", "“": '"', "”": '"', "‘": "'", "’": "'"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was typed: positional words, and flags with their text ("" for a flag without a value)."""

    positional: tuple[str, ...]
    flags: Mapping[str, str]


def split(text: str) -> tuple[str, ...]:
    """The words of a command line, quotes respected.

    Raises:
        UsageError: a quote is not closed.
    """
    try:
        return tuple(shlex.split(text.translate(TYPOGRAPHIC)))
    except ValueError:
        raise UsageError("A quotation mark is not closed.", 'Close it, as in --by "tag:team".') from None


def parse(words: Sequence[str], *, flags: Sequence[str] = (), switches: Sequence[str] = ()) -> Parsed:
    """Tell flags from positional words.

    Args:
        flags: names that take a value, as `--days 30` or `--days=30`.
        switches: names that take none.
    Raises:
        UsageError: an unknown flag, with the nearest known one; a flag without its value, or given twice.
    """
    positional: list[str] = []
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            positional.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if name in found:
            again = f"--{name} {'VALUE' if name in flags else ''}".rstrip()
            raise UsageError(f"--{name} is given twice.", f"Write it once, as {again}.")
        if name in switches and not equals:
            found[name] = ""
        elif name in flags:
            if not equals and rest and not rest[0].startswith("--"):
                value = rest.pop(0)
            if not value.strip():
                raise UsageError(f"--{name} needs a value.", f"Write it as --{name} VALUE.")
            found[name] = value
        else:
            raise UsageError(f"--{escape(clip(name, 40))} is not known here.", _nearest(name, (*flags, *switches)))
    return Parsed(tuple(positional), found)


def one_of(value: str, allowed: Sequence[str], flag: str) -> str:
    """`value` when it is allowed.

    Raises:
        UsageError: it is not; the sentence lists what is.
    """
    if value in allowed:
        return value
    raise UsageError(f"--{flag} {quoted(value)} is not possible.", f"Use one of {', '.join(allowed)}.")


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"Did you mean --{near[0]}?"
    return f"It takes {', '.join('--' + k for k in known)}." if known else "It takes no options."
