"""The dialog of a budget: opened by its buttons; what is wrong in it is said at its fields, before it closes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from slack_bolt import Ack, App

from analysis.budgets import Budget
from bot.blocks import budget_modal
from bot.blocks.budget_modal import ALL, AMOUNT, CALLBACK, KIND, NAME, PERIOD, Origin, values_of
from bot.blocks.budget_report import NEW, OPEN
from bot.budgets.decide import set_budget
from bot.budgets.rights import require_setter
from bot.commands import Block
from bot.context import Context
from bot.cost_files import CostFiles
from bot.dialogs import plain, take
from bot.errors import CostbotError, UsageError, report
from bot.listeners.actions import Click, tell
from bot.listeners.commands import error_reply
from bot.reply import Reply
from bot.words.budget import amount_of, budget_of, cadence_of, target_of
from bot.words.forecast import Target

log = logging.getLogger("costbot.listeners")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a dialog means, or why it means nothing, by field."""

    budget: Budget | None
    errors: dict[str, str]


def register(app: App, context: Context) -> None:
    """Listen to the buttons that open the dialog, and to its submission."""

    @app.action(OPEN)
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        context.work.submit(open_dialog, context, body)

    @app.view(CALLBACK)
    def submitted(ack: Ack, body: dict[str, Any], view: Block) -> None:
        user_id, origin = body["user"]["id"], Origin.from_metadata(view["private_metadata"])
        reading = partial(check, context, values_of(view), origin, user_id)
        acting = partial(answer_submission, context, origin=origin, user_id=user_id)
        take(context, ack, reading, lambda checked: checked.errors, acting)


def open_dialog(context: Context, body: dict[str, Any]) -> None:
    """Open it, filled with the budget whose button was pressed; whatever goes wrong, the person is told."""
    click = Click.from_body(body)
    try:
        require_setter(context, click.user_id, "set a budget")
        typed = str(body["actions"][0].get("value", ""))
        known = None if typed == NEW else context.store.budgets.get(typed)
        currency = known.currency if known else context.costs.window().currency
        origin = Origin(click.channel or "", known.id if known else "")
        if context.slack is not None:
            view = budget_modal.budget_modal(origin, currency, context.settings.owner_tag, known)
            context.slack.open_view(click.trigger_id, view)
    except Exception as error:  # noqa: BLE001 - the catch-all for this button: report() logs it and makes it a sentence
        tell(context, click, error_reply(error, "opening the dialog of a budget"))


def check(context: Context, values: dict[str, str], origin: Origin, user_id: str) -> Checked:
    """What was filled in, or what is wrong with it at which field."""
    try:
        require_setter(context, user_id, "set a budget")
        return _checked(context, values, origin)
    except CostbotError as error:
        return Checked(None, {AMOUNT: plain(error)})
    except Exception as error:  # noqa: BLE001 - the catch-all for dialogs: report() logs it and makes it a sentence
        return Checked(None, {AMOUNT: plain(report(error, "reading the dialog of a budget"))})


def answer_submission(context: Context, checked: Checked, origin: Origin, user_id: str) -> None:
    """Set the budget and tell the channel; whatever goes wrong, the person is told."""
    try:
        if checked.budget is None:
            raise UsageError(" ".join(checked.errors.values()), "Type /cost budget set to open the dialog again.")
        _post(context, set_budget(context, checked.budget, user_id=user_id, channel=origin.channel), origin, user_id)
    except Exception as error:  # noqa: BLE001 - the catch-all for dialogs: report() logs it and makes it a sentence
        _post(context, error_reply(error, "setting a budget"), origin, user_id)


def _checked(context: Context, values: dict[str, str], origin: Origin) -> Checked:
    if origin.budget_id:
        known = context.store.budgets.get(origin.budget_id)
        return Checked(replace(known, amount=amount_of(values[AMOUNT], known.currency)), {})
    costs, tag = context.costs, context.settings.owner_tag
    errors: dict[str, str] = {}
    currency = costs.window().currency
    amount = _read(errors, AMOUNT, lambda: amount_of(values[AMOUNT], currency))
    cadence = _read(errors, PERIOD, lambda: cadence_of(values[PERIOD]))
    chosen = _read(errors, NAME, lambda: _target(values[KIND] or ALL, values[NAME], costs, tag))
    if amount is None or cadence is None or chosen is None:
        return Checked(None, errors)
    return Checked(budget_of(amount, cadence, chosen, currency), {})


def _read(errors: dict[str, str], field: str, read: Callable[[], T]) -> T | None:
    """What a field says; None where that is wrong, which its error then tells."""
    try:
        return read()
    except CostbotError as error:
        errors[field] = plain(error)
        return None


def _target(kind: str, typed: str, costs: CostFiles, owner_tag: str) -> Target:
    if kind == ALL and typed:
        raise UsageError("Leave this empty for everything, or choose above what it is a name of.")
    if kind != ALL and not typed:
        raise UsageError(f"Which {kind}? Write its name.")
    return target_of("" if kind == ALL else kind, typed, costs, owner_tag)


def _post(context: Context, reply: Reply, origin: Origin, user_id: str) -> None:
    """To the channel where all may see it, else to the person alone; to their own channel where neither works."""
    slack = context.slack
    if slack is None:
        return
    try:
        if reply.in_channel:
            slack.post(origin.channel, reply.text, reply.blocks)
        else:
            slack.ephemeral(origin.channel, user_id, reply.text, reply.blocks)
    except CostbotError as refused:
        log.warning("the answer to a dialog goes to %s alone: %s", user_id, refused)
        try:
            slack.post(user_id, reply.text, reply.blocks)
        except CostbotError as error:
            report(error, "answering the dialog of a budget")
