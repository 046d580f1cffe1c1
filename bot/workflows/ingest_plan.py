"""Which files of an export a run reads: what is new or changed, and what shares a bill with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.exports import ExportFile

Group = tuple[ExportFile, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run reads.

    Attributes:
        groups: files that are read together, by billing month where their place tells it.
        unchanged: files that were read before as they are, and the bills in each.
        gone: files that were read before and are no longer there; with `since`, those that no earlier month needs.
        detail_from: the first month of which costs by resource and by hour are kept; None for none.
    """

    groups: tuple[Group, ...]
    unchanged: Mapping[ExportFile, tuple[tuple[tuple[str, str], date], ...]]
    gone: tuple[str, ...]
    detail_from: date | None = None

    @property
    def bytes(self) -> int:
        """Bytes of what changed."""
        return sum(file.size for group in self.groups for file in group)

    def sharing(
        self, keys: Set[tuple[tuple[str, str], date]], months: Set[date], *, read: Set[ExportFile]
    ) -> tuple[Group, ...]:
        """Unchanged files, not yet read, that hold a part of these bills, or lie where one of these months lies."""
        found = [
            file
            for file, bills in self.unchanged.items()
            if file not in read and (keys & set(bills) or (not bills and file.month in months))
        ]
        return _grouped(found)

    def keeping(self, months: int, today: date) -> Plan:
        """The same plan, with costs by resource and by hour kept of the newest `months` billing months."""
        if not months:
            return self
        known = [bill[1] for bills in self.unchanged.values() for bill in bills]
        known += [file.month for group in self.groups for file in group if file.month]
        newest = max(known, default=today)
        count = newest.year * 12 + newest.month - months
        return replace(self, detail_from=date(count // 12, count % 12 + 1, 1))

    def is_recent(self, month: date) -> bool:
        """Whether costs by resource and by hour are kept of a month."""
        return self.detail_from is not None and month >= self.detail_from


def plan(
    files: Sequence[ExportFile],
    facts: Mapping[str, Any],
    root: str,
    tag_keys: Sequence[str],
    *,
    since: date | None,
    everything: bool,
) -> Plan:
    """Compare an export's files with what was noted of earlier runs.

    Args:
        facts: what lies beside the source's months.
        root: where the export lies; only files noted from there can be gone.
        tag_keys: files that were read for other tags are read again.
    """
    known: Mapping[str, Any] = facts.get("files", {})
    wanted = [file for file in files if since is None or file.month is None or file.month >= since.replace(day=1)]
    tags = sorted(set(tag_keys))
    changed, unchanged = [], {}
    for file in wanted:
        fact = known.get(file.uri)
        same = fact and fact["identity"] == file.identity and fact["tags"] == tags and _reaches(fact, since)
        if same and not everything:
            unchanged[file] = _bills(fact)
        else:
            changed.append(file)
    here = {file.uri for file in files}
    away = [uri for uri, fact in known.items() if fact["root"] == root and uri not in here]
    gone = tuple(sorted(uri for uri in away if _all_since(_bills(known[uri]), since)))
    # A bill that lost one of its files, or what a file said of it, is made again from all files that hold a part of it.
    again = {bill for uri in (*gone, *(file.uri for file in changed)) for bill in _bills(known.get(uri))}
    while sharing := [file for file, bills in unchanged.items() if again & set(bills)]:
        changed += sharing
        again |= {bill for file in sharing for bill in unchanged.pop(file)}
    return Plan(_grouped(changed), unchanged, gone)


def _reaches(fact: Mapping[str, Any], since: date | None) -> bool:
    """Whether a file was read from the wanted month on: `--since` leaves earlier rows of a file out."""
    left_out_before = fact.get("since")
    return left_out_before is None or (since is not None and f"{since:%Y-%m}" >= left_out_before)


def _all_since(bills: Iterable[tuple[tuple[str, str], date]], since: date | None) -> bool:
    return since is None or all(month >= since.replace(day=1) for _, month in bills)


def _bills(fact: Mapping[str, Any] | None) -> tuple[tuple[tuple[str, str], date], ...]:
    bills = fact["bills"] if fact else ()
    return tuple(((provider, payer), date.fromisoformat(f"{month}-01")) for provider, payer, month in bills)


def _grouped(files: Sequence[ExportFile]) -> tuple[Group, ...]:
    """Parquet files of one billing month together, all others one by one; in the order of their names."""
    groups: dict[object, list[ExportFile]] = {}
    for file in sorted(files, key=lambda file: file.uri):
        together = file.month is not None and file.uri.lower().endswith(".parquet")
        groups.setdefault((file.month, file.uri.rpartition("/")[0]) if together else file.uri, []).append(file)
    return tuple(tuple(group) for group in groups.values())
