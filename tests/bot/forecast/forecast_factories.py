"""Stored bills and a made-up report for the tests of forecasts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from bot.blocks.forecast_report import ForecastReport
from bot.forecasts.forecast_costs import Band, Figures
from bot.forecasts.known_change import Change
from bot.forecasts.known_facts import Known
from bot.settings import CostView
from tests.bot.anomalies.anomaly_factories import EC2, EC2_OTHER, LAST, STAGING, Bill

S3 = "Amazon Simple Storage Service"


def bill(length: int = 120) -> Bill:
    """EC2 of team platform in prod, S3 of team data in staging."""
    made = Bill(length=length)
    weekly = np.array([0.6 if day.weekday() >= 5 else 1.0 for day in made.days])
    made.line(EC2, "BoxUsage:m5.large", 200 * weekly).line(EC2_OTHER, "NatGateway-Bytes", 40)
    return made.line(
        S3, "TimedStorage-ByteHrs", 50, sub_account_id=STAGING, sub_account_name="staging", tags={"team": "data"}
    )


def report(**changed: Any) -> ForecastReport:
    """Nineteen days of November are in, eleven are to come."""
    first = date(2026, 11, 1)
    history = tuple((first + timedelta(days=n), 100.0 + n) for n in range(19))
    ahead = tuple((LAST + timedelta(days=n + 1), Band(120.0, 110.0, 130.0, 100.0, 140.0)) for n in range(30))
    found = Figures(
        so_far=2071.0,
        end=Band(3391.0, 3350.0, 3430.0, 3300.0, 3480.0),
        last_month=3100.0,
        history=history,
        ahead=ahead,
        total=Band(3600.0, 3520.0, 3680.0, 3450.0, 3750.0),
        misses=(0.01, -0.05),
        parts=(),
    )
    known: dict[str, Any] = {
        "label": "EC2", "by": "usage_type", "horizon_days": 30, "figures": found, "as_of": LAST, "until": LAST,
        "currency": "USD", "view": CostView.EFFECTIVE, "billed_only": (), "other": {},
        "today": LAST + timedelta(days=1),
        "partial": (), "several": False, "fetched_at": None, "notes": (), "known": Known(),
        "command": "/cost forecast ec2", "commands": {30: "/cost forecast ec2"},
    }  # fmt: skip
    return ForecastReport(**(known | changed))


def change(**changed: Any) -> Change:
    """A savings plan that begins in December."""
    values: dict[str, Any] = {
        "id": "K-1",
        "label": "EC2",
        "per_day": -40.0,
        "first_day": date(2026, 12, 14),
        "last_day": None,
        "by": "U0ANA",
        "why": "savings plan",
        "scope": {"service": ("ec2",)},
    }
    return Change(**(values | changed))
