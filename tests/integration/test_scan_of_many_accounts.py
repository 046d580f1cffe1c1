"""Many accounts on the stand-in: each is entered once and asked once a region, and clients are shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import build_context
from bot.clock import Clock
from bot.demo.aws.faults import Failure, Fault
from bot.demo.aws.organisation import ACCOUNTS, PAYER, REGIONS, STAGING
from bot.demo.aws.server import AwsStandIn
from bot.settings import Settings
from bot.workflows.gather_savings import gather
from tests.few_checks import TABLES

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MANY = 60


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsStandIn]:
    stand_in = AwsStandIn(clock=Clock.starting_at(NOW))
    stand_in.start()
    assert stand_in.wait_until_seeded(60)
    from moto.organizations.models import organizations_backends

    backend = organizations_backends[PAYER.id]["aws"]
    for number in range(MANY - len(ACCOUNTS)):
        backend.create_account(AccountName=f"team-{number}", Email=f"aws+{number}@example.com")
    backend.accounts[-1].status = backend.accounts[-1].state = "SUSPENDED"
    yield stand_in
    stand_in.stop()


def test_calls_grow_with_the_accounts_and_no_faster(
    aws: AwsStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "2",
    }.items():
        monkeypatch.setenv(name, value)
    offset = (aws.clock.now() - datetime.now(UTC)).total_seconds()
    context = build_context(Settings(data_dir=tmp_path, clock_offset=offset), with_slack=False)
    aws.calls.clear()
    aws.faults.add(Fault("sts", Failure.ACCESS_DENIED, operation="AssumeRole", account_id=STAGING.id))
    try:
        gathered = gather(context, tmp_path, lambda done, total, what: None, TABLES)
    finally:
        aws.faults.clear()
        context.work.close(0)

    calls: Counter[str] = Counter()
    for call in aws.calls.shown():
        calls[f"{call['service']}:{call['operation']}"] += call["count"]
    asked = {name.partition(":")[0] for name in calls}
    looked_at = MANY - 2  # one is suspended, one cannot be entered
    assert calls["sts:AssumeRole"] == MANY - 2, "the payer needs no role, and who is suspended is not entered"
    assert calls["ec2:DescribeRegions"] == looked_at
    assert calls["ec2:DescribeInstances"] == looked_at * len(REGIONS)
    assert calls["organizations:ListAccounts"] <= MANY // 20 + 1
    assert calls["ce:GetCostAndUsage"] == 0
    assert len(context.aws._clients) <= 4 + 2 * len(asked) * len(REGIONS), (
        "clients are of services and regions, not of accounts"
    )
    assert {place.account.id for place in gathered.inventories["ec2_instances"]} >= {
        account.id for account in ACCOUNTS if account != STAGING
    }
    told = {gap.account_id: gap.sentence for gap in gathered.round.failures}
    assert told[STAGING.id].startswith(f"costbot may not assume role costbot-read in account {STAGING.id}.")
    assert "suspended or closed" in told[None]
    context.store.close()
