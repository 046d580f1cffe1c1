"""`kms.unused_key`: an encryption key that nothing has used for months, paid for by the month."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="O07b",
    groups=(Group.OBSERVABILITY, Group.IDLE),
    resource="KMS key",
    action=Action.DELETE,
    effort=Effort.HIGH,
    risk=Risk.HIGH,
    reason="Key {name} has not been used for {unused}",
    source="AWS, KMS: Determining past usage of a KMS key",
    words=Words(
        current="unused for {unused}",
        proposed="disabled, then deleted",
        how="${month_usd:g} a key-month, as KMS's own record (GetKeyLastUsage) has no use of it since. Saved once it "
        "is deleted: a disabled key costs the same.",
        ignores="A dollar more a month for each of its first two rotations, if it rotates.",
        risk="What is encrypted with it and lies still, such as old backups, snapshots and objects, can never be read "
        "again once it is deleted. Reading nothing for months proves nothing about what it still guards.",
        effect="It is disabled: whoever still needs it fails with DisabledException, which CloudTrail records. If "
        "nobody does for a month, schedule its deletion with `aws kms schedule-key-deletion`.",
        command=("aws kms disable-key --key-id {resource_id}",),
        undo=("aws kms enable-key --key-id {resource_id}",),
    ),
    evidence=(
        Fact("Last used", "unused_days", "days ago", "KMS GetKeyLastUsage"),
        Fact("Use on record for", "tracked_days", "days", "KMS GetKeyLastUsage"),
    ),
)
def unused_key(kms_keys: DataFrame, prices: PriceBook, *, min_unused_days: float = 90) -> Verdicts:
    """Key of one's own that nothing uses.

    Only what KMS has recorded counts: where no use is on record, the days since the record began do, or the key's age
    if that is less.
    """
    rows = kms_keys
    month = prices.unit(rows, "kms.key.month")
    used, tracked, age = rows["unused_days"], rows["tracked_days"], rows["age_days"]
    on_record = pd.concat([tracked, age], axis=1).min(axis=1).where(tracked.notna())
    since = used.fillna(on_record)
    never = used.isna()
    told = since.map(lambda days: "" if pd.isna(days) else f"{days:.0f} days").astype("str")
    return verdicts(
        rows,
        saves=month["usd"].where(since.ge(min_unused_days)),
        fine=[
            (rows["state"].isin(["PendingDeletion", "PendingReplicaDeletion"]), "It is being deleted."),
            (rows["is_replica"], "A replica: judge the key that it is a copy of."),
            (since.lt(min_unused_days) & ~never, "Used " + told + " ago."),
            (since.lt(min_unused_days) & never, "No use is on record, but the record is only " + told + " long."),
        ],
        insufficient=[
            (rows["problem"].ne(""), "When it was last used: " + rows["problem"]),
            (since.isna(), "When it was last used: KMS does not tell; CloudTrail has its calls."),
            unpriced(rows, month["usd"], "of a KMS key"),
        ],
        details=DataFrame(
            {
                "unused": told.mask(never, "at least " + told),
                "month_usd": month["usd"],
                "monthly_cost": month["usd"],
                "price_source": month["price_source"],
                "price_date": month["price_date"],
            }
        ),
    )
