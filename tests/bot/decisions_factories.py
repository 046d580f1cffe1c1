"""Findings, settings and fakes for the tests of decisions, subscriptions and the digest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from analysis.models import (
    Action,
    Anomaly,
    AnomalyKind,
    Chart,
    Contribution,
    Direction,
    Effort,
    Evidence,
    Recommendation,
    Risk,
    Series,
    Severity,
)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def anomaly(**changed: Any) -> Anomaly:
    """NAT gateways in prod, six times what they cost."""
    values: dict[str, Any] = {
        "service": "vpc",
        "service_name": "Amazon Virtual Private Cloud",
        "account_id": "111122223333",
        "account_name": "prod",
        "region": "us-east-1",
        "owner": "platform",
        "kind": AnomalyKind.SPIKE,
        "direction": Direction.UP,
        "severity": Severity.HIGH,
        "first_day": date(2026, 11, 17),
        "last_day": date(2026, 11, 19),
        "actual": 412.5,
        "expected": 68.0,
        "impact_per_day": 344.5,
        "impact_total": 1033.5,
        "pct": 5.07,
        "currency": "USD",
        "cost_view": "effective",
        "top_usage_types": (Contribution("NatGateway-Bytes", 320.0),),
        "chart": Chart("NAT", ("Nov 18", "Nov 19"), (Series("actual", (400.0, 412.5)),)),
        "data_until": date(2026, 11, 19),
        "explanation": "NAT gateway bytes",
    }
    return Anomaly(**(values | changed))


def recommendation(**changed: Any) -> Recommendation:
    """An instance twice as large as it needs to be."""
    values: dict[str, Any] = {
        "check_id": "ec2.rightsizing",
        "action": Action.RIGHTSIZE,
        "effort": Effort.LOW,
        "risk": Risk.MEDIUM,
        "risk_reason": "the instance restarts",
        "resource_type": "AWS::EC2::Instance",
        "resource_id": "i-0abc1234def567890",
        "resource_name": "search-api-1",
        "account_id": "111122223333",
        "account_name": "prod",
        "region": "us-east-1",
        "owner": "search",
        "current": "m5.4xlarge",
        "proposed": "m5.2xlarge",
        "monthly_cost": 560.64,
        "monthly_savings": 280.32,
        "currency": "USD",
        "price_source": "AWS price list",
        "price_date": date(2026, 11, 1),
        "how_computed": "730 h × ($0.768 − $0.384)",
        "ignores": "commitments",
        "reason": "CPU p95 of 14 % leaves room",
        "evidence": (Evidence("CPUUtilization", "p95", 14.0, "Percent", "CloudWatch"),),
        "chart": None,
        "command": "aws ec2 modify-instance-attribute --instance-id i-0abc1234def567890 --instance-type m5.2xlarge",
        "undo": "aws ec2 modify-instance-attribute --instance-id i-0abc1234def567890 --instance-type m5.4xlarge",
        "effect": "stops and starts the instance",
        "data_until": datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
    }
    return Recommendation(**(values | changed))
