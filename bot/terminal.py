"""Replies, progress and findings as text in a terminal."""

from __future__ import annotations

import base64
import html
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.commands import Block, Reply
from bot.doctor import Finding

Advance = Callable[[int, int, str], None]

SPARKS = "▁▂▃▄▅▆▇█"
BAR_CELLS = 40
EMOJI = {":warning:": "!", ":white_check_mark:": "✓", ":x:": "✗"}


def render(reply: Reply) -> str:
    """A reply as text: its blocks in order, charts as a row of bars with their ends in numbers."""
    if not reply.blocks:
        return plain(reply.text)
    parts = [part for block in reply.blocks if (part := _block(block))]
    return "\n\n".join(parts)


def plain(mrkdwn: str) -> str:
    """Slack's mrkdwn without its marks."""
    text = re.sub(r"<!date\^(\d+)\^[^|>]*\|([^>]*)>", lambda m: m.group(2), mrkdwn)
    text = re.sub(r"<(?:https?://[^|>]+)\|([^>]*)>", r"\1", text)
    text = re.sub(r"<(?:@|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>", r"@\1", text)
    text = re.sub(r"<#([A-Z0-9]+)(?:\|[^>]*)?>", r"#\1", text)
    text = re.sub(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w_])_([^_\n]+)_(?![\w_])", r"\1", text)
    for name, sign in EMOJI.items():
        text = text.replace(name, sign)
    return html.unescape(text.replace("```", "").replace("`", ""))


def file_content(content: bytes) -> dict[str, str]:
    """A file in JSON: `content` as it is where it is text, else `base64`."""
    try:
        return {"content": content.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """A progress bar on standard error; silent where that is no terminal.

    The yielded function takes (done, total, what it is at).
    """
    console = Console(file=sys.stderr)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[at]}"),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(title, total=None, at="")

        def advance(done: int, total: int, at: str) -> None:
            bar.update(task, completed=done, total=total, at=at)

        yield advance


def shares(advance: Advance) -> Callable[[str, float], None]:
    """The same bar for work that tells (what it is at, the share done)."""
    return lambda at, share: advance(round(share * 100), 100, at)


def findings_text(findings: Sequence[Finding]) -> str:
    """The doctor's findings, one a line, with what to do under those that need it."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.mark} {finding.name}: {finding.sentence}")
        if finding.remedy:
            lines.append(f"    → {finding.remedy}")
    return "\n".join(lines)


def _block(block: Block) -> str:
    kind = block["type"]
    if kind == "header":
        return str(block["text"]["text"])
    if kind == "section":
        texts = [block["text"]["text"]] if "text" in block else []
        texts += [field["text"] for field in block.get("fields", [])]
        return "\n".join(plain(text) for text in texts)
    if kind == "context":
        return "\n".join(plain(element["text"]) for element in block["elements"] if "text" in element)
    if kind == "table":
        return _table(block)
    if kind == "data_visualization":
        return _chart(block)
    if kind == "actions":
        return "\n".join(filter(None, (_typed(element) for element in block["elements"])))
    if kind == "divider":
        return "─" * 40
    return ""


def _typed(button: dict[str, Any]) -> str:
    value = str(button.get("value", ""))
    label = button.get("text", {}).get("text", "")
    if value.startswith("/cost") and button["action_id"].startswith("run."):
        return f"[{label}] {value}"
    verb = str(button["action_id"]).removeprefix("decide.")
    return f"[{label}] /cost {verb} {value}" if button["action_id"].startswith("decide.") else ""


def _table(block: Block) -> str:
    first, *rest = [[_cell(cell) for cell in row] for row in block["rows"]]
    settings = block.get("column_settings", [])
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for i, name in enumerate(first):
        right = i < len(settings) and (settings[i] or {}).get("align") == "right"
        shown.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rest:
        shown.add_row(*row)
    return printed(shown)


def _cell(cell: dict[str, Any]) -> str:
    return str(cell.get("text", cell.get("value", ""))).replace("[", r"\[")


def _chart(block: Block) -> str:
    chart = block["chart"]
    lines = [plain(block["title"])]
    values = [p["value"] for s in chart["series"] for p in s["data"]]
    if not values:
        return lines[0]
    if chart["type"] == "bar" and len(chart["series"]) == 1:
        return "\n".join((*lines, *_bars(chart["series"][0]["data"])))
    low, high = min(0.0, *values), max(values)
    span = (high - low) or 1.0
    width = max(len(s["name"]) for s in chart["series"])
    for series in chart["series"]:
        points = {p["label"]: p["value"] for p in series["data"]}
        bars = "".join(
            SPARKS[round((points[label] - low) / span * (len(SPARKS) - 1))] if label in points else " "
            for label in chart["axis_config"]["categories"]
        )
        data = series["data"]
        ends = f"{data[0]['label']} {data[0]['value']:,.2f} → {data[-1]['label']} {data[-1]['value']:,.2f}"
        lines.append(f"{series['name']:<{width}}  {bars}  {ends}")
    return "\n".join(lines)


def _bars(points: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A line per bar: its label, its length, its value; nothing and less have no length."""
    width = max(len(point["label"]) for point in points)
    highest = max(0.0, *(point["value"] for point in points)) or 1.0
    for point in points:
        length = max(1, round(point["value"] / highest * BAR_CELLS)) if point["value"] > 0 else 0
        yield f"{point['label']:<{width}}  {'█' * length:<{BAR_CELLS}}  {point['value']:>14,.2f}"


def printed(thing: Any) -> str:
    """A rich renderable as plain text of 100 columns."""
    console = Console(width=100, no_color=True, highlight=False)
    with console.capture() as capture:
        console.print(thing)
    return "\n".join(line.rstrip() for line in capture.get().rstrip().split("\n"))
