"""The answer of `/cost commitments what-if`: what one purchase would bring, with the odds and the load it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.commitments.load_duration import LoadDuration
from analysis.commitments.purchase_offers import RESERVED, Offer
from analysis.commitments.what_if import WhatIf
from analysis.models import Chart, Series
from analysis.services import service_label
from bot.blocks import elements
from bot.blocks.elements import Block, escape, money, percent
from bot.reply import Reply
from bot.words.what_if import LEAST

#: Shares of the hours that the chart has, which is as many points as Slack draws.
CHART_POINTS = 20
MAX_NAMED = 4
HOURS_A_YEAR = 8760
#: What of the most probable half of outcomes is worth a word.
_SAME = 0.005
_KINDS = {
    "Compute": "Compute Savings Plan",
    "EC2Instance": "EC2 Instance Savings Plan",
    "Database": "Database Savings Plan",
    "SageMaker": "SageMaker Savings Plan",
}


@dataclass(frozen=True, slots=True)
class WhatIfReport:
    """Everything the answer says; names are as they came, not yet escaped.

    `ends`: name, day, and on-demand dollars an hour that its end gives back. `placed`: names of what was taken off,
    with dollars an hour; `unplaced` could not be. The hours looked at are of `first_day` to `last_day`; `look_back`
    says so where they are AWS's own and not an export's. `commands` are buttons.
    """

    found: WhatIf
    ends: Sequence[tuple[str, date, float]]
    placed: Sequence[tuple[str, float]]
    unplaced: Sequence[str]
    queued: Sequence[str]
    cut_by: str
    renewed: bool
    first_day: date
    last_day: date
    is_owned_known: bool
    problem: str
    look_back: str
    today: date
    command: str
    commands: Mapping[str, str]


def what_if_reply(report: WhatIfReport) -> Reply:
    """The report as a Slack message."""
    found = report.found
    beside = _beside(found)
    blocks: list[Block] = [elements.section(f"*{news(found)}*"), elements.fields(*_facts(found))]
    if found.warning:
        blocks.append(elements.section(f":warning: The past is no guide here: {escape(found.warning)}."))
    blocks += [elements.section(beside), elements.chart(duration_chart(found)), elements.section(_hours(found.curve))]
    known = _known_ahead(report)
    if known:
        blocks.append(elements.section("\n".join(f"• {line}" for line in known)))
    blocks.append(elements.context(*_small_print(report)))
    buttons = elements.choice_buttons(report.commands, report.command)
    blocks.append(elements.actions(*buttons, elements.share_button(report.command), block_id="what_if"))
    warning = f" The past is no guide here: {escape(found.warning)}." if found.warning else ""
    return Reply(f"{news(found)} {beside}{warning}", blocks)


def news(found: WhatIf) -> str:
    """The first line, escaped: what it brings a month, and between what eight in ten outcomes lie."""
    figures = found.figures
    what = f"{money(figures.hourly, cents=True)} an hour more for {said(found.offer)}"
    brings = "save" if figures.saving >= 0 else "lose"
    low, high = money(figures.saving_low), money(figures.saving_high)
    lie = f"lie between {low} and {high}" if low != high else f"bring {low}"
    return f"{what} would {brings} {money(abs(figures.saving))} a month; eight in ten outcomes {lie}."


def said(offer: Offer) -> str:
    """What is bought, escaped: `a Compute Savings Plan (1 year, No Upfront)`."""
    where = " in ".join(filter(None, (offer.family, offer.region)))
    terms = f"({offer.years} year{'s' if offer.years > 1 else ''}, {offer.payment})"
    if offer.kind == RESERVED:
        platform = f", {offer.platform}" if offer.platform else ""
        return escape(f"{service_label(offer.service)} reservations of {where}{platform} {terms}")
    plan = _KINDS[offer.kind]
    article = "an" if plan[0] in "AEIOU" else "a"
    return escape(" ".join(filter(None, (article, plan, f"of {where}" if where else "", terms))))


def _facts(found: WhatIf) -> list[str]:
    figures = found.figures
    low, high = percent(figures.utilisation_low), percent(figures.utilisation_high)
    band = f" ({low} to {high} in eight of ten)" if low != high else ""
    even = f"month {figures.break_even}" if figures.break_even else "not within the term"
    committed = figures.hourly * HOURS_A_YEAR * found.offer.years
    share = found.offer.upfront_share
    upfront = ", all of it at once" if share == 1 else f", {money(committed * share)} of it at once" if share else ""
    return [
        f"*Used over the term*\n{percent(figures.utilisation)}{band}",
        f"*Chance of less than 95 % used*\n{percent(figures.chance_low)}",
        f"*Worst month, 1 outcome in 20*\n{money(figures.worst_month, signed=True)}",
        f"*Chance of a loss over the term*\n{percent(figures.chance_loss)}",
        f"*Break-even*\n{even}",
        f"*Committed in all*\n{money(committed)}{upfront}",
    ]


def _beside(found: WhatIf) -> str:
    """AWS's amount and ours, and what this one is beside AWS's."""
    aws, ours = _amount(found.aws), _amount(found.ours)
    beyond = found.figures.beyond_aws
    odds = ", with at most one chance in ten of less than 95 % used" if found.ours >= LEAST else ""
    compared = ""
    if found.aws > 0 and abs(found.aws / found.figures.hourly - 1) > _SAME:
        moves = "more" if beyond > 0 else "less"
        compared = f" Yours is expected to save {money(abs(beyond))} a month {moves} than AWS's."
    return (
        f"By AWS's method, the best of the last 30 days as if they came again, it would be {aws}. Of this offer alone "
        f"costbot would commit {ours}{odds}.{compared}"
    )


def _amount(hourly: float) -> str:
    return f"{money(hourly, cents=True)} an hour" if hourly >= LEAST else "nothing"


def duration_chart(found: WhatIf) -> Chart:
    """The load duration curve: in what share of the hours the load is at least so high, with the two lines."""
    curve = found.curve
    shares = (np.arange(CHART_POINTS) + 1) / CHART_POINTS
    at = np.searchsorted(curve.shares, shares - 1e-9).clip(0, len(curve.shares) - 1)
    lines = [
        Series("Load", tuple(float(value) for value in curve.dollars[at])),
        Series("With this", (curve.new,) * CHART_POINTS),
    ]
    if curve.old > 0:
        lines.insert(1, Series("Owned, as used", (curve.old,) * CHART_POINTS))
    return Chart(
        "Load by share of hours, last 30 days",
        tuple(f"{share * 100:.0f} % of hours" for share in shares),
        tuple(lines),
        "USD an hour at the plan's rates" if found.offer.kind != RESERVED else "USD an hour at reserved rates",
    )


def _hours(curve: LoadDuration) -> str:
    load, least = float(curve.dollars[0]), float(curve.dollars[-1])
    low, high = money(least, cents=True), money(load, cents=True)
    lay = f"lay between {low} and {high}" if low != high else f"was {low}"
    stands = f", {money(curve.old, cents=True)} of it owned and used today" if curve.old > 0 else ""
    return (
        f"In {percent(curve.hours_used)} of the last 30 days' hours the load reached the new line "
        f"({money(curve.new, cents=True)} an hour{stands}). It {lay} an hour at the rates of this "
        "offer. Load above the line stays on demand; what the line has above the load is lost."
    )


def _known_ahead(report: WhatIfReport) -> list[str]:
    lines = []
    if report.ends:
        told = [
            f"{escape(elements.name(name))} on {_day(day, report.today)} ({money(dollars, cents=True)} an hour)"
            for name, day, dollars in report.ends[:MAX_NAMED]
        ]
        more = f" and {len(report.ends) - MAX_NAMED} more" if len(report.ends) > MAX_NAMED else ""
        lines.append(
            f"What ends within the term runs on demand from then on, and is counted: {', '.join(told)}{more}. "
            "`--renewed` counts it as bought again."
        )
    if report.renewed:
        lines.append("Whatever ends within the term is counted as bought again.")
    if report.placed:
        largest = sorted(report.placed, key=lambda pair: -pair[1])
        named = ", ".join(escape(elements.name(name, 100)) for name, _ in largest[:MAX_NAMED])
        more = f" and {len(largest) - MAX_NAMED} more" if len(largest) > MAX_NAMED else ""
        lines.append(
            f"Taken off first, decided or not: {named}{more}, {money(sum(usd for _, usd in largest), cents=True)} an "
            "hour. A saving that is dismissed (`/cost savings`) is bought for again."
        )
    return lines


def _small_print(report: WhatIfReport) -> list[str]:
    ignored = [
        "other purchases at the same time",
        "accounts that do not share commitments",
        "negotiated discounts (loads and rates are list prices)",
        "savings that were carried out within the last four weeks",
    ]
    if report.unplaced:
        named = ", ".join(escape(elements.name(name)) for name in report.unplaced[:MAX_NAMED])
        ignored.append(f"what falls on no usage on demand that could be told apart: {named}")
    if report.queued:
        ignored.append("what is bought and has not begun: " + ", ".join(map(escape, report.queued[:MAX_NAMED])))
    told = escape(report.look_back)
    whose = "AWS's own look-back" if told else "the billing export's own columns"
    lines = [
        f"Hours of {elements.days(report.first_day, report.last_day)} that run on demand after what is owned, by "
        f"{whose}. The odds are counted in 200 scenarios of the term: growth and decline, a part that leaves, levels "
        "that wander.",
        f"It ignores {'; '.join(ignored)}.",
    ]
    if told:
        lines.append(told)
    if report.cut_by:
        lines.append(f"Earlier hours are left out: {escape(report.cut_by)} began then.")
    if not report.is_owned_known:
        lines.append("What is owned was not read yet (`costbot scan`): what the bill's newest day has of it counts.")
    if report.problem:
        lines.append(f"Some rates are older or missing: {escape(report.problem)}")
    lines.append("costbot buys nothing.")
    return lines


def _day(value: date, today: date) -> str:
    return elements.day(value) if value.year == today.year else f"{elements.day(value)}, {value.year}"
