"""Errors meant for a person, and the one place that turns every other error into a sentence."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.logs.correlation import correlation_id, fresh_id

log = logging.getLogger("costbot")


class CostbotError(Exception):
    """Something a person can act on.

    Args:
        cause: one sentence: what is wrong, with the value that is wrong.
        remedy: one sentence: the next step.
    """

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(f"{cause} {remedy}".strip())
        self.cause = cause
        self.remedy = remedy


class UsageError(CostbotError):
    """A command was typed in a way costbot cannot read; the remedy shows a way it can."""


class SettingsError(CostbotError):
    """The settings are incomplete or contradict each other; costbot does not start."""


class SourceUnavailable(CostbotError):
    """A data source (an account, a region, an API) gave no answer; others may still have."""


class NotEnoughData(CostbotError):
    """The question is right, but what is stored cannot answer it yet."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a person is told about an error; `correlation_id` finds it in the log."""

    sentence: str
    correlation_id: str

    def __str__(self) -> str:
        return f"{self.sentence} (reference {self.correlation_id})"


LOOK_IN_THE_LOG = "Try again, and if it stays, look for the reference in costbot's log."


def report(error: Exception, doing: str, remedy: str = LOOK_IN_THE_LOG) -> Report:
    """Log `error` under the id of what this thread is doing, or a fresh one, and say it in one sentence.

    Args:
        error: what was raised.
        doing: what costbot was doing, as "answering /cost trend".
        remedy: the next step when the error is none of ours.
    """
    id_ = correlation_id() or fresh_id()
    if isinstance(error, CostbotError):
        log.warning("%s: %s [%s]", doing, error, id_, extra={"correlation_id": id_})
        return Report(str(error), id_)
    log.error("%s failed [%s]", doing, id_, exc_info=error, extra={"correlation_id": id_})
    return Report(f"Something unexpected stopped {doing}; nothing was lost. {remedy}", id_)
