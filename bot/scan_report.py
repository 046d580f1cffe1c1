"""`costbot scan`: a scan's result as text, JSON or CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

from rich.table import Table

from analysis.models import Recommendation
from analysis.verdicts import Verdict
from bot.blocks.elements import money
from bot.csv_cells import text_cell
from bot.store import Finding
from bot.terminal import printed
from bot.workflows.scan_savings import ScanResult
from bot.workflows.think_savings import Row

_FIELDS = [field.name for field in dataclasses.fields(Row)]


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
            "verdicts": [dataclasses.asdict(row) for row in result.rows],
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
    writer = csv.DictWriter(out, ["id", *_FIELDS], lineterminator="\n")
    writer.writeheader()
    for row in result.rows:
        values = {name: _cell(value) for name, value in dataclasses.asdict(row).items()}
        finding_id = by_resource.get((row.check_id, row.account_id, row.region, row.resource_id), "")
        writer.writerow({"id": finding_id, **values})
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
    """The total, the findings, and then why everything else is none."""
    counts = result.counts
    parts = [
        f"{money(result.monthly_savings)} a month could be saved on {counts['saves']} of {len(result.rows)} instances "
        f"(data until {result.data_until:%Y-%m-%d %H:%M} UTC).",
    ]
    if result.findings:
        parts.append(printed(_table(result)))
    parts.append(
        f"Verdicts: {counts['saves']} save, {counts['fine']} fine, {counts['insufficient']} without enough evidence, "
        f"{counts['conflict']} in conflict with something else."
    )
    for verdict, title in ((Verdict.INSUFFICIENT, "Not enough evidence"), (Verdict.CONFLICT, "Conflict")):
        lines = [
            f"  {row.resource_name or row.resource_id}: {row.why}" for row in result.rows if row.verdict == verdict
        ]
        if lines:
            parts.append("\n".join((f"{title}:", *lines)))
    if result.not_looked_at:
        lines = [f"  {failure.account_name}: {failure.sentence}" for failure in result.not_looked_at]
        parts.append("\n".join(("Not looked at:", *lines)))
    return "\n\n".join(parts)


def _table(result: ScanResult) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Id", "Saves", "Change", "Instance", "Account", "Owner", "Risk", "State"):
        table.add_column(name, justify="right" if name == "Saves" else "left", overflow="fold")
    for finding in result.findings:
        value = finding.value
        if isinstance(value, Recommendation):
            cells = (
                finding.id,
                money(value.monthly_savings, value.currency),
                f"{value.current} → {value.proposed}",
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
