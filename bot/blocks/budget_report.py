"""The answers of `/cost budget`: all budgets, the gravest first; one with its chart; that one was set or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.budgets import Budget, BudgetState, Origin
from bot.blocks import budget_words, elements
from bot.blocks.budget_words import label, limit
from bot.blocks.decision_line import person
from bot.blocks.elements import Block, escape, money, name, slack_date
from bot.reply import Reply

COMMAND = "/cost budget"
#: Opens the dialog; the value is the id of a budget, or `NEW`.
OPEN, NEW = "budget.open", "new"
#: Budgets that are listed, and budgets of AWS that cannot be followed and are named; the rest is counted.
MAX_LISTED, MAX_UNMAPPED = 12, 6
_EXAMPLE = "/cost budget set 5000 --service ec2 --period month"


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """A budget of AWS by its name, and why it is not followed; neither is escaped."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class BudgetReport:
    """Everything the list says.

    `aws_problem` is why AWS Budgets could not be read, `may_set` whether this person may set budgets.
    """

    states: Sequence[BudgetState]
    unmapped: Sequence[NotFollowed] = ()
    others: int = 0
    aws_problem: str = ""
    aws_read_at: datetime | None = None
    may_set: bool = True


def list_reply(report: BudgetReport) -> Reply:
    """All budgets."""
    blocks: list[Block] = []
    if report.states:
        news = budget_words.counted(report.states)
        blocks.append(elements.section(f"*{news}*"))
        blocks += [_line(state, n) for n, state in enumerate(report.states[:MAX_LISTED])]
        if len(report.states) > MAX_LISTED:
            blocks.append(elements.context(f"and {len(report.states) - MAX_LISTED} more that stand better"))
    else:
        news = "No budget is set"
        blocks.append(
            elements.section(
                f"*{news}.* Set one with the button, or type `{_EXAMPLE}`; costbot then tells how it runs."
            )
        )
    said = _aws_text(report)
    if said:
        blocks.append(elements.context(*said))
    if report.states:
        blocks.append(elements.context(budget_words.small_print(report.states)))
    blocks.append(elements.actions(*_list_buttons(report), block_id="budgets"))
    headlines = "".join(f" {budget_words.headline(state)}." for state in report.states[:4])
    return Reply(f"{news}.{headlines}", blocks)


def card_reply(state: BudgetState, *, may_set: bool, command: str) -> Reply:
    """One budget, with its chart and what can be done."""
    blocks = card_blocks(state)
    buttons = [elements.run_button("All budgets", COMMAND, 0), elements.share_button(command)]
    if state.budget.origin is Origin.COSTBOT and may_set:
        buttons = [_change_button(state.budget), _remove_button(state.budget), *buttons]
    return Reply(
        f"{budget_words.headline(state)}. {' '.join(budget_words.details(state))}",
        [*blocks, elements.actions(*buttons, block_id="budget")],
    )


def card_blocks(state: BudgetState, *, title: str = "") -> list[Block]:
    """The news, why, the picture and the small print of one budget."""
    lines = "\n".join(budget_words.details(state))
    blocks = [elements.section(f"*{title}{budget_words.headline(state)}*")]
    if lines:
        blocks.append(elements.section(lines))
    if state.chart is not None:
        blocks.append(elements.chart(state.chart))
    whose = budget_words.origin_text(state.budget)
    blocks.append(
        elements.context(
            f"`{state.budget.id}` {limit(state.budget)}{f', {whose}' if whose else ''}",
            budget_words.small_print([state]),
        )
    )
    return blocks


def set_reply(
    budget: Budget,
    change_id: int,
    *,
    actor: str,
    before: float | None,
    state: BudgetState | None,
    told_in: Sequence[str],
    here: str,
) -> Reply:
    """That a budget was set or changed, for the whole channel, with a way back.

    Args:
        told_in: channels that get its alerts. here: the channel that reads this.
    """
    if before is None:
        what = f"{label(budget)}: budget of {limit(budget)}, set by {person(actor)}"
    else:
        was = money(before, budget.currency)
        what = f"{label(budget)}: budget is now {limit(budget)} and was {was}, changed by {person(actor)}"
    blocks = [elements.section(f"*{what}.*")]
    if state is not None:
        blocks.append(elements.section("\n".join([budget_words.headline(state) + ".", *budget_words.details(state)])))
    blocks.append(elements.context(f"`{budget.id}`: {_told(told_in, here)}"))
    blocks.append(elements.actions(_undo_button(budget.id, change_id), _details(budget.id, 1), block_id="budget"))
    now = f" {budget_words.headline(state)}." if state is not None else ""
    return Reply(f"{what}.{now}", blocks, in_channel=True)


def removed_reply(budget: Budget, change_id: int, *, actor: str) -> Reply:
    """That a budget was removed, for the whole channel, with a way back."""
    text = f"{label(budget)}: budget of {limit(budget)} ({budget.id}) removed by {person(actor)}."
    buttons = elements.actions(_undo_button(budget.id, change_id), block_id="budget")
    return Reply(text, [elements.section(text), buttons], in_channel=True)


def undone_reply(budget: Budget, verb: str, *, actor: str) -> Reply:
    """That the last decision was taken back, for the whole channel."""
    how = {
        "remove": f"is removed again ({limit(budget)})",
        "restore": f"stands again: {limit(budget)}",
        "change": f"is {limit(budget)} again",
    }[verb]
    text = f"{label(budget)}: budget {budget.id} {how}, taken back by {person(actor)}."
    return Reply(text, [elements.section(text)], in_channel=True)


def _told(channels: Sequence[str], here: str) -> str:
    """Who hears of it, as a sentence."""
    if not channels:
        return "nobody is told; `/cost subscribe budgets` in a channel brings alerts there."
    if list(channels) == [here]:
        where = "this channel is"
    else:
        where = f"{' and '.join(f'<#{channel}>' for channel in channels)} {'is' if len(channels) == 1 else 'are'}"
    return f"{where} told at a forecast of 80 and 100 % and when it is reached, once each."


def _line(state: BudgetState, n: int) -> Block:
    lines = [f"*{budget_words.headline(state)}*", *budget_words.details(state)]
    whose = budget_words.origin_text(state.budget)
    lines.append(f"_`{state.budget.id}` {whose}_" if whose else f"`{state.budget.id}`")
    return elements.section("\n".join(lines), accessory=_details(state.budget.id, n))


def _details(budget_id: str, n: int) -> Block:
    return elements.run_button("Details", f"{COMMAND} show {budget_id}", n)


def _list_buttons(report: BudgetReport) -> list[Block]:
    new = [elements.button("New budget…", OPEN, NEW, style="primary")] if report.may_set else []
    return [*new, elements.share_button(COMMAND)]


def _change_button(budget: Budget) -> Block:
    return elements.button("Change…", OPEN, budget.id, accessibility_label=f"Change budget {budget.id}")


def _remove_button(budget: Budget) -> Block:
    asks = elements.confirm(
        "Remove this budget?",
        f"{name(budget.label, 80)}: {limit(budget)}. Nothing is told of it any more. It can be undone.",
        "Remove",
    )
    # Its number must differ from those of the buttons beside it.
    return elements.button(
        "Remove…",
        "run.8",
        f"{COMMAND} remove {budget.id}",
        style="danger",
        confirm=asks,
        accessibility_label=f"Remove budget {budget.id}",
    )


def _undo_button(budget_id: str, change_id: int) -> Block:
    return elements.button(
        "Undo",
        "run.9",
        f"{COMMAND} undo {budget_id} --change {change_id}",
        accessibility_label=f"Undo: take back this change of budget {budget_id}",
    )


def _aws_text(report: BudgetReport) -> list[str]:
    """What of AWS Budgets is not in the list, and why."""
    said = []
    if report.aws_problem:
        said.append(f"AWS Budgets: {escape(report.aws_problem)}")
    if report.unmapped:
        named = [f"{escape(name(one.name))} ({escape(name(one.why, 80))})" for one in report.unmapped[:MAX_UNMAPPED]]
        rest = len(report.unmapped) - MAX_UNMAPPED
        more = f" and {rest} more" if rest > 0 else ""
        said.append(f"From AWS Budgets, not followed: {', '.join(named)}{more}.")
    if report.others:
        count = "1 budget" if report.others == 1 else f"{report.others} budgets"
        said.append(f"AWS Budgets has {count} of usage or commitments beside these; costbot follows those of cost.")
    if report.aws_read_at and (report.unmapped or report.others or report.aws_problem):
        said.append(f"AWS Budgets read {slack_date(report.aws_read_at)}.")
    return said
