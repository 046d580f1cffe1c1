"""Waterfalls: a picture that leads from before to now, and the same in words."""

from __future__ import annotations

import struct

import pytest

from bot import waterfall
from bot.waterfall import Step


def block(*amounts: float, before: float = 100.0, label: str = "NAT $ traffic") -> dict[str, object]:
    steps = [Step(f"{label} {n}", amount) for n, amount in enumerate(amounts)]
    return waterfall.waterfall("EC2: $ a day", Step("Before", before), steps, Step("Now", before + sum(amounts)), "USD")


@pytest.mark.parametrize(
    "amounts", [(), (50.0,), (50.0, -30.0, 0.01), (-150.0,), (0.001,), (-100.0, 40.0), (1e9, -1e9)]
)
@pytest.mark.parametrize("before", [100.0, 0.0, -20.0, 5e6])
def test_any_change_is_drawn_as_tall_as_it_has_bars(amounts: tuple[float, ...], before: float) -> None:
    image = waterfall.png(block(*amounts, before=before))
    width, height = struct.unpack(">II", image[16:24])
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (1280, int((1.1 + 0.36 * (len(amounts) + 2)) * 160))


def test_the_words_say_what_the_picture_shows() -> None:
    assert waterfall.alt_text(block(50.0, -30.5)) == (
        "EC2: $ a day. Before $100.00; NAT $ traffic 0 +$50.00; NAT $ traffic 1 −$30.50; Now $119.50."
    )


def test_the_words_are_never_too_long_for_slack() -> None:
    assert len(waterfall.alt_text(block(*[1.0] * 60, label="x" * 200))) <= 2000


def test_small_steps_on_a_large_bill_are_drawn_from_just_below_them() -> None:
    low, high = waterfall._limits(block(50.0, before=5000.0)["bars"])  # type: ignore[arg-type]
    assert 4900 < low < 5000
    assert 5050 < high < 5200
