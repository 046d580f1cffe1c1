"""`lambda.arm64`: a function in an interpreted language that still runs on the dearer processors."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.commitments.after_discount_usage import gb_seconds_on_arm
from analysis.figures import written
from analysis.lambda_use import ARM_SHARE, gb_second, monthly_use
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts

#: Runtimes that run the same code on both, and that Lambda offers on Arm; older ones it does not.
_INTERPRETED = r"^(?:python3\.(?:[89]|\d\d)|nodejs(?:1[2-9]|[2-9]\d)\.x|ruby(?:2\.7|3\.\d))$"


@check(
    catalogue="L02",
    groups=(Group.RIGHTSIZING,),
    resource="Lambda function",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="{runtime} function on x86_64: {gb_seconds:,.0f} GB-seconds a month would cost a fifth less on arm64",
    source="AWS Lambda, Selecting and configuring an instruction set architecture",
    words=Words(
        current="x86_64",
        proposed="arm64",
        how="{gb_seconds:,.0f} GB-seconds a month × (${usd:.10f} − ${arm_usd:.10f}), as long as it takes as long.",
        ignores="That it may run faster or slower; requests, which cost the same; a change of its memory within the "
        "days looked at.",
        risk="Bundled packages and {layers:.0f} layers with native code must be there for arm64, else it fails at its "
        "first run; test it under an alias first.",
        effect="The same code is deployed for arm64; new runs start cold.",
        command=(
            "package=$(mktemp)",
            "code=$(aws lambda get-function --function-name {resource_id} --query Code.Location --output text "
            "--region {region})",
            'curl -sSf -o "$package" "$code"',
            'aws lambda update-function-code --function-name {resource_id} --zip-file "fileb://$package" '
            "--architectures arm64",
        ),
        undo=(
            "package=$(mktemp)",
            "code=$(aws lambda get-function --function-name {resource_id} --query Code.Location --output text "
            "--region {region})",
            'curl -sSf -o "$package" "$code"',
            'aws lambda update-function-code --function-name {resource_id} --zip-file "fileb://$package" '
            "--architectures x86_64",
        ),
    ),
    evidence=(
        Fact("Runs", "runs", "a month", "CloudWatch AWS/Lambda Invocations", "Sum"),
        Fact("Duration", "mean_ms", "ms", "CloudWatch AWS/Lambda Duration", "Average"),
    ),
    moves=gb_seconds_on_arm,
)
def arm64(
    lambda_functions: DataFrame,
    lambda_metrics: DataFrame,
    prices: PriceBook,
    *,
    min_days: float = 14,
    min_monthly_savings: float = 1.0,
) -> Verdicts:
    """Lambda function that could run on Arm.

    A GB-second on Arm costs a fifth less. Code in Python, Node.js or Ruby runs on both, unless it bundles packages
    with native code; compiled code and images have to be built for Arm, which nothing here tells.
    """
    functions = lambda_functions
    use = monthly_use(functions, lambda_metrics)
    price = gb_second(functions, prices)
    cost = use["gb_seconds"] * price["usd"]
    saving = cost * (1.0 - ARM_SHARE)
    interpreted = functions["package"].eq("Zip") & functions["runtime"].str.match(_INTERPRETED)
    made_of = ("the image" + pd.Series("", index=functions.index, dtype="str")).where(
        functions["package"].eq("Image"), "code for " + functions["runtime"]
    )
    short = use["days"].lt(min_days) | use["gb_seconds"].isna()
    return verdicts(
        functions,
        saves=saving,
        fine=[
            (functions["architecture"].eq("arm64"), "Runs on arm64."),
            (
                saving.lt(min_monthly_savings) & ~short,
                "Moving it would save $" + written(saving, ".2f") + " a month: not worth the test.",
            ),
        ],
        insufficient=[
            (functions["architecture"].ne("x86_64"), "What it runs on: ListFunctions does not tell."),
            (~interpreted, "Whether " + made_of + " can be built for arm64: its developers know."),
            (
                short,
                f"{min_days:.0f} days of Invocations and Duration; CloudWatch has "
                + written(use["days"])
                + ": wait, or allow cloudwatch:GetMetricData.",
            ),
            unpriced(functions, cost, "of a GB-second on x86_64"),
        ],
        details=use.assign(
            usd=price["usd"],
            arm_usd=price["usd"] * ARM_SHARE,
            monthly_cost=cost,
            price_source=price["price_source"],
            price_date=price["price_date"],
            risk=functions["layers"].gt(0).map({True: Risk.HIGH.value, False: Risk.MEDIUM.value}),
        ),
    )
