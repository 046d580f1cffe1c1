"""Keep the tags of the organisation's accounts, at most a day old, where `/cost allocation` finds them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from bot.allocation.account_tags import FACT, AccountTags, recall
from bot.collectors import account_tags
from bot.context import Context
from bot.errors import SourceUnavailable

__all__ = ["MAX_AGE", "AccountTags", "recall", "refresh"]

MAX_AGE = timedelta(days=1)


def refresh(context: Context) -> AccountTags:
    """Read the tags of every account again, if a day is over since.

    An account that does not answer keeps the tags it had, and the problem is kept with them; after a problem the next
    call asks again.

    Raises:
        SourceUnavailable: there are no working credentials.
    """
    before, now = recall(context.store), context.clock.now()
    if before.read_at and before.problem is None and now - before.read_at < MAX_AGE:
        return before
    listed = context.aws.account_list()
    tags: dict[str, Mapping[str, str]] = {}
    problem = str(listed.problem) if listed.problem else None
    for account in listed.accounts:
        try:
            found = account_tags.parse(account_tags.fetch(context.aws, account.id))
        except SourceUnavailable as error:  # a refused action is refused for every account: stop asking
            problem = str(error)
            tags |= {id_: kept for id_, kept in before.tags.items() if id_ not in tags}
            break
        if found:
            tags[account.id] = found
    fresh = AccountTags(tags, now, problem)
    facts = {"at": now.isoformat(), "tags": fresh.tags, "problem": problem}
    context.store.remember(FACT, json.dumps(facts, sort_keys=True), now)
    return fresh
