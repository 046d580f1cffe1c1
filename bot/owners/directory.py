"""Slack's people and user groups, asked rarely and kept in the store: a failing look-up never fails a message."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.context import Context
from bot.errors import CostbotError
from bot.owners.slack_ids import is_group
from bot.store.owners import LookedUp

log = logging.getLogger("costbot.owners")

EMAIL, GROUPS, NAME = "email", "groups", "name"
#: How old an answer may be; "nobody has this address" as well.
MAX_AGE = {EMAIL: timedelta(days=1), GROUPS: timedelta(hours=1), NAME: timedelta(days=1)}
#: After a failed question, so long until the next of its kind.
RETRY_AFTER = timedelta(minutes=15)
_NOBODY = frozenset({"users_not_found", "user_not_found"})


def person_by_email(context: Context, email: str) -> str | None:
    """The user id of who has this address in Slack; None where nobody has, or Slack never said."""
    return _answer(
        context,
        EMAIL,
        email,
        "look up e-mail addresses",
        lambda client: _living(client.users_lookupByEmail(email=email)),
    )


def group_by_handle(context: Context, handle: str) -> str | None:
    """The id of a user group by its handle, without its @."""
    return _groups(context).get(handle.lower())


def handle_of(context: Context, group_id: str) -> str | None:
    """The handle of a user group, without its @."""
    return next((handle for handle, one in _groups(context).items() if one == group_id), None)


def name_of(context: Context, slack_id: str) -> str | None:
    """What a person or a user group is called, without notifying them; None where Slack does not say."""
    if is_group(slack_id):
        handle = handle_of(context, slack_id)
        return f"@{handle}" if handle else None
    return _answer(
        context, NAME, slack_id, "look up a person", lambda client: _called(client.users_info(user=slack_id))
    )


def problem(context: Context) -> str | None:
    """Why look-ups of e-mail addresses fail at the moment; None when the last one was answered."""
    return context.store.recall(_problem_fact(EMAIL))


def _groups(context: Context) -> dict[str, str]:
    """User group ids by handle; none where Slack never said."""
    told = _answer(
        context,
        GROUPS,
        "",
        "list the user groups",
        lambda client: _handles(client.usergroups_list(include_count=False)),
    )
    return _parsed(told) if told else {}


@lru_cache(maxsize=4)
def _parsed(told: str) -> dict[str, str]:
    handles: dict[str, str] = json.loads(told)
    return handles


def _answer(context: Context, kind: str, key: str, doing: str, ask: Callable[[Any], str | None]) -> str | None:
    """A kept answer that is young enough, else Slack's; where Slack fails, the old one."""
    now = context.clock.now()
    kept = context.store.owners.looked_up(kind, key)
    old = kept.answer if kept else None
    if _is_young(kept, kind, now) or context.slack is None or _failed_lately(context, kind, now):
        return old
    try:
        found: str | None = context.slack.ask(doing, ask)
    except CostbotError as error:
        if not _says_nobody(error):
            _note_problem(context, kind, str(error), now)
            return old
        found = None
    if context.store.recall(_problem_fact(kind)):
        context.store.forget(_problem_fact(kind))
    context.store.owners.keep(kind, key, found, now)
    return found


def _is_young(kept: LookedUp | None, kind: str, now: datetime) -> bool:
    return kept is not None and now - kept.at < MAX_AGE[kind]


def _failed_lately(context: Context, kind: str, now: datetime) -> bool:
    at = context.store.recall(_failed_fact(kind))
    return at is not None and now - datetime.fromisoformat(at) < RETRY_AFTER


def _note_problem(context: Context, kind: str, sentence: str, now: datetime) -> None:
    if context.store.recall(_problem_fact(kind)) != sentence:  # said once, not with every message
        log.warning("owners: %s", sentence)
        context.store.remember(_problem_fact(kind), sentence, now)
    context.store.remember(_failed_fact(kind), now.isoformat(), now)


def _problem_fact(kind: str) -> str:
    return f"owners.problem.{kind}"


def _failed_fact(kind: str) -> str:
    return f"owners.failed_at.{kind}"


def _says_nobody(error: CostbotError) -> bool:
    cause = error.__cause__
    return isinstance(cause, SlackApiError) and cause.response.get("error") in _NOBODY


def _living(answer: Any) -> str | None:
    user = answer["user"]
    return None if user.get("deleted") else str(user["id"])


def _called(answer: Any) -> str | None:
    user = answer["user"]
    return user.get("real_name") or user.get("name") or None


def _handles(answer: Any) -> str:
    groups = [group for group in answer["usergroups"] if not group.get("date_delete")]
    return json.dumps({str(group["handle"]).lower(): str(group["id"]) for group in groups}, sort_keys=True)
