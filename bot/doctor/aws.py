"""Can costbot read the bill, the accounts, the inventory and the metrics?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from bot.aws import AccountRef, Aws, reading
from bot.doctor import Finding, Status
from bot.errors import CostbotError
from bot.settings import Settings

ACCOUNTS_AT_ONCE = 8


def examine(settings: Settings) -> Iterator[Finding]:
    """Credentials, Cost Explorer (one request, $0.01), Organizations, and each account's role."""
    aws = Aws(settings)
    try:
        own = aws.caller_account()
    except CostbotError as error:
        yield Finding("AWS credentials", Status.FAILURE, error.cause, error.remedy)
        return
    yield Finding("AWS credentials", Status.OK, f"They belong to account {own}.")
    yield _cost_explorer(aws, settings)
    try:
        listed = aws.account_list()
    except CostbotError as error:
        yield Finding("AWS accounts", Status.WARNING, error.cause, error.remedy)
        return
    if listed.problem is None:
        yield Finding("AWS accounts", Status.OK, f"{len(listed.accounts)} accounts to look at.")
    else:
        yield Finding("AWS accounts", Status.WARNING, listed.problem.cause, listed.problem.remedy)
    with ThreadPoolExecutor(ACCOUNTS_AT_ONCE) as pool:
        yield from pool.map(lambda account: _account(aws, account), listed.accounts)


def _cost_explorer(aws: Aws, settings: Settings) -> Finding:
    today = (datetime.now(UTC) + timedelta(seconds=settings.clock_offset)).date()
    try:
        with reading("ce:GetCostAndUsage", None):
            aws.client("ce").get_cost_and_usage(
                TimePeriod={"Start": (today - timedelta(days=3)).isoformat(), "End": today.isoformat()},
                Granularity="DAILY",
                Metrics=["UnblendedCost"],
            )
    except CostbotError as error:
        return Finding("Cost Explorer", Status.FAILURE, error.cause, error.remedy)
    return Finding("Cost Explorer", Status.OK, "The bill can be read (this check cost $0.01).")


def _account(aws: Aws, account: AccountRef) -> Finding:
    name = f"account {account.name} ({account.id})"
    try:
        with reading("ec2:DescribeInstances", account.id):
            aws.client("ec2", account_id=account.id).describe_instances(MaxResults=5)
        with reading("cloudwatch:ListMetrics", account.id):
            aws.client("cloudwatch", account_id=account.id).list_metrics(
                Namespace="AWS/EC2", MetricName="CPUUtilization"
            )
    except CostbotError as error:
        return Finding(name, Status.FAILURE, error.cause, error.remedy)
    return Finding(name, Status.OK, "Inventory and metrics can be read.")
