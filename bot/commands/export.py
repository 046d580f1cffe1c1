"""`/cost export csv`: daily costs as a file, every charge, to the cent."""

from __future__ import annotations

from datetime import timedelta

from bot.blocks.export_note import ExportNote, export_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.cost_remarks import remarks
from bot.cost_table import cost_csv, heading
from bot.reply import Attachment
from bot.words.export import dimensions_of, export_period, usual_tag
from bot.words.flags import parse
from bot.workflows.export_costs import export_costs


@command(
    "export",
    usage="csv [services|accounts|regions|tags|usage|providers] [--days 30|--month YYYY-MM] [--by account,region] "
    "[--tag team]",
    examples=(
        ("/cost export csv", "30 days by all that the bill tells together, as a file for this channel"),
        ("/cost export csv accounts --month 2026-10", "one month by service and account"),
        ("/cost export csv --by account,region --days 7", "by what one chooses"),
    ),
    order=14,
)
def export(request: Request, context: Context) -> Reply:
    """Post daily costs as a CSV file"""
    parsed = parse(request.words, flags=("days", "month", "by", "tag"))
    costs, view = context.costs, context.settings.cost_view
    dimensions = dimensions_of(parsed.positional, parsed.flags.get("by"), parsed.flags.get("tag"), costs)
    window = costs.window(view=view, by=dimensions or ())
    period = export_period(parsed.flags.get("days"), parsed.flags.get("month"), window)
    table = export_costs(costs, period, dimensions=dimensions, tag=usual_tag(costs), view=view)
    note = ExportNote(
        rows=len(table.rows),
        total=table.total,
        by_category=table.by_category(),
        without_cost=int(table.rows["cost"].isna().sum()),
        dimensions=tuple(map(heading, table.dimensions)),
        not_given=tuple(map(heading, table.not_given)),
        charges_without=tuple(map(heading, table.charges_without)),
        is_narrow=dimensions is None and not table.has_export,
        period=period,
        window=window,
        today=context.clock.today(),
        notes=remarks(context, window, period.start, period),
    )
    name = f"costs_{period.start}_{period.end - timedelta(days=1)}.csv"
    return export_reply(note, Attachment(name, cost_csv(table, window, costs.account_names())))
