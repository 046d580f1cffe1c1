"""Opens costbot's SQLite file, brings it to this version's schema, and says in a sentence why it cannot."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from bot.errors import CostbotError
from bot.migrations import known_steps, migrations

#: Seconds a write waits for another process (a `costbot ask` beside the running bot).
BUSY_SECONDS = 10.0


def open_database(path: Path) -> Database:
    """The file at `path`, created if missing, migrated, in WAL mode.

    Raises:
        CostbotError: it cannot be opened, is damaged, or is of a newer costbot.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CostbotError(
            f"The data directory {path.parent} cannot be created: {error.strerror}.",
            "Point COSTBOT_DATA_DIR at a folder that costbot may write.",
        ) from error
    with sentences(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            return _prepared(connection, path)
        except BaseException:
            connection.close()
            raise


class StoreFile:
    """The open file, which the rooms of the store share: one connection behind one lock."""

    def __init__(self, path: Path) -> None:
        """Open and migrate the file; raises as `open_database`."""
        self.path = path
        self._lock = threading.RLock()
        self._db = open_database(path)

    def close(self) -> None:
        """Close the file; a later call fails."""
        with self._lock:
            self._db.close()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The file, to look something up."""
        with self._lock, sentences(self.path):
            yield self._db

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The file in a transaction of its own: all of it is kept, or nothing."""
        with self._lock, sentences(self.path), transaction(self._db):
            yield self._db


def _prepared(connection: sqlite3.Connection, path: Path) -> Database:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a decision that was confirmed survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)
    db = Database(connection, execute_plugins=False)
    with transaction(db):
        newer = sorted({step.name for step in migrations.applied(db)} - known_steps())
        if newer:
            raise CostbotError(
                f"{path} was written by a newer costbot (its schema has {newer[-1]}).",
                "Install that version again, or start with an empty data directory.",
            )
        migrations.apply(db)
    return db


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """A write transaction that takes its lock at once; sqlite-utils' own `atomic()` would take it too late."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
    db.conn.execute("COMMIT")


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turns SQLite's errors about the file into a sentence with the next step; a wrong statement stays an error."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "no such" in text or "syntax error" in text:
            raise
        raise CostbotError(f"{path} cannot be used: {text}.", _remedy(text)) from error


def _remedy(text: str) -> str:
    if "locked" in text:
        return "Another process holds it; end that one, or wait for its work to finish."
    if "disk is full" in text or "disk I/O" in text:
        return "Make room on its disk and try again; nothing was changed."
    if "readonly" in text or "unable to open" in text:
        return "Give costbot the right to write there, or point COSTBOT_DATA_DIR elsewhere."
    return (
        "The file is damaged: stop costbot, move it away and put your last copy in its place; "
        "without one, costbot starts empty, costs are kept, decisions are lost."
    )
