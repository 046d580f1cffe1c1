"""The answer to `/cost rightsize`: the verdict, what is needed against what there is, and every type looked at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from analysis.models import Chart, Series
from analysis.rightsizing.explanation import Explained
from analysis.rightsizing.fit import DIMENSIONS
from analysis.verdicts import Verdict
from bot.blocks import elements
from bot.blocks.elements import Block, escape, money
from bot.reply import Reply

_UNITS = {"cpu": "vCPU", "memory": "GiB", "network": "Gbit/s", "ebs_throughput": "MB/s", "ebs_iops": "IOPS"}
_HEADS = {
    Verdict.SAVES: "is larger than its load",
    Verdict.FINE: "stays as it is",
    Verdict.CONFLICT: "is not resized by itself",
    Verdict.INSUFFICIENT: "cannot be judged yet",
}


def rightsize_report(told: Explained, scanned_at: datetime) -> Reply:
    """One instance, explained.

    Args:
        told: as `analysis.rightsizing.explanation` gives it. scanned_at: when the scan that knew it ended.
    """
    text = _headline(told)
    blocks: list[Block] = [elements.section(f"*{escape(text)}*\n{_where(told)}\n{escape(_why(told))}")]
    needed = [line for line in (_need(told, name) for name in DIMENSIONS) if line]
    if needed:
        blocks.append(elements.fields(*needed))
    chart = _chart(told)
    if chart is not None:
        blocks.append(elements.chart(chart))
    if told["candidates"]:
        blocks.append(_table(told))
    return Reply(text, [*blocks, elements.context(*_small_print(told, scanned_at))])


def _headline(told: Explained) -> str:
    instance = told["instance"]
    name = instance["name"] or instance["resource_id"]
    head = f"{name} ({instance['instance_type']}) {_HEADS[Verdict(told['verdict'])]}"
    best = _compared(told)
    if told["verdict"] != Verdict.SAVES or best is None:
        return head
    return f"{head}: {best['instance_type']} saves {money(told['monthly_cost'] - best['monthly_cost'])} a month"


def _where(told: Explained) -> str:
    instance = told["instance"]
    place = f"{escape(instance['account_name'])} ({instance['account_id']}) · {instance['region']}"
    cost = f" · {money(told['monthly_cost'])} a month" if told["monthly_cost"] is not None else ""
    return f"`{escape(instance['resource_id'])}` · {place} · {escape(instance['platform'])}{cost}"


def _why(told: Explained) -> str:
    if told["verdict"] != Verdict.SAVES:
        return str(told["why"])
    free = f"{told['headroom_percent']:.0f} %"
    return f"{told['proposed']} is the cheapest type of its kind that keeps {free} of everything free above the demand."


def _need(told: Explained, name: str) -> str:
    """`CPU` with what is needed of what there is; empty where neither is known."""
    need, has = told["needs"][name], told["has"][name]
    if need is None and has is None:
        return ""
    unit = _UNITS[name]
    wanted = "not measured" if need is None else f"{_figure(need)} {unit}"
    there = "unknown" if has is None else f"{_figure(has)} {unit}"
    share = f" ({100 * need / has:.0f} %)" if need is not None and has else ""
    title = DIMENSIONS[name][0].upper() + DIMENSIONS[name][1:]
    return f"*{title}*\nneeds {wanted} of {there}{share}"


def _compared(told: Explained) -> Any:
    """The candidate that is proposed, else the one that comes closest; None where no cheaper type is offered."""
    chosen = [one for one in told["candidates"] if one["instance_type"] == told["proposed"]]
    # The cheapest stand first, so of those that lack equally little this is the cheapest.
    return min(chosen or told["candidates"], key=lambda one: len(one["lacks"]), default=None)


def _chart(told: Explained) -> Chart | None:
    """Demand day by day against both capacities, all in per cent of what the instance has."""
    known = [line for line in ("cpu_percent", "memory_percent") if any(v is not None for v in told[line])]
    if not known:
        return None
    count = len(told["days"])
    words = {"cpu_percent": ("CPU", "cpu"), "memory_percent": ("Memory", "memory")}
    lines = [Series(f"{words[name][0]} in use", tuple(told[name])) for name in known]
    lines.append(Series(f"{told['instance']['instance_type']}", (100.0,) * count))
    other = _compared(told)
    for name in known if other else ():
        label, dimension = words[name]
        has, gives = told["has"][dimension], other["gives"][dimension]
        if has and gives is not None:
            lines.append(Series(f"{label} {other['instance_type']}", (round(100 * gives / has, 1),) * count))
    title = f"Demand against {told['instance']['instance_type']}" + (f" and {other['instance_type']}" if other else "")
    return Chart(title, tuple(told["days"]), tuple(lines), unit=f"% of {told['instance']['instance_type']}, p99.5")


def _table(told: Explained) -> Block:
    rows = [
        (
            one["instance_type"],
            *(_figure(one["gives"][name]) for name in ("cpu", "memory", "network", "ebs_throughput")),
            money(one["monthly_cost"]),
            ", ".join(DIMENSIONS[name] for name in one["lacks"]) or "nothing",
        )
        for one in told["candidates"]
    ]
    heads = ("Cheaper type", "vCPU", "GiB", "Gbit/s", "EBS MB/s", "A month", "Lacks")
    return elements.table(heads, rows, right=(1, 2, 3, 4, 5))


def _small_print(told: Explained, scanned_at: datetime) -> list[str]:
    lines = [f"Scan of {elements.slack_date(scanned_at)}. Capacities of network and volumes are what lasts all day."]
    if told["price_source"]:
        day = told["price_date"]
        when = f", {elements.day(date.fromisoformat(day))} {day[:4]}" if day else ""
        lines.append(f"Prices: {escape(told['price_source'])}{when}; 730 hours a month.")
    if told["candidates"]:
        lines.append(
            f"Lacks: less than {told['headroom_percent']:.0f} % would be free above the demand, or it is not known "
            "that there would be. Graviton and AMD types are offers of their own: /cost checks rightsizing."
        )
    return lines


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.3g}"
