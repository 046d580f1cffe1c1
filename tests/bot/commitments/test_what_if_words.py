"""What is typed after `/cost commitments what-if`."""

from __future__ import annotations

import pytest

from bot.errors import UsageError
from bot.what_if_words import Asked, typed, what_if_asked


@pytest.mark.parametrize(
    ("text", "hourly"),
    [
        ("12.50/h", 12.5),
        ("$12.50/h", 12.5),
        ("12.50", 12.5),
        ("1,250 an hour", 1250.0),
        (".5/hr", 0.5),
        ("3 USD/h", 3.0),
    ],
)
def test_reads_an_amount(text: str, hourly: float) -> None:
    assert what_if_asked(text.split()) == Asked(hourly, "Compute", 1, "No Upfront", "", "")


def test_reads_the_plan() -> None:
    words = "12.50/h --type ec2 --term 3y --payment all --region eu-west-1 --family m5"
    assert what_if_asked(words.split()) == Asked(12.5, "EC2Instance", 3, "All Upfront", "eu-west-1", "m5")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lots",
        "12.50/day",
        "12,50/h",
        "-3/h",
        "12.50/h 3",
        "0/h",
        "1000000/h",
        "5/h --type best",
        "5/h --term 2y",
        "5/h --payment later",
        "5/h --family m5",
        "5/h --type database --region eu-west-1",
        "5/h --colour red",
    ],
)
def test_says_what_it_cannot_read_and_how_to_type_it(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        what_if_asked(text.split())
    assert raised.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "12.50/h --type compute --term 1y --payment none",
        "3/h --type database --term 1y --payment none --renewed",
        "0.005/h --type ec2 --term 3y --payment all --region eu-west-1 --family m5",
    ],
)
def test_types_a_purchase_as_it_is_read(text: str) -> None:
    assert typed(what_if_asked(text.split())) == f"/cost commitments what-if {text}"
