"""`/cost top`: what costs most, from the stored days; AWS is never asked."""

from __future__ import annotations

import shlex

from analysis.movers import periods
from bot.blocks.top_report import TopReport, top_reply
from bot.commands import Reply, Request, command
from bot.commands.trend import DAYS
from bot.context import Context
from bot.cost_remarks import remarks
from bot.other_charges import other_charges
from bot.top_ranking import dimension_ranking
from bot.top_resources import resources_ranking
from bot.words.flags import one_of, parse
from bot.words.top import MOST_LINES, Kind, kind_of, limit_of


@command(
    "top",
    usage="[services|accounts|regions|tags|resources|usage|providers] [--days 7|14|30|90] [--tag team] [--limit 10]",
    examples=(
        ("/cost top", "the services that cost most, their share and how they changed"),
        ("/cost top accounts --days 7", "the accounts, this week"),
        ("/cost top tags --tag team", "who spends how much, untagged costs too"),
        ("/cost top resources --limit 20", "single resources, where a billing export names them"),
    ),
    order=12,
)
def top(request: Request, context: Context) -> Reply:
    """What costs most, and its share of all"""
    parsed = parse(request.words, flags=("days", "tag", "limit"))
    days = int(one_of(parsed.flags.get("days", "30"), DAYS, "days"))
    limit = limit_of(parsed.flags.get("limit"))
    kind = kind_of(parsed.positional, parsed.flags.get("tag"), context.costs)
    return top_reply(_report(context, kind, days, limit))


def _report(context: Context, kind: Kind, days: int, limit: int) -> TopReport:
    costs, view = context.costs, context.settings.cost_view
    window = costs.window(view=view, by=(kind.dimension,) if kind.dimension else ())
    unknown = {part.day for part in window.missing}
    now, before = periods(days, window.complete_until, window.first_day, unknown)
    ranking = (
        dimension_ranking(costs, kind.dimension, days, now, before, view)
        if kind.dimension
        else resources_ranking(costs, now, before, view, window.currency)
    )
    shown = ranking.lines[:limit]
    longer = min(ranking.count, MOST_LINES)
    return TopReport(
        one=kind.one,
        many=kind.many,
        lines=shown,
        count=ranking.count,
        rest=ranking.after(len(shown)),
        total=ranking.total,
        window_days=ranking.asked_days,
        now=now,
        before=ranking.before,
        has_history=bool(before.length),
        beside=ranking.beside,
        other=other_charges(costs, now, view),
        currency=window.currency,
        view=window.view,
        billed_only=window.billed_only,
        today=context.clock.today(),
        partial=window.partial,
        several=len(window.feeds) > 1,
        fetched_at=window.fetched_at,
        notes=(*ranking.notes, *remarks(context, window, before.start, now)),
        command=_typed(kind, days, limit),
        commands={f"{length} days": _typed(kind, length, limit) for length in (7, 30, 90)} | _file(kind, days),
        longer=_typed(kind, days, longer) if longer > len(shown) else None,
    )


def _file(kind: Kind, days: int) -> dict[str, str]:
    """The button for the same costs as a file; single resources have none."""
    return {"CSV": f"/cost export csv {kind.word}{_tag(kind)} --days {days}"} if kind.dimension else {}


def _typed(kind: Kind, days: int, limit: int) -> str:
    few = f" --limit {limit}" if limit != limit_of(None) else ""
    return f"/cost top {kind.word}{_tag(kind)} --days {days}{few}"


def _tag(kind: Kind) -> str:
    return f" --tag {shlex.quote(kind.one)}" if kind.word == "tags" else ""
