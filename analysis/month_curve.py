"""The month so far as a curve: what all its days cost up to each, beside the month before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate
from math import ceil

from analysis.models import Chart, Series

#: Points of a chart that Slack draws.
MAX_POINTS = 20
#: Fewer days are no curve.
LEAST_DAYS = 2


def month_curve(total: Mapping[date, float], day: date, currency: str) -> Chart | None:
    """Cost from the first of the month up to each day; the last point is that of `day`.

    A sum over days of which one is missing is too small: there is then no curve, and of the month before none beside
    it. A month before that is shorter stays at its end.

    Args:
        total: cost by day, of known days only.
        day: the last complete one.
    """
    days = [day.replace(day=number) for number in range(1, day.day + 1)]
    if len(days) < LEAST_DAYS or any(at not in total for at in days):
        return None
    step = ceil(len(days) / MAX_POINTS)
    shown = [at for at in range(len(days)) if (len(days) - 1 - at) % step == 0]
    now = list(accumulate(total[at] for at in days))
    series = [Series(f"{day:%B}", tuple(now[at] for at in shown))]
    last = days[0] - timedelta(days=1)
    before = [last.replace(day=min(at.day, last.day)) for at in days]
    if all(at in total for at in before):
        its_days = list(dict.fromkeys(before))
        sums = dict(zip(its_days, accumulate(total[at] for at in its_days), strict=True))
        series.append(Series(f"{last:%B}", tuple(sums[before[at]] for at in shown)))
    return Chart(
        title=f"Cost so far in {day:%B}",
        labels=tuple(f"{days[at]:%b} {days[at].day}" for at in shown),
        series=tuple(series),
        unit=currency,
    )
