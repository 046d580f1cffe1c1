"""The job that looks for savings once more when the first scan came before the first costs.

Prices outside the public list are taken from the bill; without one such an instance has no verdict.
"""

from __future__ import annotations

from datetime import datetime

from bot.context import Context
from bot.jobs import job
from bot.workflows.scan_savings import lacked_bill, scan


@job("savings_scan_with_bill", after="costs_refresh", words="looking for savings once more, with prices of the bill")
def run(context: Context, due_at: datetime) -> None:
    """Scan again, once, without a second round of new cards."""
    if lacked_bill(context):
        scan(context, new_cards=False)
