"""Can the owners file be read as it is now, and is there somebody for what has no owner?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor import Finding, Status
from bot.owners.mapping import owners_file
from bot.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """The owners file, where one is named, and the default owner."""
    if settings.owners_file is not None:
        file = owners_file(settings)
        if file.problem:
            yield Finding("owners file", Status.FAILURE, file.problem.cause, file.problem.remedy)
            return
        count = ", ".join(f"{len(listed)} by {kind}" for kind, listed in file.owners.items())
        yield Finding("owners file", Status.OK, f"{settings.owners_file.name} can be used; owners: {count}.")
    if settings.default_owner is None and settings.escalation_contact is None and settings.escalate_after_hours:
        yield Finding(
            "escalation",
            Status.WARNING,
            "What has no owner is escalated to nobody.",
            "Set COSTBOT_ESCALATION_CONTACT or COSTBOT_DEFAULT_OWNER to a member id (U…) or user group id (S…).",
        )
