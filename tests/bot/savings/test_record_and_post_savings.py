"""What a scan does to the store and to Slack: nothing lost, nothing twice, nothing settled that nobody looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.models import Action
from bot.context import Context
from bot.errors import CostbotError
from bot.savings.carried_out import was_carried_out
from bot.store import Subscription
from bot.workflows.post_savings import Posted, post_card, post_savings
from bot.workflows.record_savings import Recorded, record_savings
from bot.workflows.think_savings import Thought
from tests.bot.decisions_factories import context as a_context
from tests.bot.decisions_factories import slack_of
from tests.bot.savings.savings_factories import recorded, row, saving, thought


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return a_context(tmp_path, settings={"alert_channel": "C0COSTS", "max_cards": 3})


def apply(context: Context, found: Thought) -> tuple[Recorded, Posted]:
    noted = record_savings(context, found)
    return noted, post_savings(context, noted)


def posted_ids(context: Context) -> list[str]:
    """The findings whose cards were posted; lists of what has none are told by `test_owner_savings`."""
    cards = [post for post in slack_of(context).of("post") if "decide.approve" in str(post["blocks"])]
    return [post["text"].split(":")[0] for post in cards if not post["thread_ts"]]


def test_settles_nothing_in_a_place_it_did_not_look_at(context: Context) -> None:
    finding = recorded(context, saving())

    noted, _ = apply(context, thought())

    assert noted.resolved == ()
    assert context.store.finding(finding.id).state == "open"


def test_settles_nothing_for_want_of_evidence(context: Context) -> None:
    finding = recorded(context, saving())

    apply(context, thought(rows=(row(saving(), "insufficient"),)))

    assert context.store.finding(finding.id).state == "open"


def test_settles_what_was_looked_at_and_is_fine_now(context: Context) -> None:
    finding = recorded(context, saving())

    noted, _ = apply(context, thought(rows=(row(saving(), "fine"),)))

    assert [settled.id for settled in noted.resolved] == [finding.id]
    assert context.store.finding(finding.id).state == "resolved"


def test_settles_what_is_gone_when_its_place_was_looked_at(context: Context) -> None:
    finding = recorded(context, saving(1))

    apply(context, thought(saving(2)))

    assert context.store.finding(finding.id).reason == "The EC2 instance is gone."


def test_settles_an_approved_change_that_was_made_though_it_is_too_early_to_judge(context: Context) -> None:
    finding = recorded(context, saving())
    context.store.decide(finding.id, "approve", actor="U0ANA", now=context.clock.now())

    apply(context, thought(rows=(row(saving(), "insufficient", current="m5.2xlarge"),)))

    assert context.store.finding(finding.id).state == "resolved"
    assert context.store.finding(finding.id).reason == "It is m5.2xlarge now."


def test_what_a_person_dismissed_stays_dismissed_and_is_not_posted(context: Context) -> None:
    finding = recorded(context, saving())
    context.store.decide(finding.id, "dismiss", actor="U0ANA", now=context.clock.now(), reason="accepted")

    apply(context, thought(saving()))

    assert context.store.finding(finding.id).state == "dismissed"
    assert posted_ids(context) == []


def test_says_nothing_when_nothing_was_found(context: Context) -> None:
    _, posted = apply(context, thought())

    assert posted == Posted()
    assert slack_of(context).calls == []


def test_posts_each_saving_once_however_often_it_is_found(context: Context) -> None:
    for _ in range(3):
        apply(context, thought(saving(1), saving(2)))

    assert len(posted_ids(context)) == len(set(posted_ids(context))) == 2


def test_other_figures_change_the_same_message(context: Context) -> None:
    apply(context, thought(saving()))
    apply(context, thought(saving(monthly_savings=300.0)))

    updates = slack_of(context).of("update")
    assert len(posted_ids(context)) == len(updates) == 1
    assert "$300" in updates[0]["text"]


def test_the_same_figures_change_nothing(context: Context) -> None:
    apply(context, thought(saving()))
    apply(context, thought(saving()))

    assert slack_of(context).of("update") == []


def test_a_scan_for_prices_alone_redraws_and_posts_nothing_new(context: Context) -> None:
    apply(context, thought(saving(1)))

    noted = record_savings(context, thought(saving(1, monthly_savings=300.0), saving(2)))
    posted = post_savings(context, noted, new_cards=False)

    assert (posted, len(posted_ids(context)), len(slack_of(context).of("update"))) == (Posted(), 1, 1)


def test_leaves_what_exceeds_the_limit_for_the_next_scan(context: Context) -> None:
    found = thought(*(saving(number) for number in range(1, 6)))

    _, first = apply(context, found)
    _, second = apply(context, found)

    assert (first.cards, first.held_back, second.cards, second.held_back) == (3, 2, 2, 0)
    assert len(set(posted_ids(context))) == 5


def test_a_channel_hears_only_of_what_it_asked_for(context: Context) -> None:
    now = context.clock.now()
    context.store.subscribe(Subscription("C0PAYMENTS", "savings", None, 279.0, "U0BEN", now))
    context.store.subscribe(Subscription("C0GENERAL", "digest", None, None, "U0BEN", now))

    apply(context, thought(saving(1), saving(2)))

    assert {post["channel"] for post in slack_of(context).of("post")} == {"C0PAYMENTS"}
    assert len(posted_ids(context)) == 1


def test_a_channel_that_refuses_stops_no_other_and_is_told_to_its_subscriber(context: Context) -> None:
    now = context.clock.now()
    for channel in ("C0ARCHIVE", "C0COSTS"):
        context.store.subscribe(Subscription(channel, "savings", None, None, "U0BEN", now))
    slack_of(context).refuses["C0ARCHIVE"] = CostbotError("The channel C0ARCHIVE is archived.", "Unarchive it.")

    _, posted = apply(context, thought(saving()))

    assert (posted.cards, posted.problems) == (1, ("The channel C0ARCHIVE is archived. Unarchive it.",))
    problems = {s.channel: s.problem for s in context.store.subscriptions(kind="savings")}
    assert problems == {"C0ARCHIVE": "The channel C0ARCHIVE is archived. Unarchive it.", "C0COSTS": None}

    slack_of(context).refuses.clear()
    apply(context, thought(saving()))
    assert [post["channel"] for post in slack_of(context).of("post")] == ["C0COSTS", "C0ARCHIVE"]


def test_a_card_that_somebody_else_is_posting_is_left_to_them(context: Context) -> None:
    finding = recorded(context, saving())
    context.store.claim_post(finding.id, "C0COSTS", context.clock.now())

    assert post_card(context, finding, "C0COSTS") is False
    assert posted_ids(context) == []


def test_without_slack_everything_is_recorded_and_nothing_posted(tmp_path: Path) -> None:
    context = a_context(tmp_path, slack=None)

    noted, posted = apply(context, thought(saving()))

    assert (len(noted.found), posted) == (1, Posted())


def test_an_approved_deletion_counts_as_carried_out_when_its_resource_is_gone() -> None:
    volume = saving(action=Action.DELETE, resource_type="EBS volume", proposed="deleted")

    assert was_carried_out(volume, "The EBS volume is gone.")
    assert not was_carried_out(volume, "Attached to i-0aaa.")
    assert not was_carried_out(saving(), "The EC2 instance is gone."), "a terminated instance was not resized"
