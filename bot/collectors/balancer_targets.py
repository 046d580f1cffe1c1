"""The table `balancer_targets`: what is registered with load balancers whose metrics leave it open."""

from __future__ import annotations

from pandas import DataFrame

from bot.aws import Aws, reading
from bot.collectors.scopes import Scope, Window
from bot.inventory import Here
from bot.tables import typed

ACTIONS = ("elasticloadbalancing:DescribeTargetHealth",)
SCOPE = Scope.PLACE
OF = "load_balancers"
NEEDS_TARGETS = "targets"
NEEDS = (NEEDS_TARGETS,)

COLUMNS: dict[str, str] = {
    "account_id": "str",
    "region": "str",
    "resource_id": "str",  # ARN of the balancer
    "targets": "float64",  # registered with its groups, healthy or not
}


def collect(aws: Aws, here: Here, rows: DataFrame, window: Window, need: str = "") -> DataFrame:
    """One row per balancer that needs it: a call for each of its groups. Nothing is asked in the first round.

    Raises:
        SourceUnavailable: Elastic Load Balancing gave no answer.
    """
    if need != NEEDS_TARGETS:
        return typed([], COLUMNS)
    client = aws.client("elbv2", account_id=here.account.id, region=here.region)
    found: list[dict[str, object]] = []
    with reading(ACTIONS[0], here.account.id, here.region):
        for arn, groups in rows[["resource_id", "target_groups"]].itertuples(index=False):
            counts = [
                len(client.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"])
                for group in groups.split()
            ]
            found.append(
                {"account_id": here.account.id, "region": here.region, "resource_id": arn, "targets": sum(counts)}
            )
    return typed(found, COLUMNS)
