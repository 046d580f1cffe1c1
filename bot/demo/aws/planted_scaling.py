"""More answers on Auto Scaling groups that are hidden in the demo organisation; see `planted` for what they are."""

from __future__ import annotations

from typing import Literal

from bot.demo.aws.resources_model import Kind

#: Name, verdict, dollars a month, what it is, what it would be, why.
Row = tuple[str, Literal["saves", "fine", "insufficient", "conflict"], float | None, str, str | None, str]

# A table reads by rows.
# fmt: off
SCALING: tuple[tuple[str, Kind, tuple[Row, ...]], ...] = (
    (
        "autoscaling.static_group", Kind.AUTO_SCALING_GROUP, (
            ("storefront-staging", "saves", 44.25, "2 instances, no policy", "target tracking, 1 to 4 instances",
             "88 % of one instance in office hours, half of that or less at night and at weekends"),
            ("search-api", "fine", None, "3 instances, no policy", None,
             "36 % of one instance at its peak: the two that are kept hold it at any hour"),
            ("checkout-web", "fine", None, "3 instances", None, "a target tracking policy scales it"),
            ("batch-workers", "fine", None, "3 instances", None, "two step policies scale it"),
        ),
    ),
    (
        "autoscaling.scheduled_fit", Kind.AUTO_SCALING_GROUP, (
            ("storefront-staging", "saves", 42.62, "2 instances at all hours",
             "4 scheduled actions, 1 to 2 instances", "the same office hours every week"),
            ("search-api", "fine", None, "3 instances", None, "two hold its load at any hour"),
            ("checkout-web", "fine", None, "3 instances", None, "a target tracking policy scales it"),
        ),
    ),
)
# fmt: on
