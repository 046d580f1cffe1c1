"""The chain from a cost to its owner in Slack: the first link that names somebody counts, the most specific first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.allocation import Dimension, folded, tag_key
from bot.allocation.account_tags import recall
from bot.allocation.mapping_file import allocation_rules
from bot.context import Context
from bot.owners.directory import group_by_handle, person_by_email
from bot.owners.mapping import Kind, OwnersFile, owners_file
from bot.owners.slack_ids import as_email, as_handle, is_group, is_slack_id, mention_of


@dataclass(frozen=True, slots=True)
class Owner:
    """A person or a user group of Slack, and `how` costbot knows, in words; not escaped."""

    slack_id: str
    is_group: bool
    how: str


def owner_of(context: Context, *, tag: str | None, account_id: str | None, service: str | None = None) -> Owner | None:
    """Who in Slack owns a cost; None where nobody is known.

    In this order: the tag's value in the owners file, as an e-mail address, as the handle of a user group; the account
    in the owners file, by id or name, and the tag that the account itself carries; the service in the owners file; the
    default owner.

    Args:
        tag: value of the owner tag, in any spelling.
        service: its name or canonical key.
    """
    file = owners_file(context.settings)
    links = _links(context, file, tag, account_id, service)
    return next((Owner(found, is_group(found), how) for found, how in links if found is not None), None)


def mention(owner: Owner) -> str:
    """An owner as Slack mentions one, which notifies."""
    return mention_of(owner.slack_id)


def in_slack(context: Context, written: str) -> str | None:
    """The id of who is written down as an id, an e-mail address or a group's handle; None where Slack knows nobody."""
    if is_slack_id(written):
        return written
    email = as_email(written)
    if email:
        return person_by_email(context, email)
    handle = as_handle(written)
    return group_by_handle(context, handle) if handle else None


def _links(
    context: Context, file: OwnersFile, tag: str | None, account_id: str | None, service: str | None
) -> Iterator[tuple[str | None, str]]:
    """Each link of the chain as who it names, if anybody, and in words."""
    if tag:
        yield from _of_tag(context, file, tag, "")
    if account_id:
        yield from _of_account(context, file, account_id)
    if service:
        yield _listed(context, file, Kind.SERVICE, service), f"the service {service} in the owners file"
    yield context.settings.default_owner, "the default owner"


def _of_tag(context: Context, file: OwnersFile, tag: str, whose: str) -> Iterator[tuple[str | None, str]]:
    for value in _spellings(context, tag):
        yield _listed(context, file, Kind.TAG, value), f"the tag {value}{whose} in the owners file"
    email = as_email(tag)
    if email:
        yield person_by_email(context, email), f"the e-mail address in the tag{whose}"
    handle = None if email else as_handle(tag)
    if handle:
        yield group_by_handle(context, handle), f"the user group @{handle}, as the tag{whose}"


def _of_account(context: Context, file: OwnersFile, account_id: str) -> Iterator[tuple[str | None, str]]:
    if file.owners.get(Kind.ACCOUNT):
        for value in (account_id, context.costs.account_names().get(account_id, account_id)):
            yield _listed(context, file, Kind.ACCOUNT, value), f"the account {value} in the owners file"
    wanted = tag_key(context.settings.owner_tag)
    for key, value in recall(context.store).tags.get(account_id, {}).items():
        if tag_key(key) == wanted:
            yield from _of_tag(context, file, value, " of the account")


def _listed(context: Context, file: OwnersFile, kind: Kind, value: str) -> str | None:
    written = file.owner(kind, value)
    return in_slack(context, written) if written else None


def _spellings(context: Context, tag: str) -> tuple[str, ...]:
    """The value, and the name that it is an alias of in the allocation file."""
    name = allocation_rules(context.settings).rules.aliases.get(Dimension.TEAM, {}).get(folded(tag))
    return (tag,) if name is None else (tag, name)
