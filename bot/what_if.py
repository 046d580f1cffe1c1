"""`/cost commitments what-if`: what one purchase would bring, from stored hours and rates on offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.blocks.elements import money
from bot.blocks.what_if_report import WhatIfReport, what_if_reply
from bot.commands import Reply
from bot.commitments.think_what_if import Answer, answered
from bot.context import Context
from bot.words.what_if import LEAST, PAYMENTS, TERMS, Asked, typed, what_if_asked


def what_if_answer(words: Sequence[str], context: Context) -> Reply:
    """The answer to the words after `what-if`.

    Raises:
        UsageError: they mean no purchase that is sold.
        NotEnoughData: no hours are stored, or nothing could be covered.
        SourceUnavailable: AWS told no rates.
    """
    asked = what_if_asked(words)
    return what_if_reply(_report(context, asked, answered(context, asked)))


def _report(context: Context, asked: Asked, answer: Answer) -> WhatIfReport:
    return WhatIfReport(
        found=answer.found,
        ends=answer.ends,
        placed=answer.placed,
        unplaced=answer.unplaced,
        queued=answer.queued,
        cut_by=answer.cut_by,
        renewed=asked.renewed,
        first_day=answer.first_day,
        last_day=answer.last_day,
        is_owned_known=answer.is_owned_known,
        problem=answer.problem,
        look_back=answer.look_back,
        today=context.clock.today(),
        command=typed(asked),
        commands=_commands(asked, answer),
    )


def _commands(asked: Asked, answer: Answer) -> dict[str, str]:
    """Buttons: AWS's amount, ours, and the other terms of the same amount."""
    # Of the family that was meant, not of whichever has the most usage at another term.
    meant = replace(asked, region=answer.found.offer.region, family=answer.found.offer.family)
    found = {}
    for name, amount in (("AWS's", answer.found.aws), ("costbot's", answer.found.ours)):
        hourly = round(amount, 2)
        if hourly >= LEAST and hourly != asked.hourly:
            found[f"{name} {money(hourly, cents=True)}/h"] = typed(replace(meant, hourly=hourly))
    if asked.kind == "Database":  # sold for one year, without upfront payment, alone
        return found
    years = next(years for years in TERMS.values() if years != asked.years)
    found[f"{years} year{'s' if years > 1 else ''}"] = typed(replace(meant, years=years))
    payment = next(name for name in PAYMENTS.values() if name not in (asked.payment, "Partial Upfront"))
    found[payment] = typed(replace(meant, payment=payment))
    return found
