"""Which incidents of a new scan are the ones that were told before: a bill is restated, and days move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from analysis.anomalies.life_cycle import QUIET_DAYS
from analysis.models import Anomaly


def is_same_incident(told: Anomaly, found: Anomaly) -> bool:
    """Whether both are of one service, account and direction, and no more ordinary days lie between than within one."""
    same = (told.service, told.account_id, told.direction) == (found.service, found.account_id, found.direction)
    gap = timedelta(days=QUIET_DAYS)
    return same and found.first_day <= told.last_day + gap and told.first_day <= found.last_day + gap


def matched(told: Mapping[str, Anomaly], found: Sequence[Anomaly]) -> dict[int, str]:
    """Which of `told` each of `found` is: each at most once, those that began closest together first.

    Args:
        told: by id. found: in any order.
    Returns:
        ids by position in `found`; what is new is not in it.
    """
    pairs = sorted(
        (abs((one.first_day - was.first_day).days), position, finding_id)
        for position, one in enumerate(found)
        for finding_id, was in told.items()
        if is_same_incident(was, one)
    )
    result: dict[int, str] = {}
    for _, position, finding_id in pairs:
        if position not in result and finding_id not in result.values():
            result[position] = finding_id
    return result
