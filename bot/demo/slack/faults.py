"""Faults on demand: what Slack does on its bad days, switched on by tests through `POST /page/faults`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FAULTS = {
    "archive": "archive `channel`",
    "clear": "forget all faults that wait, and give token and scopes back",
    "disconnect": "ask every socket to reconnect, for `reason` (refresh_requested)",
    "drop": "cut every socket without a word",
    "duplicate_next": "deliver the next `times` (1) payloads twice, the second marked as a retry",
    "error_next": "answer the next `times` (1) calls of `method` with `error`",
    "expire_triggers": "every trigger id handed out so far is too old",
    "kick": "remove the bot from `channel`",
    "native_charts": "`enabled` false: data_visualization is an invalid block",
    "rate_limit_next": "answer the next `times` (1) calls of `method` with 429, Retry-After `retry_after` (1) seconds",
    "remove_scope": "take `scope` from the bot's token",
    "revoke_token": "every call answers token_revoked",
    "server_error_next": "answer the next `times` (1) calls of `method` with `status` (500); `html`: a page, no JSON",
    "slow_ack": "the acks of the next `times` (1) payloads take `seconds` (4) longer",
    "slow_answer": "the answers of the next `times` (1) calls of `method` take `seconds` (1) longer",
    "unarchive": "open `channel` again",
}


@dataclass(slots=True)
class _Waiting:
    """A fault that strikes the next `times` matching calls; without a `method`, any call."""

    fault: str
    options: dict[str, Any]
    times: int


@dataclass(slots=True)
class Faults:
    """The faults that wait for their call, and those that stay until cleared.

    Attributes:
        rolled_out: whether this workspace has native charts when no fault says otherwise.
    """

    rolled_out: bool = True
    token_revoked: bool = False
    removed_scopes: set[str] = field(default_factory=set)
    native_charts: bool = field(init=False)
    _waiting: list[_Waiting] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.native_charts = self.rolled_out

    def await_call(self, fault: str, options: dict[str, Any]) -> None:
        """Arm a fault for the next `times` calls."""
        self._waiting.append(_Waiting(fault, options, int(options.get("times", 1))))

    def take(self, fault: str, method: str | None = None) -> dict[str, Any] | None:
        """The options of a waiting fault that strikes this call, used up once; None when none does."""
        for waiting in self._waiting:
            if waiting.fault != fault or waiting.options.get("method", method) != method:
                continue
            waiting.times -= 1
            if waiting.times <= 0:
                self._waiting.remove(waiting)
            return waiting.options
        return None

    def clear(self) -> None:
        self._waiting.clear()
        self.token_revoked = False
        self.removed_scopes.clear()
        self.native_charts = self.rolled_out
