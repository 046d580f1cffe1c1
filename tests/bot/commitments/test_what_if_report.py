"""The answer of `/cost commitments what-if`: the number first, the odds beside it, what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from analysis.commitments.load_duration import load_duration
from analysis.commitments.purchase_figures import Figures
from analysis.commitments.purchase_offers import Offer
from analysis.commitments.what_if import WhatIf
from bot.blocks.what_if_report import WhatIfReport, said, what_if_reply
from bot.commands import Reply
from bot.demo.slack.limits import check_message
from tests.analysis.commitments.purchase_factories import offer
from tests.bot.costs.cost_factories import texts

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
#: A load of 12 to 24 dollars an hour, of which four are owned and used.
LOAD = np.linspace(12.0, 24.0, 720)
FOUND = WhatIf(offer("Compute", 0.7), FIGURES, load_duration(LOAD, old=4.0, new=16.5), ours=11.2, aws=14.9, warning="")
REPORT = WhatIfReport(
    found=FOUND,
    ends=(),
    placed=(),
    unplaced=(),
    queued=(),
    cut_by="",
    renewed=False,
    first_day=date(2026, 9, 1),
    last_day=date(2026, 11, 18),
    is_owned_known=True,
    problem="",
    look_back="",
    today=date(2026, 11, 20),
    command="/cost commitments what-if 12.50/h",
    commands={"3 years": "/cost commitments what-if 12.50/h --term 3y"},
)


def shown(figures: dict[str, Any] | None = None, **changed: Any) -> Reply:
    found = changed.pop("found", FOUND)
    told = replace(REPORT, found=replace(found, figures=replace(FIGURES, **(figures or {}))), **changed)
    reply = what_if_reply(told)
    assert check_message({"text": reply.text, "blocks": reply.blocks}) == []
    return reply


def facts(reply: Reply) -> list[str]:
    return [field["text"].replace("\n", " ") for field in reply.blocks[1]["fields"]]


def test_says_the_saving_first_and_the_odds_beside_it() -> None:
    reply = shown()

    assert reply.text == (
        "$12.50 an hour more for a Compute Savings Plan (1 year, No Upfront) would save $1,240 a month; "
        "eight in ten outcomes lie between $880 and $1,410. By AWS's method, the best of the last 30 days as if they "
        "came again, it would be $14.90 an hour. Of this offer alone costbot would commit $11.20 an hour, with at most "
        "one chance in ten of less than 95 % used. Yours is expected to save $5.00 a month less than AWS's."
    )
    assert facts(reply) == [
        "*Used over the term* 97 % (91 % to 100 % in eight of ten)",
        "*Chance of less than 95 % used* 8.0 %",
        "*Worst month, 1 outcome in 20* −$310",
        "*Chance of a loss over the term* 0 %",
        "*Break-even* month 1",
        "*Committed in all* $109,500",
    ]
    assert "costbot buys nothing." in texts(reply)


def test_says_a_loss_as_a_loss() -> None:
    reply = shown({"saving": -75.0, "break_even": None})

    assert "would lose $75.00 a month" in reply.text
    assert "*Break-even* not within the term" in facts(reply)


def test_warns_of_a_past_that_is_no_guide() -> None:
    reply = shown(found=replace(FOUND, warning="nothing was spent <here>"))

    assert "nothing was spent &lt;here&gt;" in reply.blocks[2]["text"]["text"]
    assert "The past is no guide here" in reply.text


@pytest.mark.parametrize(
    ("payment", "told"), [("Partial Upfront", "$109,500, $54,750 of it at once"), ("All Upfront", "all of it at once")]
)
def test_says_what_is_paid_at_once(payment: str, told: str) -> None:
    assert told in facts(shown(found=replace(FOUND, offer=offer("Compute", 0.7, payment=payment))))[-1]


def test_draws_the_load_with_the_old_and_the_new_line() -> None:
    [chart] = [block for block in shown().blocks if block["type"] == "data_visualization"]
    load, owned, new = chart["chart"]["series"]

    assert (load["name"], owned["name"], new["name"]) == ("Load", "Owned, as used", "With this")
    assert [load["data"][0]["label"], load["data"][-1]["label"]] == ["5 % of hours", "100 % of hours"]
    assert load["data"][-1]["value"] == 12.0
    assert load["data"][0]["value"] == pytest.approx(23.4, abs=0.1)
    assert {point["value"] for point in owned["data"]} == {4.0}
    assert {point["value"] for point in new["data"]} == {16.5}
    assert "In 62 % of the last 30 days' hours the load reached the new line" in texts(shown())


def test_without_anything_owned_there_is_no_old_line() -> None:
    reply = shown(found=replace(FOUND, curve=load_duration(LOAD, new=12.5)))
    [chart] = [block for block in reply.blocks if block["type"] == "data_visualization"]

    assert [one["name"] for one in chart["chart"]["series"]] == ["Load", "With this"]
    assert "owned and used" not in texts(reply)


def test_says_what_is_known_of_the_term() -> None:
    reply = shown(
        ends=(("plan <x>", date(2026, 12, 17), 2.28), ("12 × r5.xlarge", date(2027, 1, 31), 1.82)),
        placed=(("search-api-1 m5.4xlarge → m5.2xlarge", 0.38),),
    )

    told = texts(reply)
    assert "plan &lt;x&gt; on Dec 17 ($2.28 an hour), 12 × r5.xlarge on Jan 31, 2027 ($1.82 an hour)" in told
    assert "Taken off first, decided or not: search-api-1 m5.4xlarge → m5.2xlarge, $0.38 an hour." in told


def test_long_lists_are_summed_up() -> None:
    reply = shown(placed=[(f"i-{number}", 1.0) for number in range(9)], ends=[("p", date(2026, 12, 1), 1.0)] * 9)

    assert "Taken off first, decided or not: i-0, i-1, i-2, i-3 and 5 more, $9.00 an hour." in texts(reply)
    assert "and 5 more." in texts(reply)


def test_says_what_it_ignores() -> None:
    told = texts(
        shown(
            unplaced=("the <move>",),
            queued=("next",),
            cut_by="Compute Savings Plan $4.20/h",
            is_owned_known=False,
            problem="AWS refuses it.",
            renewed=True,
        )
    )

    assert "negotiated discounts" in told
    assert "what falls on no usage on demand that could be told apart: the &lt;move&gt;" in told
    assert "what is bought and has not begun: next" in told
    assert "Earlier hours are left out: Compute Savings Plan $4.20/h began then." in told
    assert "What is owned was not read yet" in told
    assert "Some rates are older or missing: AWS refuses it." in told
    assert "Whatever ends within the term is counted as bought again." in told


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (offer("Database", 0.7), "a Database Savings Plan (1 year, No Upfront)"),
        (
            offer("EC2Instance", 0.7, years=3, region="us-east-1", family="m5"),
            "an EC2 Instance Savings Plan of m5 in us-east-1 (3 years, No Upfront)",
        ),
        (
            Offer("Reserved", 1, "No Upfront", np.array([0.6]), "us-east-1", "m5", "AmazonEC2", "Linux/UNIX"),
            "EC2 reservations of m5 in us-east-1, Linux/UNIX (1 year, No Upfront)",
        ),
    ],
)
def test_names_what_is_bought(what: Offer, words: str) -> None:
    assert said(what) == words


def test_nothing_is_an_amount_too() -> None:
    assert "costbot would commit nothing. Yours" in shown(found=replace(FOUND, ours=0.0)).text
