"""The table `commitment_shares`: what each proposed mix is made of, and in which quarter each part is bought."""

from __future__ import annotations

from pandas import DataFrame

from analysis.commitments.purchase_table import SHARES
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
COLUMNS: dict[str, str] = HEAD | SHARES


def read(context: Context) -> DataFrame:
    """A row per share of a mix, with `COLUMNS`; none where nothing is proposed."""
    own = head(context, COLUMNS)
    return typed([own | row | {"name": row["label"]} for row in proposals(context).shares], COLUMNS)
