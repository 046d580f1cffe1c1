"""What somebody wants a channel to get, from typed flags or a dialog: the subscriptions it means, or what is wrong."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import time, timedelta

from bot.blocks import elements
from bot.context import Context
from bot.errors import NotEnoughData, UsageError
from bot.reports.scope import Scope, scope_of
from bot.store import Subscription
from bot.store.rows import KINDS
from bot.thresholds import thresholds

#: When a digest or a report comes unless somebody says so.
SENT_AT = time(9, 0)
#: Kinds that are sent by the clock, and those whose news may be too small.
BY_CLOCK = frozenset({"digest", "weekly"})
BY_AMOUNT = frozenset({"anomalies", "savings", "budgets"})
#: Subscriptions that one command or dialog makes at most.
MOST = 20
_CHANNEL = re.compile(r"[CDG][A-Z0-9]+")
_ALIKE = {"anomaly": "anomalies", "saving": "savings", "budget": "budgets", "report": "weekly", "week": "weekly"}


class WrongWord(UsageError):
    """Something of a wish cannot be meant; `field` is the one of `Wish`."""

    def __init__(self, field: str, cause: str, remedy: str) -> None:
        super().__init__(cause, remedy)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed or filled in, as text; empty for what was not.

    Several teams or accounts have commas between them. `is_typed` says that a kind with a word that does not fit it is
    wrong; in a dialog with several kinds the word is for those that it fits.
    """

    kinds: tuple[str, ...]
    teams: str = ""
    accounts: str = ""
    least: str = ""
    at: str = ""
    only_changes: bool = False
    is_typed: bool = True


def subscriptions_of(context: Context, wish: Wish, *, channel: str, user: str) -> list[Subscription]:
    """The subscriptions that are meant.

    Raises:
        WrongWord: something cannot be read, is not known, or does not fit.
    """
    kinds = [kind_of(kind) for kind in wish.kinds]
    if not kinds:
        raise WrongWord("kinds", "Nothing was chosen.", "Choose at least one.")
    if not _CHANNEL.fullmatch(channel):
        raise WrongWord(
            "channel",
            "Only a Slack channel can subscribe.",
            "Type it there, or name the channel: costbot ask … --channel C0123ABCD.",
        )
    if wish.is_typed:
        _check_fit(kinds[0], wish)
    at = time_of(wish.at) if wish.at else SENT_AT
    least = amount_of(wish.least) if wish.least else None
    scopes = _scopes(context, wish, kinds)
    if len(kinds) * len(scopes) > MOST:
        raise WrongWord("teams", f"That is more than {MOST} subscriptions.", "Name fewer teams or accounts at a time.")
    change = (thresholds(context).min_impact if least is None else least) if wish.only_changes else None
    return [
        Subscription(
            channel,
            kind,
            at if kind in BY_CLOCK else None,
            least if kind in BY_AMOUNT else None,
            user,
            context.clock.now(),
            team=scope.team,
            account=scope.account,
            least_change=change if kind == "digest" else None,
        )
        for kind in kinds
        for scope in scopes
    ]


def kind_of(typed: str) -> str:
    """The kind that a word means.

    Raises:
        WrongWord: there is none.
    """
    kind = _ALIKE.get(typed.lower(), typed.lower())
    if kind in KINDS:
        return kind
    raise WrongWord(
        "kinds",
        f"{elements.quoted(typed)} cannot be subscribed to.",
        f"Use one of {', '.join(KINDS)}, as in /cost subscribe digest --at 09:00.",
    )


def time_of(typed: str) -> time:
    """A local time of day.

    Raises:
        WrongWord: it is none.
    """
    digits = re.fullmatch(r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?", typed.strip())
    if not digits:
        raise WrongWord(
            "at", f"--at {elements.quoted(typed)} is no time of day.", "Write it with 24 hours, as --at 09:00."
        )
    return time(int(digits[1]), int(digits[2] or 0))


def amount_of(typed: str) -> float:
    """An amount of money, 0 or more.

    Raises:
        WrongWord: it is none.
    """
    try:
        amount = float(typed.strip().lstrip("$€£¥").replace(",", ""))
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or amount < 0:
        raise WrongWord("least", f"--min {elements.quoted(typed)} is no amount of money.", "Write it as --min 50.")
    return amount


def _check_fit(kind: str, wish: Wish) -> None:
    """A typed word that does not fit its kind is a mistake."""
    if kind == "digest" and wish.least and not wish.only_changes:
        raise WrongWord(
            "least",
            "--min does not fit the digest.",
            "Type /cost subscribe anomalies --min 50, or /cost subscribe digest --only-changes --min 50.",
        )
    if kind == "weekly" and wish.least:
        raise WrongWord("least", "--min does not fit the weekly report.", "Type /cost subscribe anomalies --min 50.")
    if kind not in BY_CLOCK and wish.at:
        raise WrongWord(
            "at", f"--at does not fit {kind}: they are posted when found.", "Type /cost subscribe digest --at 09:00."
        )
    if kind != "digest" and wish.only_changes:
        raise WrongWord(
            "only_changes", f"--only-changes does not fit {kind}.", "Type /cost subscribe digest --only-changes."
        )


def _scopes(context: Context, wish: Wish, kinds: list[str]) -> list[Scope]:
    teams = [one.strip() for one in wish.teams.split(",") if one.strip()] or [""]
    accounts = [one.strip() for one in wish.accounts.split(",") if one.strip()] or [""]
    known_teams = [_known(context, team=team).team if team else "" for team in teams]
    known_accounts = [_known(context, account=account).account if account else "" for account in accounts]
    tag = context.settings.owner_tag
    found = [Scope(tag, team, account) for team in known_teams for account in known_accounts]
    for scope in found:
        if "digest" in kinds or "weekly" in kinds:
            _check_stored(context, scope)
    return list(dict.fromkeys(found))


def _known(context: Context, *, team: str = "", account: str = "") -> Scope:
    field = "teams" if team else "accounts"
    try:
        return scope_of(context.costs, context.settings.owner_tag, team=team, account=account)
    except (UsageError, NotEnoughData) as error:
        raise WrongWord(field, error.cause, error.remedy) from None


def _check_stored(context: Context, scope: Scope) -> None:
    """Costs of a team in an account are not known together from every source."""
    if not (scope.team and scope.account):
        return
    last = context.costs.window().complete_until
    try:
        context.costs.daily(start=last, end=last + timedelta(days=1), where=scope.where)
    except NotEnoughData as error:
        raise WrongWord("accounts", error.cause, error.remedy) from None
