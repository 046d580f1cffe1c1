"""When the past is no guide: what blocks a proposal to buy, with the reason."""

from __future__ import annotations

from analysis.commitments.usage import Floats

#: Days of the look-back, and of its end that must not have fallen below it.
LOOK_BACK_DAYS, RECENT_DAYS = 30, 7
#: Change of the recent days' spend beside the look-back's that blocks.
WORST_TREND = -0.20
#: Below this nothing is said of the days after them.
LEAST_DAYS = 14


def blocked(dollars: Floats, *, look_back_days: int = LOOK_BACK_DAYS, worst_trend: float = WORST_TREND) -> str:
    """Why nothing should be bought on this look-back; "" where nothing speaks against it.

    Args:
        dollars: on-demand dollars of what would be covered, an hour each, (hours,); ends with the last complete hour.
    """
    days = len(dollars) // 24
    if days < LEAST_DAYS:
        return f"{days} days of hourly usage are known; a proposal needs {LEAST_DAYS}"
    recent = float(dollars[-RECENT_DAYS * 24 :].mean())
    before = float(dollars[-look_back_days * 24 :].mean())
    if recent <= 0:
        return f"nothing was spent on demand in the last {RECENT_DAYS} days"
    trend = recent / before - 1
    if trend <= worst_trend:
        return (
            f"the last {RECENT_DAYS} days cost ${recent:,.2f} an hour, {-100 * trend:.0f} % less than the "
            f"${before:,.2f} of the last {min(look_back_days, days)} days; what has just fallen is not yet what stays"
        )
    return ""
