"""What is a person's: the findings they were given, and those that they own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.lifecycle import ANOMALY, RECOMMENDATION, State
from bot.context import Context
from bot.delivery.muted import without_muted
from bot.errors import CostbotError
from bot.owners.slack_ids import is_group
from bot.owners.words import finding_owner
from bot.savings.open_savings import open_savings
from bot.store import Finding
from bot.worth import dearest_first

#: What somebody who was given it has not settled.
WAITING = frozenset({State.OPEN, State.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Belongings:
    """A person's findings, the dearest first; none is in both.

    `unchecked` are user groups that Slack did not tell the members of: what is theirs may be missing.
    """

    assigned: tuple[Finding, ...]
    owned: tuple[Finding, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Finding, ...]:
        """First what was given, then what is owned."""
        return (*self.assigned, *self.owned)


class Membership:
    """Which ids mean a person: their own and those of their user groups; each group is asked for once."""

    def __init__(self, context: Context, user_id: str) -> None:
        self._context, self._user_id = context, user_id
        self._known: dict[str, bool] = {}
        self.unchecked: list[str] = []

    def __contains__(self, slack_id: str | None) -> bool:
        if slack_id is None:
            return False
        if slack_id not in self._known:
            self._known[slack_id] = slack_id == self._user_id or (is_group(slack_id) and self._is_member(slack_id))
        return self._known[slack_id]

    def _is_member(self, group_id: str) -> bool:
        slack = self._context.slack
        try:
            if slack is not None:
                return self._user_id in slack.group_members(group_id)
        except CostbotError:
            pass
        self.unchecked.append(group_id)
        return False


def belongings(context: Context, user_id: str) -> Belongings:
    """What waits for a person: given to them or to a group of theirs, or open, owned by them, given to nobody and
    not muted."""
    store, mine = context.store, Membership(context, user_id)
    assigned = [one for one in store.findings(states=WAITING) if one.assignee in mine]
    waiting = [*store.findings(ANOMALY, {State.OPEN}), *open_savings(store.findings(RECOMMENDATION)).counted]
    owned = [one for one in without_muted(context, _unassigned(waiting)) if _owner_id(context, one) in mine]
    return Belongings(dearest_first(assigned), dearest_first(owned), tuple(mine.unchecked))


def _unassigned(findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.assignee is None]


def _owner_id(context: Context, finding: Finding) -> str | None:
    owner = finding_owner(context, finding)
    return owner.slack_id if owner else None
