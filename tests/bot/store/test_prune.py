"""What is old goes; decisions, findings and their audit stay unless the settings say so, and never the young ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.charges import Charge, Unit
from bot.context import Context
from bot.errors import SettingsError
from bot.jobs.prune import run
from bot.settings import load_settings
from bot.workflows.prune import first_detail_month, prune
from tests import forked
from tests.bot.decisions_factories import NOW, anomaly, context, recommendation

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"}
YEARS_AGO = NOW - timedelta(days=3 * 365)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Context]:
    """Of everything something old and something young."""
    made = context(tmp_path)
    store = made.store
    for at in (YEARS_AGO, NOW):
        for job in ("costs_refresh", "savings_scan"):
            store.claim_job(job, at, at)
            store.finish_job(job, at, at, None)
        store.book(Charge("ce", "GetCostAndUsage", Unit.REQUEST, 1, 0.01), at, requests_a_day=None, cap_usd=None)
        for subject in (f"digest:{at.date()}", "S-1234"):
            store.claim_post(subject, f"C{at.year}", at)
            store.confirm_post(subject, f"C{at.year}", "1.1", at)
        store.note_source("ec2", f"{at.year:012d}", None, True, "", at)
    # It ran once and never again; since when is worth knowing.
    store.claim_job("stopped", YEARS_AGO, YEARS_AGO)
    store.finish_job("stopped", YEARS_AGO, YEARS_AGO, None)
    settled = store.record(recommendation(), YEARS_AGO)
    store.decide(settled.id, "dismiss", actor="U0ANA", now=YEARS_AGO, reason="planned")
    store.record(anomaly(), YEARS_AGO)
    recent = store.record(recommendation(resource_id="i-recent"), YEARS_AGO)
    store.decide(recent.id, "dismiss", actor="U0ANA", now=NOW - timedelta(days=700), reason="planned")
    for month in ("2026-06", "2026-09", "2026-11"):
        for folder in (tmp_path / "costs" / "focus", tmp_path / "costs" / "focus" / "hourly"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{month}.parquet").touch()
    (tmp_path / "tmp" / "ingest-999999999").mkdir(parents=True)
    yield made
    store.close()


def counts(bot: Context) -> dict[str, int]:
    with sqlite3.connect(bot.settings.data_dir / "costbot.db") as db:
        names = ("job_runs", "posts", "api_spend", "source_health", "audit", "findings")
        found = {name: db.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in names}
    db.close()
    return found


def keeping(bot: Context, **settings: Any) -> Context:
    changed = bot.settings.model_copy(update=settings)
    return Context(changed, bot.clock, bot.store, bot.costs, bot.aws, bot.work, bot.slack)


def test_a_dry_run_says_what_goes_and_changes_nothing(bot: Context) -> None:
    before, files = counts(bot), sorted(bot.settings.data_dir.rglob("*"))
    told = str(prune(bot, dry_run=True))
    assert told == (
        "job runs: 2; posts of digests and of costbot's own troubles: 1; days of AWS calls: 1; "
        "sources no longer asked: 1; months of costs by resource or hour: 1; folders of processes that ended: 1"
    )
    assert counts(bot) == before
    assert sorted(bot.settings.data_dir.rglob("*")) == files
    assert str(prune(bot)) == told
    assert str(prune(bot)) == "nothing"


def test_decisions_and_the_latest_run_of_each_job_stay(bot: Context) -> None:
    run.run(bot, NOW)
    assert counts(bot) == {
        "job_runs": 3, "posts": 3, "api_spend": 1, "source_health": 1, "audit": 5, "findings": 3,
    }  # fmt: skip
    hourly = bot.settings.data_dir / "costs" / "focus" / "hourly"
    assert [path.stem for path in sorted(hourly.glob("*"))] == ["2026-09", "2026-11"]
    assert len(list((bot.settings.data_dir / "costs" / "focus").glob("*.parquet"))) == 3


def test_only_the_audit_of_what_was_settled_long_ago_can_go(bot: Context) -> None:
    kept = keeping(bot, keep_audit_days=1)  # below the floor, however it came there
    assert prune(kept).rows["audit rows"] == 2
    assert {len(bot.store.audit(one.id)) for one in bot.store.findings()} == {0, 1, 2}
    assert counts(bot)["findings"] == 3
    with sqlite3.connect(bot.settings.data_dir / "costbot.db") as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM audit")
    db.close()


@pytest.mark.parametrize("name", ["COSTBOT_KEEP_AUDIT_DAYS", "COSTBOT_KEEP_API_DAYS", "COSTBOT_KEEP_JOB_DAYS"])
def test_a_setting_below_its_floor_stops_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "3")
    with pytest.raises(SettingsError, match=name):
        load_settings()


def test_detail_is_kept_as_the_newest_month_of_its_source_says(tmp_path: Path) -> None:
    assert first_detail_month(tmp_path, 3) == date.min
    (tmp_path / "2026-02.parquet").touch()
    assert [first_detail_month(tmp_path, months) for months in (0, 1, 3)] == [
        date(2026, 3, 1),
        date(2026, 2, 1),
        date(2025, 12, 1),
    ]


def test_the_command_line_prunes(bot: Context) -> None:
    folder = str(bot.settings.data_dir)
    told = forked.costbot("prune", "--dry-run", "--data-dir", folder, environment=ENVIRONMENT)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Would drop job runs: ")
    done = forked.costbot("prune", "--data-dir", folder, environment=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Dropped job runs: ")
