"""Who may set and remove budgets: anybody, unless the settings leave it to approvers."""

from __future__ import annotations

from bot.approvers import is_approver, require_approver
from bot.context import Context
from bot.errors import CostbotError
from bot.settings import Who


def require_setter(context: Context, user_id: str, doing: str) -> None:
    """Refuse who may not.

    Args:
        doing: what was asked for, as "set a budget".
    Raises:
        NotAllowed: it takes an approver, and this person is none.
        CostbotError: that could not be found out.
    """
    if context.settings.budgets_by is Who.APPROVERS:
        require_approver(context, user_id, doing)


def may_set(context: Context, user_id: str) -> bool:
    """Whether to offer this person buttons that change budgets; asked again at the click."""
    if context.settings.budgets_by is Who.ANYONE:
        return True
    try:
        return is_approver(context, user_id)
    except CostbotError:
        return False
