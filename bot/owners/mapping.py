"""The owners file of `COSTBOT_OWNERS_FILE`: which tag value, account or service belongs to whom in Slack.

TOML or CSV in, who owns what out; whatever is wrong is one sentence that names the line. The file is read again when
it changes; one that was broken meanwhile stops nothing: what held before holds until it is mended.
"""

from __future__ import annotations

import csv
import io
import threading
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any

from analysis.allocation import folded
from analysis.services import named_service
from bot.blocks.elements import quoted
from bot.errors import CostbotError, SettingsError
from bot.owners.slack_ids import as_email, as_handle, is_slack_id
from bot.owners.toml_lines import line_of
from bot.settings import Settings, setting_name

SETTING = setting_name("owners_file")
COLUMNS = ("kind", "value", "owner")
WHO = "Write a member id (U…), a user group id (S…), an e-mail address, or a group's @handle."


class Kind(StrEnum):
    """What an owner can be named for."""

    TAG = "tag"
    ACCOUNT = "account"
    SERVICE = "service"


#: The tables of a TOML file.
TABLES = {f"{kind.value}s": kind for kind in Kind}


class OwnersFileError(CostbotError):
    """The owners file cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """Who owns what: by kind, the folded value and the owner as it was written; `problem` is of a newer version."""

    owners: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    problem: OwnersFileError | None = None

    def owner(self, kind: Kind, value: str) -> str | None:
        """The owner of a tag value, account or service, as it was written."""
        return self.owners.get(kind, {}).get(_key(kind, value))


def _key(kind: Kind, value: str) -> str:
    """What two spellings of the same have in common."""
    return named_service(value) if kind is Kind.SERVICE else folded(value)


_lock = threading.Lock()
#: The last version of a file that could be read, and what the file looked like when it was last tried.
_good: dict[Path, OwnersFile] = {}
_tried: dict[Path, tuple[tuple[int, int], OwnersFile]] = {}


def owners_file(settings: Settings) -> OwnersFile:
    """The file as it is now; where it is broken, as it was before, with the problem."""
    path = settings.owners_file
    if path is None:
        return OwnersFile()
    with _lock:
        try:
            stat = path.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            tried = _tried.get(path)
            if tried is not None and tried[0] == seen:
                return tried[1]
            found = _good[path] = read(path)
        except (OSError, OwnersFileError) as error:
            before = _good.get(path, OwnersFile())
            found = OwnersFile(before.owners, _problem(error, path))
            if isinstance(error, OSError):
                return found
        _tried[path] = (seen, found)
        return found


def check_owners_file(settings: Settings) -> None:
    """At the start a file that cannot be used stops costbot.

    Raises:
        SettingsError: what is wrong, with the line, and what to write.
    """
    problem = owners_file(settings).problem
    if problem is not None:
        raise SettingsError(problem.cause, problem.remedy)


def read(path: Path) -> OwnersFile:
    """One version of the file.

    Raises:
        OSError: it cannot be read.
        OwnersFileError: the first thing that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise OwnersFileError(f"{path.name} is no UTF-8 text.", "Save it as UTF-8.") from None
    rows = _from_csv(text, path.name) if path.suffix.lower() == ".csv" else _from_toml(text, path.name)
    owners: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for line, kind, value, owner in _readable(rows, path.name):
        where = f"{path.name}, line {line}"
        if not value.strip():
            raise OwnersFileError(f"{where}: the {kind} is empty.", "Write its value, or leave the line out.")
        if not (is_slack_id(owner) or as_email(owner) or (owner.startswith("@") and as_handle(owner))):
            raise OwnersFileError(f"{where}: {quoted(owner)} is nobody in Slack.", WHO)
        if owners[kind].setdefault(_key(kind, value), owner) != owner:
            raise OwnersFileError(f"{where}: the {kind} {quoted(value)} has two owners.", "Leave one of them out.")
    return OwnersFile(owners)


Rows = Iterable[tuple[int, Kind, str, str]]


def _readable(rows: Rows, file: str) -> Rows:
    try:
        yield from rows
    except csv.Error as error:  # a quotation mark that nothing ends takes all that follows for one cell
        raise OwnersFileError(f"{file} is no valid CSV: {error}.", "Close a quotation mark.") from None


def _from_csv(text: str, file: str) -> Rows:
    """Rows of kind, value and owner under a line with these names; empty lines and those that begin with # pass."""
    lines = csv.reader(io.StringIO(text), skipinitialspace=True)
    is_first = True
    for cells in lines:
        where = f"{file}, line {lines.line_num}"
        words = [cell.strip() for cell in cells]
        if not any(words) or words[0].startswith("#"):
            continue
        if is_first:
            if tuple(word.lower() for word in words) != COLUMNS:
                raise OwnersFileError(f"{where}: the columns are {quoted(','.join(words))}.", "Write kind,value,owner.")
            is_first = False
            continue
        if len(words) != len(COLUMNS):
            raise OwnersFileError(f"{where} has {len(words)} cells, not 3.", "Write kind,value,owner.")
        yield lines.line_num, _kind(words[0].lower(), where), words[1], words[2]


def _kind(word: str, where: str) -> Kind:
    if word in set(Kind):
        return Kind(word)
    raise OwnersFileError(f"{where}: {quoted(word)} is no kind.", f"Write {', '.join(Kind)}.")


def _from_toml(text: str, file: str) -> Rows:
    try:
        said: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OwnersFileError(f"{file} is no valid TOML: {error}.", "Correct that line.") from None
    for table, entries in said.items():
        where = f"{file}, line {line_of(text, table)}"
        if table not in TABLES:
            near = get_close_matches(table, TABLES, n=1)
            remedy = f"Did you mean [{near[0]}]?" if near else f"It may hold {', '.join(f'[{one}]' for one in TABLES)}."
            raise OwnersFileError(f"{where}: {quoted(table)} means nothing.", remedy)
        if not isinstance(entries, dict):
            raise OwnersFileError(f"{where}: {table} is no table.", f'Write [{table}] with payments = "U0123ABCD".')
        for value, owner in entries.items():
            line = line_of(text, table, value)
            if not isinstance(owner, str):
                raise OwnersFileError(f"{file}, line {line}: the owner of {quoted(value)} is no text.", WHO)
            yield line, TABLES[table], value, owner.strip()


def _problem(error: OSError | OwnersFileError, path: Path) -> OwnersFileError:
    if isinstance(error, OwnersFileError):
        return error
    return OwnersFileError(f"{path} cannot be read: {error.strerror}.", f"Correct {SETTING} or the file.")
