"""More answers on storage that are hidden in the demo organisation; see `planted` for what they are."""

from __future__ import annotations

from typing import Literal

from bot.demo.aws.resources_model import Kind

#: Name, verdict, dollars a month, what it is, what it would be, why.
Row = tuple[str, Literal["saves", "fine", "insufficient", "conflict"], float | None, str, str | None, str]

# A table reads by rows.
# fmt: off
STORAGE: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "ebs.gp2_to_gp3", Kind.VOLUME, (
            ("migration-test-data", "saves", 2.0, "gp2", "gp3",
             "100 GiB: gp2 of that size has no more than gp3 includes"),
            ("old-benchmark-data", "insufficient", None, "gp2 300 GiB", None,
             "stopped 45 days ago: nothing says what it carries"),
            ("mysql-before-rds", "fine", None, "gp2 500 GiB", None,
             "attached to nothing: it is to be deleted, not changed"),
        ),
    ),
    (
        "ebs.unused_gp3_performance", Kind.VOLUME, (
            ("compactor-input", "saves", 3.2, "3000 IOPS, 300 MiB/s", "3000 IOPS, 220 MiB/s",
             "180 MiB/s are used: 55 of the 175 that are paid on top, and a fifth more stays"),
            ("ci-cache-1", "fine", None, "3000 IOPS, 125 MiB/s", None, "has only what is included"),
        ),
    ),
    (
        "ebs.idle_volume", Kind.VOLUME, (
            ("old-benchmark-data", "fine", None, "gp2 300 GiB", None, "silent because its instance is stopped"),
            ("wiki-root", "fine", None, "gp3", None, "an instance boots from it"),
        ),
    ),
    (
        "ebs.overallocated_filesystem", Kind.VOLUME, (
            ("search-data-2", "saves", 32.8, "500 GiB", "90 GiB", "12 % full at most: 60 GiB, and a third stays free"),
            ("search-data-1", "fine", None, "500 GiB", None, "64 % full"),
            ("ci-cache-1", "insufficient", None, "200 GiB", None, "no agent tells how full: unknown is not empty"),
            ("wiki-root", "fine", None, "gp3", None, "an instance boots from it"),
        ),
    ),
    (
        "ebs.old_snapshot", Kind.SNAPSHOT, (
            ("olap-data-150d", "saves", 20.0, "400 GiB", "deleted", "150 days old"),
            ("mysql-5-final", "fine", None, "400 GiB", None, "its volume is gone: that is another check's answer"),
            ("checkout-web-image", "fine", None, "15 GiB", None, "an image in use is made of it"),
        ),
    ),
    (
        "s3.incomplete_uploads", Kind.BUCKET, (
            ("example-lake-raw", "fine", None, "STANDARD", None, "no upload was given up"),
        ),
    ),
    (
        "s3.infrequent_access", Kind.BUCKET, (
            ("example-search-dumps", "saves", 36.1171, "STANDARD", "GLACIER_IR",
             "2,000 of 2,200 GB are 30 days old; 60 are read in a month, which costs $1.80; 8,640 GETs, $0.08 more"),
            ("example-org-trail", "saves", 7.7309, "STANDARD", "GLACIER_IR",
             "by its mean of 262 KiB all 900 GB would move; 19 of 20 objects are of 120 KiB, and 407 GB do"),
        ),
    ),
    (
        "s3.intelligent_tiering", Kind.BUCKET, (
            ("example-search-dumps", "saves", 20.359, "STANDARD", "INTELLIGENT_TIERING",
             "1,940 GB are a month old and certainly unread; watching 4,400 objects costs a cent"),
            ("example-org-trail", "fine", None, "STANDARD", None,
             "19 of 20 objects are never moved; the others save $3.82 at most"),
            ("example-payments-receipts", "fine", None, "STANDARD", None, "19 KB an object: never moved"),
            ("example-lake-raw", "insufficient", None, "STANDARD", None, "nothing says how much of it is read"),
        ),
    ),
    (
        "s3.archive", Kind.BUCKET, (
            ("example-org-trail", "saves", 6.6945, "STANDARD", "DEEP_ARCHIVE",
             "not read in 180 days; 305 GB are large and as old, $5.40 to move, repaid in a month"),
            ("example-search-dumps", "fine", None, "STANDARD", None, "it is read every day"),
            ("example-payments-receipts", "fine", None, "STANDARD", None,
             "moving 96 million objects is never earned back"),
        ),
    ),
    (
        "s3.small_objects", Kind.BUCKET, (
            ("example-build-artifacts", "fine", None, "STANDARD_IA", None,
             "20 MB an object: nothing is billed above its size"),
        ),
    ),
)
# fmt: on
