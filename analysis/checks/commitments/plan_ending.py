"""`commitments.plan_ending`: a Savings Plan that ends soon, with what the bill does on that day."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import check
from analysis.commitments.ending_words import EVIDENCE, REASON, ending_words
from analysis.commitments.expiry import ending
from analysis.models import Action, Effort, Group, Risk
from analysis.verdicts import Verdicts


@check(
    catalogue="P05",
    groups=(Group.COMMITMENTS,),
    resource="Savings Plan",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason=REASON,
    source="AWS, Savings Plans: queued purchases and expiration alerts",
    words=ending_words("queue the next plan for the day it ends (Savings Plans, Purchase, start date), or let it end."),
    evidence=EVIDENCE,
)
def plan_ending(savings_plans: DataFrame, savings_plans_use: DataFrame, *, most_days_left: float = 60) -> Verdicts:
    """Savings Plan that ends soon.

    Told from `most_days_left` on; the card says the days that are left and is of high risk in the last week. What it
    covers falls back to on-demand prices on that day, and unused commitment falls away. A queued purchase of the same
    kind that begins then, and is no smaller, leaves nothing to tell.
    """
    return ending(savings_plans, savings_plans_use, most_days_left=most_days_left)
