"""Can the mapping file be read as it is now?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.allocation.mapping_file import allocation_rules
from bot.doctor import Finding, Status
from bot.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """The mapping file, where one is named."""
    if settings.allocation_file is None:
        return
    read = allocation_rules(settings)
    if read.problem:
        yield Finding("mapping file", Status.WARNING, read.problem.cause, read.problem.remedy)
        return
    rules = read.rules
    said = f"{_count(len(rules.accounts), 'account')} with owners, {_count(len(rules.shared), 'shared cost')}"
    yield Finding("mapping file", Status.OK, f"{settings.allocation_file.name} can be used: {said}.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
