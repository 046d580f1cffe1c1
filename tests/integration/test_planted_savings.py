"""The savings scan against the stand-in: every planted saving to the cent, none of the traps, failures told."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.checks import checks
from analysis.costs import ChargeCategory, Cut
from analysis.models import Recommendation
from bot.aws import Aws
from bot.blocks.elements import money
from bot.clock import Clock
from bot.context import Context
from bot.demo.aws.commitments import COMMITMENTS_BY_ARN
from bot.demo.aws.faults import Failure, Fault
from bot.demo.aws.ledger_catalogue import RDS
from bot.demo.aws.planted import PLANTED, Planted
from bot.demo.aws.planted_commitments import NOTICES
from bot.demo.aws.resources import resources
from bot.demo.aws.resources_model import DATA_PLATFORM, PROD, SECOND_REGION, STAGING
from bot.demo.aws.server import AwsStandIn
from bot.iam import read_policy
from bot.savings.open_savings import open_savings
from bot.savings.table_sources import table_sources
from bot.settings import Settings
from bot.spending import Spending
from bot.store import Finding
from bot.work import Work
from bot.workflows.keep_rightsizing import kept_rightsizing
from bot.workflows.scan_savings import ScanResult, scan
from tests.bot.decisions_factories import FakeSlack, slack_of
from tests.bot.decisions_factories import context as faked
from tests.few_checks import KEPT, OFF

#: The first scan runs every check: a minute of processor time, and longer where other tests want it too.
pytestmark = pytest.mark.timeout(420)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
REGIONS = ("us-east-1", "eu-west-1")
#: The planted answers of the checks that exist.
ANSWERS = tuple(planted for planted in PLANTED if planted.check in checks())
RIGHTSIZING = {p.resource_key.partition("/")[2]: p for p in ANSWERS if p.check == "ec2.rightsizing"}
#: Operations whose action has another name.
OTHER_ACTIONS = {"budgets:DescribeBudgets": "budgets:ViewBudget"}
#: What the reason of each trap has to name.
NAMED = {
    "ledger-cache": "memory",
    "token-vault": "memory",
    "legacy-reports": "Memory of at least",
    "qa-runner": "Memory of at least",
    "cron-box": "Burst credits ran out",
    "model-trainer": "GPU",
    "inference-1": "GPU",
    "invoice-renderer": "memory",
    "checkout-canary": "14 days of metrics",
    "replicator": "network",
    "compactor": "volume throughput",
    "fraud-rules": "dedicated",
    "directory-controller": "Windows",
    "build-cache": "CPU",
    "edge-proxy": "Right size",
    "old-benchmark": "Not running",
    "migration-test": "Not running",
    "payments-api-2": "memory",
    "checkout-web-1": "checkout-web",
    "search-api-1": "search-api",
    "batch-workers-1": "batch-workers",
    "storefront-staging-1": "storefront-staging",
    "eu-reindexer": "Memory of at least",
    "quote-cache": "Memory of at least",
}

#: Services that sign by another name than their actions begin with.
PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
#: Operations of S3 whose action has another name.
S3_ACTIONS = {
    "ListBuckets": "ListAllMyBuckets",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
}


#: What IAM calls a service that signs its calls under another name.
PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsStandIn]:
    stand_in = AwsStandIn(clock=Clock.starting_at(NOW))
    stand_in.start()
    assert stand_in.wait_until_seeded(60)
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module")
def module_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def bot(aws: AwsStandIn, folder: Path, patch: pytest.MonkeyPatch, **parts: Any) -> Context:
    """A bot that looks at the stand-in and whose bill shows what no list does."""
    for name, value in {
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "2",
    }.items():
        patch.setenv(name, value)
    usual = {"alert_channel": "C0COSTS", "regions": REGIONS, "cloudtrail": True, "ce_requests_a_day": 24}
    settings = usual | parts.pop("settings", {})
    made = faked(folder, settings=settings, clock=aws.clock, **parts)
    chosen = Settings(data_dir=folder, **settings)
    metered = Aws(chosen, Spending(made.store, chosen, aws.clock.now))
    made.costs.replace_month("cost_explorer", date(2026, 11, 1), _own_bill())
    return dataclasses.replace(made, aws=metered)


def _own_bill() -> DataFrame:
    """What the European instances cost, and in their account what a commitment pays, beside databases their backups."""
    rows = [
        (Cut.USAGE_TYPE, None, one.service, one.usage_type, one.hourly_rate)
        for one in resources(7)
        if one.region == SECOND_REGION and "BoxUsage" in one.usage_type and one.hourly_rate
    ]
    rows += [
        (
            Cut.ACCOUNT_USAGE_TYPE,
            one.account_id,
            one.service,
            COMMITMENTS_BY_ARN[one.commitment].usage_type,
            one.committed_hourly,
        )
        for one in resources(7)
        if one.commitment
    ]
    rows.append((Cut.ACCOUNT_USAGE_TYPE, PROD, RDS, "RDS:ChargedBackupUsage", 0.095))
    return DataFrame(
        [
            {
                "date": date(2026, 11, day),
                "cut": cut.value,
                "provider": "AWS",
                "charge_category": ChargeCategory.USAGE.value,
                "service_name": service,
                "sub_account_id": account_id,
                "usage_type": usage_type,
                "billed_cost": 24 * rate,
                "effective_cost": 24 * rate,
                "quantity": 24.0,
                "unit": "GB-Mo" if usage_type.startswith("RDS:") else "Hrs",
                "currency": "USD",
                "estimated": False,
            }
            for cut, account_id, service, usage_type, rate in dict.fromkeys(rows)
            for day in range(1, 20)
        ]
    )


@pytest.fixture(scope="module")
def called() -> set[str]:
    """What the first scan asked AWS for, as policies spell it."""
    return set()


@pytest.fixture(scope="module")
def scanned(
    aws: AwsStandIn, tmp_path_factory: pytest.TempPathFactory, module_patch: pytest.MonkeyPatch, called: set[str]
) -> tuple[Context, ScanResult]:
    context = bot(aws, tmp_path_factory.mktemp("bot"), module_patch)
    aws.calls.clear()
    result = scan(context)
    actions = {_action(call["service"], call["operation"]) for call in aws.calls.shown()}
    called |= {OTHER_ACTIONS.get(action, action) for action in actions}
    return context, result


@pytest.fixture
def again(
    aws: AwsStandIn, scanned: tuple[Context, ScanResult], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Context:
    """A bot of its own that goes on after the first scan."""
    shutil.copytree(scanned[0].settings.data_dir, tmp_path, dirs_exist_ok=True)
    before = slack_of(scanned[0])
    slack = FakeSlack(before.groups, list(before.calls))
    return bot(aws, tmp_path, monkeypatch, slack=slack, settings={"checks_off": OFF})


def row_of(result: ScanResult, planted: Planted) -> Any:
    name = planted.resource_key.partition("/")[2]
    rows = result.rows[result.rows["check_id"].eq(planted.check)]
    (row,) = rows[rows["resource_name"].eq(name)].itertuples(index=False)
    return row


def of(planted: Planted) -> str:
    return f"{planted.check}-{planted.resource_key}"


@pytest.mark.parametrize("planted", [p for p in ANSWERS if p.expect != "saves"], ids=of)
def test_takes_no_trap_and_names_the_reason(scanned: tuple[Context, ScanResult], planted: Planted) -> None:
    row = row_of(scanned[1], planted)

    assert row.verdict == planted.expect
    if planted.check == "ec2.rightsizing":
        assert NAMED[row.resource_name] in row.why
    assert row.why
    assert pd.isna(row.proposed)
    assert pd.isna(row.monthly_savings)


@pytest.mark.parametrize("planted", [p for p in ANSWERS if p.expect == "saves"], ids=of)
def test_finds_each_planted_saving_to_the_cent(scanned: tuple[Context, ScanResult], planted: Planted) -> None:
    row = row_of(scanned[1], planted)

    assert (row.verdict, row.current, row.proposed) == ("saves", planted.current, planted.proposed)
    assert row.monthly_savings == pytest.approx(planted.monthly_savings, abs=0.005)


def test_finds_nothing_that_was_not_planted(scanned: tuple[Context, ScanResult]) -> None:
    rows = scanned[1].rows
    saving = rows[rows["verdict"].eq("saves")]

    assert set(zip(saving["check_id"], saving["resource_name"], strict=True)) == {
        (planted.check, planted.resource_key.partition("/")[2]) for planted in ANSWERS if planted.expect == "saves"
    }
    assert len(rows[rows["check_id"].eq("ec2.rightsizing")]) == 66
    assert scanned[1].not_looked_at == ()


def test_tells_which_machines_are_too_small(scanned: tuple[Context, ScanResult]) -> None:
    rows = scanned[1].rows
    told = rows[rows["verdict"].eq("notice") & rows["check_id"].isin(["ec2.undersized", "ec2.drained_credits"])]

    assert set(zip(told["resource_name"], told["current"], told["proposed"], strict=True)) == {
        ("edge-proxy", "c5.large, at its limit", "c5.xlarge"),
        ("cron-box", "t2.medium, held back", "t2.large"),
    }


@pytest.mark.parametrize("planted", NOTICES, ids=lambda planted: planted[0])
def test_tells_what_commitments_waste_leave_uncovered_and_end(
    scanned: tuple[Context, ScanResult], planted: tuple[str, str, float, str]
) -> None:
    check_id, name, monthly, reason = planted
    values = [f.value for f in scanned[1].findings if isinstance(f.value, Recommendation)]
    [told] = [value for value in values if (value.check_id, value.resource_name) == (check_id, name)]

    assert (told.is_notice, told.monthly_savings, told.reason) == (True, 0.0, reason)
    assert told.monthly_cost == pytest.approx(monthly, abs=0.005)


def test_keeps_why_each_instance_has_the_size_it_should_have(scanned: tuple[Context, ScanResult]) -> None:
    kept = kept_rightsizing(scanned[0].settings.data_dir, "payments-batch-1")

    assert kept is not None
    assert kept.looked_at == 66
    [told] = kept.found
    assert (told["verdict"], told["proposed"]) == ("saves", "m5.xlarge")
    assert {one["instance_type"]: one["lacks"] for one in told["candidates"]}["m5.large"] == ["cpu", "memory"]


def posted(context: Context) -> tuple[list[str], list[str]]:
    """The ids of the cards, and what the owners' lists say, each first to last."""
    texts = [post["text"] for post in slack_of(context).of("post")]
    ids = {finding.id for finding in context.store.findings("recommendation")}
    cards = [text.split(":")[0] for text in texts if text.split(":")[0] in ids]
    return cards, [text for text in texts if text.split(":")[0] not in ids]


def dearest_owners(findings: Iterable[Finding], most: int) -> list[tuple[str, list[float]]]:
    """What each value of the owner tag could save, finding by finding; those with the most."""
    savings: dict[str, list[float]] = {}
    for value in (finding.value for finding in findings):
        assert isinstance(value, Recommendation)
        savings.setdefault(value.owner or "", []).append(value.monthly_savings)
    return sorted(savings.items(), key=lambda owner: (-sum(owner[1]), owner[0]))[:most]


def said_of(owner: str, savings: list[float]) -> str:
    many = "1 saving" if len(savings) == 1 else f"{len(savings)} savings"
    return f"No owner: {many}{f' of {owner}' if owner else ''}, {money(sum(savings))} a month, to decide."


def test_posts_the_biggest_first_and_no_more_than_the_limit(scanned: tuple[Context, ScanResult]) -> None:
    context, result = scanned
    cards, lists = posted(context)

    counted = open_savings(result.findings).counted
    assert (result.posted.cards, result.posted.held_back) == (5, len(counted) - 5)
    assert cards == [finding.id for finding in counted[:5]]
    assert lists == [said_of(owner, theirs) for owner, theirs in dearest_owners(counted[5:], 5)]
    savings = [f.value.monthly_savings for f in counted if isinstance(f.value, Recommendation)]
    assert savings == sorted(savings, reverse=True)
    assert len(counted) > 60


def test_every_call_is_covered_by_the_read_policy(scanned: tuple[Context, ScanResult], called: set[str]) -> None:
    allowed = {action for statement in read_policy()["Statement"] for action in _as_list(statement["Action"])}

    assert called <= allowed
    assert {"ec2:DescribeInstances", "cloudwatch:GetMetricData", "sts:AssumeRole"} <= called


def _action(service: str, operation: str) -> str:
    """What IAM calls an operation."""
    if service == "s3":
        return f"s3:{S3_ACTIONS.get(operation, operation)}"
    return f"{PREFIXES.get(service, service)}:{operation}"


def _as_list(action: str | list[str]) -> list[str]:
    return [action] if isinstance(action, str) else action


def test_metrics_are_counted_and_priced(scanned: tuple[Context, ScanResult]) -> None:
    spend = {(s.service, s.operation): s.usd for s in scanned[0].store.api_spend(NOW.date() - timedelta(days=1))}

    assert 0.001 < spend["cloudwatch", "GetMetricData"] < 0.02


def test_an_account_that_fails_is_not_looked_at_and_stops_nobody(
    aws: AwsStandIn, scanned: tuple[Context, ScanResult], again: Context
) -> None:
    context = again
    before = {f.value.resource_name for f in scanned[1].findings if isinstance(f.value, Recommendation)}
    aws.faults.add(Fault("ec2", Failure.ACCESS_DENIED, operation="DescribeInstances", account_id=DATA_PLATFORM))
    aws.faults.add(Fault("monitoring", Failure.HTTP_500, account_id=STAGING))
    try:
        result = scan(context)
    finally:
        aws.faults.clear()

    told = {(failure.account_id, failure.source) for failure in result.not_looked_at}
    measured = {name for name, source in table_sources().items() if source.of is not None}
    assert {source for account, source in told if account != STAGING} == {"ec2_instances"}
    assert {source for account, source in told if account == STAGING} <= measured, "the same words are told once"
    resized = result.rows[result.rows["check_id"].eq("ec2.rightsizing")]
    assert not set(resized["account_id"]) & {DATA_PLATFORM, STAGING}
    assert {DATA_PLATFORM, STAGING} <= set(result.rows["account_id"]), "other checks need not what failed"
    assert "AWS refuses ec2:DescribeInstances in account 777788889999" in result.not_looked_at[0].sentence
    failing = {health.account_id for health in context.store.source_health() if not health.ok}
    assert failing == {DATA_PLATFORM, STAGING}
    # What was found there stays open: nobody looked.
    still = {f.value.resource_name for f in context.store.findings("recommendation", ("open",)) if f.value}
    assert still == before
    assert result.resolved == ()


def test_expired_credentials_are_told_and_nothing_is_resolved(
    aws: AwsStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = bot(aws, tmp_path, monkeypatch, settings={"checks_off": OFF})
    aws.faults.add(Fault("ec2", Failure.EXPIRED))
    try:
        result = scan(context)
    finally:
        aws.faults.clear()

    assert result.rows.empty
    assert all("expired" in failure.sentence for failure in result.not_looked_at)


def test_a_repeat_updates_the_same_messages_and_goes_on_with_the_next(
    aws: AwsStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = bot(aws, tmp_path, monkeypatch, settings={"max_cards": 2, "checks_off": OFF})
    first, second = scan(context), scan(context)

    cards, lists = posted(context)
    assert cards == [finding.id for finding in first.findings[:4]]
    assert (first.posted.cards, second.posted.cards) == (2, 2)
    counted = open_savings(first.findings).counted
    told = dearest_owners(counted[2:], 2)
    listed = {owner for owner, _ in told}
    rest = [one for one in counted[4:] if (one.value.owner or "") not in listed]
    assert lists == [said_of(*owner) for owner in (*told, *dearest_owners(rest, 2))]


def _rightsizes(value: object) -> bool:
    return isinstance(value, Recommendation) and value.check_id == "ec2.rightsizing"


def test_an_instance_that_is_to_be_left_alone_is_settled_and_its_card_redrawn(
    scanned: tuple[Context, ScanResult], again: Context
) -> None:
    context = again
    done = next(one for one in scanned[1].findings if _rightsizes(one.value))
    assert isinstance(done.value, Recommendation)
    client = context.aws.client("ec2", account_id=done.value.account_id, region=done.value.region)
    tag = {"Resources": [done.value.resource_id], "Tags": [{"Key": "costbot:ignore", "Value": "2027-01-01"}]}
    client.create_tags(**tag)
    try:
        second = scan(context)
    finally:
        client.delete_tags(**tag)

    assert [finding.id for finding in second.resolved] == [done.id]
    assert context.store.finding(done.id).state == "resolved"
    assert done.id in {update["text"].split(":")[0] for update in slack_of(context).of("update")}


def test_the_worker_process_gives_the_same_answer(
    aws: AwsStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanned: tuple[Context, ScanResult]
) -> None:
    work = Work()
    context = bot(aws, tmp_path, monkeypatch, work=work, slack=None, settings={"checks_off": OFF})
    seen: list[tuple[int, int]] = []
    try:
        result = scan(context, lambda done, total, what: seen.append((done, total)))
    finally:
        work.close(0)

    same = scanned[1].rows[scanned[1].rows["check_id"].isin(KEPT)].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.rows, same)
    assert all(done <= total for done, total in seen)
    assert seen[-1][0] == seen[-1][1]
    assert not list(tmp_path.glob("scan-*"))
    assert PROD in set(result.rows["account_id"])
