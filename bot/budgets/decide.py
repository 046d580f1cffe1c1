"""Setting, removing and taking back: the rule, the store with its audit, and what the channel is told."""

from __future__ import annotations

from analysis.budgets import Budget, BudgetState, Origin
from bot.blocks.budget_report import removed_reply, set_reply, undone_reply
from bot.blocks.budget_words import label, limit
from bot.blocks.elements import quoted, section
from bot.budgets.aws_mapping import PREFIX
from bot.budgets.channels import channels_of, is_channel
from bot.budgets.from_aws import known_aws_budgets
from bot.budgets.kept import budget_states
from bot.budgets.rights import require_setter
from bot.context import Context
from bot.errors import CostbotError, UsageError, report
from bot.reply import Reply


def set_budget(context: Context, wanted: Budget, *, user_id: str, channel: str) -> Reply:
    """Set a budget, or change the one of the same scope and period.

    Raises:
        NotAllowed: the settings leave it to approvers.
    """
    require_setter(context, user_id, "set a budget")
    done = context.store.budgets.set(wanted, actor=user_id, now=context.clock.now(), channel=_where(channel))
    budget = done.budget
    if done.change is None:
        text = f"{label(budget)}: {budget.id} is {limit(budget)} already. Nothing was changed."
        return Reply(text, [section(text)])
    return set_reply(
        budget,
        done.change.id,
        actor=user_id,
        before=done.change.amount_before,
        state=_state(context, budget),
        told_in=channels_of(context, budget),
        here=channel,
    )


def remove_budget(context: Context, typed: str, *, user_id: str, channel: str) -> Reply:
    """Remove a budget of costbot.

    Raises:
        UsageError: there is none of that id, or it is AWS's. NotAllowed: it takes an approver.
    """
    require_setter(context, user_id, "remove a budget")
    _refuse_aws(context, typed)
    done = context.store.budgets.remove(typed, actor=user_id, now=context.clock.now(), channel=_where(channel))
    if done.change is None:
        raise UsageError(f"{quoted(typed)} was not removed.", "Type /cost budget to see how it stands.")
    return removed_reply(done.budget, done.change.id, actor=user_id)


def undo_budget(context: Context, typed: str, change: int | None, *, user_id: str, channel: str) -> Reply:
    """Take the last decision about a budget back.

    Raises:
        UsageError: there is none to take back any more. NotAllowed: it takes an approver.
    """
    require_setter(context, user_id, "take that back")
    _refuse_aws(context, typed)
    done = context.store.budgets.undo(typed, change, actor=user_id, now=context.clock.now(), channel=_where(channel))
    if done.change is None:
        raise UsageError(f"{quoted(typed)} was not changed.", "Type /cost budget to see how it stands.")
    return undone_reply(done.budget, done.change.verb, actor=user_id)


def find_state(context: Context, typed: str) -> BudgetState:
    """How one budget stands, of costbot or of AWS.

    Raises:
        UsageError: there is none of that id or name.
    """
    word = typed.strip().casefold()
    for state in budget_states(context):
        budget = state.budget
        is_named = budget.origin is Origin.AWS and word == budget.label.casefold()
        if is_named or word == budget.id.casefold():
            return state
    budget = context.store.budgets.get(typed)  # says in a sentence that there is none
    found = _state(context, budget)
    if found is None:
        raise UsageError(f"{budget.id} cannot be judged just now.", "Ask again in a minute.")
    return found


def _state(context: Context, budget: Budget) -> BudgetState | None:
    """How it stands now; what was set stays set where that cannot be worked out."""
    try:
        return next((state for state in budget_states(context) if state.budget == budget), None)
    except CostbotError as error:
        report(error, f"working out {budget.id}")
        return None


def _refuse_aws(context: Context, typed: str) -> None:
    word = typed.strip().upper()
    known = {one.id for one in known_aws_budgets(context).budgets}
    if word in known or word.startswith(PREFIX):
        raise UsageError(
            f"{quoted(typed)} is kept by AWS Budgets; costbot only reads it.",
            "Change or delete it in the AWS console: Billing and Cost Management, Budgets.",
        )


def _where(channel: str) -> str | None:
    return channel if is_channel(channel) else None
