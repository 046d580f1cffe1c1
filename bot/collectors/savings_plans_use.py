"""The table `savings_plans_use`: how far each Savings Plan was used in the last week, and in three weeks before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from pandas import DataFrame, Series

from analysis.commitments.holdings import SAVINGS_PLAN, key_of, name_of, owner_of
from analysis.commitments.utilization import USE, use_of_each
from analysis.services import service_label
from bot.collectors import explorer_use
from bot.collectors.commitment_charges import daily_charges
from bot.collectors.scopes import Scope
from bot.complete_days import payer
from bot.context import Context
from bot.inventory import HEAD
from bot.tables import typed

ACTIONS = (explorer_use.PLANS_ACTION,)
#: It is of the organisation and may cost money: asked once a scan, in costbot's own account.
SCOPE = Scope.BILL
COLUMNS: dict[str, str] = HEAD | USE
RECENT_DAYS, BEFORE_DAYS = 7, 21
EXPORT, EXPLORER = "the billing export", "Cost Explorer"


def read(context: Context) -> DataFrame:
    """One row per plan that costs tell of, with `COLUMNS`; where nothing tells, one row that says why."""
    told = daily_charges(context, RECENT_DAYS + BEFORE_DAYS)
    if told is not None:
        return of_export(context, told.charges, told.start, told.end, SAVINGS_PLAN, RECENT_DAYS, BEFORE_DAYS)
    newest = explorer_use.plans_use(context, RECENT_DAYS)
    both = explorer_use.plans_use(context, RECENT_DAYS + BEFORE_DAYS)
    if newest.problem:
        return typed([unknown(context, SAVINGS_PLAN, newest.problem)], COLUMNS)
    earlier = {row["commitment_id"]: row for row in both.rows}
    rows = []
    for row in newest.rows:
        whole = earlier.get(row["commitment_id"])
        before = _before(row, whole) if whole else {}
        rows.append({**named(context, SAVINGS_PLAN, row), **before})
    return typed(rows, COLUMNS)


def _before(row: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The span before, as both spans together without the newest; not known where they do not end on one day."""
    if row["end"] != whole["end"] or None in (row["used"], row["unused"], whole["used"], whole["unused"]):
        return {}
    return {f"{name}_before": max(0.0, whole[name] - row[name]) for name in ("used", "unused")}


def of_export(
    context: Context, charges: DataFrame, start: date, end: date, kind: str, recent: int, before: int
) -> DataFrame:
    """The use of each commitment of a kind as an export tells it, with `COLUMNS`."""
    own = charges[charges["kind"].eq(kind)]
    use = use_of_each(own, pd.Timestamp(end), recent=recent, before=before)
    rows: list[dict[str, Any]] = [{str(name): value for name, value in row.items()} for row in use.to_dict("records")]
    is_known = start <= end - timedelta(days=recent + before)
    for row in rows:
        row.update(type="", count=None, source=EXPORT, problem="")
        if not is_known:
            row.update(used_before=None, unused_before=None)
    places = own[own["region"].ne("")].drop_duplicates("commitment_id").set_index("commitment_id")["region"]
    families = own[own["family"].ne("")].drop_duplicates("commitment_id").set_index("commitment_id")["family"]
    services = own[~own["is_unused"]].drop_duplicates("commitment_id").set_index("commitment_id")["service"]
    users = own.drop_duplicates("commitment_id").set_index("commitment_id")["account"]
    return typed(
        [
            {
                **_head(context, row["commitment_id"], owner_of(row["commitment_id"]) or users[row["commitment_id"]]),
                "region": "" if kind == SAVINGS_PLAN else str(places.get(row["commitment_id"], "")),
                "name": _billed_name(kind, row["commitment_id"], families, services),
                **row,
            }
            for row in rows
        ],
        COLUMNS,
    )


def named(context: Context, kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of Cost Explorer's answer, with whose commitment it is."""
    owner = row.get("owner_id") or owner_of(row["commitment_id"])
    return {
        **_head(context, row["commitment_id"], owner),
        "name": _name(kind, row),
        "region": row.get("region", ""),
        "kind": kind,
        "source": EXPLORER,
        "first_day": pd.Timestamp(row["start"]),
        "last_day": pd.Timestamp(row["end"]) - pd.Timedelta(days=1),
        "used_before": None,
        "unused_before": None,
        "problem": "",
        **{name: row[name] for name in ("commitment_id", "type", "count", "days", "used", "unused", "on_demand")},
    }


def _billed_name(kind: str, commitment_id: str, families: Series[str], services: Series[str]) -> str:
    """`RDS r5 reservation`, `Savings Plan e7b9c0d1`: a bill tells neither size nor count."""
    if kind == SAVINGS_PLAN:
        return f"Savings Plan {key_of(commitment_id).rpartition('/')[2][:8]}"
    service = services.get(commitment_id)
    told = (service_label(str(service)) if service else "", families.get(commitment_id, ""), "reservation")
    return " ".join(part for part in told if part)


def _name(kind: str, row: dict[str, Any]) -> str:
    return name_of({"kind": kind, "hourly_usd": None, "family": "", **row})


def unknown(context: Context, kind: str, problem: str) -> dict[str, Any]:
    """The row that says why nothing is known."""
    own_id, _ = payer(context)
    nothing = {name: "" if dtype == "str" else None for name, dtype in USE.items()}
    name = "Savings Plans" if kind == SAVINGS_PLAN else "Reservations"
    return {**_head(context, name, own_id), "region": "", **nothing, "kind": kind, "problem": problem}


def _head(context: Context, commitment_id: str, owner_id: str) -> dict[str, Any]:
    return {
        "account_id": owner_id,
        "account_name": context.costs.account_names().get(owner_id, owner_id),
        "resource_id": key_of(commitment_id).rpartition("/")[2],
        "name": "",  # the source's rows say it
        "owner": "",
        "env": "",
        "ignored": False,
        "age_days": None,
    }
