"""What is muted, and what it has cost since: quiet is not free."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.lifecycle import ANOMALY
from bot.blocks import elements
from bot.blocks.elements import name
from bot.blocks.report import Section
from bot.delivery.muted import MutedCost, muted_since
from bot.reports.given import Given

MOST = 4


def muted_section(given: Given) -> Section | None:
    """The mutes that hold, dearest first; none where nothing is muted, and of a team, as mutes know none."""
    if given.scope.team:
        return None
    account = given.scope.account
    found = [one for one in muted_since(given.context) if not account or account in one.mute.accounts]
    if not found:
        return None
    anomalies = [one for one in found if one.mute.kind == ANOMALY]
    savings = [one for one in found if one.mute.kind != ANOMALY]
    parts = [
        f"{_money(anomalies, signed=True)} against expectation" if anomalies else "",
        f"{_money(savings)} that could have been saved" if savings else "",
    ]
    many = "1 pattern is" if len(found) == 1 else f"{len(found)} patterns are"
    more = (f"and {len(found) - MOST} more",) if len(found) > MOST else ()
    return Section(
        key="muted",
        title="What was muted has cost",
        lines=(f"{many} muted: {' and '.join(filter(None, parts))} since then.",),
        points=(*map(_point, found[:MOST]), *more),
        notes=("Counted from the day of each mute; what is muted is recorded as ever and in all figures above.",),
    )


def _money(found: Sequence[MutedCost], *, signed: bool = False) -> str:
    currencies = {one.currency for one in found}
    amount = math.fsum(one.dollars for one in found) if len(currencies) == 1 else math.nan
    return elements.money(amount, next(iter(currencies)), signed=signed)


def _point(one: MutedCost) -> str:
    mute = one.mute
    signed = mute.kind == ANOMALY
    cost = elements.money(one.dollars, one.currency, signed=signed) if one.findings else "nothing happened"
    times = f" in {one.findings} finding{'s' if one.findings > 1 else ''}" if one.findings else ""
    span = f"since {elements.day(mute.at.date())}, until {elements.day(mute.end.date())}"
    return f"{name(mute.label, 80)}, {span}: {cost}{times} ({name(mute.reason)})"
