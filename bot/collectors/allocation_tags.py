"""The table `allocation_tags`: tags of resources by which the bill cannot be split, as nobody activated them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pandas import DataFrame

from bot.aws import reading
from bot.collectors.asked_weekly import asked_weekly
from bot.collectors.scopes import Scope
from bot.complete_days import payer
from bot.context import Context
from bot.inventory import ENVIRONMENT_TAGS, HEAD
from bot.tables import typed

ACTIONS = ("ce:ListCostAllocationTags",)
#: Of the whole organisation, a cent a page: asked once a week.
SCOPE = Scope.BILL
FACT = "savings.inactive_tags"
#: What stands for all of them where they could not be read.
ALL = "cost allocation tags"
#: Keys that costs are usually shared out by, in lower case and without `-`, `_` and `:`.
_USUAL = frozenset(
    {"team", "owner", "project", "application", "app", "service", "product", "costcenter", "costcentre", "department",
     "businessunit", "customer", "tenant", "component", *(name.lower() for name in ENVIRONMENT_TAGS)}
)  # fmt: skip

COLUMNS: dict[str, str] = HEAD | {  # `resource_id` and `name` are the tag's key
    "last_used_days": "float64",  # since the month ended that a resource carried it last; missing: not told
    "is_usual": "bool",  # costs are usually shared out by such a key, or costbot is set to
    "problem": "str",  # why the tags are not known
}


def read(context: Context) -> DataFrame:
    """One row per inactive tag of a user, with `COLUMNS`; one row for all where they could not be read."""
    own_id, own_name = payer(context)
    if not own_id:
        return typed([], COLUMNS)
    answer = asked_weekly(context, FACT, lambda: _fetch(context))
    wanted = {_plain(key) for key in (*context.settings.tag_keys, context.settings.owner_tag)} | _USUAL
    usual = {
        "account_id": own_id,
        "account_name": own_name,
        "region": "",
        "owner": "",
        "env": "",
        "ignored": False,
        "problem": answer.problem,
    }
    if answer.problem:
        return typed([usual | {"resource_id": ALL, "name": ALL, "is_usual": True}], COLUMNS)
    now = context.clock.now()
    rows = [
        usual
        | {
            "resource_id": tag["key"],
            "name": tag["key"],
            "last_used_days": _days_since(tag["last_used"], now),
            "is_usual": _plain(tag["key"]) in wanted,
        }
        for tag in answer.rows
    ]
    return typed(rows, COLUMNS)


def _fetch(context: Context) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {"Status": "Inactive", "Type": "UserDefined", "MaxResults": 1000}
    found: list[dict[str, Any]] = []
    with reading(ACTIONS[0]):
        client = context.aws.client("ce")
        while True:
            page = client.list_cost_allocation_tags(**asked)
            found += [
                {"key": tag["TagKey"], "last_used": tag.get("LastUsedDate", "")} for tag in page["CostAllocationTags"]
            ]
            if not page.get("NextToken"):
                return found
            asked["NextToken"] = page["NextToken"]


def _plain(key: str) -> str:
    """`user:Cost-Center` is `costcenter`."""
    return "".join(letter for letter in key.lower().removeprefix("user:") if letter.isalnum())


def _days_since(moment: str, now: datetime) -> float | None:
    """Days since the last use, which Cost Explorer tells by the month."""
    if not moment:
        return None
    told = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return (now - (told if told.tzinfo else told.replace(tzinfo=UTC))).days
