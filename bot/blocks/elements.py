"""The pieces messages are made of: money, dates, and Block Kit blocks clipped to Slack's limits.

The limits are those of Slack's Block Kit reference. Text from tags or people goes through `escape` first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from analysis.models import Chart

Block = dict[str, Any]

MAX_SECTION = 3000
MAX_HEADER = 150
MAX_BUTTON = 75
MAX_POINTS = 20
MAX_SERIES = 6
MAX_ROWS = 100
MAX_CELL = 200
#: Characters of a name in a table or sentence: bills call services and accounts anything.
MAX_NAME = 60
#: Characters that are shown of what a person typed.
MAX_QUOTED = 40
#: What is not seen but changes what is: control characters that are no white space, marks that turn the direction of
#: writing, invisible joiners, halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
#: Currencies without cents (ISO 4217).
WITHOUT_CENTS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
     "XPF"}
)  # fmt: skip
_CODE = re.compile("[A-Z]{3}")


def money(amount: float | None, currency: str = "USD", *, signed: bool = False, cents: bool | None = None) -> str:
    """An amount as a person writes it: `$1,240`, `+$3.10`, `−€0.42`, `¥1,240`; "unknown" when it is missing.

    Args:
        currency: its code, as a bill spells it.
        cents: show cents; by default only below 100. A currency that has none never shows any.
    """
    if amount is None or math.isnan(amount):
        return "unknown"
    with_cents = currency not in WITHOUT_CENTS and (abs(amount) < 99.995 if cents is None else cents)
    digits = f"{abs(amount):,.2f}" if with_cents else f"{abs(amount):,.0f}"
    is_zero = not any(c in "123456789" for c in digits)
    sign = "" if is_zero else "−" if amount < 0 else "+" if signed else ""
    symbol = SYMBOLS.get(currency)
    if symbol:
        return f"{sign}{symbol}{digits}"
    return f"{sign}{digits} {currency if _CODE.fullmatch(currency) else escape(name(currency, 10))}"


def percent(fraction: float | None, *, signed: bool = False) -> str:
    """A fraction as per cent: 0.41 is `41 %`; "n/a" where it has no meaning."""
    if fraction is None or not math.isfinite(fraction):
        return "n/a"
    value = abs(fraction) * 100
    digits = f"{value:,.0f}" if value >= 9.95 or value < 0.05 else f"{value:.1f}"
    sign = "" if digits == "0" else "−" if fraction < 0 else "+" if signed else ""
    return f"{sign}{digits} %"


def plain(text: str) -> str:
    """Foreign text on one line, without characters that are not seen; for plain text, which takes no escaping."""
    return " ".join(_UNSEEN.sub("", text).split())


def escape(text: str) -> str:
    """Foreign text made harmless: Slack's three control characters as entities, one line, nothing unseen."""
    return plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def name(text: str, limit: int = MAX_NAME) -> str:
    """A foreign name for a table or a sentence: one line, not too long; not yet escaped."""
    return clip(plain(text), limit)


def quoted(text: str) -> str:
    """What a person typed, as a message repeats it: escaped, clipped, in quotation marks."""
    return f"“{escape(name(text, MAX_QUOTED))}”"


def day(value: date) -> str:
    """`Nov 3`."""
    return f"{value:%b} {value.day}"


def days(first: date, last: date) -> str:
    """`Nov 3–9` or `Oct 28 – Nov 3`; both ends are meant."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{day(first)}–{last.day}"
    return f"{day(first)} – {day(last)}"


def slack_date(value: datetime, form: str = "{date_short_pretty} {time}") -> str:
    """A moment in the reader's own time zone, with a fallback in UTC."""
    utc = value.astimezone(UTC)
    return f"<!date^{int(utc.timestamp())}^{form}|{day(utc.date())} {utc:%H:%M} UTC>"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def header(text: str) -> Block:
    """A headline; plain text, so it takes no escaping."""
    return {"type": "header", "text": {"type": "plain_text", "text": name(text, MAX_HEADER), "emoji": False}}


def mrkdwn(text: str, limit: int = MAX_SECTION) -> Block:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": clip(text, limit)}


def section(text: str, *, fields: Sequence[str] = (), accessory: Block | None = None) -> Block:
    """A paragraph, with up to ten short fields and one element at its side."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if fields:
        block["fields"] = [mrkdwn(field, 2000) for field in fields[:10]]
    if accessory:
        block["accessory"] = accessory
    return block


def fields(*texts: str) -> Block:
    """Short facts side by side."""
    return {"type": "section", "fields": [mrkdwn(text, 2000) for text in texts[:10]]}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def image(slack_file_id: str, alt_text: str) -> Block:
    """A picture that was uploaded to Slack."""
    return {"type": "image", "slack_file": {"id": slack_file_id}, "alt_text": clip(alt_text, 2000)}


def chart(picture: Chart, kind: str = "line") -> Block:
    """A native chart.

    Slack wants a point for every label in every series, and a missing value is no zero: a series that lacks half of
    its values is left out, then every label that some series lacks.

    Args:
        picture: at most 20 labels and 6 series.
        kind: line, bar or area.
    Raises:
        ValueError: more points or series than Slack draws, labels that are not unique, or nothing to draw.
    """
    if len(picture.labels) > MAX_POINTS or len(picture.series) > MAX_SERIES:
        raise ValueError(f"{len(picture.labels)} points × {len(picture.series)} series do not fit a Slack chart")
    labels = [name(label, 20) for label in picture.labels]
    if len(set(labels)) != len(labels):
        raise ValueError(f"chart labels repeat: {labels}")
    drawn = [line for line in picture.series if sum(map(_is_known, line.values)) * 2 > len(labels)]
    kept = [i for i in range(len(labels)) if all(_is_known(line.values[i]) for line in drawn)]
    if not drawn or not kept:
        raise ValueError(f"the chart “{picture.title}” has nothing to draw")
    series = [
        {
            "name": name(line.name, 20),
            "data": [{"label": labels[i], "value": round(line.values[i] or 0.0, 2)} for i in kept],
        }
        for line in drawn
    ]
    return {
        "type": "data_visualization",
        "title": name(picture.title, 50),
        "chart": {
            "type": kind,
            "series": series,
            "axis_config": {"categories": [labels[i] for i in kept], "y_label": clip(picture.unit, 50)},
        },
    }


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Block:
    """A table; cells are raw text, so foreign text in them needs no escaping.

    Args:
        right: indexes of the columns to align right.
    """
    shown = (columns, *rows[: MAX_ROWS - 1])
    cells = [[{"type": "raw_text", "text": name(str(cell), MAX_CELL) or "–"} for cell in row] for row in shown]
    settings = [{"align": "right" if i in right else "left", "is_wrapped": i not in right} for i in range(len(columns))]
    return {"type": "table", "column_settings": settings, "rows": cells}


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> Block:
    """The question before a button takes effect."""
    return {
        "title": {"type": "plain_text", "text": clip(title, 100)},
        "text": {"type": "plain_text", "text": clip(text, 300)},
        "confirm": {"type": "plain_text", "text": clip(yes, 30)},
        "deny": {"type": "plain_text", "text": clip(no, 30)},
    }


def button(
    label: str,
    action_id: str,
    value: str,
    *,
    style: str | None = None,
    confirm: Block | None = None,
    accessibility_label: str | None = None,
) -> Block:
    """A button; `value` is what the client sends back, so it carries an id or a command and nothing else."""
    element: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": clip(label, MAX_BUTTON)},
        "action_id": action_id,
        "value": value,
    }
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    if accessibility_label:
        element["accessibility_label"] = clip(accessibility_label, MAX_BUTTON)
    return element


def people(placeholder: str, action_id: str, *, chosen: str | None = None) -> Block:
    """A list of the workspace's people; what it belongs to is told by the id of its block."""
    found: Block = {
        "type": "users_select",
        "action_id": action_id,
        "placeholder": {"type": "plain_text", "text": placeholder},
    }
    is_person = chosen is not None and chosen[:1] in ("U", "W")  # a user group cannot stand in it
    return found | ({"initial_user": chosen} if is_person else {})


def run_button(label: str, command: str, n: int, *, style: str | None = None) -> Block:
    """A button that runs a `/cost …` command and puts its answer in place of the message."""
    return button(label, f"run.{n}", command, style=style)


def choice_buttons(commands: Mapping[str, str], chosen: str) -> list[Block]:
    """A button for each command by its label; the one whose answer is shown stands out."""
    return [
        run_button(label, command, n, style="primary" if command == chosen else None)
        for n, (label, command) in enumerate(commands.items())
    ]


def share_button(command: str) -> Block:
    """A button that shows the answer of a `/cost …` command to the whole channel."""
    return button("Share", "share.0", command, accessibility_label="Share this answer with the channel")


def actions(*elements: Block, block_id: str) -> Block:
    """A row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)[:25]}
