"""Can costbot read the bill, the accounts, the inventory and the metrics?"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.app import build_context
from bot.aws import AccountRef, Aws, reading
from bot.context import Context
from bot.cost_files.reach import SOURCE
from bot.doctor import Finding, Status
from bot.errors import CostbotError
from bot.settings import Settings
from bot.spending import AllowanceUsed, CapReached
from bot.workflows.ask_explorer import EXPORT_ANSWERS, answered_by_export, fetch, spending

ACCOUNTS_AT_ONCE = 8
#: Less than this share of the month's cap is worth a warning.
SOON_USED = 0.1


def examine(settings: Settings) -> Iterator[Finding]:
    """Spending, credentials, Cost Explorer (one request, $0.01, at most), Organizations, each account's role."""
    try:
        context = build_context(settings, with_slack=False)
    except CostbotError as error:
        yield Finding("AWS spending", Status.FAILURE, error.cause, error.remedy)
        return
    try:
        yield from _examine(context)
    finally:
        context.work.close(0)
        context.store.close()


def _examine(context: Context) -> Iterator[Finding]:
    aws = context.aws
    yield _spending(context)
    try:
        own = aws.caller_account()
    except CostbotError as error:
        yield Finding("AWS credentials", Status.FAILURE, error.cause, error.remedy)
        return
    yield Finding("AWS credentials", Status.OK, f"They belong to account {own}.")
    yield cost_explorer(context)
    try:
        listed = aws.account_list()
    except CostbotError as error:
        yield Finding("AWS accounts", Status.WARNING, error.cause, error.remedy)
        return
    if listed.problem is None:
        closed = f"; {len(listed.left_out)} more are suspended or closed" if listed.left_out else ""
        yield Finding("AWS accounts", Status.OK, f"{len(listed.accounts)} accounts to look at{closed}.")
    else:
        yield Finding("AWS accounts", Status.WARNING, listed.problem.cause, listed.problem.remedy)
    with ThreadPoolExecutor(ACCOUNTS_AT_ONCE) as pool:
        yield from pool.map(lambda account: _account(aws, account), listed.accounts)


def _spending(context: Context) -> Finding:
    standing = spending(context).standing()
    used = f"{standing.requests_today} of {standing.requests_a_day} Cost Explorer requests of today are used"
    so_far = f"costbot has spent ${standing.usd_this_month:.2f}"
    if standing.cap_usd is None:
        return Finding(
            "AWS spending",
            Status.OK,
            f"{so_far} on AWS calls this month, without a cap; {used}.",
        )
    spent = (
        f"costbot has spent ${standing.usd_this_month:.2f} of ${standing.cap_usd:.2f} on AWS calls this month; {used}."
    )
    if standing.usd_left >= SOON_USED * standing.cap_usd:
        return Finding("AWS spending", Status.OK, spent)
    return Finding(
        "AWS spending",
        Status.WARNING,
        spent,
        "Raise COSTBOT_MONTHLY_API_CAP (0 is no cap) before it is reached: above it no billed call is made.",
    )


def cost_explorer(context: Context) -> Finding:
    """Can the bill be read? Asks for a cent, unless an export answers or the day has no request to spare."""
    name = "Cost Explorer"
    if answered_by_export(context):
        return Finding(name, Status.OK, EXPORT_ANSWERS)
    today = context.clock.today()
    try:
        fetch(
            context,
            {
                "TimePeriod": {"Start": (today - timedelta(days=3)).isoformat(), "End": today.isoformat()},
                "Granularity": "DAILY",
                "Metrics": ["UnblendedCost"],
            },
        )
    except AllowanceUsed as error:
        return _as_last_time(context, error)
    except CapReached as error:
        return Finding(name, Status.WARNING, error.cause, error.remedy)
    except CostbotError as error:
        return Finding(name, Status.FAILURE, error.cause, error.remedy)
    return Finding(name, Status.OK, "The bill can be read (this check cost $0.01).")


def _as_last_time(context: Context, used: AllowanceUsed) -> Finding:
    """How Cost Explorer answered the last refresh, where today has no request left to ask."""
    health = next((source for source in context.store.source_health() if source.source == SOURCE), None)
    if health is None:
        return Finding("Cost Explorer", Status.WARNING, used.cause, used.remedy)
    if not health.ok:
        return Finding("Cost Explorer", Status.FAILURE, f"The last refresh failed: {health.sentence}", used.remedy)
    at = f"{health.checked_at:%b %-d, %H:%M} UTC"
    return Finding("Cost Explorer", Status.OK, f"The bill could be read at {at}. It was not asked again: {used.cause}")


def _account(aws: Aws, account: AccountRef) -> Finding:
    name = f"account {account.name} ({account.id})"
    try:
        with reading("ec2:DescribeInstances", account.id):
            aws.client("ec2", account_id=account.id).describe_instances(MaxResults=5)
        with reading("cloudwatch:ListMetrics", account.id):
            aws.client("cloudwatch", account_id=account.id).list_metrics(
                Namespace="AWS/EC2", MetricName="CPUUtilization"
            )
        regions = aws.region_list(account.id)
    except CostbotError as error:
        return Finding(name, Status.FAILURE, error.cause, error.remedy)
    if regions.unknown:
        sentence = f"COSTBOT_REGIONS names {', '.join(regions.unknown)}, which AWS does not know."
        return Finding(name, Status.WARNING, sentence, "Correct COSTBOT_REGIONS.")
    skipped = f"; {_count(len(regions.left_out))} not enabled there and skipped" if regions.left_out else ""
    return Finding(
        name, Status.OK, f"Inventory and metrics can be read; {_count(len(regions.enabled))} looked at{skipped}."
    )


def _count(regions: int) -> str:
    return "1 region is" if regions == 1 else f"{regions} regions are"
