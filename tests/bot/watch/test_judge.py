"""What is wrong and what is not: each trouble has its sentence and its next step, and a well costbot has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.blocks.digest import MissingSource
from bot.errors import NotEnoughData
from bot.slots import RETRY_AFTER
from bot.spending import Standing
from bot.store.watch import JobRecord
from bot.watch.facts import ChannelProblem, Disk, next_run
from bot.watch.judge import judge
from bot.watch.probe import Probe
from bot.watch.verdict import Severity
from tests.bot.decisions_factories import NOW
from tests.bot.watch.watch_factories import REFRESH, facts, job, run

GB = 1_000_000_000


def failed(times: int) -> Any:
    record = JobRecord(run("No ce:GetCostAndUsage <!channel>.", ago=timedelta(minutes=5)), None, times, 12, times)
    return job(record=record, error="No ce:GetCostAndUsage <!channel>.", next_at=NOW + timedelta(minutes=10))


def probe(**seen: Any) -> Probe:
    return replace(Probe(NOW, None, None, None), **seen)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"jobs": (failed(1),)},
        {"disk": Disk(2_000 * GB, 20 * GB, 0)},
        {"disk": Disk(4 * GB, GB, 0)},
        {"probe": probe(slack_token_end=NOW + timedelta(days=3), aws_credentials_end=NOW + timedelta(days=2))},
        {"standing": Standing(12, 12, 19.98, 20.0)},
        {"standing": Standing(12, 12, 500.0, None)},
        {"jobs": (job(record=JobRecord(None, None, 0, 0, 0)),)},
        {
            "jobs": (
                job(
                    record=JobRecord(
                        replace(run(ago=timedelta(days=1)), finished_at=None, broke_off=True), None, 0, 1, 0
                    )
                ),
            ),
            "started_at": NOW,
        },
        # It was down, and is making up for it.
        {"jobs": (job(record=JobRecord(run(ago=timedelta(days=4)), NOW, 0, 9, 0)),), "started_at": NOW},
    ],
    ids=[
        "well",
        "failed once",
        "a large disk",
        "a small disk",
        "lasting",
        "allowance",
        "no cap",
        "new",
        "begins again",
        "was down",
    ],
)
def test_nothing_is_wrong(changed: dict[str, Any]) -> None:
    assert judge(facts(**changed)) == []


@pytest.mark.parametrize(
    ("changed", "key", "sentence"),
    [
        ({"process": None}, "bot.stopped", "No costbot runs on this data directory."),
        ({"jobs_on": False}, "jobs.off", "Jobs are switched off: nothing is refreshed."),
        ({"window": None, "no_costs": NotEnoughData("No costs.", "Ask.")}, "costs.none", "No costs."),
        (
            {"stale": ("The last complete day is 6 days ago", "Look.")},
            "costs.old",
            "Costs are old. The last complete day is 6 days ago.",
        ),
        (
            {"missing": (MissingSource("EC2 of <!here>", "No <right>.", NOW, "ec2.1", NOW),)},
            "source.ec2.1",
            "Missing: EC2 of &lt;!here&gt; since <!date^1795168800^{date_short_pretty} {time}|Nov 20 10:00 UTC>.",
        ),
        (
            {"jobs": (failed(2),)},
            "job.costs_refresh.failed",
            "The refresh of costs failed twice in a row: No ce:GetCostAndUsage &lt;!channel&gt;.",
        ),
        (
            {"jobs": (job(record=JobRecord(replace(run(ago=timedelta(hours=7)), finished_at=None), None, 0, 1, 0)),)},
            "job.costs_refresh.stuck",
            "The refresh of costs has been running since "
            "<!date^1795143600^{date_short_pretty} {time}|Nov 20 03:00 UTC>.",
        ),
        (
            {"jobs": (job(record=JobRecord(replace(run(), finished_at=None, broke_off=True), None, 0, 1, 0)),)},
            "job.costs_refresh.broke_off",
            "The refresh of costs was not finished: costbot ended while it ran, the last "
            "time on <!date^1795161600^{date_short_pretty} {time}|Nov 20 08:00 UTC>.",
        ),
        (
            {"jobs": (job(record=JobRecord(replace(run(), due_at=NOW - timedelta(hours=14)), NOW, 0, 9, 0)),)},
            "job.costs_refresh.late",
            "The refresh of costs has not run since <!date^1795161600^{date_short_pretty} {time}|Nov 20 08:00 UTC>, "
            "though it is due every 6 hours.",
        ),
        ({"probe": probe(slack_refuses=("Revoked.", "Install."))}, "slack.token", "Revoked."),
        (
            {"probe": probe(slack_token_end=NOW + timedelta(hours=11))},
            "slack.token",
            "The Slack bot token expires in 11 h.",
        ),
        (
            {"probe": probe(aws_credentials_end=NOW + timedelta(minutes=50))},
            "aws.credentials",
            "The AWS credentials end in 50 min, and nothing renews them.",
        ),
        (
            {"probe": probe(aws_credentials_end=NOW - timedelta(hours=1))},
            "aws.credentials",
            "The AWS credentials ended 1 h ago.",
        ),
        (
            {"channels": (ChannelProblem("C0COSTS", "The channel <#C0COSTS> is archived.", True, NOW),)},
            "channel.C0COSTS",
            "The channel <#C0COSTS> is archived.",
        ),
        (
            {"disk": Disk(20 * GB, GB // 2, 312_000_000)},
            "disk",
            "The disk of the data directory is nearly full: 500 MB of 20.0 GB are free, costbot uses 312 MB.",
        ),
        (
            {"standing": Standing(12, 12, 20.0, 20.0)},
            "api.cap",
            "costbot has spent $20.00 on AWS calls this month, all it may.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_something_is_wrong(changed: dict[str, Any], key: str, sentence: str) -> None:
    (found,) = judge(facts(**changed))
    assert (found.key, found.sentence) == (key, sentence)
    assert found.remedy


def test_what_is_broken_comes_first() -> None:
    found = judge(facts(jobs=(failed(3),), disk=Disk(20 * GB, GB // 2, 0), jobs_on=False))
    assert [one.severity for one in found] == [Severity.BROKEN, Severity.WARNING, Severity.WARNING]
    assert found[0].remedy == "It is tried again in 10 min; the log has the reference."


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (JobRecord(None, None, 0, 0, 0), NOW),
        (JobRecord(run(), NOW, 0, 1, 0), datetime(2026, 11, 20, 12, tzinfo=UTC)),
        (JobRecord(run("No.", ago=timedelta(minutes=1)), None, 1, 1, 1), NOW - timedelta(minutes=1) + RETRY_AFTER),
        (JobRecord(replace(run(), finished_at=None), None, 0, 1, 0), None),
        (
            JobRecord(replace(run(), finished_at=None, broke_off=True), None, 0, 1, 0),
            datetime(2026, 11, 20, 12, tzinfo=UTC),
        ),
        (
            JobRecord(replace(run(), due_at=NOW - timedelta(days=1), finished_at=None, broke_off=True), None, 0, 1, 0),
            NOW,
        ),
        (JobRecord(replace(run(), due_at=NOW - timedelta(days=1)), NOW, 0, 1, 0), NOW),
    ],
    ids=["never ran", "ran in its slot", "failed", "runs", "broke off", "broke off a day ago", "missed its slot"],
)
def test_when_a_job_is_due_next(record: JobRecord, expected: datetime | None) -> None:
    assert next_run(REFRESH, record, NOW) == expected
