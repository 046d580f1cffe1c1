"""What the words after `/cost forecast` mean: a service, an account, or a team; and a way that works where nothing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from analysis.services import Selection, UnknownServiceError, resolve
from bot.blocks.elements import clip, name, quoted
from bot.cost_files import CostFiles
from bot.cost_names import shown_names
from bot.errors import NotEnoughData, UsageError
from bot.words.trend import ALL, grouping

EXAMPLE = "Example: /cost forecast ec2"
#: Days in which a team must have had a cost to be known by its name.
TEAM_DAYS = 60


@dataclass(frozen=True, slots=True)
class Target:
    """What is forecast: `where` as `CostFiles.daily` takes it; of a part of a service the usage types `pattern`.

    `typed` is how one types it again, `label` as it came; neither is escaped.
    """

    label: str
    typed: str
    services: tuple[str, ...]
    where: Mapping[str, str | tuple[str, ...]]
    pattern: str | None = None
    note: str | None = None


def target(words: tuple[str, ...], costs: CostFiles, owner_tag: str) -> Target:
    """A service first, then an account by name or id, then a value of the owner's tag; all costs without words.

    Raises:
        UsageError: it is none of them; the remedy names what is near.
        NotEnoughData: no costs are stored.
    """
    typed = " ".join(words).strip()
    costs.window()  # with nothing stored, say that, not that the name is unknown
    if typed.lower() in ("", "all", "total"):
        return _of_service(ALL)
    tag, value = _tagged(typed)
    if tag is not None:
        return _team(value, costs, tag or owner_tag)
    try:
        return _of_service(resolve(typed, costs.service_names()))
    except UnknownServiceError as error:
        return (
            _account(typed, costs) or _known_team(typed, costs, owner_tag) or _nothing(typed, error, costs, owner_tag)
        )


def _of_service(chosen: Selection) -> Target:
    where = {"service": chosen.services} if chosen.services else {}
    return Target(chosen.label, chosen.key, chosen.services, where, chosen.pattern, chosen.note)


def _account(typed: str, costs: CostFiles) -> Target | None:
    names = costs.account_names()
    found = [key for key, label in names.items() if typed.casefold() in (key.casefold(), label.casefold())]
    if not found:
        return None
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} accounts are called {quoted(typed)}.", f"Type its id, as in /cost forecast {name(found[0])}."
        )
    return Target(shown_names(costs, "account")(found[0]), found[0], (), {"account": found[0]})


def _known_team(typed: str, costs: CostFiles, owner_tag: str) -> Target | None:
    found = next((value for value in _teams(costs, owner_tag) if value.casefold() == typed.casefold()), None)
    return None if found is None else _of_team(found, owner_tag)


def _team(value: str, costs: CostFiles, tag: str) -> Target:
    """A team that was typed with its tag."""
    stored = next((key for key in costs.tag_keys() if key.casefold() == tag.casefold()), None)
    if stored is None:
        known = ", ".join(name(key) for key in costs.tag_keys()) or "none yet"
        raise UsageError(f"No costs are stored by the tag {quoted(tag)}.", f"Stored are {known}. {EXAMPLE}")
    found = _known_team(value, costs, stored)
    if found is None:
        teams = ", ".join(clip(name(team), 30) for team in _teams(costs, stored)[:8]) or "none yet"
        raise UsageError(f"No cost is tagged {quoted(f'{stored}={value}')}.", f"Stored are {teams}.")
    return found


def _of_team(value: str, tag: str) -> Target:
    return Target(f"{tag} {value}", f"tag:{tag}={value}", (), {f"tag:{tag}": value})


def _teams(costs: CostFiles, owner_tag: str) -> list[str]:
    """Values of a tag that had a cost lately, as the bill spells them."""
    if owner_tag not in costs.tag_keys():
        return []
    dimension = f"tag:{owner_tag}"
    window = costs.window(by=(dimension,))
    start = max(window.first_day, window.complete_until - timedelta(days=TEAM_DAYS - 1))
    try:
        frame = costs.daily(by=(dimension,), start=start, end=window.complete_until + timedelta(days=1))
    except NotEnoughData:
        return []
    return sorted({str(value) for value in frame[dimension].unique() if value})


def _tagged(typed: str) -> tuple[str | None, str]:
    """The tag and its value of `tag:team=payments` or `team=payments`; None where no tag is meant."""
    is_tag = typed.lower().startswith("tag:")
    key, equals, value = typed[len("tag:") if is_tag else 0 :].partition("=")
    return (key.strip(), value.strip()) if is_tag or equals else (None, "")


def _nothing(typed: str, error: UnknownServiceError, costs: CostFiles, owner_tag: str) -> Target:
    if error.known_as:
        raise UsageError(f"No cost of {error.known_as} is stored.", f"{error.remedy} {EXAMPLE}")
    others = [*costs.account_names().values(), *_teams(costs, owner_tag)]
    by_word = {one.casefold(): one for one in others}
    near = get_close_matches(typed.casefold(), by_word, n=1)
    remedy = f"Did you mean {quoted(by_word[near[0]])}?" if near else error.remedy
    raise UsageError(f"No service, account or {name(owner_tag)} is called {quoted(typed)}.", f"{remedy} {EXAMPLE}")


def grouping_of(typed: str | None, chosen: Target, costs: CostFiles) -> str:
    """The dimension that `--by` names; without it the usage of one service, else services.

    Raises:
        UsageError: there is no such dimension, or no such tag is stored; the remedy lists those that are.
    """
    selection = Selection(chosen.typed if chosen.services or chosen.pattern else "", chosen.label, chosen.services)
    try:
        return grouping(typed, selection, costs)
    except UsageError as error:
        raise UsageError(error.cause, error.remedy.replace("/cost trend", "/cost forecast")) from None


def typed_again(chosen: Target, by: str, days: int) -> str:
    """The command as one could type it."""
    what = f" {shlex.quote(chosen.typed)}" if chosen.typed else ""
    return f"/cost forecast{what} --days {days} --by {shlex.quote(by)}"
