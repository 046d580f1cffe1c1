"""The table `commitment_proposals`: what to buy of commitments together, by term and payment, with the odds."""

from __future__ import annotations

from pandas import DataFrame

from analysis.commitments.purchase_table import MIXES, Row
from bot.collectors.scopes import Scope
from bot.commitments.think_purchase import head, proposals
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ("savingsplans:DescribeSavingsPlansOfferingRates", "pricing:GetProducts")
#: It is of the organisation: worked out once a scan.
SCOPE = Scope.BILL
#: What is to be saved is taken off before anything is committed to.
AFTER_SAVINGS = True
COLUMNS: dict[str, str] = HEAD | MIXES


def read(context: Context) -> DataFrame:
    """A row per term and payment, with `COLUMNS`; one that says why where nothing is known."""
    own, found = head(context, COLUMNS), proposals(context)
    rows = found.mixes or ({"years": None, "payment": "", "months": "[]", "problem": found.problem},)
    return typed([own | row | {"name": "Commitments", "resource_id": _id(row)} for row in rows], COLUMNS)


def _id(row: Row) -> str:
    years = row["years"]
    return "purchase" if years is None else f"purchase {years:.0f} year{'s' if years > 1 else ''} {row['payment']}"
