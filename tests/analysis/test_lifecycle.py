"""The states of a finding: what no sequence of verbs may reach."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import lifecycle
from analysis.lifecycle import ANOMALY, RECOMMENDATION, RULES, State, Verb, allowed, may_undo, rule_of

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
VERBS = st.lists(st.sampled_from(list(Verb)), max_size=12)


def walked(kind: str, verbs: list[Verb]) -> list[tuple[State, Verb, State]]:
    """The steps that the rules let a finding take, from open; other verbs are refused and change nothing."""
    state, steps = State.OPEN, []
    for verb in verbs:
        rule = rule_of(kind, verb)
        if rule is not None and state in rule.sources:
            steps.append((state, verb, rule.target))
            state = rule.target
    return steps


@given(VERBS)
def test_an_anomaly_is_never_approved(verbs: list[Verb]) -> None:
    assert State.APPROVED not in {after for _, _, after in walked(ANOMALY, verbs)}


@given(VERBS)
def test_a_saving_is_approved_only_by_approving_it_while_it_is_open(verbs: list[Verb]) -> None:
    for before, verb, after in walked(RECOMMENDATION, verbs):
        assert (after == State.APPROVED) == (verb == Verb.APPROVE)
        assert verb != Verb.APPROVE or before == State.OPEN


@given(st.sampled_from([ANOMALY, RECOMMENDATION]), VERBS)
def test_nobody_but_costbot_resolves_and_nothing_leaves_resolved(kind: str, verbs: list[Verb]) -> None:
    assert State.RESOLVED not in {after for _, _, after in walked(kind, verbs)}
    assert allowed(kind, State.RESOLVED) == ()


def test_a_verb_never_leads_to_the_state_it_came_from() -> None:
    assert not [rule for rules in RULES.values() for rule in rules if rule.target in rule.sources]


def test_approving_and_dismissing_a_saving_and_reopening_anything_take_an_approver() -> None:
    needing = {(kind, rule.verb) for kind, rules in RULES.items() for rule in rules if rule.needs_approver}
    assert needing == {
        (RECOMMENDATION, Verb.APPROVE),
        (RECOMMENDATION, Verb.DISMISS),
        (RECOMMENDATION, Verb.REOPEN),
        (ANOMALY, Verb.REOPEN),
    }


def test_the_table_in_the_docstring_is_the_rules() -> None:
    row = re.compile(r"^\| (\w+) +\| (\w+) +\| ([\w, ]+?) +\| (\w+) +\| (.+?) +\|$", re.MULTILINE)
    told = {
        (kind, verb, frozenset(sources.split(", ")), target, "approver" in who)
        for kind, verb, sources, target, who in row.findall(lifecycle.__doc__ or "")[1:]
    }
    assert told == {
        (kind, str(rule.verb), rule.sources, str(rule.target), rule.needs_approver)
        for kind, rules in RULES.items()
        for rule in rules
    }


@pytest.mark.parametrize(
    ("actor", "minutes", "may"), [("U1", 0, True), ("U1", 10, True), ("U1", 10.1, False), ("U2", 0, False)]
)
def test_only_who_decided_may_undo_and_for_ten_minutes(actor: str, minutes: float, may: bool) -> None:
    assert may_undo(actor=actor, decided_by="U1", decided_at=NOW, now=NOW + timedelta(minutes=minutes)) is may


def test_what_nobody_decided_nobody_undoes() -> None:
    assert not may_undo(actor="U1", decided_by=None, decided_at=None, now=NOW)
