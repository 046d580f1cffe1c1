"""Brings a report into Slack: the message, and the same as a PDF in its thread."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.report import Report
from bot.blocks.report_message import report_reply
from bot.context import Context
from bot.errors import CostbotError
from bot.errors import report as note
from bot.reply import Attachment
from bot.reports.gather import gather_report
from bot.reports.pdf import report_pdf
from bot.reports.scope import Length, Scope


def report_file(context: Context, made: Report) -> Attachment:
    """The file of a report, drawn in the worker process."""
    return Attachment(made.file_name, context.work.computed(report_pdf, made))


def post_asked(context: Context, scope: Scope, length: Length, channel: str, user: str) -> None:
    """Make and post a report that somebody asked for; whatever goes wrong is told to them alone. Owns a thread."""
    slack = context.slack
    if slack is None:
        return
    try:
        made = gather_report(context, scope, length)
        file = report_file(context, made)
        reply = report_reply(made, buttons=False, note=f"Asked for by <@{user}>. The PDF is in the thread.")
        if channel.startswith("D"):
            slack.upload(file.name, file.content, channel=channel, comment=reply.text)
            return
        ts = slack.post(channel, reply.text, reply.blocks)
        slack.upload(file.name, file.content, channel=channel, thread_ts=ts)
    except Exception as error:  # noqa: BLE001 - nobody waits for this thread: report() logs it and makes it a sentence
        told = note(error, f"making a report for {channel}")
        try:
            slack.ephemeral(channel, user, str(told), [elements.section(f":warning: {told.sentence}")])
        except CostbotError as refused:
            note(refused, "telling that a report failed")
