"""Response URLs: five answers within thirty minutes to something a person did."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.slack.refusal import Refusal

USES = 5
LIFETIME_SECONDS = 30 * 60
REMEMBERED = 1000


@dataclass(slots=True)
class ResponseUrl:
    """Where answers go: a person in a channel, maybe in a thread, maybe in place of the message they acted on."""

    channel: str
    user: str
    message_ts: str | None
    thread_ts: str | None
    born: float
    uses: int = 0


class ResponseUrls:
    """Hands out response URLs and counts their uses; `unix` is the clock, in seconds."""

    def __init__(self, unix: Callable[[], float]) -> None:
        self._unix = unix
        self._urls: dict[str, ResponseUrl] = {}

    def new(self, channel: str, user: str, *, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        """The last part of a new response URL's path."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = ResponseUrl(channel, user, message_ts, thread_ts, self._unix())
        while len(self._urls) > REMEMBERED:
            del self._urls[next(iter(self._urls))]
        return key

    def use(self, key: str) -> ResponseUrl:
        """Count one use.

        Raises:
            Refusal: the address is unknown, older than thirty minutes, or was used five times.
        """
        url = self._urls.get(key)
        if url is None:
            raise Refusal("invalid_url")
        if self._unix() - url.born > LIFETIME_SECONDS:
            raise Refusal("expired_url")
        if url.uses >= USES:
            raise Refusal("used_url")
        url.uses += 1
        return url
