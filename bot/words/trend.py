"""What the words after `/cost trend` mean, and a way that works where they mean nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from analysis.services import Selection, UnknownServiceError, resolve
from bot.blocks.elements import clip, escape, name, quoted
from bot.cost_files import CostFiles
from bot.errors import NotEnoughData, UsageError
from bot.words.flags import one_of

BY = ("service", "account", "region", "usage_type")
ALL = Selection("", "All services", ())
EXAMPLE = "Example: /cost trend ec2 --days 30"
#: Tags that a sentence lists.
MOST_TAGS = 8


def selection(words: tuple[str, ...], costs: CostFiles) -> Selection:
    """The service that was typed; all without one.

    Raises:
        UsageError: it is none, or more than one; the remedy says what to type instead.
        NotEnoughData: no costs are stored.
    """
    typed = " ".join(words).strip()
    if typed.lower() in ("", "all", "total"):
        return ALL
    costs.window()  # with nothing stored, say that, not that the service is unknown
    known = costs.service_names()
    try:
        return resolve(typed, known)
    except UnknownServiceError as error:
        raise _otherwise(typed, error, costs) from None


def grouping(typed: str | None, chosen: Selection, costs: CostFiles) -> str:
    """The dimension that `--by` names; without it the usage of one service, else services.

    Raises:
        UsageError: there is no such dimension, or no such tag is stored; the remedy lists those that are.
    """
    if typed is None:
        return "usage_type" if chosen.key else "service"
    word = typed.strip().lower().replace("-", "_")
    if word == "tag" or word.startswith("tag:"):
        return _tag(typed.strip()[len("tag:") :].strip(), costs)
    word = {"usage": "usage_type", "team": "tag:team"}.get(word, word)
    if word == "tag:team":
        return _tag("team", costs)
    return one_of(word, (*BY, *_tags(costs)), "by")


def _tag(key: str, costs: CostFiles) -> str:
    costs.window()
    stored = costs.tag_keys()
    found = key if key in stored else next((tag for tag in stored if tag.lower() == key.lower()), None)
    if key and found:
        return f"tag:{found}"
    cause = f"No costs are stored by the tag {quoted(key)}." if key else "--by tag: needs the tag's key."
    if not stored:
        raise UsageError(cause, "None is stored yet: COSTBOT_TAG_KEYS names the tags that costs are kept by.")
    raise UsageError(cause, f"Stored are {', '.join(_tags(costs))}. Type /cost trend --by {_tags(costs)[0]}.")


def _tags(costs: CostFiles) -> list[str]:
    """Stored tags as one types them, escaped."""
    return [f"tag:{escape(name(key))}" for key in costs.tag_keys()[:MOST_TAGS]] or ["tag:team"]


def _otherwise(typed: str, error: UnknownServiceError, costs: CostFiles) -> UsageError:
    """What to type instead of words that are no service."""
    if error.known_as:
        return UsageError(f"No cost of {error.known_as} is stored.", f"{error.remedy} {EXAMPLE}")
    if typed.lower().startswith("tag:") or "=" in typed:
        return UsageError(
            f"Trend takes a service, not a tag such as {quoted(typed)}.",
            f"Compare by a tag: /cost trend --by {_tag_meant(typed, costs)}",
        )
    for kind, names, flag in _other_names(costs):
        if typed.casefold() in names:
            return UsageError(f"{quoted(typed)} is {kind}, not a service.", f"Type /cost trend --by {flag}")
    words = [word for word in re.split(r"[\s,+]+", typed) if word]
    services = list(dict.fromkeys(key for word in words if (key := _key(word, costs))))
    if any(re.fullmatch(r"-?\d+d?", word) for word in words):
        first = f" {clip(services[0], 40)}" if services else ""
        return UsageError(
            f"Trend takes a service, not {quoted(typed)}.",
            f"Days are an option: /cost trend{first} --days 30 (7, 14, 30 or 90).",
        )
    if services and len(words) > 1:
        return UsageError(
            f"Trend takes one service, not {quoted(typed)}.",
            f"Type {' or '.join(f'/cost trend {clip(key, 40)}' for key in services[:3])}.",
        )
    return UsageError(f"No service is called {quoted(typed)}.", f"{error.remedy} {EXAMPLE}")


def _key(word: str, costs: CostFiles) -> str | None:
    try:
        return resolve(word, costs.service_names()).key
    except UnknownServiceError:
        return None


def _tag_meant(typed: str, costs: CostFiles) -> str:
    key = re.split("[=:]", re.sub("^tag:", "", typed, flags=re.IGNORECASE))[0].strip().lower()
    return next((tag for tag in _tags(costs) if tag.lower() == f"tag:{key}"), _tags(costs)[0])


def _other_names(costs: CostFiles) -> list[tuple[str, set[str], str]]:
    """Names that are stored and are no service: what they are, the names, and what `--by` compares them."""
    window = costs.window()
    end = window.last_day + timedelta(days=1)
    accounts = costs.account_names()
    found = [("an account", _folded((*accounts, *accounts.values())), "account")]
    dimensions = [("a provider", "provider", "account"), ("a region", "region", "region")]
    dimensions += [(f"a value of the tag {tag.removeprefix('tag:')}", tag, tag) for tag in _tags(costs)]
    for kind, dimension, flag in dimensions:
        try:
            frame = costs.daily(by=(dimension,), start=window.first_day, end=end, view=window.view)
        except NotEnoughData:
            continue
        found.append((kind, _folded(frame[dimension].unique()), flag))
    return found


def _folded(names: Iterable[object]) -> set[str]:
    return {str(text).casefold() for text in names if text}
