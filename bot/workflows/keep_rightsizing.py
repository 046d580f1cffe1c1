"""Keep what right-sizing knew of every instance, for `/cost rightsize`: one small file, replaced whole by each scan."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pandas import DataFrame

from analysis.checks import checks
from analysis.rightsizing.explanation import Explained, explanations
from bot.tables import write_table
from bot.workflows.think_savings import Question, Tables

RIGHTSIZING = "ec2.rightsizing"
FILE = "rightsizing.parquet"
#: More hits of a name than this are not told one by one.
MOST_HITS = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last scan knew: the instances that were asked for, and how many it looked at in all."""

    found: tuple[Explained, ...]
    looked_at: int


def keep_rightsizing(question: Question, data_dir: Path) -> None:
    """Write the explanations of all instances that the check looked at; runs in the worker process.

    Args:
        question: what the worker was asked; its tables still lie there.
    """
    check = checks()[RIGHTSIZING]
    tables = Tables(question.folder, question.data_until)
    places = tables.places(check)
    if not places:
        return
    thresholds = dict(check.thresholds) | dict(question.thresholds.get(check.id, {}))
    read = tables.of(check, places)
    judged = check(*read.values(), **thresholds).rows
    _, *others = read.values()
    told = list(explanations(judged, *others, headroom_percent=thresholds["headroom_percent"]))
    table = DataFrame(
        {
            "resource_id": [one["instance"]["resource_id"] for one in told],
            "name": [one["instance"]["name"] for one in told],
            "explained": [json.dumps(one, separators=(",", ":")) for one in told],
        },
        dtype="str",
    )
    fresh = data_dir / f"{FILE}.{os.getpid()}.tmp"
    write_table(fresh, table)
    fresh.replace(data_dir / FILE)


def kept_rightsizing(data_dir: Path, asked: str) -> Kept | None:
    """What the last scan knew of an instance, by its id or else its name; None before the first scan."""
    path = data_dir / FILE
    if not path.exists():
        return None
    with duckdb.connect(config={"threads": 1}) as connection:
        rows = connection.read_parquet(str(path))
        hits = connection.execute(
            "SELECT explained FROM rows WHERE resource_id = $asked OR (name = $asked AND name <> '') "
            "ORDER BY resource_id <> $asked, resource_id LIMIT $most",
            {"asked": asked, "most": MOST_HITS + 1},
        ).fetchall()
        count = rows.count("*").fetchall()[0][0]
    return Kept(tuple(json.loads(text) for (text,) in hits), int(count))
