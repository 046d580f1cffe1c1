"""costbot watches itself: what is wrong with it, told in sentences with the next step."""

from __future__ import annotations

from bot.context import Context
from bot.watch.facts import gather
from bot.watch.judge import judge
from bot.watch.verdict import Severity, Verdict

__all__ = ["Severity", "Verdict", "verdicts"]


def verdicts(context: Context) -> list[Verdict]:
    """What is wrong with costbot itself, the worst first; from what is stored, neither Slack nor AWS is asked."""
    return judge(gather(context))
