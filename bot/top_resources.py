"""The resources that cost most, where a billing export names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Protocol, cast

from pandas import DataFrame

from analysis.movers import Period
from analysis.services import service_label
from analysis.top_costs import NOTHING, whole_weeks, with_shares
from bot.blocks import elements
from bot.blocks.elements import money
from bot.blocks.top_report import Line
from bot.cost_files import CostFiles
from bot.cost_names import shown_names
from bot.settings import CostView
from bot.top_ranking import Ranking, everything, line_of
from bot.top_words import MOST_LINES

BESIDE = ("Service", "Where")
#: Regions that say nothing beside a resource.
_NOWHERE = ("", "unknown", "global")


class _Resources(Protocol):
    """Costs by resource, as stored."""

    def resources(self, *, start: date, end: date, view: CostView) -> DataFrame: ...


def resources_ranking(
    costs: CostFiles, days: int, now: Period, before: Period, view: CostView, currency: str
) -> Ranking:
    """Every resource with a usage cost.

    A resource has no cost per weekday: whole weeks are compared, which have every weekday alike.

    Args:
        days: the length that was asked for.
    Raises:
        NotEnoughData: no export with resources is stored.
    """
    found = _by_resource(costs, now, view)
    recent, earlier = whole_weeks(now, before)
    found["is_now"], found["was"] = found["cost"] / _known(now), float("nan")
    if earlier.length:
        for column, period in (("is_now", recent), ("was", earlier)):
            per_day = _by_resource(costs, period, view)["cost"] / _known(period)
            found[column] = per_day.reindex(found.index, fill_value=0.0)
    total = everything(costs.daily(start=before.start, end=now.end, view=view), now, recent, earlier)
    nameless = total.cost - float(found["cost"].sum())
    shown = found[found["cost"].abs() >= NOTHING].reset_index()
    return Ranking(
        tuple(_lines(costs, with_shares(shown.assign(key=shown["resource_id"]), total.cost).head(MOST_LINES))),
        total,
        len(shown),
        earlier,
        earlier.length,
        BESIDE,
        tuple(_notes(recent, earlier, nameless, currency)),
        rest="what names no resource" if abs(nameless) >= NOTHING else None,
    )


def _by_resource(costs: CostFiles, period: Period, view: CostView) -> DataFrame:
    """Index (resource_id, account); columns service_name, region, cost; rows without a resource are left out.

    A resource that several services bill has the name of the dearest one.
    """
    frame = cast(_Resources, costs).resources(start=period.start, end=period.end, view=view)
    named = frame[frame["resource_id"].fillna("").ne("")]
    filled = named.assign(**{name: named[name].fillna("unknown") for name in ("account", "service_name", "region")})
    dearest_first = filled.sort_values("cost", ascending=False, kind="stable")
    groups = dearest_first.groupby(["resource_id", "account"], sort=False)
    return groups.agg(
        service_name=("service_name", "first"),
        region=("region", "first"),
        cost=("cost", "sum"),
    )


def _lines(costs: CostFiles, ranked: DataFrame) -> Iterator[Line]:
    account = shown_names(costs, "account")
    for row in ranked.to_dict("records"):
        where = account(row["account"])
        if row["region"] not in _NOWHERE:
            where = f"{where}, {row['region']}"
        name = resource_name(row["resource_id"])
        figures = (row["cost"], row["share"], row["was"], row["is_now"])
        yield line_of(name, figures, label=name, beside=(elements.name(service_label(row["service_name"])), where))


def _notes(recent: Period, earlier: Period, nameless: float, currency: str) -> Iterator[str]:
    if earlier.length:
        yield f"Changes compare whole weeks: {_span(recent)} with {_span(earlier)}."
    if abs(nameless) >= NOTHING:
        yield f"{money(nameless, currency)} of these costs name no resource."


def _known(period: Period) -> int:
    return max(1, len(period.known_days()))


def _span(period: Period) -> str:
    return elements.days(period.start, period.end - timedelta(days=1))


def resource_name(resource_id: str) -> str:
    """What tells a resource apart: an ARN without its place and kind, the last part of Azure's or Oracle's paths.

    `i-0abc` of `arn:aws:ec2:us-east-1:111122223333:instance/i-0abc`.
    """
    if resource_id.startswith("/"):
        return resource_id.rstrip("/").rpartition("/")[2] or resource_id
    if not resource_id.startswith("arn:"):
        return resource_id
    own = resource_id.split(":", 5)[-1]
    return re.sub(r"^[a-zA-Z-]+[/:](?=.)", "", own).removesuffix(":*") or resource_id
