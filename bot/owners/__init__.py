"""Whose a cost is, as somebody Slack can reach: from tag, account or service to a person or a user group."""

from __future__ import annotations

from bot.owners.chain import Owner, mention, owner_of

__all__ = ["Owner", "mention", "owner_of"]
