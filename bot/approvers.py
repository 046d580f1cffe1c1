"""Who may approve: asked at the moment of the click, of the settings and of Slack's user groups."""

from __future__ import annotations

from bot.context import Context
from bot.errors import CostbotError, SettingsError
from bot.settings import setting_name
from bot.store import NotAllowed

#: Slack's user group ids start with this; user ids with U or W.
GROUP = "S"


def is_approver(context: Context, user_id: str) -> bool:
    """Whether this person is an approver, by user id or as a member of a user group.

    Raises:
        SettingsError: nobody is configured.
        CostbotError: a group could not be looked up, and no other one has the person: that is no yes.
    """
    configured = context.settings.approvers
    if not configured:
        raise SettingsError(
            f"Nobody may approve yet: {setting_name('approvers')} is empty.",
            "Set it to Slack user ids (U…) or user group ids (S…), separated by commas, and restart costbot.",
        )
    if user_id in configured:
        return True
    failed: CostbotError | None = None
    for group_id in (word for word in configured if word.startswith(GROUP)):
        try:
            if user_id in _members(context, group_id):
                return True
        except CostbotError as error:
            failed = error
    if failed is not None:
        raise CostbotError(
            f"costbot could not check whether you may do this: {failed.cause}",
            f"Nothing was changed. {failed.remedy}".strip(),
        ) from failed
    return False


def may_approve(context: Context, user_id: str) -> bool | None:
    """As `is_approver`, for what is shown: False where nobody is configured, None where it could not be found out."""
    if not context.settings.approvers:
        return False
    try:
        return is_approver(context, user_id)
    except CostbotError:
        return None


def require_approver(context: Context, user_id: str, doing: str) -> None:
    """Refuse anybody who is no approver.

    Args:
        doing: what was asked for, as "approve S-7Q2M".
    Raises:
        NotAllowed: this person is none; the remedy names who is.
        CostbotError: it could not be found out.
    """
    if is_approver(context, user_id):
        return
    raise NotAllowed(f"You may not {doing}: that takes an approver.", f"Ask {mentions(context)}.")


def mentions(context: Context) -> str:
    """The configured approvers as Slack mentions, "nobody" when there are none."""
    return " or ".join(_mention(word) for word in context.settings.approvers) or "nobody"


def _mention(slack_id: str) -> str:
    return f"<!subteam^{slack_id}>" if slack_id.startswith(GROUP) else f"<@{slack_id}>"


def _members(context: Context, group_id: str) -> frozenset[str]:
    if context.slack is None:
        raise CostbotError(
            f"The user group {group_id} can only be looked up in Slack.", "Decide in Slack, or name user ids."
        )
    return context.slack.group_members(group_id)
