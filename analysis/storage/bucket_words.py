"""What the checks on buckets say in the same words."""

from __future__ import annotations

from pandas import DataFrame, Series

from analysis.verdicts import Because

#: Behind every command that sets lifecycle rules.
REPLACES = (
    "The command replaces all lifecycle rules of the bucket: it holds those that were there at the scan. If somebody "
    "changed them since, scan again first."
)

#: Behind every command that moves objects.
STAYS = "Taking the rule away moves nothing back: objects that were moved would have to be copied. "


def not_told(buckets: DataFrame) -> list[Because]:
    """Buckets of which AWS did not tell what every check on buckets needs."""
    refused = (" " + buckets["unread"]).where(buckets["unread"].ne(""), "")
    return [
        (buckets["region"].eq(""), "Its region: its prices and its sizes are those of a region." + refused),
        (
            ~buckets["tags_read"],
            "Its tags: without them nobody knows whose it is, or if it is to be left alone." + refused,
        ),
        (
            buckets["lifecycle"].eq(""),
            "Its lifecycle rules: the call that sets one replaces them all, so they have to be known." + refused,
        ),
    ]


def unsized(total_bytes: Series[float]) -> Because:
    """Buckets whose size is not known."""
    return (
        total_bytes.isna(),
        "Its size: CloudWatch has no BucketSizeBytes of it in these days; a new bucket gets one after a day or two.",
    )
