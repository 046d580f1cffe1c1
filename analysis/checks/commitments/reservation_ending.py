"""`commitments.reservation_ending`: a reservation that ends soon, with what the bill does on that day."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import check
from analysis.commitments.ending_words import EVIDENCE, REASON, ending_words
from analysis.commitments.expiry import ending
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts


@check(
    catalogue="P05b",
    groups=(Group.COMMITMENTS,),
    resource="Reservation",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason=REASON,
    source="AWS Trusted Advisor, Reserved Instance lease expiration",
    words=ending_words(
        "queue the next reservation for the day it ends (EC2: Purchase, Queue purchase) or buy one on that day, or let "
        "it end. A Savings Plan may fit better."
    ),
    evidence=EVIDENCE,
)
def reservation_ending(reservations: DataFrame, reservations_use: DataFrame, *, most_days_left: float = 60) -> Verdicts:
    """Reservation that ends soon.

    Told from `most_days_left` on; the card says the days that are left and is of high risk in the last week. What it
    covers falls back to on-demand prices on that day, and unused commitment falls away. A queued purchase of the same
    kind that begins then, and is no smaller, leaves nothing to tell.
    """
    return ending(reservations, reservations_use, most_days_left=most_days_left)
