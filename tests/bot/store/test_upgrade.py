"""The data directory of every earlier costbot is taken over: decisions, posts and costs are all still there."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import pytest
from sqlite_utils import Database

from bot.cost_files import CostFiles
from bot.migrations import known_steps, migrations
from bot.store import Store
from bot.workflows.prune import prune
from tests.bot.decisions_factories import NOW, anomaly, context
from tests.bot.store.schema_v1 import SCHEMA_V1, fill_v1

STEPS = sorted(known_steps())
#: A month as the first version wrote it: tags as one map, no payer, no hours.
FIRST_MONTH = """
    COPY (
        SELECT DATE '2026-11-01' + i::INTEGER AS date, 'cost_explorer' AS source, 'charge,service' AS cut,
            'AWS' AS provider,
            'Usage' AS charge_category, 'Amazon Simple Storage Service' AS service_name,
            NULL::VARCHAR AS sub_account_id, NULL::VARCHAR AS sub_account_name, NULL::VARCHAR AS region_id,
            NULL::VARCHAR AS usage_type, NULL::VARCHAR AS tag_key, NULL::VARCHAR AS tag_value,
            NULL::MAP(VARCHAR, VARCHAR) AS tags, 2.5 AS billed_cost, 2.0 AS effective_cost, NULL::DOUBLE AS list_cost,
            NULL::DOUBLE AS quantity, NULL::VARCHAR AS unit, 'USD' AS currency, i > 16 AS estimated
        FROM range(18) t(i)
    ) TO $path (FORMAT parquet, COMPRESSION zstd)
"""


def directory_of(step: str, folder: Path) -> None:
    """As the version whose newest schema step is `step` left it."""
    connection = sqlite3.connect(folder / "costbot.db", isolation_level=None)
    connection.executescript(SCHEMA_V1)
    fill_v1(connection)
    later = [name for name in STEPS if name > step]
    migrations.apply(Database(connection, execute_plugins=False), stop_before=later)
    applied = {row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations")}
    assert max(applied) == step
    connection.close()
    months = folder / "costs" / "cost_explorer"
    months.mkdir(parents=True)
    duckdb.connect().execute(FIRST_MONTH, {"path": str(months / "2026-11.parquet")})


@pytest.mark.parametrize("step", STEPS)
def test_a_directory_of_an_earlier_version_is_taken_over(step: str, tmp_path: Path) -> None:
    directory_of(step, tmp_path)
    store = Store(tmp_path / "costbot.db")
    approved = store.finding("S-M35A")
    assert (approved.state, approved.decided_by, approved.note) == ("approved", "U0ANA", "go")
    assert [row.verb for row in store.audit("S-M35A")] == ["record", "approve"]
    assert [post.ts for post in store.posts("S-M35A")] == ["1790000000.000100"]
    assert [(one.channel, one.kind) for one in store.subscriptions()] == [("C0COSTS", "digest")]
    assert store.finding("A-85G0").value == anomaly()
    store.close()
    bot = context(tmp_path)
    assert prune(bot).rows["audit rows"] == 0
    assert bot.store.decide("A-85G0", "acknowledge", actor="U0BEN", now=NOW).state == "acknowledged"
    bot.store.close()


def test_months_of_the_first_version_are_read_and_replaced(tmp_path: Path) -> None:
    directory_of(STEPS[0], tmp_path)
    costs = CostFiles(tmp_path)
    window = costs.window()
    assert (window.first_day, window.complete_until) == (date(2026, 11, 1), date(2026, 11, 17))
    daily = costs.daily(by=("service",), start=date(2026, 11, 1), end=date(2026, 11, 18))
    assert float(daily["cost"].sum()) == 34.0
    month = costs.months.read("cost_explorer", date(2026, 11, 1))
    assert len(month) == 18
    assert costs.replace_month("cost_explorer", date(2026, 11, 1), month.head(17))
    assert float(costs.daily(start=date(2026, 11, 1), end=date(2026, 11, 30))["cost"].sum()) == 34.0
