"""Slack's ids of people and user groups, and the ways in which one writes who an owner is."""

from __future__ import annotations

import re

#: Slack's user group ids start with this; user ids with U or W.
GROUP = "S"
_ID = re.compile(r"[UWS][A-Z0-9]{2,}")
_EMAIL = re.compile(r"[^@\s<>,;:|]+@[^@\s<>,;:|]+\.[^@\s<>,;:|.]+")
_HANDLE = re.compile(r"@?[a-z0-9][a-z0-9._-]{0,79}")


def is_slack_id(text: str) -> bool:
    """Whether it is the id of a person (`U…`, `W…`) or of a user group (`S…`)."""
    return _ID.fullmatch(text) is not None


def is_group(slack_id: str) -> bool:
    """Whether an id is that of a user group."""
    return slack_id.startswith(GROUP)


def as_email(text: str) -> str | None:
    """An e-mail address in lower case; None where it is none."""
    word = text.strip().removeprefix("mailto:").lower()
    return word if _EMAIL.fullmatch(word) else None


def as_handle(text: str) -> str | None:
    """The handle of a user group, without its @; None where it cannot be one."""
    word = text.strip().lower()
    return word.removeprefix("@") if _HANDLE.fullmatch(word) else None


def mention_of(slack_id: str) -> str:
    """An id as Slack mentions it, which notifies."""
    return f"<!subteam^{slack_id}>" if is_group(slack_id) else f"<@{slack_id}>"
