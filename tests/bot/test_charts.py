"""Pictures for workspaces without native charts."""

import struct

import pytest

from analysis.models import Chart, Series
from bot import charts
from bot.blocks import elements

PICTURE = Chart(
    "Cost $ per day",
    ("Nov 1", "Nov 2", "Nov 3"),
    (Series("actual", (1.0, None, 3.5)), Series("expected $", (1.0, 1.1, 1.2))),
)


@pytest.mark.parametrize("kind", ["line", "area", "bar"])
def test_a_chart_becomes_a_png_of_the_promised_size(kind):
    image = charts.png(elements.chart(PICTURE, kind))
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", image[16:24]) == (1280, 576)


def test_the_alternative_text_tells_the_finding():
    assert charts.alt_text(elements.chart(PICTURE)) == (
        "Cost $ per day. actual: 1.00 on Nov 1, 3.50 on Nov 3; expected $: 1.00 on Nov 1, 1.20 on Nov 3"
    )


def test_the_alternative_text_of_bars_tells_each():
    assert charts.alt_text(elements.chart(PICTURE, "bar")) == (
        "Cost $ per day. actual: Nov 1 1.00, Nov 3 3.50; expected $: Nov 1 1.00, Nov 3 1.20"
    )
