"""What of a data directory belongs into a backup, and what the file says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.data_lock import LOCK
from bot.errors import CostbotError

FORMAT = 1
MANIFEST = "costbot-backup.json"
#: Made while something runs, or by a restore; of no use to anybody else.
ASIDE, STAGED, JOURNAL = "before-restore-", ".restore-new", ".restore-journal"
_PASSING_FOLDERS = ("tmp", "scan-", ASIDE, STAGED)
_PASSING_FILES = (".tmp", ".log", ".jsonl", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a backup: its path in the data directory, with `/`, its bytes and their SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, by which costbot it was made and when (UTC, ISO 8601)."""

    version: str
    made_at: str
    entries: tuple[Entry, ...]

    def as_json(self) -> bytes:
        """As it lies in the file."""
        entries = [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in self.entries]
        told = {"format": FORMAT, "version": self.version, "made_at": self.made_at, "entries": entries}
        return (json.dumps(told, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read one.

        Raises:
            CostbotError: it is of a newer costbot, or names a file outside the data directory.
            ValueError, KeyError, TypeError: it is none.
        """
        told = json.loads(text)
        if int(told["format"]) > FORMAT:
            raise CostbotError(
                f"It is a backup of a newer kind ({told['format']}).", f"Restore it with costbot {told['version']}."
            )
        entries = tuple(Entry(str(one["path"]), int(one["size"]), str(one["sha256"])) for one in told["entries"])
        for one in entries:
            if not is_inside(one.path):
                raise CostbotError(f"It names {one.path!r}, which is no file of a data directory.", "Do not use it.")
        return cls(str(told["version"]), str(told["made_at"]), entries)


def is_inside(path: str) -> bool:
    """Whether a path of a backup stays in the data directory."""
    pure = PurePosixPath(path)
    return bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path


def kept_files(data_dir: Path, database: str) -> Iterator[Path]:
    """Files that belong into a backup, without the database, in a fixed order."""
    for path in sorted(data_dir.rglob("*")):
        first, name = path.relative_to(data_dir).parts[0], path.name
        passes = first.startswith(_PASSING_FOLDERS) or name.endswith(_PASSING_FILES) or name.startswith(".")
        if path.is_file() and not path.is_symlink() and not passes and name not in (database, LOCK):
            yield path
