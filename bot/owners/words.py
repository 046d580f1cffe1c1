"""Whose a finding is, in words: its tag, and who that is in Slack."""

from __future__ import annotations

from analysis.models import Anomaly
from bot.blocks.elements import escape, name
from bot.context import Context
from bot.owners.chain import Owner, mention, owner_of
from bot.owners.directory import name_of
from bot.store import Finding


def finding_owner(context: Context, finding: Finding) -> Owner | None:
    """Who in Slack owns what a finding is about."""
    value = finding.value
    service = value.service_name if isinstance(value, Anomaly) else value.check_id.partition(".")[0]
    return owner_of(context, tag=value.owner, account_id=value.account_id, service=service)


def owner_words(context: Context, finding: Finding, channel: str | None) -> str | None:
    """`payments (<@U0BEN>)` as mrkdwn, or a name in place of the mention where the channel wants none.

    Args:
        channel: where it is shown; None for one person only.
    Returns:
        None where nothing tells whose it is.
    """
    tag = escape(name(finding.value.owner)) if finding.value.owner else None
    owner = finding_owner(context, finding)
    if owner is None:
        return tag
    who = said(context, owner, channel)
    return f"{tag} ({who})" if tag else f"{who} (untagged: {escape(owner.how)})"


def said(context: Context, owner: Owner, channel: str | None) -> str:
    """An owner as mrkdwn: mentioned, or named where the channel wants nobody notified."""
    if channel is None or context.store.channels.settings(channel).mentions:
        return mention(owner)
    return escape(called(context, owner))


def called(context: Context, owner: Owner) -> str:
    """What an owner is called, which notifies nobody; not escaped. Their id where Slack does not say."""
    return name(name_of(context, owner.slack_id) or owner.slack_id)
