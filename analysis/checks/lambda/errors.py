"""`lambda.errors`: a function that is paid for failing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import KEY, daily_charts
from analysis.figures import written
from analysis.lambda_use import DAYS_A_MONTH, daily_use, gb_second
from analysis.models import Action, Chart, Effort, Group
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


def _charts(rows: DataFrame, tables: Mapping[str, Any]) -> list[Chart | None]:
    lines = {"Runs": ("Invocations", "Sum"), "Failed": ("Errors", "Sum")}
    return daily_charts(rows, tables["lambda_metrics"], lines, title="Runs a day", unit="runs")


@check(
    catalogue="L04",
    groups=(Group.IDLE,),
    resource="Lambda function",
    action=Action.UPGRADE,
    effort=Effort.MEDIUM,
    reason="{error_percent:.0f} % of its runs fail, up to {worst_percent:.0f} % on a day",
    source="AWS Trusted Advisor, AWS Lambda Functions with High Error Rates",
    words=Words(
        current="{error_percent:.0f} % of runs fail",
        proposed="runs do not fail",
        how="{failed:,.0f} failed runs in {looked_days:.0f} days, as a month's {failed_gb_seconds:,.0f} GB-seconds at "
        "the mean duration, × ${usd:.10f}.",
        ignores="That failed runs may take shorter or, at a timeout, longer than the mean: half of it either way; "
        "what their retries call.",
        risk="None by looking at it; a mended function may cost more where a failed run ended early.",
        effect="Somebody mends the function, or stops what calls it in vain.",
        steps="Read what it says when it fails: aws logs filter-log-events --region {region} --log-group-name "
        "/aws/lambda/{resource_id} --filter-pattern '?ERROR ?Exception ?\"Task timed out\"' --max-items 20; then mend "
        "the cause, and look at how often its callers try again (MaximumRetryAttempts, a queue's redrive policy).",
    ),
    evidence=(
        Fact("Failed runs", "failed", "in {looked_days:.0f} days", "CloudWatch AWS/Lambda Errors", "Sum"),
        Fact("Worst day", "worst_percent", "% of runs", "CloudWatch AWS/Lambda Errors ÷ Invocations"),
        Fact("Duration", "mean_ms", "ms", "CloudWatch AWS/Lambda Duration", "Average"),
    ),
    chart=_charts,
)
def errors(
    lambda_functions: DataFrame,
    lambda_metrics: DataFrame,
    prices: PriceBook,
    *,
    lookback_days: float = 7,
    max_error_percent: float = 10,
    min_runs_a_day: float = 20,
    min_monthly_savings: float = 1.0,
) -> Verdicts:
    """Lambda function that fails often.

    A failed run is billed like any other, and what calls it mostly tries again. The rule looks at single days, so that
    one bad day shows; the figure is of all days looked at.
    """
    functions = lambda_functions
    day = daily_use(lambda_metrics)
    if len(day):
        day = day[day["time"].gt(day["time"].max() - timedelta(days=lookback_days))]
    rate = (day["errors"] / day["runs"] * 100.0).where(day["runs"].ge(min_runs_a_day))
    by = day.assign(rate=rate, failed_s=day["errors"] * day["mean_ms"] / 1000.0).groupby(KEY)
    found = DataFrame(
        {
            "looked_days": by["runs"].count(),
            "runs": by["runs"].sum(),
            "failed": by["errors"].sum(),
            "failed_s": by["failed_s"].sum(),
            "worst_percent": by["rate"].max(),
            "busy_s": by["busy_s"].sum(),
        }
    ).reindex(pd.MultiIndex.from_frame(functions[KEY]))
    found = found.set_axis(functions.index).astype("float64")
    gb_seconds = found["failed_s"] * functions["memory_mib"] / 1024.0 * DAYS_A_MONTH / found["looked_days"]
    price = gb_second(functions, prices)
    saving = gb_seconds * price["usd"]
    often = found["worst_percent"].gt(max_error_percent)
    known = found["looked_days"].ge(lookback_days)
    return verdicts(
        functions,
        saves=saving.where(often),
        fine=[
            (known & found["runs"].eq(0), "Did not run."),
            (
                known & found["worst_percent"].isna(),
                f"Less than {min_runs_a_day:.0f} runs on every day: a failure is no trend.",
            ),
            (
                known & ~often,
                "On its worst day " + written(found["worst_percent"], ".1f") + " % of its runs failed.",
            ),
            (
                known & saving.lt(min_monthly_savings),
                "What fails costs $" + written(saving, ".2f") + " a month.",
            ),
        ],
        insufficient=[
            (
                ~known,
                f"{lookback_days:.0f} days of Invocations and Errors; CloudWatch has "
                + written(found["looked_days"])
                + ": wait, or allow cloudwatch:GetMetricData.",
            ),
            unpriced(functions, saving, "of a GB-second on " + functions["architecture"]),
        ],
        plus_minus=saving / 2.0,
        details=found.assign(
            error_percent=found["failed"] / found["runs"] * 100.0,
            mean_ms=found["busy_s"] / found["runs"] * 1000.0,
            failed_gb_seconds=gb_seconds,
            usd=price["usd"],
            price_source=price["price_source"],
            price_date=price["price_date"],
        ),
    )
