"""What is proposed, with its figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.commitments.objective import steps
from analysis.commitments.purchase import Alone, Proposal, propose
from analysis.commitments.purchase_figures import figures
from analysis.commitments.purchase_mix import Limits
from analysis.commitments.scenarios import Change, Scenarios
from analysis.commitments.scenarios_outlook import Outlook
from tests.analysis.commitments.purchase_factories import offer, steady, usage

NAN = float("nan")
STILL = Outlook(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, np.zeros(1), leaving=0.0)


def months(*levels: float) -> Scenarios:
    """One scenario: a level per month of 730 hours."""
    return Scenarios(np.array([[levels]]), np.full(len(levels), 730.0), np.arange(len(levels)))


def told(of: Scenarios, amount: float, *, payment: str = "No Upfront", aws: float = 0.0):  # type: ignore[no-untyped-def]
    offers = [offer("Compute", 0.8, payment=payment)]
    return figures(of, offers, steps(offers, np.array([[0.8]])), np.array([amount]), np.array([aws]))


def test_a_commitment_that_is_always_used_saves_its_discount() -> None:
    found = told(months(*[10.0] * 12), 8.0)
    assert found.saving == pytest.approx(2.0 * 730)
    assert (found.saving_low, found.saving_high, found.worst_month) == pytest.approx((2.0 * 730,) * 3)
    assert (found.utilisation, found.chance_low, found.chance_loss, found.break_even) == (1.0, 0.0, 0.0, 1)
    assert (found.regret_nothing, found.regret_aws, found.beyond_aws) == pytest.approx((0.0, 0.0, 2.0 * 730))


def test_months_without_usage_lose_the_commitment() -> None:
    found = told(months(10.0, 0.0), 8.0)
    assert found.saving == pytest.approx(-3.0 * 730)
    assert found.worst_month == pytest.approx(-8.0 * 730)
    assert found.worst_quarter == pytest.approx(0.5)
    assert (found.utilisation, found.chance_low, found.chance_loss) == (0.5, 1.0, 1.0)
    assert found.regret_nothing == pytest.approx(3.0 * 730)
    assert found.break_even is None


def test_the_worst_quarter_says_what_it_leaves_unused() -> None:
    assert told(months(*[10.0] * 3, 10.0, 10.0, 4.0), 8.0).worst_quarter == pytest.approx(0.2)
    assert told(months(*[10.0] * 6), 0.0).worst_quarter == 0.0


def test_what_is_paid_upfront_comes_back_month_by_month() -> None:
    # 96 dollar-months are paid for 120: after ten of twelve months it has come back.
    assert told(months(*[10.0] * 12), 8.0, payment="All Upfront").break_even == 10
    # Half of it: 48 on the day and 4 a month against 10 a month.
    assert told(months(*[10.0] * 12), 8.0, payment="Partial Upfront").break_even == 8


def test_an_early_loss_breaks_even_when_later_months_have_made_up_for_it() -> None:
    # Loses 8 in the first month, wins 2 in each after it: even after the fifth.
    assert told(months(0.0, *[10.0] * 11), 8.0).break_even == 5


def test_regret_beside_aws_counts_what_its_larger_commitment_would_have_brought() -> None:
    found = told(months(*[10.0] * 12), 4.0, aws=8.0)
    assert found.regret_aws == pytest.approx(1.0 * 730)
    assert found.beyond_aws == pytest.approx(-1.0 * 730)


def of_one(*levels: float):  # type: ignore[no-untyped-def]
    return usage(steady(26 * 168, *levels), *("m5.large", "c5.large")[: len(levels)])


def test_proposes_nothing_after_a_fall_and_says_why() -> None:
    fallen = np.concatenate([steady(25 * 168, 10.0), steady(168, 5.0)])
    found = propose(usage(fallen, "m5.large"), [offer("Compute", 0.7)])
    assert found.alone == found.mixes == ()
    assert "less than" in found.blocked


def test_proposes_nothing_where_no_offer_saves() -> None:
    found = propose(of_one(10.0), [offer("Compute", 1.1)])
    assert found == Proposal("nothing was spent on demand in the last 7 days")


def test_covers_what_stands_still() -> None:
    found = propose(of_one(10.0), [offer("Compute", 0.7)], ahead=STILL)
    (mix,) = found.mixes
    assert mix.figures.saving == pytest.approx(3.0 * 730, rel=2e-3)
    assert [share.hourly for share in mix.shares] == pytest.approx([7.0], rel=2e-3)
    assert found.alone[0].aws == pytest.approx(7.0)
    assert sum(rung.hourly for rung in mix.shares[0].rungs) == pytest.approx(mix.shares[0].hourly)
    assert [rung.quarter for rung in mix.shares[0].rungs] == [0, 1, 2, 3]


def test_takes_off_what_is_known_to_change() -> None:
    offers = [offer("Compute", 0.7, 0.7)]
    ahead = replace(STILL, own_wander=np.zeros(2))
    found = propose(of_one(10.0, 30.0), offers, ahead=ahead, changes=[Change(line=1, start_hour=0.0, remaining=0.0)])
    assert found.mixes[0].figures.hourly == pytest.approx(7.0, rel=2e-3)
    assert found.alone[0].aws == pytest.approx(28.0)


def test_one_offer_whose_own_usage_has_fallen_is_blocked_alone() -> None:
    levels = np.concatenate([steady(25 * 168, 10.0, 60.0), steady(168, 4.0, 60.0)])
    offers = [offer("EC2Instance", 0.6, NAN, family="m5"), offer("EC2Instance", NAN, 0.6, family="c5")]
    fallen, steady_one = propose(usage(levels, "m5.large", "c5.large"), offers).alone
    assert "less than" in fallen.blocked
    assert fallen.figures.hourly == 0
    assert steady_one.blocked == ""
    assert steady_one.figures.hourly > 0


def test_keeps_the_chance_it_states() -> None:
    offers = [offer("Compute", 0.7, 0.7), offer("EC2Instance", 0.6, NAN, family="m5")]
    found = propose(of_one(10.0, 30.0), offers, count=50)
    for one in (*found.alone, *found.mixes):
        assert 0 < one.figures.chance_low <= 0.1
    bold = propose(of_one(10.0, 30.0), [offer("Compute", 0.7, 0.7)], limits=Limits(None))
    assert bold.mixes[0].figures.chance_low > 0.1


def test_terms_and_payments_are_mixes_of_their_own_the_best_first() -> None:
    offers = [
        offer("Compute", 0.72),
        offer("Compute", 0.68, payment="All Upfront"),
        offer("Compute", 0.5, years=3),
    ]
    found = propose(of_one(10.0), offers, ahead=STILL)
    assert [(mix.years, mix.payment) for mix in found.mixes] == [
        (3, "No Upfront"), (1, "All Upfront"), (1, "No Upfront")
    ]  # fmt: skip
    assert [isinstance(one, Alone) for one in found.alone] == [True] * 3


def test_an_outlook_of_other_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="1 groups, not 2"):
        propose(of_one(10.0, 30.0), [offer("Compute", 0.7, 0.6)], ahead=STILL)


def reserved(*rates: float, family: str = "m5"):  # type: ignore[no-untyped-def]
    return replace(offer("Reserved", *rates, region="us-east-1", family=family), service="AmazonEC2")


def test_reservations_are_whole_instances_in_all_and_in_each_rung() -> None:
    found = propose(of_one(10.0), [reserved(0.64)], ahead=STILL)
    [share] = found.mixes[0].shares

    assert share.piece is not None
    assert share.piece.instance_type == "m5.large"
    assert share.hourly == pytest.approx(10 * 0.64)
    assert [round(rung.hourly / 0.64, 6) for rung in share.rungs] == [2.0, 3.0, 2.0, 3.0]
    assert found.mixes[0].figures.hourly == pytest.approx(6.4)
    assert found.mixes[0].figures.saving == pytest.approx(3.6 * 730, rel=2e-3)
    assert found.mixes[0].first.hourly == pytest.approx(2 * 0.64)


def test_every_month_has_its_saving_and_they_add_up() -> None:
    [mix] = propose(of_one(10.0, 30.0), [offer("Compute", 0.7, 0.7)], count=50).mixes

    assert len(mix.months) == 12
    assert np.mean([month.saving for month in mix.months]) == pytest.approx(mix.figures.saving)
    assert mix.months[-1].low < mix.months[-1].saving < mix.months[-1].high


def test_what_has_fallen_is_in_no_mix_of_its_own_and_counts_at_its_last_level() -> None:
    levels = np.concatenate([steady(25 * 168, 10.0, 60.0), steady(168, 4.0, 60.0)])
    offers = [offer("Compute", 0.7, 0.7), reserved(0.5, NAN), reserved(NAN, 0.5, family="c5")]
    ahead = replace(STILL, own_wander=np.zeros(2))
    found = propose(usage(levels, "m5.large", "c5.large"), offers, ahead=ahead)
    bought = {(share.offer.kind, share.offer.family): share.hourly for share in found.mixes[0].shares}

    assert ("Reserved", "m5") not in bought
    assert bought["Reserved", "c5"] == pytest.approx(30.0)
    assert bought["Compute", ""] == pytest.approx(0.7 * 4.0, rel=0.15), "not at the 8.5 of the last weeks"
    assert [part.name for part in found.parts if part.blocked] == ["AmazonEC2 m5"]


def test_a_sliver_of_machines_is_left_to_the_plan_of_any_family() -> None:
    offers = [offer("Compute", 0.7, 0.7), reserved(0.6, NAN), reserved(NAN, 0.6, family="c5")]
    ahead = replace(STILL, own_wander=np.zeros(2))
    found = propose(usage(steady(26 * 168, 500.0, 1.0), "m5.large", "c5.large"), offers, ahead=ahead)

    assert "c5" not in {share.offer.family for share in found.mixes[0].shares}


def test_terms_to_compare_with_are_worked_out_on_fewer_scenarios_and_not_offer_by_offer() -> None:
    offers = [offer("Compute", 0.7, 0.7), offer("Compute", 0.5, 0.5, years=3)]
    found = propose(of_one(10.0, 30.0), offers, whole=[(1, "No Upfront")], count=40)

    assert {mix.years for mix in found.mixes} == {1, 3}
    assert {one.offer.years for one in found.alone} == {1}


def test_the_guard_and_aws_look_at_what_runs_on_demand_today() -> None:
    later, now = of_one(30.0), of_one(10.0)
    found = propose(later, [offer("Compute", 0.7)], now=now, ahead=STILL)

    assert found.spend == pytest.approx(10.0)
    assert found.alone[0].aws == pytest.approx(7.0)


def test_what_whole_instances_leave_over_goes_to_a_plan() -> None:
    """Of 10.4 instances ten are reserved, as eleven would not be used enough; a Compute plan takes the rest."""
    offers = [offer("Compute", 0.7), reserved(0.64)]
    [mix] = propose(of_one(10.4), offers, ahead=STILL).mixes
    bought = {share.offer.kind: share.hourly for share in mix.shares}

    assert bought["Reserved"] == pytest.approx(10 * 0.64)
    assert 0.1 < bought["Compute"] < 0.3
