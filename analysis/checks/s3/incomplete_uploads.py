"""`s3.incomplete_uploads`: parts of uploads that were never finished, which no listing of objects shows."""

from __future__ import annotations

from typing import Any

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group
from analysis.pricing import PriceBook, unpriced
from analysis.storage.bucket_words import REPLACES, not_told
from analysis.storage.classes import GB
from analysis.storage.lifecycle_rules import Rule, abort_rule, aborts_uploads, rule_commands
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="S02",
    groups=(Group.STORAGE, Group.IDLE),
    resource="S3 bucket",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    reason="{at_least}{unfinished_gb:,.1f} GB in {unfinished:.0f} uploads that were given up more than a week ago",
    source="AWS S3 user guide, configuring a lifecycle rule to delete incomplete multipart uploads",
    words=Words(
        current="{unfinished_gb:,.0f} GB",
        proposed="aborted",
        how="{at_least}{unfinished_gb:,.1f} GB of parts × ${gb_usd:g} a GB-month: parts are billed like objects, and "
        "no listing of objects shows them.",
        ignores="Uploads that will be given up from now on: the rule aborts those as well.",
        risk="An upload that is still going on after {abort_after_days:.0f} days is aborted too; its program has to "
        "begin again. " + REPLACES,
        effect="S3 aborts every upload that is not finished {abort_after_days:.0f} days after it began, within a day "
        "or two. No object is touched.",
        command=("{put_rules:raw}",),
        undo=("{put_back:raw}",),
    ),
    evidence=(
        Fact("Unfinished uploads", "unfinished", "", "S3 ListMultipartUploads"),
        Fact("Their parts", "unfinished_gb", "GB", "S3 ListParts"),
    ),
)
def incomplete_uploads(s3_buckets: DataFrame, prices: PriceBook, *, abort_after_days: float = 7) -> Verdicts:
    """S3 bucket with unfinished uploads.

    The parts of an upload that was begun more than a week ago and neither finished nor aborted. They are listed within
    bounds; where there are more, the sum is what they come to at least.
    """
    gb = s3_buckets["unfinished_bytes"] / GB
    price = prices.unit(s3_buckets, "s3.standard.gb_month")
    cost = gb * price["usd"]

    def added(row: Any) -> list[Rule]:
        return [abort_rule(max(1, round(abort_after_days)))]

    return verdicts(
        s3_buckets,
        saves=cost,
        fine=[
            (s3_buckets["unfinished"].eq(0), "No upload was given up."),
            (aborts_uploads(s3_buckets["lifecycle"]), "A lifecycle rule aborts uploads that are not finished."),
            (gb.eq(0) & ~s3_buckets["unfinished_more"], "Uploads were given up before they had sent anything."),
        ],
        insufficient=[
            *not_told(s3_buckets),
            (
                gb.isna(),
                "Its unfinished uploads: AWS did not tell them. " + s3_buckets["unread"]
                + " Allow s3:ListBucketMultipartUploads and s3:ListMultipartUploadParts.",
            ),
            (gb.eq(0), "Its unfinished uploads: there are more than costbot lists; look at S3 Storage Lens."),
            unpriced(s3_buckets, cost, "of S3 Standard"),
        ],
        details=DataFrame(
            {
                "unfinished_gb": gb,
                "gb_usd": price["usd"],
                "at_least": s3_buckets["unfinished_more"].map({True: "at least ", False: ""}),
                "monthly_cost": cost,
                "price_source": price["price_source"],
                "price_date": price["price_date"],
            }
        ).join(rule_commands(s3_buckets, added)),
    )  # fmt: skip
