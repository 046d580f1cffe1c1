"""Trigger ids: the right to open one modal, for three seconds after a person did something."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.slack.refusal import Refusal

LIFETIME_SECONDS = 3.0
REMEMBERED = 500


@dataclass(slots=True)
class _Trigger:
    user_id: str
    born: float
    used: bool = False


class Triggers:
    """Hands out and takes back trigger ids; `unix` is the clock, in seconds."""

    def __init__(self, unix: Callable[[], float]) -> None:
        self._unix = unix
        self._triggers: dict[str, _Trigger] = {}

    def new(self, user_id: str) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = _Trigger(user_id, self._unix())
        while len(self._triggers) > REMEMBERED:
            del self._triggers[next(iter(self._triggers))]
        return trigger_id

    def take(self, trigger_id: object) -> str:
        """Use a trigger id up; returns the person it belongs to.

        Raises:
            Refusal: it is unknown, used before, or older than three seconds.
        """
        trigger = self._triggers.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._unix() - trigger.born > LIFETIME_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger.user_id

    def expire(self) -> None:
        """Let every trigger id handed out so far be too old."""
        for trigger in self._triggers.values():
            trigger.born -= LIFETIME_SECONDS + 1
