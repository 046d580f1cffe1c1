"""The table `commitment_offers`: what each plan and each family of reservations would bring if it were bought alone."""

from __future__ import annotations

from pandas import DataFrame

from analysis.commitments.purchase_table import ALONE
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
COLUMNS: dict[str, str] = HEAD | ALONE


def read(context: Context) -> DataFrame:
    """A row per offer, term and payment, with `COLUMNS`; one that says why where none, or none of nodes, is known."""
    own, found = head(context, COLUMNS), proposals(context)
    if found.problem:
        return typed([own | {"name": "Commitments", "resource_id": "offers", "problem": found.problem}], COLUMNS)
    rows = [own | row | {"name": row["label"]} for row in found.alone]
    if found.no_nodes:
        rows.append(own | {"name": "Databases and nodes", "resource_id": "nodes", "problem": found.no_nodes})
    return typed(rows, COLUMNS)
