"""A waterfall: from what it cost, step by step, to what it costs. Slack has no such chart: it is always a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks.elements import clip, money, name

#: A block of this type never reaches Slack: `bot.posting` sends the picture in its place.
BLOCK = "waterfall"
WIDTH_INCHES = 8.0
INCHES_A_BAR, INCHES_AROUND = 0.36, 1.1
MAX_LABEL = 66
TOTAL, RISE, FALL = "#1264a3", "#cd2553", "#2bac76"
#: Both totals are drawn from zero as long as the steps stay this visible beside them.
LEAST_VISIBLE = 0.08


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: an amount with its sign."""

    label: str
    amount: float


def waterfall(title: str, before: Step, steps: Sequence[Step], now: Step, currency: str) -> dict[str, Any]:
    """The block; its steps lead from `before` to `now`."""
    bars = [{"label": name(one.label, MAX_LABEL), "amount": round(one.amount, 2)} for one in (before, *steps, now)]
    return {"type": BLOCK, "title": name(title, 80), "bars": bars, "currency": currency}


def png(block: dict[str, Any]) -> bytes:
    """The picture of a block, as tall as it has bars."""
    # Imported here: only who asks why pays for it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    bars = block["bars"]
    figure = Figure(figsize=(WIDTH_INCHES, INCHES_AROUND + INCHES_A_BAR * len(bars)), dpi=160, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    low, high = _limits(bars)
    reached = 0.0
    for at, bar in enumerate(bars):
        amount, is_total = bar["amount"], at in (0, len(bars) - 1)
        left, right = (low if low > 0 else 0.0, amount) if is_total else (reached, reached + amount)
        color = TOTAL if is_total else RISE if amount > 0 else FALL
        axes.barh(at, right - left, left=left, color=color, height=0.62)
        if not is_total and at < len(bars) - 1:
            axes.plot([right, right], [at, at + 1], color="#868686", linewidth=0.8)
        if at == 0:
            axes.plot([amount, amount], [0, 1], color="#868686", linewidth=0.8)
        reached = amount if is_total else right
        axes.annotate(
            _plain(money(amount, block["currency"], signed=not is_total, cents=True)),
            (max(left, right), at), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
        )  # fmt: skip
    axes.set_yticks(range(len(bars)), [_plain(bar["label"]) for bar in bars], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(low, high)
    axes.set_title(_plain(block["title"]), fontsize=11, loc="left", fontweight="bold")
    start = f", from {money(low, block['currency'])} on" if low > 0 else ""
    axes.set_xlabel(_plain(f"{block['currency']} a day{start}"), fontsize=8)
    axes.xaxis.set_major_formatter("{x:,.0f}" if high - low > 5 else "{x:,.2f}")
    axes.tick_params(axis="x", labelsize=8)
    axes.set_axisbelow(True)
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def alt_text(block: dict[str, Any]) -> str:
    """What the picture shows, in words."""
    first, *steps, last = block["bars"]
    currency = block["currency"]
    said = [f"{bar['label']} {money(bar['amount'], currency, signed=True, cents=True)}" for bar in steps]
    ends = [f"{bar['label']} {money(bar['amount'], currency, cents=True)}" for bar in (first, last)]
    return clip(f"{block['title']}. {'; '.join((ends[0], *said, ends[1]))}.", 2000)


def _limits(bars: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """The ends of the axis: from zero, but where the steps would be too small to see, from just below them."""
    levels = [0.0, bars[0]["amount"]]
    for bar in bars[1:-1]:
        levels.append(levels[-1] + bar["amount"])
    levels.append(bars[-1]["amount"])
    moves = levels[1:]
    span, top = max(moves) - min(moves), max(levels)
    if min(moves) > 0 and span < LEAST_VISIBLE * top:
        room = max(span, 0.001 * top)
        return max(min(moves) - room, 0.0), top + 0.6 * room
    bottom = min(levels)
    width = (top - bottom) or 1.0
    return bottom - (0.02 * width if bottom < 0 else 0.0), top + 0.2 * width


def _plain(text: str) -> str:
    """Text in which nothing starts TeX."""
    return text.replace("$", r"\$")
