"""Filters of subscriptions: who is told of an account and an owner, and who is when nobody's filter fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.context import Context
from bot.delivery.recipients import recipients
from bot.store import Subscription
from tests.bot.decisions_factories import NOW
from tests.bot.decisions_factories import context as made_context

PROD, STAGING = "111122223333", "444455556666"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return made_context(tmp_path, settings={"alert_channel": "C0COSTS"})


def wanted(channel: str, kind: str = "anomalies", least: float | None = None, **filters: str) -> Subscription:
    return Subscription(channel, kind, None, least, "U0ANA", NOW, **filters)


@pytest.mark.parametrize(
    ("about", "channels"),
    [
        ({}, ["C0ALL"]),
        ({"account": STAGING, "team": "search"}, ["C0ALL"]),
        ({"account": PROD}, ["C0ALL", "C0PROD"]),
        ({"account": STAGING, "also_in": (PROD,)}, ["C0ALL", "C0PROD"]),
        ({"account": PROD, "team": "Payments"}, ["C0ALL", "C0BOTH", "C0PAY", "C0PROD"]),
        ({"account": STAGING, "team": "payments"}, ["C0ALL", "C0PAY"]),
        ({"account": PROD, "amount": -4.0}, ["C0ALL"]),
        ({"account": PROD, "amount": -5.0}, ["C0ALL", "C0PROD"]),
    ],
)
def test_only_those_whose_filters_fit(context: Context, about: dict[str, Any], channels: list[str]) -> None:
    for one in (
        wanted("C0ALL"),
        wanted("C0PROD", least=5.0, account=PROD),
        wanted("C0PAY", team="payments"),
        wanted("C0BOTH", team="payments", account=PROD),
        wanted("C0SAVE", kind="savings"),
    ):
        context.store.subscribe(one)

    assert [one.channel for one in recipients(context, "anomalies", **about)] == channels


def test_what_nobody_asked_for_goes_to_the_alert_channel(context: Context) -> None:
    context.store.subscribe(wanted("C0PAY", team="payments"))

    assert [one.channel for one in recipients(context, "anomalies", team="search")] == ["C0COSTS"]
    assert [one.channel for one in recipients(context, "anomalies", team="payments")] == ["C0PAY"]
    assert [one.channel for one in recipients(context, "budgets")] == ["C0COSTS"]
    assert recipients(context, "weekly") == []


def test_without_an_alert_channel_it_goes_nowhere(tmp_path: Path) -> None:
    assert recipients(made_context(tmp_path), "anomalies", account=PROD) == []
