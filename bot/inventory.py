"""What every inventory table has in common: where a resource is, its name, whose it is, and if it is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.aws import AccountRef

IGNORE_TAG = "costbot:ignore"
#: Tags that name the environment, the first that is there counts.
ENVIRONMENT_TAGS = ("env", "environment", "stage", "Environment", "Env", "Stage")

#: Columns that every inventory table begins with; `resource_id` is what AWS's own commands take.
HEAD: dict[str, str] = {
    "account_id": "str",
    "account_name": "str",
    "region": "str",  # empty for what is of the whole account
    "resource_id": "str",
    "name": "str",  # tag Name, or the name AWS knows it by; empty where there is none
    "owner": "str",  # value of the owner tag; empty where there is none
    "env": "str",  # value of the environment's tag, in lower case; empty where there is none
    "ignored": "bool",  # by its tag costbot:ignore, or by COSTBOT_IGNORE_RESOURCES
    "age_days": "float64",  # since it was created; missing where AWS does not tell
}


@dataclass(frozen=True, slots=True)
class Here:
    """Where a table is read, and what is needed to read it.

    `owner_tag` names the owner; resources whose id or name `ignore` matches are left alone; `cloudtrail` says whether
    CloudTrail may be asked.
    """

    account: AccountRef
    region: str
    owner_tag: str
    now: datetime
    ignore: re.Pattern[str] | None = None
    cloudtrail: bool = True

    def head(
        self,
        resource_id: str,
        tags: Mapping[str, str],
        created_at: datetime | None = None,
        *,
        name: str | None = None,
    ) -> dict[str, object]:
        """The values of `HEAD` for one resource.

        Args:
            name: what AWS knows it by, where it has no tag Name.
        """
        called = tags.get("Name") or name or ""
        matched = self.ignore is not None and bool(self.ignore.search(resource_id) or self.ignore.search(called))
        return {
            "account_id": self.account.id,
            "account_name": self.account.name,
            "region": self.region,
            "resource_id": resource_id,
            "name": called,
            "owner": tags.get(self.owner_tag, ""),
            "env": next((tags[key].lower() for key in ENVIRONMENT_TAGS if tags.get(key)), ""),
            "ignored": matched or is_ignored(tags.get(IGNORE_TAG), self.now.date()),
            "age_days": self.days_since(created_at),
        }

    def days_since(self, moment: datetime | None) -> float | None:
        """Days from a moment to now; None where the moment is not known."""
        if moment is None:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (self.now - aware) / timedelta(days=1)


def tags_of(pairs: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """Tags as AWS lists them (`Key` and `Value`, or `key` and `value`), as a dictionary."""
    return {
        str(pair.get("Key", pair.get("key"))): str(pair.get("Value", pair.get("value", ""))) for pair in pairs or ()
    }


def is_ignored(value: str | None, today: date) -> bool:
    """Whether a tag `costbot:ignore` is in force.

    A date ends it on that day; any other value, also an unreadable one, has no end. `false` and `no` switch it off.
    """
    if value is None or value.strip().lower() in ("false", "no"):
        return False
    try:
        return today < date.fromisoformat(value.strip())
    except ValueError:
        return True
