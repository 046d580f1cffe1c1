"""The exports' files on disk, each month written when it is first asked for and again when its charges have changed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from threading import RLock

import numpy as np

from bot.demo.aws.export_charges import MEASURES, Charges
from bot.demo.aws.export_kinds import KINDS
from bot.demo.aws.export_writer import Writer, is_invoiced
from bot.demo.aws.exports import data_keys
from bot.demo.aws.ledger import Ledger, Statement


@dataclass(frozen=True, slots=True)
class Delivery:
    """A month of an export as it was last written.

    Attributes:
        digest: of what the rows were made from; the same gives the same bytes.
        written: time of the bill it shows.
    """

    digest: str
    written: datetime
    files: tuple[Path, ...]


class ExportStore:
    """All deliveries of all exports.

    Args:
        now: tells the time of the stand-in's clock.
        newest: how many months there are, as of an export that was made later than the account; None for all.
    """

    def __init__(self, ledger: Ledger, now: Callable[[], datetime], newest: int | None = None) -> None:
        self._ledger = ledger
        self._now = now
        self._newest = newest
        self._folder: Path | None = None
        self._deliveries: dict[tuple[str, date], Delivery] = {}
        self._outdated: dict[tuple[str, date], Delivery] = {}
        self._bill: _Bill | None = None
        self._lock = RLock()

    def months(self) -> list[date]:
        """The first day of each month that has charges by now."""
        with self._lock:
            return self._current().charges.months()[-(self._newest or 0) :]

    def delivery(self, kind: str, month: date) -> Delivery:
        """The month as it is known now; writing one takes about half a second."""
        with self._lock:
            bill = self._current()
            digest = bill.digest(month)
            present = self._deliveries.get((kind, month))
            if present is not None and present.digest == digest:
                return present
            delivery = Delivery(digest, bill.statement.now, self._paths(kind, month, digest))
            bill.writer(kind).write(month, delivery.files)
            self._replace(kind, month, delivery)
            return delivery

    def remove(self) -> None:
        """Deletes all files."""
        with self._lock:
            self._deliveries.clear()
            self._outdated.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _current(self) -> _Bill:
        statement = self._ledger.at(self._now())
        if self._bill is None or self._bill.statement is not statement:
            self._bill = _Bill(statement)
        return self._bill

    def _paths(self, kind: str, month: date, digest: str) -> tuple[Path, ...]:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="costbot-exports-"))
        files = tuple(self._folder / digest / key for key in data_keys(kind, month))
        files[0].parent.mkdir(parents=True, exist_ok=True)
        return files

    def _replace(self, kind: str, month: date, delivery: Delivery) -> None:
        """A query may still read the delivery before; the one before that goes."""
        before = self._deliveries.get((kind, month))
        oldest = self._outdated.pop((kind, month), None)
        self._deliveries[kind, month] = delivery
        if before is not None:
            self._outdated[kind, month] = before
        for file in oldest.files if oldest else ():
            file.unlink(missing_ok=True)


class _Bill:
    """One statement with what is made from it only once."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.charges = Charges(statement)
        self._digests: dict[date, str] = {}
        self._writers: dict[str, Writer] = {}

    def writer(self, kind: str) -> Writer:
        if kind not in self._writers:
            self._writers[kind] = Writer(self.charges, KINDS[kind])
        return self._writers[kind]

    def digest(self, month: date) -> str:
        if month not in self._digests:
            columns = self.charges.columns(month)
            hashed = blake2b(f"{month} {is_invoiced(month, self.statement.now)}".encode(), digest_size=16)
            for metric in MEASURES.values():
                hashed.update(np.ascontiguousarray(self.statement.values[metric][:, columns]).tobytes())
            hashed.update(np.ascontiguousarray(self.statement.shares[:, columns]).tobytes())
            self._digests[month] = hashed.hexdigest()
        return self._digests[month]
