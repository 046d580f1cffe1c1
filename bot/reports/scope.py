"""What a report is about: a week or the month, of all costs or those of one team or account."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum

from bot.blocks.elements import escape, name, quoted
from bot.cost_files import CostFiles
from bot.cost_names import shown_names
from bot.errors import NotEnoughData, UsageError

#: Days in which a team must have had a cost to be known by its name.
TEAM_DAYS = 60


class Length(StrEnum):
    """How much time a report looks at."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose costs: `team` is a value of the tag `tag`, `account` an account's id; both empty for all.

    `label` is how it is shown, not escaped.
    """

    tag: str = ""
    team: str = ""
    account: str = ""
    label: str = "all costs"

    @property
    def is_all(self) -> bool:
        """Whether it is about everything."""
        return not self.team and not self.account

    @property
    def where(self) -> Mapping[str, str]:
        """As `CostFiles.daily` takes it."""
        wanted = {f"tag:{self.tag}": self.team, "account": self.account}
        return {dimension: value for dimension, value in wanted.items() if value}

    def typed(self, length: Length) -> str:
        """The command that asks for its report."""
        return f"/cost report {length}{self.flags}"

    @property
    def flags(self) -> str:
        """It as one types it behind a command: ` --team payments`, "" for everything."""
        said = {"team": self.team, "account": self.account}
        return "".join(f" --{flag} {shlex.quote(value)}" for flag, value in said.items() if value)

    def owns(self, account_id: str, owner: str | None) -> bool:
        """Whether a finding in an account, of an owner, is one of it."""
        is_account = not self.account or account_id == self.account
        return is_account and (not self.team or (owner or "").casefold() == self.team.casefold())


def scope_of(costs: CostFiles, tag: str, *, team: str = "", account: str = "") -> Scope:
    """The scope that is meant by a team's name and an account's id or name.

    Raises:
        UsageError: there is no such team or account; the remedy names what is near.
        NotEnoughData: no costs are stored, or none by team.
    """
    costs.window()
    return known_scope(
        costs,
        tag,
        team=_team(costs, tag, team) if team else "",
        account=_account(costs, account) if account else "",
    )


def known_scope(costs: CostFiles, tag: str, *, team: str = "", account: str = "") -> Scope:
    """The scope of a team and an account's id as they are stored, which is not looked up."""
    parts = [f"{tag} {team}"] if team else []
    parts += [f"account {shown_names(costs, 'account')(account)}"] if account else []
    return Scope(tag, team, account, " in ".join(parts) or Scope().label)


def _team(costs: CostFiles, tag: str, typed: str) -> str:
    dimension = f"tag:{tag}"
    window = costs.window(by=(dimension,))
    start = max(window.first_day, window.complete_until - timedelta(days=TEAM_DAYS - 1))
    frame = costs.daily(by=(dimension,), start=start, end=window.complete_until + timedelta(days=1))
    teams = sorted({str(value) for value in frame[dimension].unique() if value})
    return _one_of(typed, {value: value for value in teams}, tag)


def _account(costs: CostFiles, typed: str) -> str:
    window = costs.window()
    try:
        frame = costs.daily(by=("account",), start=window.first_day, end=window.complete_until + timedelta(days=1))
        billed = {str(value) for value in frame["account"].unique()}
    except NotEnoughData:
        billed = set()
    names = costs.account_names()
    alike = [key for key, label in names.items() if label.casefold() == typed.casefold()]
    if len(alike) > 1:
        raise UsageError(f"{len(alike)} accounts are called {quoted(typed)}.", f"Write an id: --account {alike[0]}.")
    by_id = {key: key for key in (*billed, *names)}
    return _one_of(typed, by_id | {label: key for key, label in names.items()}, "account")


def _one_of(typed: str, known: Mapping[str, str], what: str) -> str:
    wanted = typed.strip().casefold()
    found = next((value for word, value in known.items() if word.casefold() == wanted), None)
    if found is not None:
        return found
    words = {word.casefold(): word for word in known}
    near = get_close_matches(wanted, words, n=1)
    listed = ", ".join(escape(name(word, 30)) for word in list(known)[:8]) or "none yet"
    remedy = f"Did you mean {quoted(words[near[0]])}?" if near else f"Stored are {listed}."
    raise UsageError(f"No {escape(name(what, 30))} with stored costs is called {quoted(typed)}.", remedy)
