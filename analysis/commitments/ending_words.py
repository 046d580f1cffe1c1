"""What a card says of a commitment that ends soon, whatever its kind."""

from __future__ import annotations

from analysis.checks import Fact, Words

EVIDENCE = (
    Fact("Ends in", "days_left", "days", "AWS"),
    Fact("Commitment", "monthly_cost", "USD a month", "AWS"),
    Fact("Its usage on demand", "monthly_on_demand", "USD a month", "the bill"),
)
REASON = "Ends in {days_left:.0f} days, on {ends_on}: {cliff}"


def ending_words(what_follows: str) -> Words:
    """The words; `what_follows` says how another one is bought for the day after."""
    return Words(
        current="{name}, ends {ends_on}",
        proposed="a decision before that day",
        how="{how}",
        ignores="What else changes until then, and what a new commitment would cost.",
        risk="None to any resource: what runs goes on, at on-demand prices.",
        effect="Whoever pays knows the day and the dollars, and decides what follows.",
        steps="Decide what follows before that day: look at what still runs under it, then "
        + what_follows
        + " costbot buys nothing.",
    )
