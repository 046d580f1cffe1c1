"""`/cost report`: the week or the month on one page, to read here or to forward."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.elements import escape, name, quoted
from bot.blocks.report_message import report_reply
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.reports.gather import gather_report
from bot.reports.scope import Length, scope_of
from bot.words.flags import parse
from bot.workflows.post_report import post_asked, report_file


@command(
    "report",
    usage="[week|month] [--team NAME] [--account NAME] [--pdf]",
    examples=(
        ("/cost report", "the week: month to date, forecast, movers, anomalies, savings and what waiting costs"),
        ("/cost report month --pdf", "the month as a message for this channel, and as a PDF in its thread"),
        ("/cost report week --team payments", "only what is tagged with that team"),
    ),
    order=13,
)
def report(request: Request, context: Context) -> Reply:
    """The week or the month on one page"""
    parsed = parse(request.words, flags=("team", "account"), switches=("pdf",))
    length = _length(parsed.positional)
    scope = scope_of(
        context.costs,
        context.settings.owner_tag,
        team=parsed.flags.get("team", ""),
        account=parsed.flags.get("account", ""),
    )
    if "pdf" not in parsed.flags:
        return report_reply(gather_report(context, scope, length))
    if context.slack is None or not request.channel_id[:1].isupper():
        made = gather_report(context, scope, length)
        shown = report_reply(made, buttons=False)
        return Reply(shown.text, shown.blocks, file=report_file(context, made))
    context.work.submit(post_asked, context, scope, length, request.channel_id, request.user_id)
    text = f"The report of the {length} on {escape(name(scope.label))} is being made; it comes here in some seconds."
    return Reply(text, [elements.section(text)])


def _length(words: tuple[str, ...]) -> Length:
    typed = " ".join(words).strip().lower() or Length.WEEK.value
    alias = {"weekly": "week", "monthly": "month"}.get(typed, typed)
    if alias not in set(Length):
        raise UsageError(f"There is no report of {quoted(typed)}.", "Type /cost report week or /cost report month.")
    return Length(alias)
