"""What the past says of the term to come: growth, how sure it is, how far levels wander."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.commitments.usage import Floats
from analysis.theil_sen import slopes

WEEK_H = 168
#: What is believed before any history is seen: growth spreads by this much a year (logarithm), levels of the whole and
#: of a part wander by so much a month, growth of a part spreads by so much around that of the whole. Set so that the
#: stated chance of low utilisation holds on the open futures of `benchmarks.commitments.futures`.
_GROWTH_SPREAD, _WANDER, _OWN_WANDER, _OWN_SPREAD = 0.22, 0.02, 0.03, 0.10
#: Chance that a growth seen so far goes on, how far it is off then, and weeks from which on it is seen at all.
_GOES_ON, _SEEN_SPREAD, _LEAST_WEEKS = 0.5, 0.08, 13
#: Chance a year that one of the larger parts leaves.
LEAVING = 0.12


@dataclass(frozen=True, slots=True)
class Outlook:
    """What scenarios are drawn from; rates are logarithms a year.

    Attributes:
        growth: of the whole as it was seen. goes_on: the chance that it goes on. seen_spread: how far it is off then.
        growth_spread: how far from none growth is where it does not go on; with tails of Student's t.
        own_spread: how far growth of a group spreads around that of the whole.
        wander: of the level of the whole, a month. own_wander: of each group's beside it, (groups,).
        leaving: chance a year that one of the larger parts leaves.
        damping: how fast growth fades, a year; 0 for never.
        freedom: degrees of freedom of the tails.
    """

    growth: float
    goes_on: float
    seen_spread: float
    growth_spread: float
    own_spread: float
    wander: float
    own_wander: Floats
    leaving: float = LEAVING
    damping: float = 0.35
    freedom: float = 8.0


def weekly_means(spend: Floats) -> Floats:
    """Dollars an hour in whole weeks that end with the last hour, (groups, weeks).

    Raises:
        ValueError: less than a week of hours.
    """
    weeks = spend.shape[1] // WEEK_H
    if not weeks:
        raise ValueError(f"{spend.shape[1]} hours of usage are less than a week: too few to look ahead from")
    found: Floats = spend[:, -weeks * WEEK_H :].reshape(len(spend), weeks, WEEK_H).mean(axis=2)
    return found


def outlook(spend: Floats, *, leaving: float = LEAVING) -> Outlook:
    """What hours of the past say, (groups, hours)."""
    means = weekly_means(spend)
    weeks = means.shape[1]
    total = means.sum(axis=0)
    own = np.array([_wander(of_group / np.where(total > 0, total, 1.0), _OWN_WANDER) for of_group in means])
    seen = _growth(total) if weeks >= _LEAST_WEEKS and (total > 0).all() else 0.0
    return Outlook(
        growth=float(np.clip(seen, -0.7, 0.7)),
        goes_on=_GOES_ON,
        seen_spread=_SEEN_SPREAD,
        growth_spread=_GROWTH_SPREAD,
        own_spread=_OWN_SPREAD,
        wander=_wander(total, _WANDER),
        own_wander=own.reshape(len(spend)),
        leaving=leaving,
    )


def _growth(total: Floats) -> float:
    """Growth a year, as the median of all slopes sees it."""
    return float(slopes(np.log(total)[:, None])[0]) * 365 / 7


def _wander(level: Floats, believed: float) -> float:
    """How far a level moves in a month, from months four weeks apart; with few of them mostly what is believed."""
    of_month = level[len(level) % 4 :].reshape(-1, 4).mean(axis=1)
    moves = np.diff(np.log(of_month[of_month > 0]))
    if len(moves) < 3:
        return believed
    spread = 1.4826 * float(np.median(np.abs(moves - np.median(moves))))
    weight = len(moves) / (len(moves) + 4)
    return float(np.sqrt(weight * min(spread, 0.15) ** 2 + (1 - weight) * believed**2))
