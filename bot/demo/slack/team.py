"""The people, channels and user groups of the demo workspace, as literal facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TEAM_ID = "T0DEMO"
TEAM_NAME = "Example Corp"
TEAM_DOMAIN = "example-corp"
EMAIL_DOMAIN = "example.com"
APP_ID = "A0COSTBOT"
BOT_ID = "B0COSTBOT"
BOT_USER_ID = "U0COSTBOT"
BOT_NAME = "costbot"


@dataclass(frozen=True, slots=True)
class User:
    """A member of the workspace; `role` is only for the page's person switcher."""

    id: str
    name: str
    real_name: str
    role: str
    is_guest: bool = False
    is_bot: bool = False
    time_zone: str = "Europe/Berlin"

    @property
    def email(self) -> str | None:
        """The person's address; a bot has none."""
        return None if self.is_bot else f"{self.name}@{EMAIL_DOMAIN}"

    def as_slack(self, *, with_email: bool = False) -> dict[str, Any]:
        """The user object of `users.info`; the address is in it where the token may read it."""
        address = {"email": self.email} if with_email and self.email else {}
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "is_bot": self.is_bot,
            "is_restricted": self.is_guest,
            "is_ultra_restricted": False,
            "tz": self.time_zone,
            "profile": {"real_name": self.real_name, "display_name": self.name, **address},
        }


@dataclass(slots=True)
class Channel:
    """A conversation; a direct message has `im_user`, the person the bot talks to."""

    id: str
    name: str
    topic: str = ""
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    im_user: str | None = None

    def visible_to(self, user_id: str) -> bool:
        return self.im_user in (None, user_id)

    def as_slack(self) -> dict[str, Any]:
        """The conversation object of `conversations.info`, seen by the bot."""
        if self.im_user:
            return {"id": self.id, "is_im": True, "is_channel": False, "user": self.im_user, "is_archived": False}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": False,
            "is_archived": self.is_archived,
            "is_member": BOT_USER_ID in self.members,
            "num_members": len(self.members),
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group, mentioned as `@handle`."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]

    def as_slack(self, *, include_users: bool) -> dict[str, Any]:
        """The user group object of `usergroups.list`."""
        group: dict[str, Any] = {
            "id": self.id,
            "team_id": TEAM_ID,
            "handle": self.handle,
            "name": self.name,
            "is_usergroup": True,
            "date_delete": 0,
            "user_count": len(self.users),
        }
        return {**group, "users": list(self.users)} if include_users else group


BOT = User(BOT_USER_ID, BOT_NAME, BOT_NAME, "app", is_bot=True)
PEOPLE = (
    User("U0ANA", "ana", "Ana Example", "approver"),
    User("U0BEN", "ben", "Ben Example", "engineer"),
    User("U0GUEST", "guest", "Guest Example", "guest", is_guest=True),
)
USER_GROUPS = (
    UserGroup("S0FINOPS", "finops", "FinOps", ("U0ANA",)),
    UserGroup("S0PLATFORM", "platform", "Platform", ("U0ANA", "U0BEN")),
)


def demo_channels() -> dict[str, Channel]:
    """Fresh channels by id: the bot is in #cloud-costs and #payments, not in #general; #old-costs is archived."""
    people = {person.id for person in PEOPLE}
    channels = [
        Channel("C0COSTS", "cloud-costs", "What the cloud costs us", members=people | {BOT_USER_ID}),
        Channel("C0GENERAL", "general", "Everybody and everything", members=set(people)),
        Channel("C0PAYMENTS", "payments", "The payments team", members=people | {BOT_USER_ID}),
        Channel("C0ARCHIVE", "old-costs", "Archived", is_archived=True, members=people | {BOT_USER_ID}),
    ]
    channels += [
        Channel(f"D0{person.id[2:]}", BOT_NAME, "Direct message", members={person.id, BOT_USER_ID}, im_user=person.id)
        for person in PEOPLE
    ]
    return {channel.id: channel for channel in channels}
