"""What instance types have hardly ever changes: kept as a file in the data directory for a month."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pandas import DataFrame

from bot.collectors import instance_types
from bot.tables import typed

MAX_AGE = timedelta(days=30)
FILE = "instance_types.json"

Fetch = Callable[[Sequence[str]], list[dict[str, Any]]]


def instance_type_table(data_dir: Path, families: Sequence[str], today: date, fetch: Fetch) -> DataFrame:
    """The table `instance_types` for these families, from the file where it is fresh, else from AWS.

    Args:
        fetch: asks AWS for the specifications of some families; called at most once.
    Raises:
        SourceUnavailable: a family is missing or out of date, and AWS gave no answer.
    """
    path = data_dir / FILE
    kept = _read(path, today)
    missing = sorted(set(families) - set(kept["families"]))
    if missing:
        fresh = instance_types.parse(fetch(missing))
        kept["families"] = sorted({*kept["families"], *missing})
        kept["types"] += json.loads(fresh.to_json(orient="records"))
        _write(path, kept)
    wanted = set(families)
    rows = [row for row in kept["types"] if row["instance_type"].partition(".")[0] in wanted]
    return typed(rows, instance_types.COLUMNS)


def _read(path: Path, today: date) -> dict[str, Any]:
    empty = {"fetched_on": today.isoformat(), "families": [], "types": []}
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        is_fresh = timedelta(0) <= today - date.fromisoformat(kept["fetched_on"]) <= MAX_AGE
        complete = all(set(row) == set(instance_types.COLUMNS) for row in kept["types"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return empty
    return kept if is_fresh and complete else empty


def _write(path: Path, kept: dict[str, Any]) -> None:
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(path)
