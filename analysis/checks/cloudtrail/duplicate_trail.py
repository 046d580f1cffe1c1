"""`cloudtrail.duplicate_trail`: a further copy of the same management events, which AWS bills by the event."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import DAYS_A_MONTH
from analysis.verdicts import Verdicts, verdicts

_PLACE = ["account_id", "region"]


@check(
    catalogue="O05",
    groups=(Group.OBSERVABILITY, Group.GOVERNANCE),
    resource="CloudTrail trail",
    action=Action.STOP,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Trail {name} is a further copy of the management events that {kept_name} already keeps",
    source="AWS, CloudTrail pricing: the first copy of management events is free, each further one is billed",
    words=Words(
        current="{copies:d} copies of management events",
        proposed="stopped; {kept_name} keeps recording",
        how="Its share of what the bill shows as paid management events (PaidEventsRecorded) in each region where it "
        "is a further copy, over {days:.0f} complete days, as a month of 30.4 days: ${monthly_cost:,.2f}. In {region}, "
        "its home, they cost ${paid_usd:,.2f}, shared among {extra:d} trail(s) beyond the free one.",
        ignores="What its bucket stores and, where it delivers there, what CloudWatch Logs takes in. Data events of "
        "the trail, if it records any, have another price and would stop with it.",
        risk="Whoever reads bucket {bucket}, such as an audit or a security tool, gets no new events; the files that "
        "are there stay. Look for readers, and for data events that only this trail records, first.",
        effect="The trail stops recording in all its regions; {kept_name} and the 90 days of Event history go on.",
        command=("aws cloudtrail stop-logging --name {resource_id} --region {home_region}",),
        undo=("aws cloudtrail start-logging --name {resource_id} --region {home_region}",),
    ),
    evidence=(Fact("Paid management events", "paid_usd", "USD", "the stored bill, PaidEventsRecorded"),),
)
def duplicate_trail(
    cloudtrail_trails: DataFrame, trail_costs: DataFrame, *, min_monthly_savings: float = 0.0, min_days: float = 14
) -> Verdicts:
    """Second and further trail that records management events.

    In each region one trail is free: the organisation's is kept, else one of all regions, else the first by name. The
    bill says what all further copies cost together. A trail of several regions is told once, where its home is.
    """
    rows = cloudtrail_trails
    active = rows["is_logging"] & rows["records_management"]
    kept = _kept(rows[active]).reindex(pd.MultiIndex.from_frame(rows[_PLACE]))
    kept_id, kept_name = (pd.Series(kept[name].to_numpy(), index=rows.index) for name in ("resource_id", "name"))
    is_extra = active & kept_id.ne(rows["resource_id"])
    copies = active.groupby([rows[name] for name in _PLACE]).transform("sum")
    paid = _paid(rows, trail_costs)
    share = (paid["cost"] / (copies - 1).where(copies.gt(1))).where(is_extra)
    month = share / paid["days"] * DAYS_A_MONTH
    key = [rows["account_id"], rows["resource_id"]]
    everywhere = month.groupby(key).transform("sum").where(month.notna())
    at_home = rows["region"].eq(rows["home_region"])
    saving = everywhere.where(is_extra & at_home)
    alone = ~rows["is_asked"] & rows["problem"].eq("")
    return verdicts(
        rows,
        saves=saving.where(saving.ge(min_monthly_savings)),
        fine=[
            (rows["resource_id"].eq(""), "No trail."),
            (alone & rows["home_region"].ne(""), "The only trail in its region: the first copy is free."),
            (rows["is_asked"] & ~active, "It records no management events now."),
            (active & ~is_extra, "It is the free first copy."),
            (is_extra & ~at_home, "A copy that is counted in its home, " + rows["home_region"] + "."),
        ],
        insufficient=[
            (rows["problem"].ne(""), "Whether it records management events: " + rows["problem"]),
            (
                paid["days"].lt(min_days) | paid["days"].isna(),
                "What the further copies cost: the bill shows no paid management events of this account and region in "
                + f"{min_days:.0f} complete days or more; `costbot refresh` brings it.",
            ),
            (~rows["is_asked"], "Whether it records management events: CloudTrail was not asked; scan again."),
        ],
        details=DataFrame(
            {
                "kept_name": kept_name.fillna(""),
                "copies": copies.astype("int64"),
                "extra": (copies - 1).clip(lower=0).astype("int64"),
                "paid_usd": paid["cost"],
                "days": paid["days"],
                "monthly_cost": everywhere,
                "price_source": pd.Series("your own bill", index=rows.index, dtype="str"),
            }
        ),
    )


def _kept(active: DataFrame) -> DataFrame:
    """The trail of each account and region that counts as the free first copy."""
    ordered = active.sort_values(
        [*_PLACE, "of_organization", "multi_region", "name", "resource_id"],
        ascending=[True, True, False, False, True, True],
    )
    return ordered.drop_duplicates(_PLACE).set_index(_PLACE)[["resource_id", "name"]]


def _paid(rows: DataFrame, trail_costs: DataFrame) -> DataFrame:
    """What paid events cost in each row's account and region: `cost`, `days`; missing where none is billed."""
    of_trails = trail_costs.set_index(_PLACE)[["cost", "days"]]
    found: DataFrame = of_trails.reindex(pd.MultiIndex.from_frame(rows[_PLACE])).set_axis(rows.index)
    return found
