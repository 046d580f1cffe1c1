"""Why a saving no longer holds, in words that also tell whether what it proposed was done."""

from __future__ import annotations

from analysis.models import Action, Recommendation


def changed_to(instance_type: str) -> str:
    """Why a saving no longer holds where its instance was resized."""
    return f"It is {instance_type} now."


def gone(value: Recommendation) -> str:
    """Why a saving no longer holds where its resource is not there any more."""
    return f"The {value.resource_type} is gone."


def was_carried_out(value: Recommendation, reason: str | None) -> bool:
    """Whether a saving was resolved because what it proposed is done: the proposed type, or a deletion."""
    deleted = value.action is Action.DELETE and reason == gone(value)
    return deleted or reason == changed_to(value.proposed)
