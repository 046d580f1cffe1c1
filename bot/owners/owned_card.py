"""A finding's card with its owner, mentioned or named as the channel wants it."""

from __future__ import annotations

from bot.blocks.cards import card, card_text
from bot.blocks.elements import Block
from bot.context import Context
from bot.owners.words import owner_words
from bot.reply import Reply
from bot.store import Finding


def owned_card(context: Context, finding: Finding, channel: str | None, *, undo: bool) -> Reply:
    """The card as it should look now in a channel, and the same in a sentence."""
    return Reply(card_text(finding), owned_blocks(context, finding, channel, undo=undo))


def owned_blocks(context: Context, finding: Finding, channel: str | None, *, undo: bool) -> list[Block]:
    """The blocks of the card alone."""
    return card(finding, undo=undo, owner=owner_words(context, finding, channel))
