"""Charts in a terminal: rows of bars with their figures."""

from __future__ import annotations

from analysis.models import Chart, Series
from bot.blocks import elements
from bot.commands import Reply
from bot.terminal import file_content, render


def bars(*values: float) -> str:
    labels = tuple("abcdef"[: len(values)])
    return render(Reply("", [elements.chart(Chart("Costs", labels, (Series("Cost", values),)), "bar")]))


def test_a_bar_chart_is_a_line_per_bar_with_its_value() -> None:
    assert bars(4.0, 1.0).split("\n") == [
        "Costs",
        f"a  {'█' * 40}            4.00",
        f"b  {'█' * 10}{' ' * 30}            1.00",
    ]


def test_a_small_bar_is_still_seen_and_one_below_zero_has_no_length() -> None:
    lines = bars(1000.0, 0.5, 0.0, -7.5).split("\n")
    assert [line.count("█") for line in lines] == [0, 40, 1, 0, 0]
    assert lines[-1].endswith("-7.50")


def test_bars_that_are_all_below_zero_are_drawn_without_length() -> None:
    assert "█" not in bars(-1.0, -2.0)


def test_a_file_in_json_is_text_or_base64() -> None:
    assert file_content("äb".encode()) == {"content": "äb"}
    assert file_content(b"%PDF-\xff") == {"base64": "JVBERi3/"}
