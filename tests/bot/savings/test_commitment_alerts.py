"""Ends of commitments are told at 60, 30 and 7 days, once each; unused plans once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.models import Evidence
from bot.context import Context
from bot.errors import CostbotError
from bot.jobs import jobs
from bot.store import Subscription
from bot.workflows.alert_commitments import alert_commitments
from tests.bot.decisions_factories import context as faked
from tests.bot.decisions_factories import recommendation, slack_of

CHANNEL = "C0COSTS"


def bot(folder: Path, **settings: Any) -> Context:
    return faked(folder, settings={"alert_channel": CHANNEL} | settings)


def found(context: Context, days: float | None, check: str = "commitments.plan_ending", **changed: Any) -> str:
    """Keep the finding as a scan does; returns its id."""
    facts = (Evidence("Ends in", "", days, "days", "AWS"),) if days is not None else ()
    told = {"resource_id": "p-1", "resource_name": "c5 plan", "monthly_savings": 0.0, "monthly_cost": 1168.0}
    reason = f"Ends in {days:.0f} days" if days is not None else "Utilization 90 %"
    value = recommendation(check_id=check, evidence=facts, reason=reason, **(told | changed))
    return context.store.record(value, context.clock.now()).id


def posts(context: Context) -> list[str]:
    return [post["text"] for post in slack_of(context).of("post")]


def test_other_savings_are_left_to_their_own_cards(tmp_path: Path) -> None:
    context = bot(tmp_path)
    found(context, None, "ec2.rightsizing", monthly_savings=280.0)
    found(context, None, "commitments.coverage_gap", resource_id="gap")

    assert alert_commitments(context) == 0


def test_each_stage_is_told_once(tmp_path: Path) -> None:
    context = bot(tmp_path)
    told = []
    for days in (75, 59, 31, 30, 12, 7, 1):
        id_ = found(context, days)
        told.append(alert_commitments(context))

    assert told == [1, 1, 0, 1, 0, 1, 0]
    card, two_months, month, week = posts(context)
    assert card.startswith(id_)
    assert two_months == f"{id_}: c5 plan (prod). Ends in 59 days."
    assert month == f"{id_}: c5 plan (prod). Ends in 30 days."
    assert week == f"{id_}: c5 plan (prod). Ends in 7 days."


def test_what_is_first_seen_late_has_one_message(tmp_path: Path) -> None:
    context = bot(tmp_path)
    found(context, 5, "commitments.reservation_ending")

    assert (alert_commitments(context), alert_commitments(context)) == (1, 0)


def test_an_unused_plan_is_told_once(tmp_path: Path) -> None:
    context = bot(tmp_path)
    found(context, None, "commitments.plan_utilization")

    assert (alert_commitments(context), alert_commitments(context)) == (1, 0)


def test_the_nearest_end_comes_first_and_no_more_than_the_limit(tmp_path: Path) -> None:
    context = bot(tmp_path, max_cards=1)
    found(context, 50, resource_id="late")
    first = found(context, 20, resource_id="soon")

    assert alert_commitments(context) == 1
    assert posts(context)[0].startswith(first)
    assert (alert_commitments(context), alert_commitments(context)) == (1, 0)


def test_a_refusal_is_tried_again(tmp_path: Path) -> None:
    context = bot(tmp_path)
    found(context, 20)
    slack_of(context).refuses["post"] = CostbotError("no", "later")
    assert alert_commitments(context) == 0

    slack_of(context).refuses.clear()
    assert alert_commitments(context) == 1


def test_a_terminal_without_slack_posts_nothing(tmp_path: Path) -> None:
    context = faked(tmp_path, slack=None)
    found(context, 20)

    assert alert_commitments(context) == 0


@pytest.mark.parametrize("subscribed", [{"min_impact": 2000.0}, {"min_impact": 1000.0}])
def test_a_channel_hears_of_what_is_large_enough(tmp_path: Path, subscribed: dict[str, float]) -> None:
    context = bot(tmp_path)
    context.store.subscribe(
        Subscription("C0SAVE", "savings", None, subscribed["min_impact"], "U0ANA", context.clock.now())
    )
    found(context, 20)

    assert alert_commitments(context) == (subscribed["min_impact"] <= 1168.0)


def test_it_follows_the_scan() -> None:
    assert jobs()["commitment_alerts"].after == "savings_scan"
