"""A native chart block as a PNG, for workspaces that do not show native charts yet."""

from __future__ import annotations

import io
from typing import Any

WIDTH_INCHES = 8.0
HEIGHT_INCHES = 3.6
#: Characters of all labels that stand side by side; more are slanted.
MAX_LEVEL_TEXT = 110
COLORS = ("#1264a3", "#e8912d", "#2bac76", "#cd2553", "#7c3aed", "#616061")


def png(block: dict[str, Any]) -> bytes:
    """Draw a `data_visualization` block of type line, area or bar.

    Args:
        block: as `bot.blocks.elements.chart` makes it.
    Returns:
        A PNG of 1,280 × 576 pixels.
    """
    # Imported here: only workspaces without native charts pay for it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    chart = block["chart"]
    labels = chart["axis_config"]["categories"]
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES), dpi=160, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    positions = {label: i for i, label in enumerate(labels)}
    bar_width = 0.8 / len(chart["series"])
    for n, series in enumerate(chart["series"]):
        color = COLORS[n % len(COLORS)]
        x = [positions[point["label"]] for point in series["data"]]
        y = [point["value"] for point in series["data"]]
        if chart["type"] == "bar":
            axes.bar([at - 0.4 + bar_width * (n + 0.5) for at in x], y, bar_width, color=color, label=series["name"])
            continue
        axes.plot(x, y, color=color, linewidth=2, marker="o", markersize=3.5, label=series["name"])
        if chart["type"] == "area":
            axes.fill_between(x, y, color=color, alpha=0.15)
    # "$" would start TeX; a person's tag may carry one.
    axes.set_title(block["title"].replace("$", r"\$"), fontsize=11, loc="left", fontweight="bold")
    axes.set_ylabel(str(chart["axis_config"].get("y_label", "")).replace("$", r"\$"))
    step = max(1, len(labels) // 10)
    shown = [label.replace("$", r"\$") for label in labels[::step]]
    axes.set_xticks(range(0, len(labels), step), shown, fontsize=8)
    if sum(map(len, shown)) > MAX_LEVEL_TEXT:
        for text in axes.get_xticklabels():
            text.set(rotation=25, horizontalalignment="right")
    axes.set_axisbelow(True)
    axes.yaxis.set_major_formatter("{x:,.12g}")
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if len(chart["series"]) > 1:
        axes.legend(frameon=False, fontsize=8, loc="best")
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def alt_text(block: dict[str, Any]) -> str:
    """What the chart shows, in words: the first and last value of a line, every value of bars."""
    parts = []
    for series in block["chart"]["series"]:
        points = series["data"]
        if block["chart"]["type"] == "bar":
            parts.append(f"{series['name']}: " + ", ".join(f"{p['label']} {p['value']:,.2f}" for p in points))
            continue
        parts.append(
            f"{series['name']}: {points[0]['value']:,.2f} on {points[0]['label']}, "
            f"{points[-1]['value']:,.2f} on {points[-1]['label']}"
        )
    return f"{block['title']}. " + "; ".join(parts)
