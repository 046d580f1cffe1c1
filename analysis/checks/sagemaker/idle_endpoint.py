"""`sagemaker.idle_endpoint`: a model that waits on running instances, and that nobody asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import endpoint_hours
from analysis.daily_metrics import daily_charts, over_days
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import HOURS_A_MONTH, unpriced
from analysis.verdicts import Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"CPU, busiest": ("CPUUtilization", "Maximum")}
    return daily_charts(rows, tables["sagemaker_metrics"], lines, title="CPU, by the day's maximum", unit="%")


@check(
    catalogue="M01",
    groups=(Group.IDLE,),
    resource="SageMaker endpoint",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Endpoint {name} runs {instances:.0f} × {instance_type} and was not called in {measured_days:.0f} days",
    source="AWS, SageMaker: Inference cost optimization best practices",
    words=Words(
        current="{instances:.0f} × {instance_type}",
        proposed="deleted",
        how="{instances:.0f} instance(s) × 730 h × ${hour_usd:g} an hour, as your own bill of the last 30 days shows. "
        "No invocation in {measured_days:.0f} days on which its instances have a CPU metric.",
        ignores="A scaling policy that adds or takes instances.",
        risk="Whoever calls it once a quarter gets an error until it is made again, which takes some minutes.",
        effect="Its instances end. The model and the endpoint configuration stay, and cost next to nothing.",
        command=("aws sagemaker delete-endpoint --endpoint-name {resource_id}",),
        undo=("aws sagemaker create-endpoint --endpoint-name {resource_id} --endpoint-config-name {config}",),
    ),
    evidence=(Fact("Days without a call", "measured_days", "days", "CloudWatch Invocations"),),
    chart=_charts,
    moves=endpoint_hours,
)
def idle_endpoint(
    sagemaker_endpoints: DataFrame, sagemaker_metrics: DataFrame, usage_rates: DataFrame, *, min_idle_days: float = 14
) -> Verdicts:
    """Real-time endpoint that nobody calls.

    Its instances bill by the hour, called or not. Invocations are published only where there are any: that the endpoint
    was measured at all is known from the CPU of its instances. The price is the bill's own.
    """
    rows = sagemaker_endpoints
    calls = over_days(rows, sagemaker_metrics, "Invocations", "Sum", "sum").fillna(0.0)
    days = _days(rows, sagemaker_metrics)
    rate = hourly_rate(rows, usage_rates, "Host:" + rows["instance_type"])
    cost = rate * rows["instances"] * HOURS_A_MONTH
    serverless = rows["instances"].eq(0) & rows["problem"].eq("")
    return verdicts(
        rows,
        saves=cost.where(calls.eq(0) & days.ge(min_idle_days)),
        fine=[
            (rows["status"].ne("") & rows["status"].ne("InService"), "It is " + rows["status"] + "."),
            (serverless, "It runs no instances now: it bills by what it is called."),
            (calls.gt(0), "It was called."),
            (rows["age_days"].lt(min_idle_days), "It is less than " + f"{min_idle_days:.0f} days old."),
        ],
        insufficient=[
            (rows["problem"].ne(""), "What it runs on: " + rows["problem"]),
            (rows["is_async"], "Whether it is called: an asynchronous endpoint counts otherwise; look at its queue."),
            (
                days.lt(min_idle_days),
                "Calls of " + f"{min_idle_days:.0f} days: CloudWatch has no CPU of its instances on so many days.",
            ),
            (rows["instance_type"].eq(""), "What it costs: its variants have several instance types; look at each."),
            unpriced(rows, cost, "of " + rows["instance_type"] + " for hosting"),
        ],
        details=DataFrame(
            {
                "measured_days": days,
                "hour_usd": rate,
                "monthly_cost": cost,
                "price_source": pd.Series("your own bill, last 30 days", index=rows.index, dtype="str"),
            }
        ),
    )


def hourly_rate(rows: DataFrame, usage_rates: DataFrame, usage_type: pd.Series[str]) -> pd.Series[float]:
    """What an hour of each row's usage type cost its account in its region; missing where the bill does not show it."""
    key = ["account_id", "region", "usage_type"]
    paid = usage_rates.groupby(key)["usd"].max()
    index = pd.MultiIndex.from_frame(rows[["account_id", "region"]].assign(usage_type=usage_type))
    return pd.Series(paid.reindex(index).to_numpy("float64"), index=rows.index)


def _days(rows: DataFrame, metrics: DataFrame) -> pd.Series[float]:
    """Days with a CPU metric of any of its variants."""
    cpu = metrics[metrics["metric"].eq("CPUUtilization")]
    counts = cpu.groupby(["account_id", "region", "resource_id"])["time"].nunique()
    index = pd.MultiIndex.from_frame(rows[["account_id", "region", "resource_id"]])
    return pd.Series(counts.reindex(index, fill_value=0).to_numpy("float64"), index=rows.index)
