"""More answers on network and Lambda that are hidden in the demo organisation; see `planted` for what they are.

What Lambda functions compute follows from metrics that differ a little from day to day: their dollars are those of a
scan at the start of the demo's clock in the tests, 20 November 2026.
"""

from __future__ import annotations

from typing import Literal

from bot.demo.aws.resources_model import Kind

#: Name, verdict, dollars a month, what it is, what it would be, why.
Row = tuple[str, Literal["saves", "fine", "insufficient", "conflict"], float | None, str, str | None, str]

# A table reads by rows.
# fmt: off
NETWORK: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "network.cross_zone_nat", Kind.NAT_GATEWAY, (
            ("prod-nat-b", "saves", 105.9139, "NAT in us-east-1b for us-east-1c", "a NAT gateway in the same zone",
             "6.9 TB a month cross a zone at $0.02 a GB; a gateway more costs $32.85"),
            ("prod-nat-a", "fine", None, "NAT in us-east-1a", None, "only its own zone sends to it"),
        ),
    ),
    (
        "network.s3_through_nat", Kind.NAT_GATEWAY, (
            ("prod-nat-a", "insufficient", None, "6.9 TB a month", None, "nothing says how much of it goes to S3"),
            ("sandbox-nat", "fine", None, "unused", None, "no route leads to it"),
        ),
    ),
    (
        "network.interface_endpoint", Kind.NAT_GATEWAY, (
            ("data-nat", "insufficient", None, "6.9 TB a month", None, "nothing says to which services it goes"),
        ),
    ),
    (
        "network.public_ipv4", Kind.INSTANCE, (
            ("payments-batch-1", "saves", 3.65, "public address", "private only", "behind checkout-public"),
            ("payments-api-1", "saves", 3.65, "public address", "private only", "behind checkout-public"),
            ("search-index-cache", "saves", 3.65, "public address", "private only", "behind search-internal"),
            ("platform-gateway-staging", "saves", 3.65, "public address", "private only", "behind staging-public"),
            ("qa-runner", "saves", 3.65, "public address", "private only", "behind staging-public"),
            ("feature-builder", "saves", 3.65, "public address", "private only", "behind ingest"),
            ("stream-worker-1", "saves", 3.65, "public address", "private only", "behind ingest"),
            ("edge-proxy", "fine", None, "public address", None, "behind no load balancer: it is called directly"),
            ("wiki", "fine", None, "public address", None, "its network has no NAT gateway"),
        ),
    ),
    (
        "lambda.arm64", Kind.FUNCTION, (
            ("receipt-mailer", "saves", 6.7940, "x86_64", "arm64", "Python, without layers"),
            ("thumbnailer", "saves", 74.7523, "x86_64", "arm64", "Python, without layers"),
            ("price-updater", "saves", 4.4958, "x86_64", "arm64", "Python, without layers"),
            ("file-splitter", "saves", 29.2034, "x86_64", "arm64", "Python, without layers"),
            ("retry-storm", "saves", 27.1340, "x86_64", "arm64", "Python, without layers"),
            ("fraud-scorer", "fine", None, "arm64", None, "there already"),
            ("hello", "fine", None, "x86_64", None, "ten runs a day: a fifth of nothing"),
        ),
    ),
    (
        "lambda.errors", Kind.FUNCTION, (
            ("retry-storm", "saves", 29.6554, "22 % of runs fail", "runs do not fail", "80,000 runs a day of 3 s"),
            ("receipt-mailer", "fine", None, "0.1 % of runs fail", None, "one in a thousand"),
        ),
    ),
    (
        "lambda.memory", Kind.FUNCTION, (
            ("thumbnailer", "saves", 230.6217, "3008 MiB", "1152 MiB",
             "900 MB and 0.28 vCPUs at the most, a fifth more is kept"),
            ("fraud-scorer", "fine", None, "2048 MiB", None, "1,500 MB are used"),
            ("file-splitter", "fine", None, "1769 MiB", None,
             "500 MB are used, but its runs are all processor: less memory would make them longer"),
            ("price-updater", "insufficient", None, "1024 MiB", None, "no Lambda Insights: its memory is unknown"),
        ),
    ),
)
# fmt: on
