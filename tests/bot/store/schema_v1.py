"""The file of the first version, literally: its schema, one approved saving, one open anomaly."""

from __future__ import annotations

import sqlite3

SCHEMA_V1 = """
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE findings (
    id TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('anomaly', 'recommendation')),
    state TEXT NOT NULL CHECK (
        state IN ('open', 'acknowledged', 'approved', 'dismissed', 'snoozed', 'resolved')
    ),
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    decided_by TEXT,
    decided_at TEXT,
    reason TEXT,
    note TEXT,
    until TEXT
);
CREATE INDEX findings_by_state ON findings (kind, state);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    finding_id TEXT NOT NULL REFERENCES findings (id),
    actor TEXT NOT NULL,
    verb TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    note TEXT,
    until TEXT,
    channel TEXT,
    ts TEXT,
    value_hash TEXT NOT NULL
);
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TABLE posts (
    subject TEXT NOT NULL,
    channel TEXT NOT NULL,
    ts TEXT,
    claimed_at TEXT NOT NULL,
    claimed_by TEXT,
    attempts INTEGER NOT NULL,
    posted_at TEXT,
    PRIMARY KEY (subject, channel)
);
CREATE TABLE subscriptions (
    channel TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('digest', 'anomalies', 'savings')),
    at TEXT,
    min_impact REAL,
    by TEXT NOT NULL,
    since TEXT NOT NULL,
    PRIMARY KEY (channel, kind)
);
CREATE TABLE job_runs (
    job TEXT NOT NULL,
    due_at TEXT NOT NULL,
    started_at TEXT NOT NULL,
    claimed_by TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    finished_at TEXT,
    error TEXT,
    PRIMARY KEY (job, due_at)
);
"""

ANOMALY = (
    '{"service": "vpc", "service_name": "Amazon Virtual Private Cloud", "account_id": "111122223333", "ac'
    'count_name": "prod", "region": "us-east-1", "owner": "platform", "kind": "spike", "direction": "up",'
    ' "severity": "high", "first_day": "2026-11-17", "last_day": "2026-11-19", "actual": 412.5, "expected'
    '": 68.0, "impact_per_day": 344.5, "impact_total": 1033.5, "pct": 5.07, "currency": "USD", "cost_view'
    '": "effective", "top_usage_types": [{"name": "NatGateway-Bytes", "impact": 320.0}], "chart": {"title'
    '": "NAT", "labels": ["Nov 18", "Nov 19"], "series": [{"name": "actual", "values": [400.0, 412.5]}], '
    '"unit": "USD"}, "data_until": "2026-11-19", "explanation": "NAT gateway bytes"}'
)
SAVING = (
    '{"check_id": "ec2.rightsizing", "action": "Rightsize", "effort": "Low", "risk": "medium", "risk_reas'
    'on": "the instance restarts", "resource_type": "AWS::EC2::Instance", "resource_id": "i-0abc1234def56'
    '7890", "resource_name": "search-api-1", "account_id": "111122223333", "account_name": "prod", "regio'
    'n": "us-east-1", "owner": "search", "current": "m5.4xlarge", "proposed": "m5.2xlarge", "monthly_cost'
    '": 560.64, "monthly_savings": 280.32, "currency": "USD", "price_source": "AWS price list", "price_da'
    'te": "2026-11-01", "how_computed": "730 h × ($0.768 − $0.384)", "ignores": "commitments", "reason": '
    '"CPU p95 of 14 % leaves room", "evidence": [{"metric": "CPUUtilization", "statistic": "p95", "value"'
    ': 14.0, "unit": "Percent", "source": "CloudWatch"}], "chart": null, "command": "aws ec2 modify-insta'
    'nce-attribute --instance-id i-0abc1234def567890 --instance-type m5.2xlarge", "undo": "aws ec2 modify'
    '-instance-attribute --instance-id i-0abc1234def567890 --instance-type m5.4xlarge", "effect": "stops '
    'and starts the instance", "data_until": "2026-11-20T06:00:00+00:00"}'
)
AT = "2026-11-20T10:00:00.000000+00:00"


def fill_v1(connection: sqlite3.Connection) -> None:
    """What a week of use left behind."""
    rows = [
        ("A-85G0", "6e370a2d49c5974c", "anomaly", "open", ANOMALY, 1, AT, AT, None, None, None, None, None),
        ("S-M35A", "4139cdb4e8a5788e", "recommendation", "approved", SAVING, 2, AT, AT, "U0ANA", AT, None, "go", None),
    ]
    connection.executemany(f"INSERT INTO findings VALUES ({', '.join('?' * 13)})", rows)
    audit = [
        (1, AT, "S-M35A", "costbot", "record", None, "open", None, None, None, None, None, "0" * 64),
        (2, AT, "S-M35A", "U0ANA", "approve", "open", "approved", None, "go", None, "C0COSTS", "1.1", "0" * 64),
    ]
    connection.executemany(f"INSERT INTO audit VALUES ({', '.join('?' * 13)})", audit)
    connection.execute(
        "INSERT INTO posts VALUES (?, 'C0COSTS', '1790000000.000100', ?, NULL, 1, ?)", ("S-M35A", AT, AT)
    )
    connection.execute("INSERT INTO subscriptions VALUES ('C0COSTS', 'digest', '09:00', NULL, 'U0ANA', ?)", (AT,))
    connection.execute("INSERT INTO _sqlite_migrations VALUES (1, 'costbot', '0001_findings_posts_jobs', ?)", (AT,))
