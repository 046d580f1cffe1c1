"""Which incidents of a new scan are the ones that were told before: a bill is restated, and days move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from analysis.anomalies.life_cycle import QUIET_DAYS
from analysis.models import Anomaly


def is_same_incident(told: Anomaly, found: Anomaly) -> bool:
    """Whether both are of one direction, share a service and an account, and no more ordinary days lie between than
    within one."""
    same = told.direction == found.direction and not set(told.services).isdisjoint(found.services)
    same = same and bool({told.account_id, *told.also_in} & {found.account_id, *found.also_in})
    gap = timedelta(days=QUIET_DAYS)
    return same and found.first_day <= told.last_day + gap and told.first_day <= found.last_day + gap


def matched(told: Mapping[str, Anomaly], found: Sequence[Anomaly]) -> dict[int, str]:
    """Which of `told` each of `found` is: each at most once, those of one service and account and that began closest
    together first.

    Args:
        told: by id. found: in any order.
    Returns:
        ids by position in `found`; what is new is not in it.
    """
    pairs = sorted(
        (_is_elsewhere(was, one), abs((one.first_day - was.first_day).days), position, finding_id)
        for position, one in enumerate(found)
        for finding_id, was in told.items()
        if is_same_incident(was, one)
    )
    result: dict[int, str] = {}
    for *_, position, finding_id in pairs:
        if position not in result and finding_id not in result.values():
            result[position] = finding_id
    return result


def _is_elsewhere(told: Anomaly, found: Anomaly) -> tuple[bool, bool]:
    return told.service != found.service, told.account_id != found.account_id
