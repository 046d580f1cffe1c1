"""`costbot scan` as a process of its own while AWS hides an account, or all but one: the others are looked at."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.cost_files import CostFiles
from bot.demo.aws.faults import Failure, Fault
from bot.demo.aws.organisation import ACCOUNTS, PAYER, STAGING
from bot.demo.aws.server import AwsStandIn
from bot.store import Store
from tests import forked
from tests.bot.costs.cost_factories import full, store
from tests.few_checks import OFF

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
Ended = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsStandIn]:
    stand_in = AwsStandIn(clock=Clock.starting_at(NOW))
    stand_in.start()
    assert stand_in.wait_until_seeded(60)
    yield stand_in
    stand_in.stop()


@pytest.fixture
def costbot(aws: AwsStandIn, tmp_path: Path) -> Iterator[Callable[..., Ended]]:
    """Runs a command against the stand-in, which is healthy again afterwards."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "COSTBOT_", "AWS_"))}
    environment = kept | {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "2",
        "COSTBOT_DATA_DIR": str(tmp_path),
        "COSTBOT_REGIONS": "us-east-1",
        "COSTBOT_CHECKS_OFF": OFF,
    }

    def run(*arguments: str, **settings: str) -> Ended:
        offset = {"COSTBOT_CLOCK_OFFSET": str((aws.clock.now() - datetime.now(UTC)).total_seconds())}
        return forked.costbot(*arguments, environment=environment | offset | settings)

    yield run
    aws.faults.clear()


def test_a_member_that_may_not_be_entered_is_named_and_all_others_are_looked_at(
    aws: AwsStandIn, costbot: Callable[..., Ended]
) -> None:
    healthy = json.loads(costbot("scan", "--json").stdout)
    assert healthy["not_looked_at"] == []
    everywhere = {row["account_id"] for row in healthy["verdicts"]}
    aws.faults.add(Fault("sts", Failure.ACCESS_DENIED, operation="AssumeRole", account_id=STAGING.id))

    ended = costbot("scan", "--json")

    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    assert STAGING.id in everywhere
    assert {row["account_id"] for row in result["verdicts"]} == everywhere - {STAGING.id}
    assert [(gap["account_id"], gap["account_name"]) for gap in result["not_looked_at"]] == [(STAGING.id, "staging")]
    sentence = result["not_looked_at"][0]["sentence"]
    assert f"may not assume role costbot-read in account {STAGING.id}. " in sentence
    assert f"its trust policy must name costbot's identity arn:aws:sts::{PAYER.id}:" in sentence


def test_an_organisation_that_may_not_be_listed_is_told_with_what_was_not_looked_at(
    aws: AwsStandIn, costbot: Callable[..., Ended], tmp_path: Path
) -> None:
    billed = [full(date(2026, 11, 1), 1.0, sub_account_id=one.id, sub_account_name=one.name) for one in ACCOUNTS]
    store(CostFiles(tmp_path), billed)
    aws.faults.add(Fault("organizations", Failure.ACCESS_DENIED))

    ended = costbot("scan", "--json")

    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    assert {row["account_id"] for row in result["verdicts"]} <= {PAYER.id}
    (gap,) = result["not_looked_at"]
    assert (gap["source"], gap["account_id"]) == ("organizations", None)
    assert gap["sentence"] == (
        "Accounts of the organisation could not be listed: AWS refuses organizations:ListAccounts to costbot's own "
        f"credentials. Of them only {PAYER.id}, costbot's own, is looked at. {len(ACCOUNTS) - 1} other accounts on the "
        "stored bills are not. Add organizations:ListAccounts to the policy of its user or role, or set "
        "COSTBOT_ACCOUNTS."
    )
    assert gap["sentence"].replace("`", "") in costbot("ask", "/cost savings").stdout.replace("\n", " ")

    aws.faults.clear()
    assert json.loads(costbot("scan", "--json").stdout)["not_looked_at"] == []
    kept = Store(tmp_path / "costbot.db")
    assert [health.source for health in kept.source_health() if not health.ok] == []


def test_metrics_that_may_not_be_paid_for_are_told_once_and_no_machine_is_judged_without_them(
    aws: AwsStandIn, costbot: Callable[..., Ended], tmp_path: Path
) -> None:
    aws.calls.clear()
    ended = costbot("scan", "--json", COSTBOT_MONTHLY_API_CAP="0.00001")

    assert ended.returncode == 0, ended.stderr
    result = json.loads(ended.stdout)
    (gap,) = result["not_looked_at"]
    assert gap["sentence"].startswith(
        "CloudWatch metrics are not read: costbot has spent $0.00 on AWS calls this month"
    )
    assert "Raise COSTBOT_MONTHLY_API_CAP (0 is no cap), or wait until Dec 1" in gap["sentence"]
    assert not [verdict for verdict in result["verdicts"] if verdict["check_id"] == "ec2.rightsizing"]
    assert not [call for call in aws.calls.shown() if call["operation"] == "GetMetricData"]
    kept = Store(tmp_path / "costbot.db")
    assert [health.account_id for health in kept.source_health() if not health.ok] == [None]
    assert gap["sentence"].replace("`", "") in costbot("ask", "/cost savings").stdout.replace("\n", " ")
