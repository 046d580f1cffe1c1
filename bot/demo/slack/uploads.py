"""Files: an upload address, the bytes, then the completion that may share them in a channel."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import dataclass
from typing import Any

from bot.demo.slack.refusal import Refusal

MAX_BYTES = 32 * 2**20
KEPT = 300


@dataclass(slots=True)
class Upload:
    """One file; `data` is None until its bytes arrived, `complete` once completeUploadExternal was called."""

    id: str
    name: str
    length: int
    title: str = ""
    data: bytes | None = None
    complete: bool = False

    @property
    def mimetype(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def path(self) -> str:
        """Where the page finds the bytes."""
        return f"/files/{self.id}/{self.name}"

    def as_slack(self, base_url: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2].lower(),
            "size": self.length,
            "url": self.path,
            "url_private": f"{base_url}{self.path}",
            "permalink": f"{base_url}{self.path}",
        }


class Uploads:
    """All files by id, the oldest forgotten first."""

    def __init__(self) -> None:
        self._files: dict[str, Upload] = {}

    def expect(self, name: str, length: int) -> Upload:
        """Make room for a file of `length` bytes.

        Raises:
            Refusal: no name, or a length out of bounds.
        """
        if not name or not 0 < length <= MAX_BYTES:
            problem = f"[ERROR] filename and a length of 1 to {MAX_BYTES} are needed"
            raise Refusal("invalid_arguments", response_metadata={"messages": [problem]})
        upload = Upload("F0" + secrets.token_hex(4).upper(), name.replace("/", "_"), length)
        self._files[upload.id] = upload
        while len(self._files) > KEPT:
            del self._files[next(iter(self._files))]
        return upload

    def find(self, file_id: object) -> Upload | None:
        return self._files.get(file_id) if isinstance(file_id, str) else None

    def usable(self, file_id: object) -> bool:
        """Whether a message may show this file."""
        upload = self.find(file_id)
        return upload is not None and upload.complete
