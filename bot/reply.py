"""What costbot answers: a sentence and blocks, for one person or for the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `text` reads as a sentence on its own; `blocks` are Block Kit.

    Only the person who asked sees it unless `in_channel`, or a `file` goes with it: that is for the whole channel.
    `error` is set when it says why there is no answer.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    in_channel: bool = False
    error: Exception | None = None
    file: Attachment | None = None
