"""Two loads that run on demand: one to buy a commitment for, and one that has just shrunk; their dollars are literals.

Both are part of the organisation's ordinary days and of its inventory. No commitment that is owned covers them: the
Compute plan is used up by what it saves more on, and no other is of their families.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.aws.organisation import MAIN_REGION, PROD, SECOND_REGION


@dataclass(frozen=True, slots=True)
class Load:
    """Usage of one type in one account.

    Attributes:
        hourly: dollars on demand, the mean of the week that ends two days before the clock's start.
        before: the same of the four weeks before that week.
        least: dollars on demand in the quietest hour of these five weeks.
    """

    account_id: str
    region: str
    usage_type: str
    hourly: float
    before: float
    least: float


#: Search runs it around the clock and has as long as the ledger goes back: six instances of the catalogue's and three
#: of the inventory's (`search-leader`, `search-data-1`, `search-data-2`).
STEADY = Load(PROD.id, MAIN_REGION, "BoxUsage:r5.xlarge", hourly=2.17, before=2.17, least=2.15)
#: Europe's checkout, with `eu-orders`; all c5 that runs there. The past month says more than there is left to cover.
SHRINKING = Load(PROD.id, SECOND_REGION, "EUW1-BoxUsage:c5.xlarge", hourly=0.78, before=1.15, least=0.48)
#: Days before the clock's start on which the catalogue's part of it begins to fall and stops falling, and what is left.
SHRINKS_DAYS_AGO, SHRUNK_DAYS_AGO, SHRUNK_TO = 16, 9, 0.60
