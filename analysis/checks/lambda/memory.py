"""`lambda.memory`: a function with more memory than its runs fill, and more processor than they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import fewer_gb_seconds
from analysis.daily_metrics import daily_charts, over_days
from analysis.figures import written
from analysis.lambda_use import gb_second, monthly_use
from analysis.models import Action, Chart, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: Memory at which Lambda gives one whole vCPU; it gives less or more in proportion.
_MIB_A_VCPU = 1769.0
_SMALLEST_MIB = 128.0
_STEP_MIB = 64.0


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Most used": ("used_memory_max", "Maximum")}
    limit = ("Given", rows["memory_mib"])
    return daily_charts(rows, tables["lambda_insights"], lines, title="Memory of a run", unit="MB", limit=limit)


@check(
    catalogue="L01",
    groups=(Group.RIGHTSIZING,),
    resource="Lambda function",
    action=Action.RIGHTSIZE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="At most {used_mib:.0f} of {memory_mib:.0f} MiB are used, and {vcpus:.2f} of {given_vcpus:.2f} vCPUs",
    source="AWS Compute Optimizer, Lambda function recommendations",
    words=Words(
        current="{memory_mib:.0f} MiB",
        proposed="{target_mib:.0f} MiB",
        how="{gb_seconds:,.0f} GB-seconds a month × (1 − {target_mib:.0f} ÷ {memory_mib:.0f}) × ${usd:.10f}; with "
        "{headroom_percent:.0f} % of memory and of processor kept free, its runs take as long.",
        ignores="Network and disk, which also grow with memory; days before the ones looked at; a change of its memory "
        "within them.",
        risk="A run that needs more memory than any of these days fails; one that needs more processor takes longer.",
        effect="New runs get less memory and a smaller share of a processor; they start cold once.",
        command=(
            "aws lambda update-function-configuration --function-name {resource_id} --memory-size {target_mib:.0f}",
        ),
        undo=("aws lambda update-function-configuration --function-name {resource_id} --memory-size {memory_mib:.0f}",),
    ),
    evidence=(
        Fact("Memory used", "used_mib", "MB", "CloudWatch LambdaInsights used_memory_max", "Maximum"),
        Fact("vCPUs used", "vcpus", "vCPU", "CloudWatch LambdaInsights cpu_total_time ÷ duration", "p95"),
        Fact("Runs", "runs", "a month", "CloudWatch AWS/Lambda Invocations", "Sum"),
    ),
    chart=_charts,
    moves=fewer_gb_seconds,
)
def memory(
    lambda_functions: DataFrame,
    lambda_metrics: DataFrame,
    lambda_insights: DataFrame,
    prices: PriceBook,
    *,
    max_used_percent: float = 60,
    headroom_percent: float = 20,
    min_days: float = 14,
    min_monthly_savings: float = 1.0,
) -> Verdicts:
    """Lambda function with more memory than it uses.

    Less memory saves only as long as a run does not take longer for it, and memory brings the processor with it. Both
    are known where Lambda Insights is on: the memory that the biggest run filled, and the processor time of its runs,
    of which the highest daily p95 is held against their mean duration.
    """
    functions = lambda_functions
    use = monthly_use(functions, lambda_metrics)
    used = over_days(functions, lambda_insights, "used_memory_max", "Maximum", "max")
    days = over_days(functions, lambda_insights, "used_memory_max", "Maximum", "count")
    busy_ms = over_days(functions, lambda_insights, "cpu_total_time", "p95", "max")
    run_ms = over_days(functions, lambda_insights, "duration", "Average", "min")
    vcpus = busy_ms / run_ms.where(run_ms.gt(0))
    now = functions["memory_mib"]
    free = 1.0 - headroom_percent / 100.0
    by_memory, by_processor = used / free, vcpus * _MIB_A_VCPU / free
    needed = by_memory.where(by_memory.gt(by_processor), by_processor)
    target = (-(-needed // _STEP_MIB) * _STEP_MIB).clip(lower=_SMALLEST_MIB)
    price = gb_second(functions, prices)
    cost = use["gb_seconds"] * price["usd"]
    saving = cost * (1.0 - target / now)
    used_percent = used / now * 100.0
    known = days.ge(min_days) & vcpus.notna()
    idle = use["days"].gt(0) & use["runs"].eq(0)
    return verdicts(
        functions,
        saves=saving.where(used_percent.lt(max_used_percent)),
        fine=[
            (idle, "Did not run: it costs nothing."),
            (
                use["days"].ge(min_days) & cost.lt(min_monthly_savings),
                "It costs $" + written(cost, ".2f") + " a month in all.",
            ),
            (
                known & used_percent.ge(max_used_percent),
                "Up to " + written(used_percent) + " % of its memory is used.",
            ),
            (
                known & target.ge(now),
                "It needs its share of a processor: " + written(vcpus, ".2f") + " vCPUs.",
            ),
            (
                known & saving.lt(min_monthly_savings),
                "It would save $" + written(saving, ".2f") + " a month.",
            ),
        ],
        insufficient=[
            (
                ~known,
                f"{min_days:.0f} days of its memory and processor time; Lambda Insights has "
                + written(days)
                + ": add its layer, or read Max Memory Used in the REPORT lines of /aws/lambda/"
                + functions["resource_id"]
                + ".",
            ),
            (use["gb_seconds"].isna(), "How long its runs take: allow cloudwatch:GetMetricData."),
            unpriced(functions, cost, "of a GB-second on " + functions["architecture"]),
        ],
        details=use.assign(
            used_mib=used,
            vcpus=vcpus,
            given_vcpus=now / _MIB_A_VCPU,
            target_mib=target,
            usd=price["usd"],
            monthly_cost=cost,
            price_source=price["price_source"],
            price_date=price["price_date"],
        ),
    )
