"""`costbot scan`: a scan's result as text, JSON or CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import Any

from rich.table import Table

from analysis.models import Recommendation
from analysis.verdicts import Verdict
from bot.blocks.elements import money
from bot.csv_cells import text_cell
from bot.store import Finding
from bot.terminal import printed
from bot.workflows.scan_savings import ScanResult
from bot.workflows.think_savings import ROWS

#: Lines of one verdict that the text lists.
MOST_LINES = 40


def as_json(result: ScanResult) -> str:
    """Everything: findings with their ids, a verdict per resource, and what was not looked at."""
    return json.dumps(
        {
            "at": result.at.isoformat(),
            "data_until": result.data_until.isoformat(),
            "monthly_savings": round(result.monthly_savings, 2),
            "counts": result.counts,
            "missing_facts": result.missing_facts,
            "findings": [_finding(finding) for finding in result.findings],
            "resolved": [finding.id for finding in result.resolved],
            "small": {"count": result.small[0], "monthly_savings": round(result.small[1], 2)},
            "by_check": result.counts_by_check,
            "verdicts": _rows(result),
            "not_looked_at": [dataclasses.asdict(failure) for failure in result.not_looked_at],
        },
        indent=1,
        ensure_ascii=False,
    )


def as_csv(result: ScanResult) -> str:
    """One line per resource; what was not looked at is a line with the verdict `not looked at`.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    ids = {finding.value.fingerprint: finding.id for finding in result.findings}
    by_resource = {_key(finding): ids[finding.value.fingerprint] for finding in result.findings}
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", *ROWS], lineterminator="\n")
    writer.writeheader()
    for row in _rows(result):
        finding_id = by_resource.get((row["check_id"], row["account_id"], row["region"], row["resource_id"]), "")
        writer.writerow({"id": finding_id, **{name: _cell(value) for name, value in row.items()}})
    for failure in result.not_looked_at:
        writer.writerow(
            {
                "check_id": "",
                "verdict": "not looked at",
                "why": _cell(failure.sentence),
                "account_id": failure.account_id,
                "account_name": _cell(failure.account_name),
                "region": failure.region or "",
            }
        )
    return out.getvalue().rstrip("\n")


def as_text(result: ScanResult) -> str:
    """The total, the findings, and then, check by check, why everything else is none."""
    counts = result.counts
    found, asked = _many(len(result.findings), "finding"), _many(len(result.counts_by_check), "check")
    parts = [
        f"{money(result.monthly_savings)} a month could be saved: {found} of {asked} "
        f"(data until {result.data_until:%Y-%m-%d %H:%M} UTC).",
    ]
    if result.findings:
        parts.append(printed(_table(result)))
    if result.small[0]:
        parts.append(
            f"{result.small[0]} smaller savings, {money(result.small[1])} a month together, are below the minimum "
            "(COSTBOT_MIN_MONTHLY_SAVINGS); --csv lists them."
        )
    parts.append(
        f"Verdicts: {counts['saves']} save, {counts['fine']} fine, {counts['insufficient']} without enough evidence, "
        f"{counts['conflict']} in conflict with something else, {counts['notice']} to be looked at."
    )
    for verdict, title in ((Verdict.INSUFFICIENT, "Not enough evidence"), (Verdict.CONFLICT, "Conflict")):
        rows = [row for row in _rows(result) if row["verdict"] == verdict]
        lines = [f"  {row['resource_name'] or row['resource_id']} ({row['check_id']}): {row['why']}" for row in rows]
        if lines:
            more = [f"  … {len(lines) - MOST_LINES} more; --csv lists them."] if len(lines) > MOST_LINES else []
            parts.append("\n".join((f"{title}:", *lines[:MOST_LINES], *more)))
    if result.not_looked_at:
        lines = [f"  {failure.account_name}: {failure.sentence}" for failure in result.not_looked_at]
        parts.append("\n".join(("Not looked at:", *lines)))
    return "\n\n".join(parts)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _rows(result: ScanResult) -> list[dict[str, Any]]:
    """The verdicts; what is not there is None."""
    rows = result.rows.astype("object").where(result.rows.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _table(result: ScanResult) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Id", "Saves", "Change", "Resource", "Account", "Owner", "Risk", "State"):
        table.add_column(name, justify="right" if name == "Saves" else "left", overflow="fold")
    for finding in result.findings:
        value = finding.value
        if isinstance(value, Recommendation):
            cells = (
                finding.id,
                money(value.monthly_savings, value.currency),
                f"{value.current} → {value.proposed}"
                + (" (alternative)" if value.fingerprint in result.alternatives else ""),
                value.resource_name or value.resource_id,
                value.account_name,
                value.owner or "–",
                value.risk.value,
                finding.state,
            )
            table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    return table


def _finding(finding: Finding) -> dict[str, object]:
    value = json.loads(json.dumps(dataclasses.asdict(finding.value), default=str))
    return {"id": finding.id, "state": finding.state, **value}


def _key(finding: Finding) -> tuple[str, str, str, str] | None:
    value = finding.value
    if not isinstance(value, Recommendation):
        return None
    return value.check_id, value.account_id, value.region, value.resource_id


def _cell(value: object) -> object:
    return text_cell(value) if isinstance(value, str) else value
