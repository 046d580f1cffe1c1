"""Verdict rows and findings for the tests of the savings scan."""

from __future__ import annotations

from typing import Any

from analysis.models import Chart, Evidence, Recommendation, Series
from bot.context import Context
from bot.store import Finding
from bot.tables import typed
from bot.workflows.think_savings import ROWS, Thought
from tests.bot.decisions_factories import recommendation

EVIDENCE = (
    Evidence("CPU", "p99.5", 18.04, "% of m5.4xlarge", "CloudWatch CPUUtilization"),
    Evidence("CPU", "p99.5", 36.08, "% of m5.2xlarge", "projected"),
    Evidence("Memory", "p99.5", 17.0, "% of m5.4xlarge", "CloudWatch agent"),
    Evidence("Memory", "p99.5", 34.0, "% of m5.2xlarge", "projected"),
    Evidence("Network", "at most", 0.16, "Gbit/s of 2.5 sustained", "CloudWatch NetworkIn and NetworkOut"),
)
CHART = Chart(
    "How full m5.2xlarge would have been",
    ("Nov 18", "Nov 19"),
    (Series("CPU", (36.1, 35.9)), Series("Memory", (34.0, None)), Series("Limit 80 %", (80.0, 80.0))),
    "% at p99.5",
)


def saving(number: int = 1, **changed: Any) -> Recommendation:
    """A saving on its own instance."""
    values = {
        "resource_id": f"i-{number:017x}",
        "resource_name": f"api-{number}",
        "monthly_savings": 280.32 - number,
        "evidence": EVIDENCE,
        "chart": CHART,
    }
    return recommendation(**(values | changed))


def row(value: Recommendation, verdict: str = "saves", **changed: Any) -> dict[str, Any]:
    """The verdict behind a saving."""
    values: dict[str, Any] = {
        "check_id": value.check_id,
        "verdict": verdict,
        "why": "" if verdict == "saves" else "Right size: CPU would have less than 20 % free on every cheaper type.",
        "account_id": value.account_id,
        "account_name": value.account_name,
        "region": value.region,
        "resource_id": value.resource_id,
        "resource_name": value.resource_name,
        "owner": value.owner,
        "current": value.current,
        "proposed": value.proposed if verdict == "saves" else None,
        "monthly_savings": value.monthly_savings if verdict == "saves" else None,
    }
    return values | changed


def thought(*values: Recommendation, rows: tuple[dict[str, Any], ...] = ()) -> Thought:
    """What the worker answers when it finds these: it looked where there is a row."""
    told = [*(row(value) for value in values), *rows]
    looked: dict[str, frozenset[tuple[str, str]]] = {"ec2.rightsizing": frozenset()}
    for one in told:
        looked[one["check_id"]] = looked.get(one["check_id"], frozenset()) | {(one["account_id"], one["region"])}
    return Thought(typed(told, ROWS), values, looked)


def recorded(context: Context, value: Recommendation) -> Finding:
    """A saving in the store."""
    return context.store.record(value, context.clock.now())
