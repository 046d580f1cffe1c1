"""What the checks on machines must say of the demo organisation, beside right-sizing; literal values, as in `planted`.

A month is 730 hours. Prices are Linux on demand in us-east-1, per `.large`, linear in size: m4 0.10, m5 0.096, m5a
0.086, m6g 0.077, m6i 0.096, m6a 0.0864, m7g 0.0816, m7i 0.1008, m8g 0.08976; c5 0.085, c5a 0.077, c6g 0.068, c6i 0.085,
c6a 0.0765, c7g 0.0725; r5 0.126, r5a 0.113, r6g 0.1008, r6i 0.126, r6a 0.1134, r7g 0.1071; t3 0.0832, t3a 0.0752, t4g
0.0672. A 2xlarge is four of them and a 4xlarge eight. Offers of another maker keep a quarter of everything free.
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
        ("olap-node-1", "saves", 579.474, "r6i.4xlarge", "r7g.xlarge" + _ARM, "1.008 − 0.2142: 56 % CPU, 68 % memory"),
        ("payments-batch-1", "saves", 448.22, "m5.4xlarge", "m6g.xlarge" + _ARM,
         "0.768 − 0.154: 2.88 of 4 vCPU, 10.88 of 16 GiB"),
        ("stream-worker-1", "saves", 348.94, "m6i.4xlarge", "c7g.2xlarge" + _ARM,
         "0.768 − 0.29: 5.76 of 8 vCPU, 9.6 of 16 GiB"),
        ("image-resizer", "saves", 297.84, "c5.4xlarge", "c6g.2xlarge" + _ARM,
         "0.68 − 0.272: 5.28 of 8 vCPU, 9.6 of 16 GiB"),
        ("platform-gateway-staging", "saves", 228.8112, "m7i.2xlarge", "m8g.large" + _ARM,
         "0.4032 − 0.08976: 0.88 of 2 vCPU, 4.8 of 8 GiB"),
        ("session-store", "saves", 174.616, "c5.2xlarge", "r6g.large" + _ARM,
         "0.34 − 0.1008: 0.96 of 2 vCPU, 11.2 of 16 GiB"),
        ("feature-builder", "saves", 169.36, "r5.2xlarge", "c6g.2xlarge" + _ARM,
         "0.504 − 0.272: 4.8 of 8 vCPU, 7.68 of 16 GiB"),
        ("payments-api-1", "saves", 167.9, "m5.2xlarge", "m6g.xlarge" + _ARM,
         "0.384 − 0.154: 2.4 of 4 vCPU, 9.6 of 16 GiB"),
        ("search-index-cache", "saves", 133.152, "m5.2xlarge", "r6g.xlarge" + _ARM,
         "0.384 − 0.2016: 0.72 of 4 vCPU, 23.04 of 32 GiB"),
        ("eu-payments-api", "saves", 93.44, "m5.xlarge", "m6g.large" + _ARM,
         "by European prices: 0.214 − 0.086, and its bill has no discount"),
        ("notebook-host", "saves", 83.95, "m5.xlarge", "m6g.large" + _ARM, "0.8 of 2 vCPU, 4.8 of 8 GiB"),
        ("ledger-cache", "saves", 73.584, "r5.2xlarge", "r6g.2xlarge" + _ARM, "its memory is full, and stays as large"),
        ("build-cache", "saves", 67.16, "m4.2xlarge", "m6g.2xlarge" + _ARM, "4 × 0.023 an hour"),
        ("legacy-reports", "saves", 55.48, "m5.2xlarge", "m6g.2xlarge" + _ARM, "no memory is measured"),
        ("invoice-renderer", "saves", 55.48, "m5.2xlarge", "m6g.2xlarge" + _ARM, "as many vCPUs for its bursts"),
        ("warehouse-loader", "saves", 55.188, "r6i.2xlarge", "r7g.2xlarge" + _ARM, "39.7 GiB: 4 × 0.0189 an hour"),
        ("checkout-canary", "fine", None, "m5.2xlarge", None, "started 6 days ago: it may not stay"),
        ("load-tests", "fine", None, "m5.xlarge", None, "c6g.xlarge for 40.88 less: not worth the work"),
        ("wiki", "fine", None, "t3.large", None, "t4g.medium for 36.21 less: not worth the work"),
        ("recommender", "fine", None, "m6g.2xlarge", None, "it is Graviton"),
        ("directory-controller", "fine", None, "m5.xlarge", None, "Windows does not run on Graviton"),
        ("checkout-web-1", "fine", None, "m5.large", None, "13.87 a month"),
        ),
    ),
    (
        "ec2.amd", Kind.INSTANCE, (
        ("olap-node-1", "saves", 570.276, "r6i.4xlarge", "r6a.xlarge", "1.008 − 0.2268: as on Graviton"),
        ("payments-batch-1", "saves", 435.08, "m5.4xlarge", "m5a.xlarge", "0.768 − 0.172: as on Graviton"),
        ("stream-worker-1", "saves", 337.26, "m6i.4xlarge", "c6a.2xlarge", "0.768 − 0.306"),
        ("image-resizer", "saves", 271.56, "c5.4xlarge", "c5a.2xlarge", "0.68 − 0.308; 20 MB/s of 100 to volumes"),
        ("session-store", "saves", 165.71, "c5.2xlarge", "r5a.large", "0.34 − 0.113"),
        ("payments-api-1", "saves", 154.76, "m5.2xlarge", "m5a.xlarge", "0.384 − 0.172"),
        ("feature-builder", "saves", 143.08, "r5.2xlarge", "c5a.2xlarge", "0.504 − 0.308"),
        ("search-index-cache", "saves", 115.34, "m5.2xlarge", "r5a.xlarge", "0.384 − 0.226"),
        ("eu-payments-api", "saves", 86.14, "m5.xlarge", "m5a.large", "by European prices: 0.214 − 0.096"),
        ("notebook-host", "saves", 77.38, "m5.xlarge", "m5a.large", "0.192 − 0.086"),
        ("ledger-cache", "saves", 37.96, "r5.2xlarge", "r5a.2xlarge", "78 % of its memory: 4 × 0.013 an hour"),
        ("warehouse-loader", "saves", 36.792, "r6i.2xlarge", "r6a.2xlarge", "4 × 0.0126 an hour; no less to volumes"),
        ("wiki", "saves", 33.288, "t3.large", "t3a.medium", "0.0832 − 0.0376: 2.4 of 4 GiB, and its credits last"),
        ("legacy-reports", "saves", 29.2, "m5.2xlarge", "m5a.2xlarge", "no memory is measured: 4 × 0.01 an hour"),
        ("invoice-renderer", "saves", 29.2, "m5.2xlarge", "m5a.2xlarge", "76 % in its bursts: 4 × 0.01 an hour"),
        ("load-tests", "saves", 27.74, "m5.xlarge", "c5a.xlarge", "0.192 − 0.154: 2.2 of 4 vCPU, 4 of 8 GiB"),
        ("stream-worker-2", "saves", 24.82, "c6i.2xlarge", "c6a.2xlarge", "4 × 0.0085 an hour"),
        ("replicator", "saves", 23.36, "c5.2xlarge", "c5a.2xlarge", "its 2.5 Gbit/s stay"),
        ("compactor", "conflict", None, "c5.2xlarge", None, "200 MB/s to volumes: c5a.2xlarge sustains 100"),
        ("checkout-canary", "fine", None, "m5.2xlarge", None, "started 6 days ago: it may not stay"),
        ("platform-gateway-staging", "fine", None, "m7i.2xlarge", None, "m7a costs more than m7i, in every size"),
        ),
    ),
    (
        "ec2.burstable", Kind.INSTANCE, (
        ("invoice-renderer", "saves", 37.376, "m5.2xlarge", "t3.2xlarge, unlimited",
         "0.384 − 0.3328: bursts of 6.08 vCPU, 0.53 on average; 3.2 for good"),
        ("token-vault", "saves", 9.344, "m5.large", "t3.large, unlimited",
         "0.096 − 0.0832: 0.1 vCPU of 0.6 for good, 6.08 of 8 GiB"),
        ("notebook-host", "fine", None, "m5.xlarge", None, "0.5 vCPU on a working day: t3.large gives 0.6"),
        ("payments-api-1", "fine", None, "m5.2xlarge", None, "1.5 vCPU on a working day: t3.xlarge gives 1.6"),
        ("session-store", "fine", None, "c5.2xlarge", None, "r5.large costs less than t3.xlarge"),
        ("wiki", "fine", None, "t3.large", None, "it is burstable"),
        ("legacy-reports", "insufficient", None, "m5.2xlarge", None, "its memory may be full"),
        ("checkout-web-1", "conflict", None, "m5.large", None, "in a group"),
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
