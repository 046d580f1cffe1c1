"""From a verdict to a recommendation: everything a person needs to decide about one change of type."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from analysis.checks import Check
from analysis.daily_metrics import KEY
from analysis.models import Chart, Evidence, Recommendation
from analysis.models import Series as Line
from analysis.pricing import HOURS_A_MONTH
from analysis.rightsizing.change import resize_command, resize_effect
from analysis.rightsizing.demand import Metric, daily_values
from analysis.rightsizing.risk import chance_per_day, in_words, level

Row = dict[Hashable, Any]

#: The source of evidence that was computed for the new type, not measured.
PROJECTED = "projected"

_IGNORES = "Seasons longer than the window, and licences bound to a number of vCPUs."


def recommendations(
    check: Check,
    rows: DataFrame,
    tables: Mapping[str, Any],
    thresholds: Mapping[str, float],
    data_until: datetime,
) -> list[Recommendation]:
    """One recommendation per row that saves, in their order.

    Args:
        rows: what `ec2.rightsizing` said of them.
        tables: the metrics it said it from are `ec2_metrics`.
        data_until: end of the metrics' window.
    """
    ec2_metrics, headroom_percent = tables["ec2_metrics"], thresholds["headroom_percent"]
    daily = {metric: daily_values(ec2_metrics, metric, "p99.5") for metric in (Metric.CPU, Metric.MEMORY)}
    return [
        _recommendation(check, row, _chart(row, daily, headroom_percent), headroom_percent, data_until)
        for row in rows.join(_risks(rows, ec2_metrics)).to_dict("records")
    ]


def _recommendation(
    check: Check,
    row: Row,
    chart: Chart,
    headroom_percent: float,
    data_until: datetime,
) -> Recommendation:
    name = _text(row["name"])
    label = f"{name} ({row['resource_id']})" if name else str(row["resource_id"])
    return Recommendation(
        check_id=check.id,
        action=check.action,
        effort=check.effort,
        risk=level(row["chance"]),
        risk_reason=in_words(
            row["chance"], row["busiest_percent"], int(row["peak_days"]), row["tightest"], row["proposed"]
        ),
        resource_type=check.resource,
        resource_id=row["resource_id"],
        resource_name=name,
        account_id=row["account_id"],
        account_name=row["account_name"],
        region=row["region"],
        owner=_text(row["owner"]),
        current=row["instance_type"],
        proposed=row["proposed"],
        monthly_cost=float(row["hourly_usd"] * HOURS_A_MONTH),
        monthly_savings=float(row["monthly_savings"]),
        currency="USD",
        price_source=_price_source(row),
        price_date=row["price_date"],
        how_computed=f"{HOURS_A_MONTH} h × (${row['hourly_usd']:.4f} − ${row['target_hourly_usd']:.4f}) an hour; "
        f"the new type keeps {headroom_percent:.0f} % of everything free above the demand.",
        ignores=_IGNORES,
        reason=check.reason.format(**{str(name): value for name, value in row.items()}),
        evidence=_evidence(row),
        chart=chart,
        command=resize_command(row["account_id"], row["region"], row["resource_id"], row["proposed"]),
        undo=resize_command(row["account_id"], row["region"], row["resource_id"], row["instance_type"]),
        effect=resize_effect(
            label,
            f"{row['account_name']} {row['account_id']}",
            row["proposed"],
            loses_public_ip=bool(row["public_ip_changes"]),
        ),
        data_until=data_until,
        groups=check.groups,
    )


def _price_source(row: Row) -> str:
    target = _text(row["target_price_source"])
    return str(row["price_source"]) if target in (None, row["price_source"]) else f"{row['price_source']}; {target}"


def _evidence(row: Row) -> tuple[Evidence, ...]:
    cpu_then = row["cpu_percent"] * row["vcpu"] / row["target_vcpu"]
    memory_then = row["memory_percent"] * row["memory_gib"] / row["target_memory_gib"]
    traffic = "p99.5" if row["has_series"] else "at most"
    return (
        Evidence(
            "CPU", "p99.5", float(row["cpu_percent"]), f"% of {row['instance_type']}", "CloudWatch CPUUtilization"
        ),
        Evidence("CPU", "p99.5", float(cpu_then), f"% of {row['proposed']}", PROJECTED),
        Evidence("Memory", "p99.5", float(row["memory_percent"]), f"% of {row['instance_type']}", "CloudWatch agent"),
        Evidence("Memory", "p99.5", float(memory_then), f"% of {row['proposed']}", PROJECTED),
        Evidence(
            "Network",
            traffic,
            float(row["network_gbps"]),
            f"Gbit/s of {row['target_network_gbps']:g} sustained",
            "CloudWatch NetworkIn and NetworkOut",
        ),
        Evidence(
            "Volumes",
            traffic,
            float(row["ebs_mb_s"]),
            f"MB/s of {row['target_ebs_mb_s']:g} sustained",
            "CloudWatch EBSReadBytes and EBSWriteBytes",
        ),
        Evidence(
            "Volumes",
            traffic,
            float(row["ebs_iops"]),
            f"IOPS of {row['target_ebs_iops']:g} sustained",
            "CloudWatch EBSReadOps and EBSWriteOps",
        ),
    )


def _chart(row: Row, daily: dict[Metric, DataFrame], headroom_percent: float) -> Chart:
    """How full the proposed type would have been, day by day."""
    key = tuple(row[column] for column in KEY)
    days = daily[Metric.CPU].columns.union(daily[Metric.MEMORY].columns)[-20:]
    ratios = {
        Metric.CPU: row["vcpu"] / row["target_vcpu"],
        Metric.MEMORY: row["memory_gib"] / row["target_memory_gib"],
    }
    lines = [
        Line(words, _points(daily[metric], key, days, ratios[metric]))
        for metric, words in ((Metric.CPU, "CPU"), (Metric.MEMORY, "Memory"))
    ]
    limit = Line(f"Limit {100 - headroom_percent:.0f} %", (100.0 - headroom_percent,) * len(days))
    labels = tuple(f"{day:%b} {day.day}" for day in pd.DatetimeIndex(days).date)
    return Chart(f"How full {row['proposed']} would have been", labels, (*lines, limit), unit="% at p99.5")


def _points(daily: DataFrame, key: tuple[str, ...], days: pd.Index, ratio: float) -> tuple[float | None, ...]:
    values = daily[daily.index == key].reindex(columns=days).to_numpy().ravel() * ratio
    return tuple(None if np.isnan(value) else round(float(value), 1) for value in values) or (None,) * len(days)


def _risks(rows: DataFrame, ec2_metrics: DataFrame) -> DataFrame:
    """The tighter of CPU and memory on the new type.

    Returns:
        `chance` a day that a peak passes 100 %, `tightest` (which one), its `busiest_percent`, `peak_days` with data.
    """
    index = pd.MultiIndex.from_frame(rows[KEY])
    found = pd.DataFrame(
        {"chance": -1.0, "tightest": "", "busiest_percent": float("nan"), "peak_days": 0}, index=rows.index
    )
    for metric, words, ratio in (
        (Metric.CPU, "CPU", rows["vcpu"] / rows["target_vcpu"]),
        (Metric.MEMORY, "memory", rows["memory_gib"] / rows["target_memory_gib"]),
    ):
        peaks = daily_values(ec2_metrics, metric, "Maximum").reindex(index).set_axis(rows.index)
        chance = chance_per_day(peaks, ratio)
        busiest = peaks.max(axis=1) * ratio
        worse = chance.gt(found["chance"]) | (chance.eq(found["chance"]) & busiest.gt(found["busiest_percent"]))
        found.loc[worse, "chance"] = chance[worse]
        found.loc[worse, "tightest"] = words
        found.loc[worse, "busiest_percent"] = busiest[worse]
        found.loc[worse, "peak_days"] = peaks.notna().sum(axis=1)[worse]
    return found


def _text(value: Any) -> str | None:
    return None if pd.isna(value) or value == "" else str(value)
