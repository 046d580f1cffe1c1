"""A billing export read by Athena end to end, over HTTP: Glue, S3 and Athena of the stand-in, into the stored costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.rollups import Rollup
from bot.aws import Aws
from bot.context import Context
from bot.cost_files import CostFiles
from bot.cost_files.detail import detail_path
from bot.demo.aws.server import AwsStandIn
from bot.errors import CostbotError
from bot.exports.glue_table import GlueTable
from bot.exports.s3 import S3Place
from bot.settings import Settings
from bot.spending import CapReached, Spending
from bot.store import Store
from bot.work import Work
from bot.workflows.ingest import ingest
from bot.workflows.ingested import Ingested
from bot.workflows.reconcile import reconcile
from bot.workflows.refresh_exports import refresh_exports
from tests.demo.aws.billing_factories import BUCKET, billing_stand_in
from tests.demo.aws.ledger_factories import NOW

NOVEMBER = date(2026, 11, 1)
TABLE = "athena://billing/billing/focus"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[AwsStandIn]:
    with billing_stand_in(exported_months=2) as running:
        yield running


class Standing:
    """The stand-in's time, without its seconds: the bill stays as it is."""

    def now(self) -> Any:
        return NOW

    def today(self, zone: Any = None) -> date:
        return NOW.date()


@pytest.fixture
def made(stand_in: AwsStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes a bot of a folder and settings."""
    for name, value in {
        "AWS_ENDPOINT_URL": stand_in.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "2",
    }.items():
        monkeypatch.setenv(name, value)
    bots: list[Context] = []

    def make(folder: Path, **changed: Any) -> Context:
        settings = Settings(data_dir=folder, tag_keys=("team",), **changed)
        folder.mkdir(parents=True, exist_ok=True)
        store = Store(folder / "costbot.db")
        clock: Any = Standing()
        aws = Aws(settings, Spending(store, settings, clock.now))
        bots.append(Context(settings, clock, store, CostFiles(folder), aws, Work(), None))
        return bots[-1]

    yield make
    for bot in bots:
        bot.work.close(0)
        bot.store.close()


def taken_in(bot: Context, uri: str = TABLE, source: str = "focus", **how: Any) -> Ingested:
    return ingest(bot, source, GlueTable(bot.aws, uri), since=NOVEMBER, **how)


def rows(path: Path) -> list[tuple[Any, ...]]:
    """Groups and sums; quantities are in the order of additions."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT * EXCLUDE (sub_account_name, quantity) FROM '{path}' ORDER BY ALL"
            if "sub_account_name" in duckdb.from_parquet(str(path)).columns
            else f"SELECT * EXCLUDE (quantity) FROM '{path}' ORDER BY ALL"
        ).fetchall()


@pytest.mark.timeout(600)
def test_athena_stores_what_duckdb_stores_of_the_same_export(made: Any, tmp_path: Path) -> None:
    by_athena, by_duckdb = made(tmp_path / "athena", detail_months=1), made(tmp_path / "duckdb", detail_months=1)
    read = taken_in(by_athena)
    ingest(by_duckdb, "focus", S3Place(by_duckdb.aws, f"s3://{BUCKET}/exports/focus", tmp_path), since=NOVEMBER)

    month = by_athena.costs.months.path("focus", NOVEMBER)
    other = by_duckdb.costs.months.path("focus", NOVEMBER)
    assert rows(month) == rows(other)
    assert rows(detail_path(month, Rollup.HOURLY)) == rows(detail_path(other, Rollup.HOURLY))
    assert read.changed == (NOVEMBER,)
    assert "scanned for less than a cent" in read.sentences[-1]

    spent = [line for line in by_athena.store.api_spend(NOVEMBER) if line.service == "athena"]
    assert [(line.operation, line.calls) for line in spent] == [("StartQueryExecution", 3)]
    assert sum(line.usd for line in spent) == pytest.approx(read.usd)
    assert read.usd == pytest.approx(3 * 5 / 104857.6)
    assert read.scanned > 0

    again = taken_in(by_athena)
    assert again.sentences == ["Nothing changed: 1 file as they were read before."]
    assert by_athena.store.api_spend(NOVEMBER)[0].calls == 3
    assert reconcile(by_athena).agrees


@pytest.mark.timeout(600)
def test_an_export_of_the_settings_may_be_a_table(made: Any, tmp_path: Path) -> None:
    bot = made(tmp_path, exports=("cur=athena://billing/billing/cur",), detail_months=0)
    (read,) = refresh_exports(bot, since=NOVEMBER)

    assert read.error is None, read.error
    assert [bill.month for bill in read.outcome.bills] == [NOVEMBER]


def test_a_workgroup_without_a_place_for_results_says_what_to_set(made: Any, tmp_path: Path) -> None:
    bot = made(tmp_path / "1")
    with pytest.raises(CostbotError, match="COSTBOT_ATHENA_OUTPUT"):
        taken_in(bot, "athena://primary/billing/focus")
    assert not bot.costs.months.files()
    assert bot.store.api_spend(NOVEMBER) == []


@pytest.mark.timeout(600)
def test_the_setting_gives_it_a_place(made: Any, tmp_path: Path) -> None:
    bot = made(tmp_path, athena_output=f"s3://{BUCKET}/results/", detail_months=0)

    assert taken_in(bot, "athena://primary/billing/focus").changed == (NOVEMBER,)
    found = bot.aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="results/")
    assert [one["Key"].endswith(".csv") for one in found["Contents"]] == [True]


def test_what_is_not_there_is_named(made: Any, tmp_path: Path) -> None:
    bot = made(tmp_path)
    with pytest.raises(CostbotError, match="Athena does not know workgroup nobody"):
        taken_in(bot, "athena://nobody/billing/focus")
    with pytest.raises(CostbotError, match=r"Table billing\.nothing is not in the Glue catalogue"):
        taken_in(bot, "athena://billing/billing/nothing")


def test_the_cap_stops_athena_before_it_costs_anything(made: Any, tmp_path: Path) -> None:
    bot = made(tmp_path, monthly_api_cap=0.00001)
    with pytest.raises(CapReached, match="Athena is not asked"):
        taken_in(bot)
    assert bot.store.api_spend(NOVEMBER) == []


def test_a_table_of_the_other_source_lacks_a_column(made: Any, tmp_path: Path) -> None:
    with pytest.raises(CostbotError, match=r"Table billing\.focus has no column bill_payer_account_id"):
        taken_in(made(tmp_path), source="cur")
