"""Record, post, update, resolve: one card per incident and channel, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.models import Anomaly, AnomalyKind, Part
from bot.context import Context
from bot.errors import CostbotError, SourceUnavailable
from bot.jobs.anomaly_scan import run as job
from bot.store import COSTBOT, Subscription
from bot.workflows.incident_joins import Told
from bot.workflows.scan_anomalies import apply, gather, scan_anomalies
from tests.bot.anomalies.anomaly_factories import EC2, LAST, Bill, scan
from tests.bot.decisions_factories import NOW, clock_of, slack_of
from tests.bot.decisions_factories import anomaly as made
from tests.bot.decisions_factories import context as made_context


def anomaly(**changed: Any) -> Anomaly:
    values: dict[str, Any] = {"first_day": LAST - timedelta(days=2), "last_day": LAST, "data_until": LAST}
    return made(**(values | changed))


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return made_context(tmp_path, settings={"alert_channel": "C0COSTS"})


def states(context: Context) -> list[str]:
    return [finding.state for finding in context.store.findings("anomaly")]


def posts(context: Context) -> list[str]:
    return [call["channel"] for call in slack_of(context).of("post") if call["thread_ts"] is None]


def test_nothing_found_posts_nothing(context: Context) -> None:
    outcome = apply(context, scan())
    assert (outcome.new, outcome.posted, slack_of(context).calls) == ((), 0, [])


def test_an_incident_that_is_over_before_anybody_heard_is_not_told(context: Context) -> None:
    apply(context, scan(anomaly(first_day=LAST - timedelta(days=9), last_day=LAST - timedelta(days=8))))
    assert states(context) == []


def test_without_a_channel_it_is_only_recorded(tmp_path: Path) -> None:
    context = made_context(tmp_path)
    apply(context, scan(anomaly()))
    assert states(context) == ["open"]
    assert slack_of(context).calls == []


def test_a_new_incident_gets_one_card_in_the_alert_channel(context: Context) -> None:
    outcome = apply(context, scan(anomaly()))
    (call,) = slack_of(context).of("post")
    assert call["channel"] == "C0COSTS"
    assert outcome.posted == 1
    assert call["text"].startswith(outcome.new[0].id)
    assert context.store.posts(outcome.new[0].id)[0].ts


def test_the_same_scan_again_does_nothing(context: Context) -> None:
    apply(context, scan(anomaly()))
    before = len(slack_of(context).calls)
    outcome = apply(context, scan(anomaly()))
    assert len(slack_of(context).calls) == before
    assert (outcome.new, outcome.changed, outcome.posted) == ((), (), 0)


def test_new_figures_redraw_the_same_message(context: Context) -> None:
    apply(context, scan(anomaly()))
    apply(
        context, scan(anomaly(impact_total=2000.0, last_day=LAST + timedelta(days=1)), until=LAST + timedelta(days=1))
    )
    assert posts(context) == ["C0COSTS"]
    (update,) = slack_of(context).of("update")
    assert "$2,000" in str(update["blocks"])


def test_a_restated_first_day_is_still_the_same_incident(context: Context) -> None:
    apply(context, scan(anomaly()))
    apply(context, scan(anomaly(first_day=LAST - timedelta(days=3), impact_total=1500.0)))
    assert states(context) == ["open"]
    assert posts(context) == ["C0COSTS"]


def test_another_account_is_another_incident(context: Context) -> None:
    apply(context, scan(anomaly(), anomaly(account_id="444455556666", account_name="staging")))
    assert len(states(context)) == 2
    assert len(posts(context)) == 2


def test_three_quiet_days_resolve_it_and_redraw_the_card(context: Context) -> None:
    apply(context, scan(anomaly()))
    outcome = apply(context, scan(anomaly(), until=LAST + timedelta(days=4)))
    assert states(context) == ["resolved"]
    assert outcome.resolved[0].decided_by == COSTBOT
    assert "Resolved" in str(slack_of(context).of("update")[-1]["blocks"])
    assert apply(context, scan(anomaly(), until=LAST + timedelta(days=5))).resolved == ()


def test_two_quiet_days_do_not(context: Context) -> None:
    apply(context, scan(anomaly()))
    apply(context, scan(anomaly(), until=LAST + timedelta(days=2)))
    assert states(context) == ["open"]


def test_a_corrected_bill_takes_it_back(context: Context) -> None:
    apply(context, scan(anomaly()))
    apply(context, scan())
    (finding,) = context.store.findings("anomaly")
    assert (finding.state, finding.reason) == ("resolved", "the bill was corrected")


def test_a_dismissed_incident_stays_dismissed_and_its_card_untouched(context: Context) -> None:
    (finding,) = apply(context, scan(anomaly())).new
    context.store.decide(finding.id, "dismiss", actor="U0ANA", now=NOW, reason="expected")
    before = len(slack_of(context).calls)
    apply(context, scan(anomaly(impact_total=5000.0)))
    apply(context, scan())
    assert states(context) == ["dismissed"]
    assert len(slack_of(context).calls) == before


def test_a_snoozed_incident_is_not_posted_again_and_wakes_after_its_end(context: Context) -> None:
    (finding,) = apply(context, scan(anomaly())).new
    context.store.decide(finding.id, "snooze", actor="U0BEN", now=NOW, until=NOW + timedelta(days=1))
    apply(context, scan(anomaly(impact_total=5000.0)))
    assert states(context) == ["snoozed"]
    clock_of(context).pass_time(days=1, minutes=1)
    apply(context, scan(anomaly(impact_total=5000.0)))
    assert states(context) == ["open"]
    assert posts(context) == ["C0COSTS"]


def test_subscribed_channels_get_it_instead_of_the_alert_channel(context: Context) -> None:
    context.store.subscribe(Subscription("C0PAYMENTS", "anomalies", None, None, "U0ANA", NOW))
    context.store.subscribe(Subscription("C0SEARCH", "anomalies", None, 1000.0, "U0ANA", NOW))
    apply(context, scan(anomaly()))
    assert posts(context) == ["C0PAYMENTS"]


def test_at_most_max_cards_a_run_dearest_first(tmp_path: Path) -> None:
    context = made_context(tmp_path, settings={"alert_channel": "C0COSTS", "max_cards": 2})
    many = [anomaly(account_id=f"{n:012d}", account_name=f"a{n}", impact_per_day=float(n)) for n in (20, 90, 50)]
    apply(context, scan(*many))
    assert ["a90" in call["text"] or "a50" in call["text"] for call in slack_of(context).of("post")] == [True, True]
    assert len(states(context)) == 3
    apply(context, scan(*many))
    assert len(posts(context)) == 3


def test_a_killed_process_between_claim_and_confirm_repeats_one_post(context: Context) -> None:
    finding = context.store.record(anomaly(), NOW)
    context.store.claim_post(finding.id, "C0COSTS", NOW)
    apply(context, scan(anomaly()))
    assert posts(context) == []
    clock_of(context).pass_time(minutes=11)
    apply(context, scan(anomaly()))
    clock_of(context).pass_time(minutes=11)
    apply(context, scan(anomaly()))
    assert posts(context) == ["C0COSTS"]


def test_a_killed_process_before_the_claim_loses_nothing(context: Context) -> None:
    context.store.record(anomaly(), NOW)
    apply(context, scan(anomaly()))
    assert posts(context) == ["C0COSTS"]


def test_a_channel_that_refuses_is_tried_again_and_the_others_are_served(context: Context) -> None:
    context.store.subscribe(Subscription("C0ARCHIVE", "anomalies", None, None, "U0ANA", NOW))
    context.store.subscribe(Subscription("C0COSTS", "anomalies", None, None, "U0ANA", NOW))
    slack_of(context).refuses["C0ARCHIVE"] = CostbotError("The channel <#C0ARCHIVE> is archived.", "Unarchive it.")
    apply(context, scan(anomaly()))
    assert posts(context) == ["C0COSTS"]
    problems = {one.channel: one.problem for one in context.store.subscriptions("anomalies")}
    assert "archived" in str(problems["C0ARCHIVE"])
    slack_of(context).refuses.clear()
    apply(context, scan(anomaly()))
    assert posts(context) == ["C0COSTS", "C0ARCHIVE"]
    assert [one.problem for one in context.store.subscriptions("anomalies")] == [None, None]


def test_when_nothing_could_be_posted_the_job_says_so(context: Context) -> None:
    slack_of(context).refuses["post"] = CostbotError("Slack says the bot token was revoked.", "Install the app again.")
    with pytest.raises(CostbotError, match="revoked"):
        apply(context, scan(anomaly()))
    assert states(context) == ["open"]


def test_it_is_not_posted_where_somebody_has_decided_meanwhile(context: Context) -> None:
    finding = context.store.record(anomaly(), NOW)
    context.store.decide(finding.id, "acknowledge", actor="U0BEN", now=NOW)
    apply(context, scan(replace(anomaly(), impact_total=9.0)))
    assert posts(context) == []


def test_accounts_keep_their_ids_when_aws_does_not_answer(context: Context) -> None:
    class NoAws:
        def accounts(self) -> None:
            raise SourceUnavailable("No organizations:ListAccounts.", "Add it.")

    assert gather(replace(context, aws=NoAws())).account_names == {}  # type: ignore[arg-type]


class NoAccounts:
    """Aws of somebody with one account without a name."""

    def accounts(self) -> tuple[()]:
        return ()


def test_the_job_runs_from_stored_costs_to_the_card(context: Context) -> None:
    bill = Bill()
    bill.line(EC2, "BoxUsage:m5.large", bill.during(100, LAST - timedelta(days=1), 2, 600)).store(context.costs)
    job.run(replace(context, aws=NoAccounts()), NOW)  # type: ignore[arg-type]
    assert posts(context) == ["C0COSTS"]
    assert scan_anomalies(replace(context, aws=NoAccounts())).posted == 0  # type: ignore[arg-type]


def test_the_job_takes_too_little_history_calmly(context: Context) -> None:
    job.run(replace(context, aws=NoAccounts()), NOW)  # type: ignore[arg-type]
    assert slack_of(context).calls == []


def test_a_cause_that_spreads_to_another_account_keeps_its_card(context: Context) -> None:
    """The account that began first may turn out to be another one; the card that was told stays the one."""
    (told,) = apply(context, scan(anomaly(account_id="444455556666"))).new
    apply(context, scan(anomaly(also_in=("444455556666",), first_day=LAST - timedelta(days=3))))
    (finding,) = context.store.findings("anomaly")
    assert isinstance(finding.value, Anomaly)
    assert (finding.id, finding.value.account_id, finding.value.also_in) == (told.id, "444455556666", ("111122223333",))
    assert posts(context) == ["C0COSTS"]


def test_two_cards_that_turn_out_to_be_one_cause_end_as_one(context: Context) -> None:
    apply(context, scan(anomaly(), anomaly(account_id="444455556666", account_name="staging")))
    apply(context, scan(anomaly(also_in=("444455556666",))))
    kept, ended = context.store.findings("anomaly")
    if kept.state != "open":
        kept, ended = ended, kept
    assert (kept.state, ended.state, ended.reason) == ("open", "resolved", f"it is one incident with {kept.id}")
    assert len(posts(context)) == 2


def parts(*services: str) -> tuple[Part, ...]:
    return tuple(Part(name, name.upper(), AnomalyKind.SPIKE, 100.0, (f"{name} prod",)) for name in services)


def test_a_cause_that_spreads_to_another_service_keeps_its_card(context: Context) -> None:
    """Also where the other service turns out to have begun first."""
    (told,) = apply(context, scan(anomaly(service="ec2"))).new
    spread = anomaly(service="rds", parts=parts("rds", "ec2"), first_day=LAST - timedelta(days=3))
    apply(context, scan(spread))
    (finding,) = context.store.findings("anomaly")
    assert isinstance(finding.value, Anomaly)
    assert (finding.id, finding.value.services) == (told.id, ("ec2", "rds"))
    assert posts(context) == ["C0COSTS"]
    apply(context, scan(anomaly(service="rds")))
    (finding,) = context.store.findings("anomaly")
    assert isinstance(finding.value, Anomaly)
    assert (finding.id, finding.state, finding.value.services) == (told.id, "open", ("ec2", "rds"))
    assert apply(context, scan(anomaly(service="rds"))).new == ()
    assert posts(context) == ["C0COSTS"]


def test_a_decision_on_several_services_holds_for_all_of_them(context: Context) -> None:
    (told,) = apply(context, scan(anomaly(service="ec2", parts=parts("ec2", "rds")))).new
    context.store.decide(told.id, "dismiss", actor="U0ANA", now=NOW, reason="expected")
    apply(context, scan(anomaly(service="rds", parts=parts("rds", "ec2"))))
    assert states(context) == ["dismissed"]
    assert posts(context) == ["C0COSTS"]


def test_two_cards_of_services_that_turn_out_to_be_one_end_as_one(context: Context) -> None:
    apply(context, scan(anomaly(service="ec2"), anomaly(service="rds")))
    apply(context, scan(anomaly(service="ec2", parts=parts("ec2", "rds"))))
    by_state = {finding.state: finding for finding in context.store.findings("anomaly")}
    assert by_state["resolved"].reason == f"it is one incident with {by_state['open'].id}"
    assert isinstance(by_state["open"].value, Anomaly)
    assert by_state["open"].value.service == "ec2"


def test_the_worker_is_told_what_was_one_in_whatever_state(context: Context) -> None:
    value = anomaly(lines=("ec2 prod", "rds prod"))
    (told,) = apply(context, scan(value)).new
    context.store.decide(told.id, "dismiss", actor="U0ANA", now=NOW, reason="expected")
    asked = gather(replace(context, aws=NoAccounts()))  # type: ignore[arg-type]
    assert (asked.told, asked.known) == ((), (Told(frozenset(value.lines), value.first_day, value.last_day, "up"),))
