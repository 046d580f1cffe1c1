"""`governance.inactive_tag`: resources say whose they are, and the bill does not listen."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="G05",
    groups=(Group.GOVERNANCE,),
    resource="cost allocation tag",
    action=Action.UPGRADE,
    effort=Effort.VERY_LOW,
    risk=Risk.LOW,
    reason="Resources carry the tag {name}, but the bill cannot be split by it: it is not active",
    source="AWS, Activating user-defined cost allocation tags",
    words=Words(
        current="inactive",
        proposed="active",
        how="It saves nothing by itself. Cost Explorer knows the tag; a resource carried it {last_used_days:.0f} days "
        "ago, as it tells it by the month.",
        ignores="How many resources carry it.",
        risk="None to any resource. An organisation may have 500 active keys; each adds a column to billing exports.",
        effect="Costs from about a day later on can be grouped by {name}; older ones stay unsplit unless you ask AWS "
        "for a backfill of up to twelve months.",
        command=(
            "aws ce update-cost-allocation-tags-status --region us-east-1 --cost-allocation-tags-status "
            "TagKey={name},Status=Active",
        ),
        undo=(
            "aws ce update-cost-allocation-tags-status --region us-east-1 --cost-allocation-tags-status "
            "TagKey={name},Status=Inactive",
        ),
    ),
    evidence=(Fact("Last used", "last_used_days", "days ago", "Cost Explorer ListCostAllocationTags"),),
)
def inactive_tag(allocation_tags: DataFrame, *, most_unused_days: float = 60) -> Verdicts:
    """Tag in use that is no active cost allocation tag.

    Told for keys that costs are usually shared out by, or that costbot is set to, and that a resource carried in the
    last `most_unused_days`.
    """
    unused = allocation_tags["last_used_days"]
    return verdicts(
        allocation_tags,
        saves=pd.Series(float("nan"), index=allocation_tags.index),
        fine=[
            (~allocation_tags["is_usual"], "Inactive, and no key that costs are usually shared out by."),
            (unused.gt(most_unused_days), "Inactive, and no resource has carried it lately."),
        ],
        insufficient=[
            (allocation_tags["problem"].ne(""), "Which tags are inactive: " + allocation_tags["problem"]),
            (unused.isna(), "Whether it is in use: Cost Explorer does not tell; look at it in the Billing console."),
        ],
        notice=(unused.le(most_unused_days), "In use and inactive."),
    )
