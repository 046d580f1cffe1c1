"""`/cost forecast known`: the list of what is known of the future; approvers add to it and take back."""

from __future__ import annotations

from datetime import timedelta

from bot.approvers import require_approver
from bot.blocks import elements
from bot.blocks.decision_line import person
from bot.blocks.elements import escape, quoted
from bot.blocks.forecast_known import LIST, KnownReport, brief, known_reply
from bot.commands import Reply, Request
from bot.commitments.ends import commitment_ends
from bot.context import Context
from bot.errors import UsageError
from bot.forecasts.known_facts import of_stated, savings
from bot.words.known_change import EXAMPLE, MAX_WHY, told

#: Ends of commitments that are listed before they come.
ENDS_WITHIN = timedelta(days=90)


def known_changes(request: Request, context: Context) -> Reply:
    """The answer: the list, or that one was told or taken back.

    Raises:
        UsageError: the words mean nothing, or cannot be true.
        NotAllowed: adding and taking back are for approvers.
        NotEnoughData: no costs are stored.
    """
    verb, *words = [*request.words[1:], "list"] if len(request.words) < 2 else request.words[1:]
    if verb.lower() == "add":
        return _add(request, context, words)
    if verb.lower() == "remove":
        return _remove(request, context, words)
    if verb.lower() != "list" or words:
        raise UsageError(
            f"{LIST} does not know {quoted(' '.join((verb, *words)))}.",
            f"Type {LIST}, {_example(context)} or {LIST} remove K-1.",
        )
    until = context.costs.window(view=context.settings.cost_view).complete_until
    approved = savings(context, until)
    report = KnownReport(
        stated=[(of_stated(one), one.at) for one in context.store.known_changes()],
        waiting=approved.waiting,
        done=approved.done,
        foreign=approved.foreign,
        until=until,
        currency=context.costs.currency() or "USD",
        example=_example(context),
        ends=[one for one in commitment_ends(context) if one.moves(until, until + ENDS_WITHIN)],
    )
    return known_reply(report)


def _add(request: Request, context: Context, words: list[str]) -> Reply:
    """For the whole channel: from now on everybody sees other forecasts."""
    settings, now = context.settings, context.clock.now()
    said = told(words, context.costs, settings.owner_tag, view=settings.cost_view, today=context.clock.today())
    require_approver(context, request.user_id, "add a known change")
    kept = context.store.add_known_change(said, actor=request.user_id, now=now, channel=request.channel_id or None)
    why = f": {escape(elements.name(said.why, MAX_WHY))}" if said.why else ""
    what = brief(of_stated(kept), said.currency)
    text = f"Known change {kept.id}, by {person(kept.by)}: {what}{why}. Forecasts count it from now on."
    return _announced(text, f"`{LIST} remove {kept.id}` takes it back; `{LIST}` lists what is known.")


def _remove(request: Request, context: Context, words: list[str]) -> Reply:
    if len(words) != 1:
        raise UsageError(f"{LIST} remove takes one id.", f"Type {LIST} remove K-1; {LIST} lists the ids.")
    require_approver(context, request.user_id, "take back a known change")
    gone = context.store.remove_known_change(
        words[0], actor=request.user_id, now=context.clock.now(), channel=request.channel_id or None
    )
    what = brief(of_stated(gone), gone.told.currency)
    text = f"{gone.id} counts no more: {what}, by {person(gone.by)}, taken back by {person(gone.removed_by)}."
    return _announced(text, f"`{LIST}` lists what is known.")


def _announced(text: str, hint: str) -> Reply:
    return Reply(text, [elements.section(text), elements.context(hint)], in_channel=True)


def _example(context: Context) -> str:
    return EXAMPLE.format(day=context.clock.today() + timedelta(days=14))
