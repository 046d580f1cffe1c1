"""Findings in the store: upserts, ids, states, the audit."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import CostbotError
from bot.store import COSTBOT, AlreadyDecided, NotAllowed, Store
from tests.bot.decisions_factories import NOW, anomaly, recommendation


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "costbot.db")
    yield store
    store.close()


def test_knows_no_finding_that_was_never_recorded(store: Store) -> None:
    with pytest.raises(CostbotError, match=r"There is no finding “A-1234”.*/cost anomalies"):
        store.finding("A-1234")
    assert store.findings() == []


def test_suggests_the_nearest_id(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    mistyped = finding.id[:-1] + ("X" if finding.id[-1] != "X" else "Y")
    with pytest.raises(CostbotError, match=f"Did you mean {finding.id}"):
        store.finding(mistyped)


def test_reads_an_id_however_it_is_typed(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    assert store.finding(f" `{finding.id.lower()}` ").id == finding.id
    assert store.finding(finding.value.fingerprint).id == finding.id


def test_the_same_finding_on_a_later_morning_is_not_new_and_has_the_new_figures(store: Store) -> None:
    first = store.record(anomaly(impact_total=100.0), NOW)
    again = store.record(anomaly(impact_total=200.0), NOW + timedelta(days=1))
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.id, again.value.impact_total) == (first.id, 200.0)  # type: ignore[union-attr]
    assert len(store.findings("anomaly")) == 1


def test_recording_again_keeps_the_decision(store: Store) -> None:
    finding = store.record(recommendation(), NOW)
    store.decide(finding.id, "dismiss", actor="U0ANA", now=NOW, reason="accepted", note="we like it big")
    again = store.record(recommendation(monthly_savings=1.0), NOW + timedelta(days=1))
    assert (again.state, again.decided_by) == ("dismissed", "U0ANA")
    assert (again.reason, again.note) == ("accepted", "we like it big")


def test_what_was_resolved_and_is_back_opens_again(store: Store) -> None:
    finding = store.record(recommendation(), NOW)
    assert store.resolve(finding.id, NOW, "the instance is gone").state == "resolved"
    again = store.record(recommendation(), NOW + timedelta(days=1))
    assert (again.state, again.is_new, again.decided_by) == ("open", False, None)


def test_resolving_leaves_a_dismissal_alone(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    store.decide(finding.id, "dismiss", actor="U0BEN", now=NOW, reason="expected")
    assert store.resolve(finding.id, NOW, "gone").state == "dismissed"


def test_an_anomaly_cannot_be_approved(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    with pytest.raises(NotAllowed, match=r"An anomaly cannot be approved.*acknowledge, snooze, dismiss"):
        store.decide(finding.id, "approve", actor="U0ANA", now=NOW)
    assert [row.verb for row in store.audit(finding.id)] == ["record"]


def test_an_open_finding_cannot_be_reopened(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    with pytest.raises(NotAllowed, match="nothing to take back"):
        store.decide(finding.id, "reopen", actor="U0ANA", now=NOW)


def test_a_snooze_without_an_end_is_refused(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    with pytest.raises(NotAllowed, match="end that lies ahead"):
        store.decide(finding.id, "snooze", actor="U0ANA", now=NOW, until=NOW)


def test_a_second_decision_learns_who_was_first(store: Store) -> None:
    finding = store.record(recommendation(), NOW)
    store.decide(finding.id, "approve", actor="U0ANA", now=NOW)
    with pytest.raises(AlreadyDecided) as refused:
        store.decide(finding.id, "dismiss", actor="U0BEN", now=NOW + timedelta(minutes=1))
    assert (refused.value.finding.decided_by, refused.value.finding.decided_at) == ("U0ANA", NOW)


def test_a_decision_about_an_older_version_does_not_count(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    store.decide(finding.id, "acknowledge", actor="U0ANA", now=NOW)
    with pytest.raises(AlreadyDecided):
        store.decide(finding.id, "dismiss", actor="U0BEN", now=NOW, version=finding.version)


def test_reopening_clears_the_decision_and_the_audit_keeps_it(store: Store) -> None:
    finding = store.record(recommendation(), NOW)
    store.decide(finding.id, "approve", actor="U0ANA", now=NOW, channel="C0COSTS", ts="1.2")
    opened = store.decide(finding.id, "reopen", actor="U0ANA", now=NOW + timedelta(minutes=2))
    assert (opened.state, opened.decided_by, opened.decided_at) == ("open", None, None)
    rows = store.audit(finding.id)
    assert [(r.actor, r.verb, r.from_state, r.to_state) for r in rows] == [
        (COSTBOT, "record", None, "open"),
        ("U0ANA", "approve", "open", "approved"),
        ("U0ANA", "reopen", "approved", "open"),
    ]
    assert (rows[1].channel, rows[1].ts) == ("C0COSTS", "1.2")


def test_a_snooze_ends_at_its_time_and_not_before(store: Store) -> None:
    finding = store.record(anomaly(), NOW)
    until = NOW + timedelta(days=1)
    assert store.decide(finding.id, "snooze", actor="U0BEN", now=NOW, until=until).until == until
    assert store.wake(until - timedelta(seconds=1)) == []
    assert [f.state for f in store.wake(until)] == ["open"]
    assert store.wake(until) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'U0BEN'", "DELETE FROM audit"])
def test_the_file_itself_refuses_to_change_the_audit(store: Store, tmp_path: Path, statement: str) -> None:
    store.record(anomaly(), NOW)
    connection = sqlite3.connect(tmp_path / "costbot.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_lists_by_kind_and_state(store: Store) -> None:
    first = store.record(anomaly(), NOW)
    second = store.record(recommendation(), NOW)
    store.decide(second.id, "approve", actor="U0ANA", now=NOW)
    assert [f.id for f in store.findings("anomaly")] == [first.id]
    assert [f.id for f in store.findings(states={"approved"})] == [second.id]
    assert store.findings("anomaly", {"approved"}) == []


def test_a_finding_of_another_version_is_left_out_of_lists_until_it_is_recorded_anew(
    store: Store, tmp_path: Path
) -> None:
    finding = store.record(anomaly(), NOW)
    connection = sqlite3.connect(tmp_path / "costbot.db")
    connection.execute("UPDATE findings SET value = '{}'")
    connection.commit()
    connection.close()
    assert store.findings() == []
    with pytest.raises(CostbotError, match=r"another version.*next scan"):
        store.finding(finding.id)
    assert store.record(anomaly(), NOW) == dataclasses.replace(finding, is_new=False)


def test_three_hundred_findings_have_three_hundred_ids(store: Store) -> None:
    ids = {store.record(recommendation(resource_id=f"i-{n:04d}"), NOW).id for n in range(300)}
    assert len(ids) == 300
