"""The demo's own bill, refreshed from its Cost Explorer: what is planted is told, and nothing beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.models import Anomaly, from_json
from bot.aws import Aws
from bot.clock import Clock
from bot.context import Context
from bot.cost_files import CostFiles
from bot.demo.aws.planted_costs import LOGS_DRIFT, NAT_SPIKE, NEW_SERVICE, PlantedCost
from bot.demo.aws.server import AwsStandIn
from bot.settings import Settings
from bot.store import Store
from bot.workflows.find_anomalies import find_anomalies
from bot.workflows.refresh_costs import refresh
from bot.workflows.scan_anomalies import gather
from tests.bot.decisions_factories import DirectWork


@pytest.fixture(params=["2026-11-20", "2026-12-28"])
def scanned(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[datetime, list[Anomaly]]:
    """What a first scan finds on a day; four months of history keep it quick."""
    now = datetime.fromisoformat(request.param).replace(hour=10, tzinfo=UTC)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    clock = Clock.starting_at(now)
    stand_in = AwsStandIn(clock=clock, inventory=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", stand_in.start())
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    try:
        settings = Settings(data_dir=tmp_path, history_days=120)
        store = Store(tmp_path / "costbot.db")
        context = Context(settings, clock, store, CostFiles(tmp_path), Aws(settings), DirectWork())  # type: ignore[arg-type]
        assert refresh(context).error is None
        scan = find_anomalies(str(tmp_path), gather(context))
        store.close()
    finally:
        stand_in.stop()
    return now, [from_json(Anomaly, text) for text in scan.anomalies]


@pytest.mark.slow
def test_exactly_what_is_planted_is_told(scanned: tuple[datetime, list[Anomaly]]) -> None:
    now, anomalies = scanned

    def days_ago(count: int) -> object:
        return (now - timedelta(days=count)).date()

    def names(planted: PlantedCost) -> tuple[object, ...]:
        return planted.account_id, planted.region, planted.team, days_ago(planted.first_day_ago), planted.kind

    told = [(one.account_id, one.region, one.owner, one.first_day, one.kind) for one in anomalies]
    assert told == [names(NAT_SPIKE), names(NEW_SERVICE)]
    spike, new = anomalies
    assert spike.service_name == "NAT gateways"
    assert spike.top_usage_types[0].name == NAT_SPIKE.usage_type
    rise = NAT_SPIKE.actual_daily - NAT_SPIKE.expected_daily
    assert spike.impact_per_day == pytest.approx(rise, rel=2 * NAT_SPIKE.tolerance)
    assert new.actual == pytest.approx(NEW_SERVICE.actual_daily, rel=NEW_SERVICE.tolerance)
    assert LOGS_DRIFT.service not in [one.service_name for one in anomalies]
