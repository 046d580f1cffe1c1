"""How long ago something was, and how soon it will be, in a few words."""

from __future__ import annotations

from datetime import datetime, timedelta


def ago(then: datetime, now: datetime) -> str:
    """`just now`, `12 min ago`, `3 h ago`, `4 days ago`."""
    passed = now - then
    return "just now" if passed < timedelta(minutes=1) else f"{span(passed)} ago"


def ahead(then: datetime, now: datetime) -> str:
    """`now`, `in 12 min`, `in 3 h`, `in 4 days`."""
    left = then - now
    return "now" if left < timedelta(minutes=1) else f"in {span(left)}"


def span(length: timedelta) -> str:
    """`12 min`, `3 h`, `4 days`; whole ones, rounded down."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24:,} days"
