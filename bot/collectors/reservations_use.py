"""The table `reservations_use`: how far each reservation was used in the last two weeks."""

from __future__ import annotations

from datetime import timedelta

from pandas import DataFrame

from analysis.commitments.holdings import RESERVED
from analysis.costs import ChargeCategory
from analysis.services import service_key
from bot.collectors import explorer_use
from bot.collectors.commitment_charges import daily_charges
from bot.collectors.savings_plans_use import COLUMNS as USE_COLUMNS
from bot.collectors.savings_plans_use import named, of_export, unknown
from bot.collectors.scopes import Scope
from bot.complete_days import PROVIDER
from bot.context import Context
from bot.errors import NotEnoughData
from bot.tables import typed

ACTIONS = (explorer_use.RESERVED_ACTION,)
#: It is of the organisation and may cost money: asked once a scan, in costbot's own account.
SCOPE = Scope.BILL
COLUMNS = USE_COLUMNS
RECENT_DAYS, BEFORE_DAYS = 14, 14
#: A reservation's recurring fee is booked once a month.
_FEE_DAYS = 35
_FEES = (ChargeCategory.PURCHASE.value, ChargeCategory.UNUSED_COMMITMENT.value)


def read(context: Context) -> DataFrame:
    """One row per reservation that costs tell of, with `COLUMNS`; a service that is not told has one that says why."""
    told = daily_charges(context, RECENT_DAYS + BEFORE_DAYS)
    if told is not None:
        return of_export(context, told.charges, told.start, told.end, RESERVED, RECENT_DAYS, BEFORE_DAYS)
    rows: list[dict[str, object]] = []
    problems: dict[str, dict[str, object]] = {}  # one sentence is enough where Cost Explorer is not asked at all
    for service in services_with_fees(context):
        answer = explorer_use.reservations_use(context, service, RECENT_DAYS)
        if answer.problem:
            problems.setdefault(answer.problem, unknown(context, RESERVED, answer.problem))
        rows += [named(context, RESERVED, row) for row in answer.rows]
    return typed([*rows, *problems.values()], COLUMNS)


def services_with_fees(context: Context) -> list[str]:
    """Services that were charged a fee or unused commitment lately; all that have reservations where none is stored."""
    every = list(explorer_use.SERVICES)
    end = context.clock.today()
    try:
        fees = context.costs.daily(
            by=("service_name",),
            start=end - timedelta(days=_FEE_DAYS),
            end=end,
            where={"provider": PROVIDER, "charge_category": _FEES},
            usage_only=False,
        )
    except NotEnoughData:
        return every
    charged = {service_key(str(name)) for name in fees["service_name"]}
    return [service for service in every if service in charged]
