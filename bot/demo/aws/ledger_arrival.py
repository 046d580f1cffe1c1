"""How late charges reach the bill: a day is complete only about a day after its end, some services later still.

The share that has arrived depends only on (service, day, now), so a later `now` restates a day, always towards the same
final amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np

from bot.demo.aws.ledger_catalogue import (
    CLOUDFRONT,
    CLOUDTRAIL,
    CONFIG,
    DYNAMODB,
    ECS,
    GLUE,
    GUARDDUTY,
    LAMBDA,
    REDSHIFT,
)
from bot.demo.aws.ledger_noise import Days, Floats, keys, uniform

#: Services billed a day late: on the next morning at ten, 35 to 80 per cent of their day is in.
LATE_SERVICES = frozenset({CLOUDFRONT, CLOUDTRAIL, CONFIG, DYNAMODB, ECS, GLUE, GUARDDUTY, LAMBDA, REDSHIFT})

_TEN_NEXT_MORNING = 34.0
#: Hours after the start of a day until every service has reported all of it; before, the day is estimated.
OPEN_HOURS = 50.0
#: Hours after which a day is never restated again (nine days), and the most that is still missing before.
SETTLED_HOURS = 216.0
LATE_CORRECTIONS = 0.012


def reported(seed: int, services: Sequence[str], days: Days, now: datetime) -> Floats:
    """Share of each service's day that has been reported at `now`: a row per service, a column per day."""
    share: Floats = np.clip((hours_since(days, now)[None, :] - _lags(seed, services)) / 24.0, 0.0, 1.0)
    return share


def corrected(seed: int, services: Sequence[str], days: Days, now: datetime) -> Floats:
    """What late corrections leave of a reported day at `now`, in the same shape: a little under 1, later 1."""
    age = hours_since(days, now)[None, :]
    corrections = LATE_CORRECTIONS * uniform(keys(seed, [f"corrections {name}" for name in services]), days)
    still_open = np.clip((SETTLED_HOURS - age) / (SETTLED_HOURS - _TEN_NEXT_MORNING), 0.0, 1.0)
    left: Floats = 1.0 - corrections * still_open
    return left


def hours_since(days: Days, now: datetime) -> Floats:
    """Hours from the start of each day to `now`."""
    now = now.astimezone(UTC)
    midnight = datetime.combine(now.date(), datetime.min.time(), UTC)
    days_later = np.asarray(now.date().toordinal() - days, dtype=np.float64)
    return days_later * 24.0 + (now - midnight).total_seconds() / 3600.0


def is_open(day: date, now: datetime) -> bool:
    """Whether the day is still estimated: some service may not have reported all of it."""
    return bool(hours_since(np.array([day.toordinal()]), now)[0] < OPEN_HOURS)


def _lags(seed: int, services: Sequence[str]) -> Floats:
    """Hours between use and bill, a row per service."""
    draw = uniform(keys(seed, [f"lag {name}" for name in services]), np.zeros(1, dtype=np.int64))
    late = np.array([[name in LATE_SERVICES] for name in services])
    share_next_morning = 0.38 + 0.40 * draw
    return np.where(late, _TEN_NEXT_MORNING - 24.0 * share_next_morning, 4.0 + 5.0 * draw)
