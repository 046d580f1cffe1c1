"""Stored costs with a planted incident, and scans as the worker process would return them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.anomalies.life_cycle import phase
from analysis.costs import Cut
from analysis.models import Anomaly, to_json
from bot.cost_files import CostFiles
from bot.settings import CostView
from bot.workflows.find_anomalies import Scan
from bot.workflows.incidents import Question

LAST = date(2026, 11, 19)
PROD, STAGING = "111122223333", "444455556666"
EC2 = "Amazon Elastic Compute Cloud - Compute"
EC2_OTHER = "EC2 - Other"


def question(**changed: Any) -> Question:
    values: dict[str, Any] = {
        "view": CostView.EFFECTIVE,
        "owner_tag": "team",
        "account_names": {PROD: "prod", STAGING: "staging"},
        "min_impact": 10.0,
        "min_pct": 0.2,
    }
    return Question(**(values | changed))


def scan(*anomalies: Anomaly, until: date = LAST) -> Scan:
    """What a scan of the days until `until` returns; an anomaly settles and is over as its days say."""
    known = (
        replace(one, data_until=until, phase=phase([one.impact_per_day], (until - one.last_day).days, min_growth=10.0))
        for one in anomalies
    )
    return Scan(until - timedelta(days=34), until, tuple(to_json(one) for one in known))


class Bill:
    """Rows of a billing export, put together line by line."""

    def __init__(self, last: date = LAST, length: int = 120) -> None:
        self.days = [last - timedelta(days=i) for i in range(length)][::-1]
        self.rows: list[dict[str, Any]] = []

    def line(self, service: str, usage_type: str, cost: Any, **changed: Any) -> Bill:
        """A charge per day; `cost` is an amount, or an amount per day."""
        amounts = np.broadcast_to(np.asarray(cost, dtype=float), (len(self.days),))
        rng = np.random.default_rng(len(self.rows))
        known = {
            "cut": Cut.FULL.value, "provider": "AWS", "charge_category": "Usage", "service_name": service,
            "sub_account_id": PROD, "region_id": "us-east-1", "usage_type": usage_type, "currency": "USD",
            "estimated": False, "tags": {"team": "platform"}, "billing_account_id": "123456789012",
        } | changed  # fmt: skip
        for day, amount in zip(self.days, amounts * rng.normal(1, 0.02, len(self.days)), strict=True):
            if amount:
                self.rows.append(known | {"date": pd.Timestamp(day), "billed_cost": amount, "effective_cost": amount})
        return self

    def during(self, usual: float, first: date, count: int, cost: float) -> np.ndarray:
        """`usual` a day, and `cost` on `count` days from `first`."""
        inside = [first <= day < first + timedelta(days=count) for day in self.days]
        return np.where(inside, cost, usual)

    def store(self, costs: CostFiles) -> None:
        frame = pd.DataFrame(self.rows)
        for month, part in frame.groupby(frame["date"].dt.strftime("%Y-%m-01")):
            costs.replace_month("focus", date.fromisoformat(str(month)), part)
