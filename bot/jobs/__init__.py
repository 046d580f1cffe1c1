"""The registry of jobs: one file of this folder is one job, found by importing them all."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.context import Context
    from bot.settings import Settings

Run = Callable[["Context", datetime], None]
Every = Callable[["Settings"], timedelta]


@dataclass(frozen=True, slots=True)
class Job:
    """Something costbot does by itself.

    Args:
        every: the length of its slots; it runs once in each.
        after: the job whose success it follows instead of having slots of its own.
        words: what it does, as people are told of it: "the refresh of costs".
    """

    name: str
    run: Run
    every: Every | None
    after: str | None
    words: str = ""


def job(name: str, *, every: Every | None = None, after: str | None = None, words: str = "") -> Callable[[Run], Job]:
    """Declare a job; exactly one of `every` and `after` is given. Without words its name is shown, spelt out."""
    if (every is None) == (after is None):
        raise ValueError(f"job {name} needs either `every` or `after`")

    def declare(run: Run) -> Job:
        return Job(name, run, every, after, words or f"the job {name.replace('_', ' ')}")

    return declare


@cache
def jobs() -> dict[str, Job]:
    """All jobs by name."""
    found: dict[str, Job] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        found |= {value.name: value for value in vars(loaded).values() if isinstance(value, Job)}
    return found
