"""`lambda.provisioned_concurrency`: warm instances of a function that hardly anybody uses."""

from __future__ import annotations

import math

import pandas as pd
from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import warm_gb_seconds
from analysis.daily_metrics import KEY
from analysis.figures import written
from analysis.models import Action, Effort, Group, Risk
from analysis.nat_traffic import billed, has_bill
from analysis.pricing import HOURS_A_MONTH, PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

_BILLED = ("Lambda-Provisioned-Concurrency", "Lambda-Provisioned-Concurrency-ARM")
_SECONDS_A_MONTH = HOURS_A_MONTH * 3600


@check(
    catalogue="L03",
    groups=(Group.RIGHTSIZING, Group.IDLE),
    resource="Lambda function",
    action=Action.SCALE_IN,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{provisioned:.0f} warm instances of {qualifier}, of which p95 is {used:.0f} % in use",
    source="AWS Lambda, Optimizing provisioned concurrency",
    words=Words(
        current="{provisioned:.0f} warm",
        proposed="{kept:.0f} warm",
        how="{spare:.0f} instances × {memory_mib:.0f} MiB × 730 h × ${gb_second_usd:.10f} a GB-second; what is kept "
        "leaves {headroom_percent:.0f} % free at the highest daily p95.",
        ignores="That runs beyond the warm instances cost more a GB-second than runs in them; schedules that keep "
        "instances warm at some hours only.",
        risk="Runs beyond what is kept start cold, as any other.",
        effect="Lambda keeps fewer instances of it warm.",
        command=(
            "aws lambda put-provisioned-concurrency-config --function-name {resource_id} --qualifier {qualifier} "
            "--provisioned-concurrent-executions {kept:.0f}",
        ),
        undo=(
            "aws lambda put-provisioned-concurrency-config --function-name {resource_id} --qualifier {qualifier} "
            "--provisioned-concurrent-executions {provisioned:.0f}",
        ),
    ),
    evidence=(
        Fact("Utilization", "used", "%", "CloudWatch AWS/Lambda ProvisionedConcurrencyUtilization", "p95"),
        Fact("Provisioned", "provisioned", "instances", "Lambda ListProvisionedConcurrencyConfigs"),
    ),
    moves=warm_gb_seconds,
)
def provisioned_concurrency(
    lambda_functions: DataFrame,
    lambda_provisioned: DataFrame,
    usage_totals: DataFrame,
    prices: PriceBook,
    *,
    max_used_percent: float = 40,
    headroom_percent: float = 20,
    min_days: float = 7,
) -> Verdicts:
    """Provisioned concurrency that is not used.

    Warm instances bill by the second whether or not anything runs in them. Only where the bill of an account shows any
    are its functions asked for them. Of several aliases with warm instances the one with most to spare is told.
    """
    functions = lambda_functions
    known = has_bill(functions, usage_totals)
    warm = billed(functions, usage_totals, _BILLED).gt(0)
    kept = _fewest(lambda_provisioned, headroom_percent)
    own = kept.reindex(pd.MultiIndex.from_frame(functions[KEY])).set_axis(functions.index)
    asked = pd.Series(
        pd.MultiIndex.from_frame(functions[KEY]).isin(pd.MultiIndex.from_frame(lambda_provisioned[KEY])),
        index=functions.index,
    )
    price = prices.unit(functions, "lambda." + functions["architecture"] + ".provisioned_gb_second")
    month = functions["memory_mib"] / 1024.0 * _SECONDS_A_MONTH * price["usd"]
    saving = own["spare"] * month
    measured = own["used_days"].ge(min_days)
    return verdicts(
        functions,
        saves=saving.where(own["used"].lt(max_used_percent)),
        fine=[
            (known & ~warm, "The bill of its account and region shows no provisioned concurrency."),
            (asked & own["provisioned"].eq(0), "It keeps nothing warm."),
            (
                measured & own["used"].ge(max_used_percent),
                "p95 of its warm instances is " + written(own["used"]) + " % in use.",
            ),
            (measured & own["spare"].le(0), "Fewer than it keeps warm would not do."),
        ],
        insufficient=[
            (~known, "Whether it is billed for warm instances: the bill by usage type and account."),
            (~asked, "How many instances it keeps warm: lambda:ListProvisionedConcurrencyConfigs."),
            (
                ~measured,
                f"{min_days:.0f} days of ProvisionedConcurrencyUtilization; CloudWatch has "
                + written(own["used_days"])
                + ": it is published only while the function runs.",
            ),
            unpriced(functions, month, "of a warm GB-second on " + functions["architecture"]),
        ],
        details=own.assign(
            gb_second_usd=price["usd"],
            monthly_cost=own["provisioned"] * month,
            needs=(known & warm & ~asked).map({True: "provisioned", False: ""}),
            price_source=price["price_source"],
            price_date=price["price_date"],
        ),
    )


def _fewest(provisioned: DataFrame, headroom_percent: float) -> DataFrame:
    """By `KEY`, of the alias with most to spare: qualifier, provisioned, used, used_days, kept, spare."""
    used = provisioned["used_p95_percent"]
    needed: Series[float] = provisioned["provisioned"] * used / 100.0 / (1.0 - headroom_percent / 100.0)
    kept = needed.map(math.ceil, na_action="ignore").astype("float64").clip(lower=1.0)
    table = provisioned.assign(used=used, kept=kept, spare=provisioned["provisioned"] - kept)
    table = table.sort_values("spare", ascending=False, na_position="last").drop_duplicates(KEY)
    return table.set_index(KEY)[["qualifier", "provisioned", "used", "used_days", "kept", "spare"]]
