"""The answer of `/cost commitments what-if`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.commitments.load_duration import load_duration
from analysis.commitments.purchase_figures import Figures
from analysis.commitments.what_if import WhatIf
from bot.blocks.what_if_report import what_if_reply
from tests.analysis.commitments.purchase_factories import offer, steady

FIGURES = Figures(
    hourly=12.5,
    saving=1240.0,
    saving_low=880.0,
    saving_high=1410.0,
    utilisation=0.97,
    utilisation_low=0.91,
    utilisation_high=1.0,
    chance_low=0.08,
    chance_loss=0.0,
    worst_month=-310.0,
    worst_quarter=0.15,
    break_even=1,
    regret_nothing=0.0,
    regret_aws=20.0,
    beyond_aws=-5.0,
)


def found(**changed: Any) -> WhatIf:
    curve = load_duration(steady(100, 20.0)[:, 0], new=12.5)
    warning = changed.pop("warning", "")
    return WhatIf(offer("Compute", 0.7), replace(FIGURES, **changed), curve, ours=11.2, aws=14.9, warning=warning)


def test_says_the_saving_first_and_the_odds_beside_it() -> None:
    reply = what_if_reply(found(), "/cost commitments what-if 12.50/h")
    assert reply.text == (
        "$12.50 an hour more (Compute, 1 year, No Upfront) would save $1,240 a month; "
        "eight in ten outcomes lie between $880 and $1,410"
    )
    facts = [field["text"].replace("\n", " ") for field in reply.blocks[1]["fields"]]
    assert facts == [
        "*Used over the term* 97 % (91 % to 100 %)",
        "*Chance of less than 95 % used* 8.0 %",
        "*Worst month, 1 outcome in 20* −$310",
        "*Paid back* month 1",
        "*AWS would propose* $14.90 an hour",
        "*costbot would propose* $11.20 an hour, of this plan alone",
    ]
    assert "costbot never buys anything" in reply.blocks[2]["elements"][0]["text"]


def test_says_a_loss_as_a_loss() -> None:
    reply = what_if_reply(found(saving=-75.0, break_even=None), "/cost commitments what-if 99/h")
    assert "would lose $75.00 a month" in reply.text
    assert "not within the term" in reply.blocks[1]["fields"][3]["text"]


def test_warns_of_a_past_that_is_no_guide() -> None:
    reply = what_if_reply(found(warning="nothing was spent <here>"), "/cost commitments what-if 1/h")
    assert "nothing was spent &lt;here&gt;" in reply.blocks[2]["text"]["text"]
