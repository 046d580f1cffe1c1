"""The kinds of keys that costs are told apart by, as one types them after `/cost top` or `/cost export csv`."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from analysis.services import UnknownServiceError, resolve
from bot.blocks.elements import clip, escape, quoted
from bot.cost_files import CostFiles
from bot.errors import UsageError

MOST_LINES = 50
TOP = "/cost top"


@dataclass(frozen=True, slots=True)
class Kind:
    """What costs are told apart by: the word for it, one and many of it, and the dimension of the stored costs.

    `dimension` is None for resources, which are stored apart.
    """

    word: str
    one: str
    many: str
    dimension: str | None


KINDS = {
    kind.word: kind
    for kind in (
        Kind("services", "service", "services", "service"),
        Kind("accounts", "account", "accounts", "account"),
        Kind("regions", "region", "regions", "region"),
        Kind("usage", "usage", "kinds of usage", "usage_type"),
        Kind("providers", "provider", "providers", "provider"),
        Kind("resources", "resource", "resources", None),
    )
}
#: Other words for them.
ALIASES = {
    "service": "services", "account": "accounts", "region": "regions", "tag": "tags", "usages": "usage",
    "usage-type": "usage", "usage-types": "usage", "provider": "providers", "cloud": "providers",
    "clouds": "providers", "resource": "resources",
}  # fmt: skip
WORDS = ("services", "accounts", "regions", "tags", "resources", "usage", "providers")


def kind_of(words: tuple[str, ...], tag: str | None, costs: CostFiles, *, command: str = TOP) -> Kind:
    """What is meant; services without a word, a tag's values with `--tag`.

    Args:
        words: what was typed before the options.
        tag: what was typed after `--tag`.
        command: what they were typed after.
    Raises:
        UsageError: costs are not kept by it; the remedy says what to type instead.
    """
    typed = " ".join(words).strip()
    word = typed.lower().replace("_", "-")
    word = ALIASES.get(word, word)
    if tag is not None and word not in ("", "tags"):
        raise UsageError(
            f"--tag takes the values of a tag, not {quoted(typed)}.", f"Example: {command} tags --tag {_safe(tag)}"
        )
    if word == "tags" or tag is not None:
        return tag_kind(tag, costs, command=command)
    if word.startswith("tag:"):
        return tag_kind(typed[len("tag:") :], costs, command=command)
    found = KINDS.get(word or "services")
    if found:
        return found
    stored = _stored_tag(typed, costs)
    if stored:
        return tag_kind(stored, costs, command=command)
    raise _unknown(typed, word, costs, command)


def tag_kind(tag: str | None, costs: CostFiles, *, command: str = TOP) -> Kind:
    """The values of a tag; of the first one that is stored where none is named.

    Raises:
        UsageError: no costs are stored by it.
    """
    keys = costs.tag_keys()
    if not keys:
        costs.window()  # with nothing stored at all, say that
        raise UsageError("No costs are stored by a tag.", "COSTBOT_TAG_KEYS names the tags that costs are kept by.")
    key = (tag or "").strip().removeprefix("tag:")
    found = (keys[0] if "team" not in keys else "team") if not key else _stored_tag(key, costs)
    if found is None:
        raise UsageError(
            f"No costs are stored by the tag {quoted(key)}.",
            f"Stored are {', '.join(map(_safe, keys[:8]))}. Example: {command} tags --tag {_safe(keys[0])}",
        )
    return Kind("tags", found, f"values of the tag {found}", f"tag:{found}")


def _stored_tag(typed: str, costs: CostFiles) -> str | None:
    keys = costs.tag_keys()
    return typed if typed in keys else next((key for key in keys if key.lower() == typed.lower()), None)


def _unknown(typed: str, word: str, costs: CostFiles, command: str) -> UsageError:
    cause = f"{command} does not know {quoted(typed)}."
    near = get_close_matches(word, (*WORDS, *ALIASES), n=1, cutoff=0.6)
    if near:
        return UsageError(cause, f"Did you mean {command} {ALIASES.get(near[0], near[0])}?")
    try:
        service = resolve(typed, costs.service_names())
    except UnknownServiceError:
        words = f"{', '.join(WORDS[:-1])} or {WORDS[-1]}"
        return UsageError(cause, f"It takes {words}. Example: {command} accounts --days 7")
    return UsageError(
        f"{quoted(typed)} is a service; {command} takes all of them.", f"Type /cost trend {clip(service.key, 40)}"
    )


def limit_of(typed: str | None) -> int:
    """How many lines `--limit` asks for.

    Raises:
        UsageError: it is no number from 1 to 50.
    """
    if typed is None:
        return 10
    if not typed.strip().isdecimal() or not 1 <= int(typed) <= MOST_LINES:
        raise UsageError(f"--limit {quoted(typed)} is not possible.", f"Use a number from 1 to {MOST_LINES}.")
    return int(typed)


def _safe(text: str) -> str:
    return escape(clip(text, 40))
