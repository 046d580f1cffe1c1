"""Live updates: what changed in the workspace goes to every open page of the people who may see it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

KEEP_ALIVE_SECONDS = 15.0
QUEUE_LENGTH = 2000


class FanOut:
    """Server-sent events, one queue for each open page. A page that reads too slowly is cut off and reloads."""

    def __init__(self) -> None:
        self._pages: dict[asyncio.Queue[str | None], str] = {}

    def publish(self, event: dict[str, Any], to: Callable[[str], bool] = lambda user: True) -> None:
        """Send `event` to the pages of the people `to` accepts."""
        line = json.dumps(event, ensure_ascii=False)
        for queue, user in list(self._pages.items()):
            if not to(user):
                continue
            try:
                queue.put_nowait(line)
            except asyncio.QueueFull:
                del self._pages[queue]

    def tell(self, user_id: str, event: dict[str, Any]) -> None:
        """Send `event` to the pages of one person."""
        self.publish(event, lambda user: user == user_id)

    async def stream(self, user_id: str) -> AsyncIterator[str]:
        """The event stream of one page, in the format of `text/event-stream`, until the workspace stops."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE_LENGTH)
        self._pages[queue] = user_id
        try:
            yield ": hello\n\n"
            while queue in self._pages:
                try:
                    line = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if line is None:
                    return
                yield f"data: {line}\n\n"
        finally:
            self._pages.pop(queue, None)

    def close(self) -> None:
        """End all streams."""
        for queue in list(self._pages):
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
