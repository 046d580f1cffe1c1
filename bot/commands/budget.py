"""`/cost budget`: budgets by account, service, team or tag; how they stand, set, remove, take back."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.budget_modal import KINDS, Origin, budget_modal
from bot.blocks.budget_report import BudgetReport, NotFollowed, card_reply, list_reply
from bot.blocks.elements import quoted
from bot.budgets.decide import find_state, remove_budget, set_budget, undo_budget
from bot.budgets.from_aws import known_aws_budgets
from bot.budgets.kept import budget_states
from bot.budgets.rights import may_set, require_setter
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.words.budget import EXAMPLE, budget_typed
from bot.words.flags import parse

_FLAGS = (*KINDS, "period")


@command(
    "budget",
    usage="[list] | set [AMOUNT] [--service|--account|--team NAME | --tag key=value] [--period month|quarter|year] | "
    "show ID | remove ID | undo ID",
    examples=(
        ("/cost budget", "all budgets, the gravest first: spent, expected end, chance of going over"),
        ("/cost budget set", "a dialog that asks for the amount and what it is of"),
        (EXAMPLE, "the same, typed; also --account prod, --team payments or --tag env=prod"),
        ("/cost budget set 150k --period year", "everything, for each calendar year"),
        ("/cost budget show B-1", "one budget with its chart and what drives it"),
        ("/cost budget remove B-1", "ends one; /cost budget undo B-1 takes the last change back"),
    ),
    aliases=("budgets",),
    order=14,
)
def budget(request: Request, context: Context) -> Reply:
    """Budgets: what is spent, where they end, and whether they hold"""
    verb, *words = request.words or ("list",)
    verb = verb.lower()
    if verb == "list" and not words:
        return _list(request, context)
    if verb == "set":
        return _set(request, context, words)
    if verb == "show":
        return _show(request, context, _one_id(words, "show"))
    if verb == "remove":
        typed = _one_id(words, "remove")
        return remove_budget(context, typed, user_id=request.user_id, channel=request.channel_id)
    if verb == "undo":
        return _undo(request, context, words)
    if not words and verb[:2] in ("b-", "aw"):
        return _show(request, context, verb)
    raise UsageError(
        f"/cost budget does not know {quoted(' '.join(request.words))}.",
        f"Type /cost budget, {EXAMPLE} or /cost budget remove B-1.",
    )


def _list(request: Request, context: Context) -> Reply:
    aws = known_aws_budgets(context)
    return list_reply(
        BudgetReport(
            states=budget_states(context),
            unmapped=[NotFollowed(one.name, one.why) for one in aws.unmapped],
            others=aws.others,
            aws_problem=aws.problem,
            aws_read_at=aws.read_at,
            may_set=may_set(context, request.user_id),
        )
    )


def _show(request: Request, context: Context, typed: str) -> Reply:
    state = find_state(context, typed)
    return card_reply(state, may_set=may_set(context, request.user_id), command=f"/cost budget show {state.budget.id}")


def _set(request: Request, context: Context, words: list[str]) -> Reply:
    parsed = parse(words, flags=_FLAGS)
    settings, costs = context.settings, context.costs
    if not parsed.positional and not parsed.flags:
        return _dialog(request, context)
    currency = costs.window().currency
    wanted = budget_typed(parsed.positional, parsed.flags, costs, settings.owner_tag, currency)
    return set_budget(context, wanted, user_id=request.user_id, channel=request.channel_id)


def _dialog(request: Request, context: Context) -> Reply:
    """Open the dialog; what stays in the channel says how to do the same from the keyboard."""
    require_setter(context, request.user_id, "set a budget")
    if context.slack is None or not request.trigger_id:
        raise UsageError("How much, and of what?", f"Write {EXAMPLE}.")
    view = budget_modal(Origin(request.channel_id), context.costs.window().currency, context.settings.owner_tag)
    context.slack.open_view(request.trigger_id, view)
    text = f"The dialog asks for a budget. Typed it is `{EXAMPLE}`."
    return Reply(text, [elements.context(text)])


def _undo(request: Request, context: Context, words: list[str]) -> Reply:
    parsed = parse(words, flags=("change",))
    typed = _one_id(list(parsed.positional), "undo")
    change = parsed.flags.get("change")
    if change is not None and not (change.isascii() and change.isdecimal() and len(change) < 12):
        raise UsageError(f"--change {quoted(change)} is no change.", f"Type /cost budget undo {quoted(typed)[1:-1]}.")
    number = int(change) if change else None
    return undo_budget(context, typed, number, user_id=request.user_id, channel=request.channel_id)


def _one_id(words: list[str], verb: str) -> str:
    if len(words) != 1:
        raise UsageError(
            f"/cost budget {verb} takes one id.", f"Type /cost budget {verb} B-1; /cost budget lists the ids."
        )
    return words[0]
