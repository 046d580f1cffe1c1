"""A report as a Slack message: the news, four figures, the month as a curve, what moved, a paragraph a subject."""

from __future__ import annotations

from bot.blocks import elements
from bot.blocks.elements import Block, escape, slack_date
from bot.blocks.report import Report, Section
from bot.reply import Reply

#: Slack takes two charts in a message.
MOST_CHARTS = 2
#: Sections that are figures above already.
IN_FIGURES = frozenset({"month"})


def report_reply(report: Report, *, buttons: bool = True, note: str = "") -> Reply:
    """The message; its file is made apart.

    Args:
        buttons: for the one who asked; a message for the channel has none.
        note: more small print, in mrkdwn.
    """
    blocks = [elements.header(f"{report.title}: {report.about}, {report.days}") | {"block_id": "report.title"}]
    blocks.append(elements.section(f"*{escape(report.news)}*"))
    blocks.append(elements.fields(*(_figure(one.label, one.value, one.beside) for one in report.figures)))
    charts = 0
    for section in report.sections:
        drawn = section.chart if charts < MOST_CHARTS and section.chart else None
        blocks += _section(section, with_table=section.in_message)
        if drawn:
            blocks.append(elements.chart(drawn))
            charts += 1
    blocks.append(elements.context(*_small_print(report), *filter(None, (note,))))
    if buttons:
        blocks.append(elements.actions(*_buttons(report), block_id="report"))
    return Reply(report_text(report), blocks)


def report_text(report: Report) -> str:
    """The report in a sentence or two, for notifications and screen readers."""
    figures = "; ".join(f"{one.label} {one.value}" for one in report.figures[1:])
    return escape(f"{report.title}. {report.news}. {figures}.")


def _figure(label: str, value: str, beside: str) -> str:
    return f"*{escape(label)}*\n{escape(value)}" + (f"\n{escape(beside)}" if beside else "")


def _section(section: Section, *, with_table: bool) -> list[Block]:
    if section.key in IN_FIGURES:
        return []
    if section.problem:
        return [elements.section(f"*{escape(section.title)}*\nNot known: {escape(section.problem)}")]
    lines = [f"*{escape(section.title)}*", *map(escape, section.lines), *(f"• {escape(one)}" for one in section.points)]
    blocks = [elements.section("\n".join(lines))]
    if with_table and section.table:
        blocks.append(elements.table(section.table.columns, section.table.rows, right=section.table.right))
    return blocks


def _small_print(report: Report) -> tuple[str, ...]:
    return (
        f"{escape(report.cost[:1].upper() + report.cost[1:])}, in {escape(report.currency)}. {escape(report.reach)}.",
        f"Made {slack_date(report.made_at)}. The file has every table and how each saving was computed.",
    )


def _buttons(report: Report) -> list[Block]:
    chosen = elements.choice_buttons(dict(report.others), report.typed)
    file = elements.run_button("PDF for this channel", f"{report.typed} --pdf", len(chosen))
    return [*chosen, file, elements.share_button(report.typed)]
