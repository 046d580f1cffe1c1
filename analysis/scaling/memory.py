"""Memory of a group's instances, where the CloudWatch agent publishes it: CPU alone says nothing about it."""

from __future__ import annotations

from pandas import DataFrame, Series

from analysis.daily_metrics import over_days
from analysis.models import Risk
from analysis.verdicts import Because

MEMORY = "mem_used_percent"
#: Fewer instances are not proposed where they might use more of their memory than this.
_MOST_PERCENT = 90.0


def memory_percent(groups: DataFrame, metrics: DataFrame) -> Series[float]:
    """The most memory that any instance of each group used on any day; missing where nothing measures it."""
    return over_days(groups, metrics, MEMORY, "Maximum", "max")


def too_full(memory: Series[float], times_fewer: Series[float]) -> Because:
    """The groups whose memory might not hold so many times fewer instances, if all of it goes with the load."""
    used = memory.round().astype("Int64").astype("str")
    return memory.mul(times_fewer).gt(_MOST_PERCENT), "Its instances use up to " + used + " % of their memory."


def memory_words(memory: Series[float]) -> Series[str]:
    """A sentence for the card."""
    used = "Memory is at most " + memory.round().astype("Int64").astype("str") + " % used now."
    unknown = "Nothing measures its memory: let the CloudWatch agent publish mem_used_percent before you decide."
    return used.where(memory.notna(), unknown)


def memory_risk(memory: Series[float]) -> Series[str]:
    """High where memory is not known."""
    return memory.notna().map({True: Risk.MEDIUM.value, False: Risk.HIGH.value})
