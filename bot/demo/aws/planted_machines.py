"""What the checks on machines must say of the demo organisation, beside right-sizing; literal values, as in `planted`.

A month is 730 hours. Prices are Linux on demand in us-east-1, per `.large`, linear in size: m4 0.10, m5 0.096, m5a
0.086, m6g 0.077, m6i 0.096, m6a 0.0864, m7g 0.0816; c5 0.085, c5a 0.077, c6g 0.068, c6i 0.085, c6a 0.0765; r5 0.126,
r5a 0.113, r6g 0.1008, r6i 0.126, r6a 0.1134, r7g 0.1071. A 2xlarge is four of them and a 4xlarge eight.
"""

from __future__ import annotations

from typing import Literal

from bot.demo.aws.resources_model import Kind

#: Name, verdict, dollars a month, what it is, what it would be, why.
Row = tuple[str, Literal["saves", "fine", "insufficient", "conflict"], float | None, str, str | None, str]

_ARM = " with an arm64 image"

# A table reads by rows.
# fmt: off
MACHINES: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "ec2.graviton", Kind.INSTANCE, (
        ("payments-batch-1", "saves", 110.96, "m5.4xlarge", "m6g.4xlarge" + _ARM, "8 × 0.019 an hour"),
        ("olap-node-1", "saves", 110.376, "r6i.4xlarge", "r7g.4xlarge" + _ARM, "8 × 0.0189 an hour"),
        ("image-resizer", "saves", 99.28, "c5.4xlarge", "c6g.4xlarge" + _ARM, "8 × 0.017 an hour"),
        ("stream-worker-1", "saves", 84.096, "m6i.4xlarge", "m7g.4xlarge" + _ARM, "8 × 0.0144 an hour"),
        ("feature-builder", "saves", 73.584, "r5.2xlarge", "r6g.2xlarge" + _ARM, "4 × 0.0252 an hour"),
        ("ledger-cache", "saves", 73.584, "r5.2xlarge", "r6g.2xlarge" + _ARM, "its memory is full, and stays as large"),
        ("build-cache", "saves", 67.16, "m4.2xlarge", "m6g.2xlarge" + _ARM, "4 × 0.023 an hour"),
        ("payments-api-1", "saves", 55.48, "m5.2xlarge", "m6g.2xlarge" + _ARM, "4 × 0.019 an hour"),
        ("search-index-cache", "saves", 55.48, "m5.2xlarge", "m6g.2xlarge" + _ARM, "4 × 0.019 an hour"),
        ("legacy-reports", "saves", 55.48, "m5.2xlarge", "m6g.2xlarge" + _ARM, "as much memory as now"),
        ("invoice-renderer", "saves", 55.48, "m5.2xlarge", "m6g.2xlarge" + _ARM, "as many vCPUs for its bursts"),
        ("warehouse-loader", "saves", 55.188, "r6i.2xlarge", "r7g.2xlarge" + _ARM, "4 × 0.0189 an hour"),
        ("checkout-canary", "fine", None, "m5.2xlarge", None, "started 6 days ago: it may not stay"),
        ("session-store", "fine", None, "c5.2xlarge", None, "49.64 a month: not worth building for arm64"),
        ("recommender", "fine", None, "m6g.2xlarge", None, "it is Graviton"),
        ("directory-controller", "fine", None, "m5.xlarge", None, "Windows does not run on Graviton"),
        ("checkout-web-1", "fine", None, "m5.large", None, "13.87 a month"),
        ("eu-payments-api", "fine", None, "m5.xlarge", None, "less than $50 a month"),
        ),
    ),
    (
        "ec2.amd", Kind.INSTANCE, (
        ("olap-node-1", "saves", 73.584, "r6i.4xlarge", "r6a.4xlarge", "8 × 0.0126 an hour"),
        ("payments-batch-1", "saves", 58.4, "m5.4xlarge", "m5a.4xlarge", "8 × 0.01 an hour"),
        ("stream-worker-1", "saves", 56.064, "m6i.4xlarge", "m6a.4xlarge", "8 × 0.0096 an hour"),
        ("image-resizer", "saves", 46.72, "c5.4xlarge", "c5a.4xlarge", "8 × 0.008 an hour; 20 MB/s of 197 to volumes"),
        ("feature-builder", "saves", 37.96, "r5.2xlarge", "r5a.2xlarge", "4 × 0.013 an hour"),
        ("ledger-cache", "saves", 37.96, "r5.2xlarge", "r5a.2xlarge", "4 × 0.013 an hour"),
        ("warehouse-loader", "saves", 36.792, "r6i.2xlarge", "r6a.2xlarge", "4 × 0.0126 an hour; no less to volumes"),
        ("payments-api-1", "saves", 29.2, "m5.2xlarge", "m5a.2xlarge", "4 × 0.01 an hour"),
        ("search-index-cache", "saves", 29.2, "m5.2xlarge", "m5a.2xlarge", "4 × 0.01 an hour"),
        ("legacy-reports", "saves", 29.2, "m5.2xlarge", "m5a.2xlarge", "4 × 0.01 an hour"),
        ("invoice-renderer", "saves", 29.2, "m5.2xlarge", "m5a.2xlarge", "4 × 0.01 an hour"),
        ("stream-worker-2", "saves", 24.82, "c6i.2xlarge", "c6a.2xlarge", "4 × 0.0085 an hour"),
        ("session-store", "saves", 23.36, "c5.2xlarge", "c5a.2xlarge", "4 × 0.008 an hour"),
        ("replicator", "saves", 23.36, "c5.2xlarge", "c5a.2xlarge", "its 2.5 Gbit/s stay"),
        ("compactor", "conflict", None, "c5.2xlarge", None, "200 MB/s to volumes: c5a.2xlarge sustains 100"),
        ("checkout-canary", "fine", None, "m5.2xlarge", None, "started 6 days ago: it may not stay"),
        ("platform-gateway-staging", "fine", None, "m7i.2xlarge", None, "m7a costs more than m7i"),
        ),
    ),
    (
        "ec2.idle_instance", Kind.INSTANCE, (
        ("ben-playground", "saves", 15.184, "running, t3.small", "stopped", "CPU at 1 %, not 2 MB a day"),
        ("qa-runner", "fine", None, "c5.xlarge", None, "CPU at 4 %, but it serves 5 MB/s"),
        ("old-benchmark", "fine", None, "m5.4xlarge", None, "stopped: another check's"),
        ("search-api-1", "conflict", None, "c5.xlarge", None, "in a group"),
        ),
    ),
    (
        "ec2.off_hours", Kind.INSTANCE, (
        ("payments-api-staging", "saves", 26.28, "always on, m5.large", "on Mon–Sun 6–21 UTC",
         "9 hours a night: 63 of 168 hours × 730 × 0.096"),
        ("platform-gateway-staging", "fine", None, "m7i.2xlarge", None, "CPU at 3 % at night, but 1 MB/s goes through"),
        ("payments-api-1", "fine", None, "m5.2xlarge", None, "production"),
        ("legacy-reports", "insufficient", None, "m5.2xlarge", None, "no tag tells its environment"),
        ),
    ),
    (
        "ec2.spotable", Kind.INSTANCE, (
        ("storefront-staging-1", "saves", 43.4496, "on demand, m5.large", "Spot",
         "0.096 less 0.03648, the mean of a week at 36 % and one at 40 %"),
        ("storefront-staging-2", "saves", 43.4496, "on demand, m5.large", "Spot", "as the first of its group"),
        ("checkout-web-1", "insufficient", None, "m5.large", None, "a group in production: nobody said that it may"),
        ("qa-runner", "fine", None, "c5.xlarge", None, "nothing replaces it when it is lost"),
        ),
    ),
    (
        "ec2.previous_generation", Kind.INSTANCE, (
        ("cron-box", "conflict", None, "t2.medium", None, "3.50 a month less as t3.medium, which bills what it lacks"),
        ("payments-api-1", "fine", None, "m5.2xlarge", None, "of a current generation"),
        ),
    ),
    (
        "ec2.drained_credits", Kind.INSTANCE, (
        ("wiki", "fine", None, "t3.large", None, "its credits are full"),
        ),
    ),
    (
        "ec2.undersized", Kind.INSTANCE, (
        ("invoice-renderer", "fine", None, "m5.2xlarge", None, "76 % in its bursts"),
        ("legacy-reports", "insufficient", None, "m5.2xlarge", None, "its memory may be full"),
        ),
    ),
    (
        "ec2.surplus_credits", Kind.INSTANCE, (
        ("wiki", "fine", None, "t3.large", None, "never charged"),
        ),
    ),
    (
        "ec2.unused_image", Kind.IMAGE, (
        ("checkout-web-image", "fine", None, "image", None, "its group starts instances from it"),
        ),
    ),
)
# fmt: on
