"""Think for the savings scan: runs in the worker process, from files to verdicts and recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
from pandas import DataFrame

from analysis.checks import Check, checks
from analysis.models import Recommendation
from analysis.pricing import PriceBook
from analysis.rightsizing.recommendation import recommendations
from analysis.verdicts import Verdict, Verdicts
from bot.collectors import ec2_instances, ec2_metrics, ec2_rates, instance_offerings, instance_types
from bot.tables import read_tables

RIGHTSIZING = "ec2.rightsizing"


@dataclass(frozen=True, slots=True)
class Question:
    """What the worker is asked: where the tables lie, and the thresholds."""

    folder: Path
    headroom_percent: float
    min_days: int
    min_monthly_savings: float
    data_until: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """The verdict on one resource."""

    check_id: str
    verdict: str
    why: str
    account_id: str
    account_name: str
    region: str
    resource_id: str
    resource_name: str | None
    owner: str | None
    current: str
    proposed: str | None
    monthly_savings: float | None


@dataclass(frozen=True, slots=True)
class Thought:
    """The worker's answer. `needs`: kind of evidence → (account id, region) → instances that still lack it."""

    rows: tuple[Row, ...]
    recommendations: tuple[Recommendation, ...]
    needs: dict[str, dict[tuple[str, str], list[str]]]


def think(question: Question) -> Thought:
    """Run `ec2.rightsizing` over the tables in the question's folder."""
    metrics = read_tables(question.folder, "ec2_metrics-*.parquet", ec2_metrics.COLUMNS)
    check, verdicts = _judge(question, metrics)
    found = recommendations(
        check, verdicts, metrics, headroom_percent=question.headroom_percent, data_until=question.data_until
    )
    return Thought(tuple(_rows(check, verdicts)), tuple(found), _needs(verdicts.rows))


def _judge(question: Question, metrics: DataFrame) -> tuple[Check, Verdicts]:
    check = checks()[RIGHTSIZING]
    folder = question.folder
    rates = read_tables(folder, "ec2_rates.parquet", ec2_rates.COLUMNS)
    instances = read_tables(folder, "ec2_instances-*.parquet", ec2_instances.COLUMNS)
    instances = instances.sort_values(["account_id", "region", "instance_id"], ignore_index=True)
    verdicts = check(
        instances,
        read_tables(folder, "instance_types.parquet", instance_types.COLUMNS),
        read_tables(folder, "instance_offerings-*.parquet", instance_offerings.COLUMNS),
        metrics,
        PriceBook(_for_linux(rates, instances), question.data_until.date()),
        headroom_percent=question.headroom_percent,
        min_days=question.min_days,
        min_monthly_savings=question.min_monthly_savings,
    )
    return check, verdicts


def _for_linux(rates: DataFrame, instances: DataFrame) -> DataFrame:
    """Leave out rates that Windows or dedicated hours are mixed into: the bill gives them the same usage type."""
    key = ["region", "instance_type"]
    other = instances[instances["platform"].ne("Linux/UNIX") | instances["tenancy"].ne("default")]
    mixed = pd.MultiIndex.from_frame(rates[key]).isin(pd.MultiIndex.from_frame(other[key]))
    return rates[~mixed]


def _rows(check: Check, verdicts: Verdicts) -> list[Row]:
    return [
        Row(
            check_id=check.id,
            verdict=row["verdict"],
            why=row["why"],
            account_id=row["account_id"],
            account_name=row["account_name"],
            region=row["region"],
            resource_id=row["instance_id"],
            resource_name=row["name"] or None,
            owner=row["owner"] or None,
            current=row["instance_type"],
            proposed=row["proposed"] if row["verdict"] == Verdict.SAVES.value else None,
            monthly_savings=None if pd.isna(row["monthly_savings"]) else float(row["monthly_savings"]),
        )
        for row in verdicts.rows.to_dict("records")
    ]


def _needs(rows: DataFrame) -> dict[str, dict[tuple[str, str], list[str]]]:
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for row in rows[rows["needs"].ne("")].to_dict("records"):
        by_place = found.setdefault(row["needs"], {})
        by_place.setdefault((row["account_id"], row["region"]), []).append(row["instance_id"])
    return found
