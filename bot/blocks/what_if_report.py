"""The answer of `/cost commitments what-if`: what one purchase would bring, with the odds."""

from __future__ import annotations

from analysis.commitments.what_if import WhatIf
from bot.blocks import elements
from bot.blocks.elements import Block, escape, money, percent
from bot.commands import Reply


def what_if_reply(found: WhatIf, command: str) -> Reply:
    """The answer as a Slack message; `command` is what was typed."""
    text = news(found)
    blocks: list[Block] = [elements.section(f"*{escape(text)}*"), elements.fields(*_facts(found))]
    if found.warning:
        blocks.append(elements.section(f":warning: The past is no guide here: {escape(found.warning)}."))
    blocks.append(
        elements.context(
            f"{percent(found.curve.hours_used)} of the hours of the look-back would have used all of it. The odds are "
            "counted in scenarios of the term: growth and decline, a part that leaves, levels that wander. "
            "costbot never buys anything."
        )
    )
    blocks.append(elements.actions(elements.share_button(command), block_id="what_if"))
    return Reply(text, blocks)


def news(found: WhatIf) -> str:
    """The answer in a sentence."""
    figures = found.figures
    what = f"{money(figures.hourly, cents=True)} an hour more ({found.offer.name})"
    brings = "save" if figures.saving >= 0 else "lose"
    low, high = money(figures.saving_low), money(figures.saving_high)
    expected = money(abs(figures.saving))
    return f"{what} would {brings} {expected} a month; eight in ten outcomes lie between {low} and {high}"


def _facts(found: WhatIf) -> list[str]:
    figures = found.figures
    band = f"{percent(figures.utilisation_low)} to {percent(figures.utilisation_high)}"
    even = f"month {figures.break_even}" if figures.break_even else "not within the term"
    return [
        f"*Used over the term*\n{percent(figures.utilisation)} ({band})",
        f"*Chance of less than 95 % used*\n{percent(figures.chance_low)}",
        f"*Worst month, 1 outcome in 20*\n{money(figures.worst_month, signed=True)}",
        f"*Paid back*\n{even}",
        f"*AWS would propose*\n{money(found.aws, cents=True)} an hour",
        f"*costbot would propose*\n{money(found.ours, cents=True)} an hour, of this plan alone",
    ]
