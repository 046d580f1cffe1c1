"""The resources that cost most, where a billing export names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from pandas import DataFrame, Series

from analysis.costs import Cut
from analysis.movers import Period
from analysis.services import service_label
from analysis.top_costs import NOTHING, whole_weeks, with_shares
from bot.blocks import elements
from bot.blocks.elements import money
from bot.blocks.top_report import Line
from bot.cost_files import CostFiles
from bot.cost_names import shown_names
from bot.errors import NotEnoughData
from bot.settings import CostView
from bot.top_ranking import Ranking, everything, line_of
from bot.words.top import MOST_LINES

BESIDE = ("Service", "Where")
#: Regions that say nothing beside a resource.
_NOWHERE = ("", "unknown", "global")


def resources_ranking(costs: CostFiles, now: Period, before: Period, view: CostView, currency: str) -> Ranking:
    """Every resource with a usage cost.

    A resource has no cost per weekday: whole weeks are compared, which have every weekday alike.

    Raises:
        NotEnoughData: no export with resources is stored of these days.
    """
    if not any((Cut.FULL.value, "") in item.cuts for item in costs.stored(now.start, now.end)):
        raise NotEnoughData(
            "Cost Explorer does not tell what single resources cost.",
            "A billing export does: read one with `costbot ingest focus PATH`.",
        )
    found = _by_resource(costs, now, view)
    recent, earlier = whole_weeks(now, before)
    weeks = _weekly(costs, recent, earlier, view) if earlier.length else None
    is_kept_before = weeks is not None or not earlier.length
    if weeks is None:
        recent, earlier = now, Period(now.start, now.start)
        found["is_now"], found["was"] = found["cost"] / _known(now), float("nan")
    else:
        found["is_now"], found["was"] = (per_day.reindex(found.index, fill_value=0.0) for per_day in weeks)
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
        tuple(_notes(recent, earlier, nameless, currency, is_kept_before=is_kept_before)),
        rest="what names no resource" if abs(nameless) >= NOTHING else None,
    )


def _weekly(
    costs: CostFiles, recent: Period, earlier: Period, view: CostView
) -> tuple[Series[float], Series[float]] | None:
    """Cost a day of each resource in both periods; None where resources are not kept for all of their days."""
    try:
        is_now, was = (_by_resource(costs, period, view)["cost"] / _known(period) for period in (recent, earlier))
    except NotEnoughData:
        return None
    return is_now, was


def _by_resource(costs: CostFiles, period: Period, view: CostView) -> DataFrame:
    """Index (resource_id, account); columns service_name, region, cost; rows without a resource are left out.

    A resource that several services bill has the name of the dearest one.
    """
    frame = costs.resources(start=period.start, end=period.end, view=view)
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


def _notes(recent: Period, earlier: Period, nameless: float, currency: str, *, is_kept_before: bool) -> Iterator[str]:
    if earlier.length:
        yield f"Changes compare whole weeks: {_span(recent)} with {_span(earlier)}."
    elif not is_kept_before:
        yield "Resources are not kept for the days before; COSTBOT_DETAIL_MONTHS sets for how many months they are."
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
