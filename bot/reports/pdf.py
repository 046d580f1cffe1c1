"""A report as a PDF: what one forwards to somebody who has no Slack, so it says everything that it rests on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import charts
from bot.blocks import elements
from bot.blocks.elements import clip
from bot.blocks.report import Figure, Report, Section, Table
from bot.reports.fonts import BOX, FAMILY, FILES, drawable, font_file

if TYPE_CHECKING:
    from fpdf import FPDF

#: Millimetres, on A4.
MARGIN, WIDTH, LINE = 18.0, 174.0, 5.2
INK, GREY, RULE, ACCENT = (29, 28, 29), (97, 96, 97), (221, 221, 221), (18, 100, 163)
BAND, PAPER = (244, 246, 248), (255, 255, 255)
#: Columns of texts up to this width are not made narrower, in millimetres.
SHORT = 34.0
#: Characters of a cell; longer names end with an ellipsis.
MOST_CELL = 90
#: Height of a chart, and of what must be left on a page for a section to begin there.
CHART_HEIGHT, LEAST_LEFT, LEAST_FOR_TEXT = 64.0, 40.0, 24.0


def report_pdf(report: Report) -> bytes:
    """The file; made in the worker process, as drawing takes a second."""
    pdf = _document(report)
    pdf.add_page()
    _heading(pdf, report)
    _figures(pdf, report.figures)
    for section in report.sections:
        _section(pdf, section)
    _foundation(pdf, report)
    return bytes(pdf.output())


def _document(report: Report) -> FPDF:
    # Imported here: with fonts and all, only reports pay for it.
    from fpdf import FPDF

    class Document(FPDF):
        """Numbered pages, and what each is about."""

        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(FAMILY, "", 7.5)
            self.set_text_color(*GREY)
            about = drawable(clip(f"{report.title} · {report.about} · {report.days}", 110))
            self.cell(WIDTH - 30, 5, about)
            self.cell(30, 5, f"{self.page_no()} / {{nb}}", align="R")

    pdf = Document(format="A4")
    for style in FILES:
        pdf.add_font(FAMILY, style, font_file(style))
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(True, 20)
    pdf.set_title(drawable(f"{report.title}: {report.about}, {report.days}"))
    pdf.set_author("costbot")
    pdf.set_creation_date(report.made_at)
    return pdf


def _text(pdf: FPDF, text: str, size: float, *, bold: bool = False, color: Sequence[int] = INK, gap: float = 0) -> None:
    pdf.set_font(FAMILY, "B" if bold else "", size)
    pdf.set_text_color(*color)
    pdf.multi_cell(WIDTH, size * 0.52, drawable(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(gap)


def _heading(pdf: FPDF, report: Report) -> None:
    pdf.set_fill_color(*ACCENT)
    pdf.rect(0, 0, pdf.w, 4, style="F")
    _text(pdf, f"{report.title} · {report.days}", 9.5, color=GREY, gap=1)
    _text(pdf, report.about[:1].upper() + report.about[1:], 20, bold=True, gap=2)
    _text(pdf, f"{report.news}.", 12, gap=2)
    _text(
        pdf, f"{report.cost[:1].upper() + report.cost[1:]}, in {report.currency}. {report.reach}.", 8, color=GREY, gap=3
    )


def _figures(pdf: FPDF, figures: Sequence[Figure]) -> None:
    """The large figures side by side."""
    width, top, height = WIDTH / max(len(figures), 1), pdf.get_y(), 27.0
    for at, figure in enumerate(figures):
        left = MARGIN + at * width
        pdf.set_fill_color(*BAND)
        pdf.rect(left, top, width - 3, height, style="F")
        rows = ((figure.label, 7.5, "", GREY), (figure.value, 12.5, "B", INK), (figure.beside, 7.5, "", GREY))
        pdf.set_y(top + 2.5)
        for text, size, style, color in rows:
            pdf.set_font(FAMILY, style, _fitting(pdf, drawable(text), size, style, width - 8) if style else size)
            pdf.set_text_color(*color)
            pdf.set_x(left + 2.5)
            pdf.multi_cell(width - 8, size * 0.5, drawable(text), align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(0.8)
    pdf.set_y(top + height + 4)


def _fitting(pdf: FPDF, text: str, size: float, style: str, width: float) -> float:
    """The largest size, at most `size`, in which a text fits on a line."""
    pdf.set_font(FAMILY, style, size)
    return min(size, max(7.5, size * (width - 2 * pdf.c_margin) / max(pdf.get_string_width(text), 1)))


def _section(pdf: FPDF, section: Section) -> None:
    needs = LEAST_LEFT if section.table else LEAST_FOR_TEXT
    needs += CHART_HEIGHT if section.chart else 0
    if pdf.will_page_break(needs):
        pdf.add_page()
    pdf.ln(2)
    pdf.set_draw_color(*RULE)
    pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())
    pdf.ln(2.5)
    _text(pdf, section.title, 13, bold=True, gap=1)
    if section.problem:
        _text(pdf, f"Not known: {section.problem}", 9, color=GREY, gap=1)
        return
    for line in section.lines:
        _text(pdf, line, 9.5, gap=1)
    if not section.table:
        for point in section.points:
            _text(pdf, f"•  {point}", 9, gap=0.6)
    if section.chart:
        _chart(pdf, section)
    if section.table:
        _table(pdf, section.table)
    for note in section.notes:
        _text(pdf, note, 7.5, color=GREY, gap=0.6)
    if section.details:
        pdf.ln(1)
        _text(pdf, "How each was computed", 8.5, bold=True, gap=0.6)
        for detail in section.details:
            _text(pdf, detail, 7.5, color=GREY, gap=0.6)


def _chart(pdf: FPDF, section: Section) -> None:
    assert section.chart is not None  # the caller looked
    if len(section.chart.labels) < 2:
        return
    picture = io.BytesIO(charts.png(elements.chart(section.chart)))
    width = CHART_HEIGHT * charts.WIDTH_INCHES / charts.HEIGHT_INCHES
    pdf.image(picture, x=MARGIN, w=min(width, WIDTH), alt_text=drawable(charts.alt_text(elements.chart(section.chart))))
    pdf.ln(2)


def _table(pdf: FPDF, table: Table) -> None:
    from fpdf.enums import TableBordersLayout
    from fpdf.fonts import FontFace

    pdf.set_font(FAMILY, "", 8)
    pdf.set_text_color(*INK)
    pdf.set_draw_color(*RULE)
    align = tuple("RIGHT" if at in table.right else "LEFT" for at in range(len(table.columns)))
    sums_from = len(table.rows) - table.sums
    with pdf.table(
        width=int(WIDTH),
        align="LEFT",
        col_widths=_widths(pdf, table),
        text_align=align,
        line_height=LINE - 0.6,
        padding=(0.7, 1.2),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", color=GREY, fill_color=BAND),
    ) as drawn:
        drawn.row([drawable(column) for column in table.columns])
        for at, row in enumerate(table.rows):
            style = FontFace(emphasis="BOLD" if at >= sums_from else None, fill_color=PAPER)
            drawn.row([drawable(clip(cell, MOST_CELL)) for cell in row], style=style)
    pdf.ln(2)


def _widths(pdf: FPDF, table: Table) -> tuple[float, ...]:
    """Columns of figures as wide as their longest text, the others share what is left by theirs."""
    pdf.set_font(FAMILY, "B", 8)
    columns = zip(table.columns, *table.rows, strict=True)
    longest = [max(pdf.get_string_width(drawable(clip(cell, MOST_CELL))) for cell in cells) + 3.5 for cells in columns]
    pdf.set_font(FAMILY, "", 8)
    if sum(longest) <= WIDTH:
        spare = WIDTH - sum(longest)
        return tuple(width + (spare if at == _first_text(table) else 0) for at, width in enumerate(longest))
    narrow = [width if at in table.right or width <= SHORT else 0.0 for at, width in enumerate(longest)]
    wide = sum(width for width, kept in zip(longest, narrow, strict=True) if not kept) or 1.0
    left = max(WIDTH - sum(narrow), 30.0)
    return tuple(kept or left * width / wide for width, kept in zip(longest, narrow, strict=True))


def _first_text(table: Table) -> int:
    texts = [at for at in range(len(table.columns)) if at not in table.right]
    return max(texts, key=lambda at: max(len(row[at]) for row in table.rows), default=0)


def _foundation(pdf: FPDF, report: Report) -> None:
    made = report.made_at.astimezone(UTC)
    _text(pdf, "", 6)
    lines = f"Made by costbot {_moment(made)} from stored costs. `{report.typed}` makes it again."
    boxes = f" {BOX} stands for letters that the font does not have." if _has_boxes(report) else ""
    _text(pdf, f"{lines}{boxes}", 7.5, color=GREY)


def _moment(value: datetime) -> str:
    return f"{value:%b} {value.day}, {value.year} at {value:%H:%M} UTC"


def _has_boxes(report: Report) -> bool:
    texts = [report.about, report.news]
    for section in report.sections:
        texts += [section.title, *section.lines, *section.points, *section.details]
        texts += [cell for row in (section.table.rows if section.table else ()) for cell in row]
    return any(BOX in drawable(text) and BOX not in text for text in texts)
