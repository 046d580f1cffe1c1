"""Reconciling the demo's bill over HTTP: Cost Explorer asked again, exports brought from S3 again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.aws import Aws
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.aws.server import AwsStandIn
from bot.exports.glue_table import GlueTable
from bot.exports.s3 import S3Place
from bot.settings import Settings
from bot.spending import Spending
from bot.store import Store
from bot.work import Work
from bot.workflows.ingest import ingest
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_costs import refresh
from tests.demo.aws.billing_factories import BUCKET, billing_stand_in


@pytest.fixture(scope="module")
def stand_in() -> Iterator[AwsStandIn]:
    with billing_stand_in(exported_months=3) as running:
        yield running


@pytest.fixture
def bot(stand_in: AwsStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    for name, value in {
        "AWS_ENDPOINT_URL": stand_in.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    settings = Settings(data_dir=tmp_path, history_days=60, detail_months=0)
    store = Store(tmp_path / "costbot.db")
    clock: Any = stand_in.clock
    aws = Aws(settings, Spending(store, settings, clock.now))
    yield Context(settings, clock, store, CostFiles(tmp_path), aws, Work())
    store.close()


@pytest.mark.parametrize(("source", "least"), [("focus", 300), ("cur", 300)])
def test_an_export_in_s3_agrees_by_service_and_account(bot: Context, source: str, least: int) -> None:
    place = S3Place(
        bot.aws, f"s3://{BUCKET}/exports/{source}/data/BILLING_PERIOD=2026-10", bot.settings.data_dir / "tmp"
    )
    ingest(bot, source, place)
    result = reconcile(bot)
    assert result.problems == ()
    assert result.differences().to_dict("records") == []
    assert set(result.months()["view"]) == {"billed", "effective"}
    assert len(result.cells) >= least
    assert {account for account in result.cells["account"] if account != "unknown"} >= {"111122223333", "444455556666"}
    assert list((bot.settings.data_dir / "tmp").rglob("*.parquet")) == []  # what was brought is gone again


def test_a_table_in_athena_agrees_without_being_brought(bot: Context) -> None:
    place = GlueTable(bot.aws, "athena://billing/billing/focus")
    ingest(bot, "focus", place, since=date(2026, 10, 1))
    assert {path.stem for path in bot.costs.months.files()} == {"2026-10", "2026-11"}
    result = reconcile(bot)
    assert result.problems == ()
    assert result.differences().to_dict("records") == []
    assert set(result.cells["month"]) == {"2026-10", "2026-11"}


def test_cost_explorer_agrees_by_service_and_account(bot: Context) -> None:
    assert refresh(bot).error is None
    result = reconcile(bot)
    assert result.problems == ()
    assert result.agrees
    assert result.worst == 0.0
    assert len(result.cells) > 300
