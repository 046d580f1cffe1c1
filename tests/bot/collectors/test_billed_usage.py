"""The tables of one usage type each: by region, over complete days, and who is seen at it where it is worth asking."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analysis.costs import Cut
from bot.collectors import cloudtrail_events, metric_read_costs, trail_costs
from tests.bot.collectors.bill_factories import ACCOUNT, TODAY, charges, stored
from tests.bot.collectors.fake_aws import NOW, FakeAws, refused


def bill(usage_type: str, usd: float, start: date = date(2026, 10, 1)) -> list[dict[str, Any]]:
    told = {"sub_account_id": ACCOUNT, "usage_type": usage_type}
    return charges(Cut.ACCOUNT_USAGE_TYPE, start, TODAY, usd, **told)


def test_sums_by_region_and_says_nothing_of_days_before_the_bill(tmp_path: Path) -> None:
    rows = bill("USE1-PaidEventsRecorded", 1.0) + bill("EUW1-PaidEventsRecorded", 2.0) + bill("Else", 9.0)

    found = trail_costs.read(stored(tmp_path, rows)).set_index("region")

    assert found["cost"].to_dict() == {"us-east-1": pytest.approx(28.0), "eu-west-1": pytest.approx(56.0)}
    assert found["days"].unique().tolist() == [28]
    assert found["cost_before"].isna().all(), "only 48 days are stored"


def seen(role: str) -> dict[str, Any]:
    issuer = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": role}}}
    return {"EventName": "ListMetrics", "EventTime": NOW, "CloudTrailEvent": json.dumps({"userIdentity": issuer})}


def test_asks_who_reads_only_where_much_is_paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudtrail_events, "SECONDS_BETWEEN", 0.0)
    events = {"Events": [seen("scanner"), seen("grafana"), seen("scanner")]}
    aws = FakeAws({"cloudtrail:LookupEvents": events})
    rows = bill("CW:GMD-Metrics", 1.0) + bill("EUW1-CW:GMD-Metrics", 0.1)
    context = stored(tmp_path, rows, aws=aws, settings={"cloudtrail": True})

    found = metric_read_costs.read(context).set_index("region")

    assert aws.asked == ["cloudtrail:LookupEvents"]
    assert found["callers"].to_dict() == {"us-east-1": "role scanner (2×), role grafana (1×)", "eu-west-1": ""}


@pytest.mark.parametrize("is_on", [True, False])
def test_says_why_nobody_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_on: bool) -> None:
    monkeypatch.setattr(cloudtrail_events, "SECONDS_BETWEEN", 0.0)
    aws = FakeAws({"cloudtrail:LookupEvents": refused()})
    context = stored(tmp_path, bill("CW:GMD-Metrics", 1.0), aws=aws, settings={"cloudtrail": is_on})

    (row,) = metric_read_costs.read(context).to_dict("records")

    assert ("cloudtrail:LookupEvents" if is_on else "COSTBOT_CLOUDTRAIL") in row["problem"]
    assert row["callers"] == ""
