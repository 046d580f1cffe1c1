"""From a check's verdicts to recommendations: everything a person needs to decide, one per row that saves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from analysis.checks import Check
from analysis.checks.words import NO_UNDO, Words, filled, shell
from analysis.models import Chart, Effort, Evidence, Recommendation, Risk
from analysis.verdicts import Verdict, Verdicts

#: Verdicts that a person is to decide about.
TOLD = (Verdict.SAVES.value, Verdict.NOTICE.value)


def recommendations(
    check: Check,
    verdicts: Verdicts,
    tables: Mapping[str, Any],
    thresholds: Mapping[str, float],
    *,
    data_until: datetime,
) -> list[Recommendation]:
    """One recommendation per row that saves or is a notice, the biggest saving first.

    The rows need `account_id`, `account_name`, `region`, `resource_id`, `name`, `owner`, and what the check's templates
    name; `monthly_cost` (default: the saving), `price_source` and `price_date`, `risk`, `effort` and `covers` (a list
    of ids) where the check tells them.

    Args:
        tables: what the check read, by name. thresholds: what it was run with.
        data_until: end of what was looked at.
    """
    rows = verdicts.rows[verdicts.rows["verdict"].isin(TOLD)]
    rows = rows.assign(monthly_savings=rows["monthly_savings"].fillna(0.0))
    rows = rows.sort_values(["monthly_savings", "account_id", "resource_id"], ascending=[False, True, True])
    if rows.empty:
        return []
    if check.recommend is not None:
        return check.recommend(check, rows, tables, thresholds, data_until)
    charts = check.chart(rows, tables) if check.chart else [None] * len(rows)
    return [
        _recommendation(check, {**thresholds, **{str(name): value for name, value in row.items()}}, chart, data_until)
        for row, chart in zip(rows.to_dict("records"), charts, strict=True)
    ]


def _recommendation(check: Check, row: dict[str, Any], chart: Chart | None, data_until: datetime) -> Recommendation:
    words = check.words
    if words is None:
        raise TypeError(f"{check.id} has no words")
    cost = row.get("monthly_cost", row["monthly_savings"])
    return Recommendation(
        check_id=check.id,
        action=check.action,
        effort=Effort(row["effort"]) if row.get("effort") else check.effort,
        risk=Risk(row["risk"]) if row.get("risk") else check.risk,
        risk_reason=filled(words.risk, row),
        resource_type=check.resource,
        resource_id=row["resource_id"],
        resource_name=text(row["name"]),
        account_id=row["account_id"],
        account_name=row["account_name"],
        region=row["region"],
        owner=text(row["owner"]),
        current=filled(words.current, row),
        proposed=filled(words.proposed, row),
        monthly_cost=0.0 if pd.isna(cost) else float(cost),
        monthly_savings=float(row["monthly_savings"]),
        currency="USD",
        price_source=text(row.get("price_source")) or "",
        price_date=_day(row.get("price_date"), data_until),
        how_computed=filled(words.how, row),
        ignores=filled(words.ignores, row),
        reason=filled(check.reason, row),
        evidence=tuple(_evidence(check, row)),
        chart=chart,
        command=shell(words.command, row),
        undo=_undo(words, row),
        effect=filled(words.effect, row),
        data_until=data_until,
        groups=check.groups,
        plus_minus=float(row["plus_minus"]),
        covers=tuple(row["covers"]) if isinstance(row.get("covers"), list | tuple) else (),
        steps=filled(words.steps, row),
    )


def text(value: Any) -> str | None:
    """A text, or None where there is none."""
    return None if value is None or pd.isna(value) or value == "" else str(value)


def _undo(words: Words, row: Mapping[str, Any]) -> str:
    return shell(words.undo, row) or NO_UNDO


def _evidence(check: Check, row: Mapping[str, Any]) -> list[Evidence]:
    return [
        Evidence(fact.metric, fact.statistic, float(row[fact.column]), filled(fact.unit, row), filled(fact.source, row))
        for fact in check.evidence
        if row[fact.column] is not None and math.isfinite(float(row[fact.column]))
    ]


def _day(value: Any, otherwise: datetime) -> date:
    if value is None or pd.isna(value):
        return otherwise.date()
    return value.date() if isinstance(value, datetime) else value
