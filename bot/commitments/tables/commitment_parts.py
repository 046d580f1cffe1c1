"""The table `commitment_parts`: what usage on demand is made of, and which part of it has just fallen."""

from __future__ import annotations

from pandas import DataFrame

from analysis.commitments.purchase_table import PARTS
from bot.collectors.scopes import Scope
from bot.commitments.think_purchase import head, proposals
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS: tuple[str, ...] = ()  # those of `commitment_proposals`
#: It is of the organisation: worked out once a scan.
SCOPE = Scope.BILL
#: What is to be saved is taken off before anything is committed to.
AFTER_SAVINGS = True
COLUMNS: dict[str, str] = HEAD | PARTS


def read(context: Context) -> DataFrame:
    """A row per larger part, with `COLUMNS`; one that says why where nothing is known."""
    own, found = head(context, COLUMNS), proposals(context)
    if found.problem:
        return typed([own | {"name": "Usage on demand", "resource_id": "parts", "problem": found.problem}], COLUMNS)
    return typed([own | row for row in found.parts], COLUMNS)
