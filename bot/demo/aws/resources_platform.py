"""Log groups and Lambda functions of the demo organisation."""

from __future__ import annotations

from bot.demo.aws.resources_model import (
    DATA_PLATFORM,
    HOURS_A_MONTH,
    MAIN_REGION,
    MANAGEMENT,
    PROD,
    SANDBOX,
    SHARED_SERVICES,
    STAGING,
    Kind,
    Resource,
)
from bot.demo.aws.resources_rates import LAMBDA_GB_SECOND, LOGS_GB_MONTH

# Tables read by rows.
# fmt: off

# account, name, team, env, age, retention in days (None: for ever), GB stored
_LOG_GROUPS: tuple[tuple[str, str, str | None, str | None, int, int | None, int], ...] = (
    (PROD, "/app/checkout", "payments", "prod", 390, None, 2400),
    (PROD, "/app/payments-api", "payments", "prod", 390, 30, 180),
    (PROD, "/app/orders", "payments", "prod", 380, 30, 90),
    (PROD, "/app/search", "search", "prod", 370, None, 1100),
    (PROD, "/app/search-audit", "search", "prod", 370, 365, 60),
    (PROD, "/app/growth-events", "growth", "prod", 330, 14, 40),
    (PROD, "/app/fraud-rules", "payments", "prod", 300, None, 0),
    (PROD, "/aws/vpc/flow-logs", "platform", "prod", 390, 90, 700),
    (PROD, "/aws/rds/instance/payments/postgresql", "payments", "prod", 390, 30, 25),
    (DATA_PLATFORM, "/data/ingest", "data", "prod", 340, None, 600),
    (DATA_PLATFORM, "/data/orchestrator", "data", "prod", 340, 30, 45),
    (DATA_PLATFORM, "/data/stream-worker", "data", "prod", 300, 14, 70),
    (DATA_PLATFORM, "/data/training", "data", "prod", 250, 60, 12),
    (STAGING, "/app/checkout-staging", "payments", "staging", 380, 7, 8),
    (STAGING, "/app/search-staging", "search", "staging", 370, 7, 6),
    (STAGING, "/app/growth-staging", "growth", "staging", 330, None, 30),
    (SANDBOX, "/sandbox/experiments", None, None, 220, None, 3),
    (SANDBOX, "/sandbox/notebooks", None, "dev", 90, 14, 1),
    (SHARED_SERVICES, "/ci/runners", "platform", "prod", 300, 30, 150),
    (SHARED_SERVICES, "/ci/deploys", "platform", "prod", 300, 365, 15),
    (SHARED_SERVICES, "/wiki/access", "platform", "prod", 390, 90, 5),
    (MANAGEMENT, "/org/cloudtrail", "platform", "prod", 400, 400, 320),
    (MANAGEMENT, "/org/guard", "platform", "prod", 400, 90, 20),
    (PROD, "/aws/lambda/receipt-mailer", "payments", "prod", 260, 30, 10),
    (PROD, "/aws/lambda/thumbnailer", "growth", "prod", 240, None, 220),
)

# account, name, architecture, MiB, mean ms, calls a day, team, env, age, profile
_FUNCTIONS: tuple[tuple[str, str, str, int, int, int, str | None, str, int, str], ...] = (
    (PROD, "receipt-mailer", "x86_64", 512, 300, 400_000, "payments", "prod", 260, "function-busy"),
    (PROD, "thumbnailer", "x86_64", 3008, 900, 250_000, "growth", "prod", 240, "function-busy"),
    (PROD, "webhook-relay", "arm64", 256, 80, 1_200_000, "payments", "prod", 300, "function-busy"),
    (PROD, "price-updater", "x86_64", 1024, 2000, 20_000, "search", "prod", 220, "function-busy"),
    (PROD, "fraud-scorer", "arm64", 2048, 150, 500_000, "payments", "prod", 160, "function-busy"),
    (DATA_PLATFORM, "file-splitter", "x86_64", 1769, 5000, 30_000, "data", "prod", 310, "function-busy"),
    (DATA_PLATFORM, "schema-check", "arm64", 512, 600, 60_000, "data", "prod", 290, "function-busy"),
    (DATA_PLATFORM, "retry-storm", "x86_64", 1024, 3000, 80_000, "data", "prod", 100, "function-failing"),
    (STAGING, "receipt-mailer-staging", "x86_64", 512, 300, 2_000, "payments", "staging", 260, "function-busy"),
    (SANDBOX, "hello", "x86_64", 128, 5, 10, None, "dev", 150, "function-busy"),
    (SHARED_SERVICES, "chat-notifier", "arm64", 256, 120, 9_000, "platform", "prod", 330, "function-busy"),
    (SHARED_SERVICES, "cert-rotator", "x86_64", 256, 1500, 24, "platform", "prod", 330, "function-busy"),
)
# fmt: on


def log_groups() -> tuple[Resource, ...]:
    """Log groups by what they store; ingestion is not in `hourly_rate`."""
    return tuple(
        Resource(
            kind=Kind.LOG_GROUP,
            key=f"{Kind.LOG_GROUP}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type="",
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile="log-group",
            attributes={"retention_days": retention, "stored_gb": stored},
            service="AmazonCloudWatch",
            usage_type="TimedStorage-ByteHrs",
            hourly_rate=stored * LOGS_GB_MONTH / HOURS_A_MONTH,
        )
        for account, name, team, env, age, retention, stored in _LOG_GROUPS
    )


def functions() -> tuple[Resource, ...]:
    """Lambda functions by their GB-seconds; requests are not in `hourly_rate`."""
    return tuple(
        Resource(
            kind=Kind.FUNCTION,
            key=f"{Kind.FUNCTION}/{name}",
            account_id=account,
            region=MAIN_REGION,
            zone=None,
            type=architecture,
            team=team,
            env=env,
            created_days_ago=age,
            stopped_days_ago=None,
            profile=profile,
            attributes={"memory_mib": memory, "mean_ms": mean_ms, "calls_a_day": calls},
            service="AWS Lambda",
            usage_type="Lambda-GB-Second-ARM" if architecture == "arm64" else "Lambda-GB-Second",
            hourly_rate=calls / 24 * memory / 1024 * mean_ms / 1000 * LAMBDA_GB_SECOND[architecture],
        )
        for account, name, architecture, memory, mean_ms, calls, team, env, age, profile in _FUNCTIONS
    )
