"""AWS's look-backs: a cent each, eight a week at most, kept for a week; what is not told is said and never made up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.collectors import plan_look_backs
from bot.collectors.plan_look_backs import MOST_A_WEEK, told_look_backs
from bot.context import Context
from tests.bot.collectors.fake_aws import refused
from tests.bot.collectors.look_back_answers import DETAILS, LISTS, answers, hour_by_hour, listed, proposed
from tests.bot.collectors.test_purchase_recommendations import EC2, bot
from tests.bot.decisions_factories import clock_of

TWO = proposed("m5", "c5")
MANY = proposed(*(f"m{number}" for number in range(1, 12)))


def asked(context: Context) -> list[str]:
    calls: list[tuple[str, dict[str, Any]]] = context.aws.calls  # type: ignore[attr-defined]
    return [told["RecommendationDetailId"] for name, told in calls if name == DETAILS]


def test_hours_are_read_as_aws_tells_them(tmp_path: Path) -> None:
    context = bot(tmp_path, answers(TWO), EC2)

    told = told_look_backs(context)

    assert (told.problems, told.proposed) == ((), 3)
    found = {one.name: one for one in told.details}
    assert list(found) == ["Compute", "EC2Instance c5 us-east-1", "EC2Instance m5 us-east-1"]
    own, planted = found["EC2Instance m5 us-east-1"], TWO[1]
    assert list(own.hours) == list(planted.hours)
    np.testing.assert_allclose(own.left_by_hour, planted.left_by_hour, atol=1e-9)
    np.testing.assert_allclose(own.used_by_hour, planted.used_by_hour, atol=1e-9)
    assert (own.hourly, own.days, round(own.ratio, 9)) == (5.0, 30, 0.66)


def test_a_week_asks_once_and_a_changed_proposal_of_next_week_again(tmp_path: Path) -> None:
    once = answers(TWO)
    context = bot(tmp_path, {LISTS: once[LISTS] * 2, DETAILS: once[DETAILS] * 2}, EC2)
    told_look_backs(context)
    clock_of(context).pass_time(days=6, hours=23)
    told_look_backs(context)
    assert len(asked(context)) == 3

    clock_of(context).pass_time(hours=1)
    told_look_backs(context)
    assert len(asked(context)) == 6


def test_eight_details_a_week_are_all_whatever_else_is_proposed_meanwhile(tmp_path: Path) -> None:
    context = bot(tmp_path, answers(MANY), EC2)

    told = told_look_backs(context)

    assert len(asked(context)) == len(told.details) == MOST_A_WEEK
    assert told.proposed == 12
    # With the two lists it is ten cents; other families come in place of those that were asked about: not this week.
    assert len(context.aws.calls) == 10  # type: ignore[attr-defined]
    other = proposed(*(f"r{number}" for number in range(1, 12)))
    for fact in ("COMPUTE_SP", "EC2_INSTANCE_SP"):
        context.store.forget(f"commitments.proposed.{fact}")
    context.aws._left[LISTS] = [listed(other[:1]), listed(other[1:])]  # type: ignore[attr-defined]
    again = told_look_backs(context)
    assert len(asked(context)) == MOST_A_WEEK
    assert [one.kind for one in again.details] == ["Compute"]
    assert "within a week" in again.problems[0]


def test_a_day_without_requests_to_spare_goes_on_the_next(tmp_path: Path) -> None:
    context = bot(tmp_path, answers(TWO), EC2)
    context.aws._left[DETAILS].insert(1, refused("LimitExceededException"))  # type: ignore[attr-defined]

    first = told_look_backs(context)
    assert [one.name for one in first.details] == ["Compute", "EC2Instance m5 us-east-1"]
    assert len(first.problems) == 1
    assert len(told_look_backs(context).details) == 3


def test_what_is_not_generated_yet_is_said_and_asked_again(tmp_path: Path) -> None:
    context = bot(tmp_path, answers(TWO), EC2)
    context.aws._left[DETAILS].insert(0, refused("DataUnavailableException"))  # type: ignore[attr-defined]

    assert "has not generated the hours" in told_look_backs(context).problems[0]
    assert told_look_backs(context).details[0].name == "Compute"


def test_where_aws_proposes_nothing_nothing_is_asked(tmp_path: Path) -> None:
    nothing = refused("DataUnavailableException")

    told = told_look_backs(bot(tmp_path, {LISTS: [nothing, nothing]}, EC2))

    assert (told.details, told.problems, told.proposed) == ((), (), 0)


def test_proposals_that_were_kept_without_an_id_are_left_alone(tmp_path: Path) -> None:
    bare = listed(TWO[1:])
    for one in bare["SavingsPlansPurchaseRecommendation"]["SavingsPlansPurchaseRecommendationDetails"]:
        del one["RecommendationDetailId"]

    told = told_look_backs(bot(tmp_path, {LISTS: [listed([]), bare]}, EC2))

    assert (told.details, told.proposed) == ((), 0)


def test_figures_that_are_not_told_are_missing(tmp_path: Path) -> None:
    page = hour_by_hour(replace(TWO[0]))
    metrics = page["RecommendationDetailData"]["MetricsOverLookbackPeriod"]
    del metrics[0]["EstimatedOnDemandCost"], metrics[1]["EstimatedNewCommitmentUtilization"], metrics[2]["StartTime"]
    del page["RecommendationDetailData"]["EstimatedSPCost"]
    context = bot(tmp_path, {LISTS: [listed(TWO[:1]), listed([])], DETAILS: [page]}, EC2)

    [one] = told_look_backs(context).details

    assert len(one.hours) == 719
    assert np.flatnonzero(np.isnan(one.left_by_hour)).tolist() == [0]
    assert np.flatnonzero(np.isnan(one.used_by_hour)).tolist() == [1]
    assert np.isnan(one.cost)


def test_another_currency_is_refused(tmp_path: Path) -> None:
    page = hour_by_hour(TWO[0], CurrencyCode="EUR")

    told = told_look_backs(bot(tmp_path, {LISTS: [listed(TWO[:1]), listed([])], DETAILS: [page]}, EC2))

    assert told.details == ()
    assert "EUR" in told.problems[0]


def test_it_may_ask_what_it_says() -> None:
    assert plan_look_backs.ACTIONS == (DETAILS,)
