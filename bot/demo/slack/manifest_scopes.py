"""Which bot scope each Web API method asks for, as the reference pages of Slack list them."""

from __future__ import annotations

CONVERSATIONS_READ = ("channels:read", "groups:read", "im:read", "mpim:read")

# One of the scopes is enough; an empty tuple asks for none.
SCOPES: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": CONVERSATIONS_READ,
    "conversations.join": ("channels:join",),
    "conversations.list": CONVERSATIONS_READ,
    "conversations.members": CONVERSATIONS_READ,
    "conversations.open": ("im:write", "channels:manage", "groups:write", "mpim:write"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "reactions.add": ("reactions:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": CONVERSATIONS_READ,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}


def missing_scope(method: str, provided: frozenset[str]) -> str | None:
    """The scope to ask for when none of those that allow `method` is provided; None when it may be called."""
    wanted = SCOPES.get(method, ())
    if not wanted or provided.intersection(wanted):
        return None
    return wanted[0]
