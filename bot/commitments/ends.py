"""Commitments that end, as changes a forecast knows of: from that day on their usage costs its on-demand price."""

from __future__ import annotations

import pandas as pd

from analysis.commitments.expiry import renewed
from analysis.commitments.holdings import RESERVED, unknown_to_api
from analysis.services import service_key
from bot.commitments.figures import owned_and_used
from bot.context import Context
from bot.forecasts.known_change import Change
from bot.settings import CostView

#: What EC2 Instance plans cover; the others cover usage of several services.
_OF_EC2 = "EC2Instance"


def commitment_ends(context: Context) -> tuple[Change, ...]:
    """The ends of all commitments that are owned and nothing queued follows, as far as what they cover is known.

    A forecast is of usage: what goes unused until the end is no part of it.
    """
    held, use = owned_and_used(context)
    held = held[held["problem"].eq("") & held["state"].eq("active") & held["ends_at"].notna()]
    if held.empty or use.empty:
        return ()
    held = held[~renewed(held)]
    found = []
    for _, row in held.iterrows():
        one = held.loc[[row.name]]
        own = use[~use.index.isin(unknown_to_api(use, one).index)]
        days, used, on_demand = (own[name].sum(min_count=1) for name in ("days", "used", "on_demand"))
        if not days > 0 or pd.isna(used) or pd.isna(on_demand):
            continue
        # A covered hour is billed at nothing: the fee stands elsewhere.
        before = used if context.settings.cost_view is CostView.EFFECTIVE else 0.0
        scope: dict[str, tuple[str, ...]] = {}
        if row["scope_region"]:
            scope["region"] = (str(row["scope_region"]),)
        if row["kind"] == RESERVED:
            scope["service"] = (service_key(str(row["service"])),)
        elif row["type"] == _OF_EC2:
            scope["service"] = ("ec2",)
        found.append(
            Change(
                id=f"E-{str(row['resource_id'])[:4]}",
                label=str(row["name"]),
                per_day=float((on_demand - before) / days),
                first_day=row["ends_at"].date(),
                last_day=None,
                by="",
                why=None,
                scope=scope,
                is_end=True,
            )
        )
    return tuple(found)
