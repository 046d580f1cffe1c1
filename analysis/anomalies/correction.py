"""What a bill changed on days that had been told: found by holding what was told against what is stored now."""

from __future__ import annotations

from datetime import date

from analysis.models import Anomaly, Correction

#: Share of what was told below which a change is routine: it moves the figures and is not spoken of.
LEAST_SHARE = 0.0025
#: A change of less than a cent is rounding.
CENT = 0.01


def correction(told: Anomaly, now: Anomaly, noted: date) -> Correction | None:
    """The restatement of days that were complete when they were told; an earlier one where none is new.

    Args:
        told: as it stands on the card. now: the same incident as it is stored.
        noted: today.
    """
    if told.currency != now.currency or told.cost_view != now.cost_view:
        return None
    known = {one.day: one.cost for one in now.daily}
    whole = [one for one in told.daily if told.first_day <= one.day <= min(told.last_day, told.data_until)]
    both = [(one.day, one.cost, known[one.day]) for one in whole if one.day in known]
    changed = [(day, was, is_now) for day, was, is_now in both if abs(is_now - was) >= CENT]
    before, after = sum(was for _, was, _ in changed), sum(is_now for _, _, is_now in changed)
    least = max(CENT, LEAST_SHARE * abs(sum(was for _, was, _ in both)))
    if not changed or abs(after - before) < least:
        return told.corrected
    return Correction(changed[0][0], changed[-1][0], before, after, noted)
