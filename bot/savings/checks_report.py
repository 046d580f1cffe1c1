"""`costbot checks`: the registry of checks, with the IAM actions each one needs."""

from __future__ import annotations

import json
from typing import Any

from rich.table import Table

from analysis.checks import Check, checks
from bot.iam import actions_of
from bot.terminal import printed


def rows() -> list[dict[str, Any]]:
    """One entry per check: id, system, title, tables, thresholds, IAM actions, source and more."""
    return [_row(check) for check in checks().values()]


def as_json() -> str:
    """The checks as JSON."""
    return json.dumps(rows(), indent=1, ensure_ascii=False)


def as_text() -> str:
    """The checks as a table with what each one reads under it."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Id", "Title", "Catalogue", "Thresholds", "Source"):
        table.add_column(name, overflow="fold")
    for row in rows():
        thresholds = "\n".join(f"{name} = {value}" for name, value in row["thresholds"].items())
        table.add_row(row["id"], row["title"], row["catalogue"], thresholds, row["source"])
    return printed(table)


def _row(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "system": check.system,
        "title": check.title,
        "catalogue": check.catalogue,
        "groups": [group.value for group in check.groups],
        "resource": check.resource,
        "risk": check.risk.value,
        "action": check.action.value,
        "effort": check.effort.value,
        "tables": list(check.tables),
        "thresholds": dict(check.thresholds),
        "iam_actions": sorted(actions_of(check.tables)),
        "source": check.source,
    }
