"""`secrets.unused`: a secret that nobody has read for months, paid for by the month."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="O07",
    groups=(Group.OBSERVABILITY, Group.IDLE),
    resource="secret",
    action=Action.DELETE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="Secret {name} has not been read for {unused}",
    source="AWS, Secrets Manager: find unused secrets by their last accessed date",
    words=Words(
        current="unread for {unused}",
        proposed="deleted",
        how="${month_usd:g} a secret-month. LastAccessedDate of ListSecrets is told by the day.",
        ignores="Calls to it, which are billed by the ten thousand.",
        risk="What reads it once a year, such as a restore or a certificate's renewal, fails. AWS keeps it for 30 days "
        "in which it cannot be read but can be brought back: enough to notice.",
        effect="It cannot be read from now on, and is gone in 30 days.",
        command=("aws secretsmanager delete-secret --secret-id {resource_id} --recovery-window-in-days 30",),
        undo=("aws secretsmanager restore-secret --secret-id {resource_id}",),
    ),
    evidence=(
        Fact("Last read", "unread_days", "days ago", "Secrets Manager ListSecrets"),
        Fact("Age", "age_days", "days", "CreatedDate"),
    ),
)
def unused(secrets: DataFrame, prices: PriceBook, *, min_unused_days: float = 90) -> Verdicts:
    """Secret that nobody reads.

    A secret that was never read counts from its creation. Those that a service of AWS keeps are its own business, and
    a replica is removed where the original lives.
    """
    month = prices.unit(secrets, "secretsmanager.secret.month")
    age, unread = secrets["age_days"], secrets["unread_days"]
    since = unread.fillna(age)
    managed = secrets["owning_service"].ne("")
    never = unread.isna()
    told = since.map(lambda days: "" if pd.isna(days) else f"{days:.0f} days").astype("str")
    return verdicts(
        secrets,
        saves=month["usd"].where(since.ge(min_unused_days)),
        fine=[
            (managed, "Kept by " + secrets["owning_service"] + ", which deletes it with what it is for."),
            (secrets["is_replica"], "A replica: it is removed from its original, in that one's region."),
            (since.lt(min_unused_days) & ~never, "Read " + told + " ago."),
            (since.lt(min_unused_days) & never, "Never read, but only " + told + " old."),
        ],
        insufficient=[
            (since.isna(), "When it was last read: Secrets Manager told neither that nor its age; ask again tomorrow."),
            unpriced(secrets, month["usd"], "of a secret"),
        ],
        details=DataFrame(
            {
                "unused": told.mask(never, told + ", since it was made"),
                "month_usd": month["usd"],
                "monthly_cost": month["usd"],
                "price_source": month["price_source"],
                "price_date": month["price_date"],
                "risk": secrets["rotates"].map({True: Risk.HIGH.value, False: Risk.MEDIUM.value}),
            }
        ),
    )
