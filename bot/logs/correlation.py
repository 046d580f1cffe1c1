"""One id for everything that a command, a click or a job does: in each log line, and in the answer when it fails.

A listener has no id: what it hands over begins one, and threads that work for that carry it on.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_current: ContextVar[str | None] = ContextVar("costbot_correlation", default=None)


def fresh_id() -> str:
    """Eight characters, short enough to be read out."""
    return secrets.token_hex(4)


def correlation_id() -> str | None:
    """The id of what this thread is doing; None where nothing has begun."""
    return _current.get()


@contextmanager
def correlated(id_: str | None = None) -> Iterator[str]:
    """Do something under an id: the given one, or a fresh one."""
    chosen = id_ or fresh_id()
    token = _current.set(chosen)
    try:
        yield chosen
    finally:
        _current.reset(token)


def carried(function: Callable[P, R]) -> Callable[P, R]:
    """The function for another thread: under the id of this one, or under a fresh one where there is none.

    Each call of what is returned has that same id.
    """
    chosen = correlation_id() or fresh_id()

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with correlated(chosen):
            return function(*args, **kwargs)

    return run


def run_as(id_: str | None, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function under an id; importable, so that a worker process can be handed it."""
    with correlated(id_):
        return function(*args, **kwargs)
