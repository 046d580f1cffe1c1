"""Whatever names AWS and people come up with, Slack takes every message of a decision and pings nobody."""

from __future__ import annotations

import dataclasses
from datetime import date, time, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.daily_summary import Mover, daily_summary
from analysis.lifecycle import State
from analysis.movers import Change
from bot.blocks.decision_line import already_text, decision_blocks, history_text
from bot.blocks.decision_modals import Origin, dismiss_modal, snooze_modal
from bot.blocks.digest import MissingSource, digest_blocks, digest_text
from bot.blocks.home import Home, MonthSoFar, home_view
from bot.demo.slack.limits import check_message, check_view
from bot.store import AuditRow, Finding, Subscription
from tests.bot.decisions_factories import NOW, anomaly, recommendation
from tests.bot.digest.test_digest_blocks import digest

NAMES = st.one_of(
    st.sampled_from(["<!channel>", "<@U0ANA>", "`*_~&lt;", "x" * 5000, "é" * 400, "a\nb\tc", " . ", "```"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300),
)
MONEY = st.floats(-1e9, 1e9)
STATES = st.sampled_from([state for state in State if state != State.OPEN])


def finding(value: Any, state: State = State.OPEN, **decided: Any) -> Finding:
    kind = "anomaly" if hasattr(value, "severity") else "recommendation"
    number = "A-3K8P" if kind == "anomaly" else "S-7Q2M"
    values = {"decided_by": None, "decided_at": None, "reason": None, "note": None, "until": None} | decided
    return Finding(number, kind, state, value, 1, False, NOW, NOW, **values)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    name = draw(NAMES)
    value = draw(
        st.sampled_from(
            [
                anomaly(service_name=name, account_name=name, impact_per_day=draw(MONEY)),
                recommendation(
                    resource_name=name,
                    account_name=name,
                    region=name,
                    current=name,
                    proposed=name,
                    effect=name,
                    command=name,
                    undo=name,
                    monthly_savings=draw(MONEY),
                ),
            ]
        )
    )
    return finding(value)


def pings(shown: Any) -> bool:
    """Whether mrkdwn anywhere in it addresses a channel."""
    if isinstance(shown, dict):
        if shown.get("type") == "mrkdwn" and "<!channel>" in shown["text"]:
            return True
        return any(pings(part) for part in shown.values())
    return any(pings(part) for part in shown) if isinstance(shown, list) else False


@given(findings(), STATES, NAMES)
def test_a_decided_finding_fits_and_pings_nobody(value: Finding, state: State, note: str) -> None:
    decided = dataclasses.replace(
        value, state=state, decided_by="U0ANA", decided_at=NOW, reason="expected", note=note, until=NOW
    )
    row = AuditRow(NOW, value.id, "U0ANA", "verb", "open", state, "expected", note, NOW, "C0COSTS", "1.1", "0")
    blocks = decision_blocks(decided, undo=True)
    assert check_message({"text": already_text(decided), "blocks": blocks}) == []
    assert not pings(blocks)
    assert "<!channel>" not in history_text(decided, row) + already_text(decided)


@given(findings())
def test_both_dialogs_fit_and_ping_nobody(value: Finding) -> None:
    origin = Origin(value.id, "C0COSTS", "1700000000.000001", "https://hooks.slack.test/" + "x" * 200)
    for view in (dismiss_modal(value, origin), snooze_modal(value, origin)):
        assert check_view(view) == []
        assert not pings(view)
        assert Origin.from_metadata(view["private_metadata"]) == origin


@given(st.lists(findings(), max_size=3), NAMES, st.sampled_from([True, False, None]))
def test_the_home_tab_fits_and_pings_nobody(found: list[Finding], name: str, is_approver: bool | None) -> None:
    several = [dataclasses.replace(one, id=f"{one.id[:2]}{number:04d}") for number, one in enumerate(found)]
    view = home_view(
        Home(
            tuple(one for one in several if one.kind == "anomaly"),
            tuple(one for one in several if one.kind != "anomaly"),
            (Subscription("C0COSTS", "digest", time(9), None, "U0ANA", NOW, "It is archived."),),
            MonthSoFar(1.0, "USD", "effective", "Nov 18", NOW) if is_approver else f"No costs of {name}.",
            is_approver,
        )
    )
    assert check_view(view) == []
    assert not pings(view)


@settings(max_examples=40)
@given(st.lists(findings(), max_size=4), st.lists(st.tuples(NAMES, MONEY), max_size=5), st.lists(NAMES, max_size=9))
def test_the_digest_fits_and_pings_nobody(
    found: list[Finding], moved: list[tuple[str, float]], failing: list[str]
) -> None:
    movers = tuple(Mover(name, None, amount, amount, None) for name, amount in moved)
    shown = digest(
        summary={"movers": movers, "main_cause": moved[0][0] if moved else None, "week": Change(None, 0.0)},
        missing=tuple(MissingSource(name, name, NOW - timedelta(hours=1)) for name in failing),
        note=failing[0] if failing else None,
        late_since=NOW,
        stale_reason="The last complete day is 9 days ago.",
    )
    shown = dataclasses.replace(shown, decisions=dataclasses.replace(shown.decisions, dearest=tuple(found)))
    blocks = digest_blocks(shown)
    assert check_message({"text": digest_text(shown), "blocks": blocks}) == []
    assert len(blocks) <= 12
    assert not pings(blocks)
    assert "<!channel>" not in digest_text(shown)


@pytest.mark.parametrize("known", [1, 2, 13, 14, 20, 28])
def test_the_digest_of_a_young_history_fits(known: int) -> None:
    last = date(2026, 11, 18)
    days = [last - timedelta(days=back) for back in range(known)]
    daily = pd.DataFrame({"date": pd.to_datetime(days), "key": "EC2", "cost": 10.0})
    summary = daily_summary(daily, day=last, first_day=days[-1])
    shown = dataclasses.replace(digest(), summary=summary)
    assert check_message({"text": digest_text(shown), "blocks": digest_blocks(shown)}) == []
