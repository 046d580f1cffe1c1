"""`/cost held`: alerts that this channel was not told one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from analysis.lifecycle import State
from bot.blocks import elements
from bot.blocks.elements import Block
from bot.blocks.held_line import amount, counted, summed
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.delivery.channel_words import local_today
from bot.delivery.tell import alerts_a_day, room_left
from bot.errors import UsageError
from bot.store import Held
from bot.words.flags import parse

#: Rows of a page.
ROWS = 40
#: States in which a finding is not over.
LIVE = frozenset({State.OPEN, State.ACKNOWLEDGED, State.SNOOZED, State.APPROVED})
#: Alerts that are about no finding are listed so long.
NEWS_FOR = timedelta(days=7)


@command(
    "held",
    usage="[--page 2]",
    examples=(("/cost held", "alerts that were counted in one line instead of posted"),),
    order=33,
)
def held(request: Request, context: Context) -> Reply:
    """Alerts that were held back here, dearest first."""
    parsed = parse(request.words, flags=("page",))
    if parsed.positional:
        raise UsageError(f"{elements.quoted(parsed.positional[0])} is not known here.", "Type /cost held.")
    every = context.store.held.held(request.channel_id)
    found = _waiting(context, every)
    most, left = alerts_a_day(context, request.channel_id), room_left(context, request.channel_id)
    limit = elements.context(
        f"This channel is told at most {most:,} alerts a day one by one, {left:,} more today; "
        "`/cost settings --alerts 20` sets another number." + _over(len(every) - len(found))
    )
    if not found:
        text = "No alert is held back in this channel."
        return Reply(text, [elements.section(text), limit])
    page = page_number(parsed.flags.get("page"), len(found), ROWS)
    text = f"{counted(found)} held back here: {summed(found, _currency(context))}."
    shown = found[(page - 1) * ROWS : page * ROWS]
    blocks = [elements.section(f"*{text}*"), _table(shown, _currency(context))]
    buttons = page_buttons("/cost held", page, len(found), ROWS)
    if buttons:
        blocks.append(elements.actions(*buttons, block_id="held"))
    return Reply(text, [*blocks, limit])


def _waiting(context: Context, every: Sequence[Held]) -> list[Held]:
    """Those that somebody can still do something about: their finding is not over, or they are of the last days."""
    live = {finding.id for finding in context.store.findings(states=LIVE)}
    since = local_today(context, every[0].channel) - NEWS_FOR if every else date.max
    return [one for one in every if (one.finding_id in live if one.finding_id else one.day >= since)]


def _over(count: int) -> str:
    if not count:
        return ""
    return f" {count:,} held before {'is' if count == 1 else 'are'} over: `/cost anomalies all` has them."


def page_number(typed: str | None, count: int, rows: int) -> int:
    """The page that was typed, 1 without one.

    Raises:
        UsageError: there is no such page.
    """
    pages = max(-(-count // rows), 1)
    if typed is None:
        return 1
    if not typed.isdigit() or not 1 <= int(typed) <= pages:
        last = f"There {'is' if pages == 1 else 'are'} {pages:,} page{'' if pages == 1 else 's'}"
        raise UsageError(f"There is no page {elements.quoted(typed)}.", f"{last}; write --page 1.")
    return int(typed)


def page_buttons(typed: str, page: int, count: int, rows: int) -> list[Block]:
    """Buttons to the pages before and after, where there are some."""
    found = []
    if page > 1:
        found.append(elements.run_button("Page before", f"{typed} --page {page - 1}", 10))
    if page * rows < count:
        found.append(elements.run_button("Next page", f"{typed} --page {page + 1}", 11))
    return found


def _table(shown: Sequence[Held], currency: str) -> Block:
    rows = [
        (one.finding_id or "–", elements.name(one.title, 100), amount(one, currency), elements.day(one.day))
        for one in shown
    ]
    return elements.table(("ID", "What", "Money", "Held on"), rows, right=(2,))


def _currency(context: Context) -> str:
    return context.costs.currency() or "USD"
