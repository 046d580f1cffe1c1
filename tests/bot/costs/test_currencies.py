"""Bills in other currencies: shown as they are in every message; never mixed, converted or added to dollars."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.digest import OpenDecisions, digest_blocks, digest_text
from bot.blocks.elements import SYMBOLS, WITHOUT_CENTS, money
from bot.blocks.home import home_view
from bot.commands import Request
from bot.commands.savings import savings
from bot.commands.subscribe import subscribe
from bot.commands.subscriptions import subscriptions
from bot.cost_files import CostFiles
from bot.errors import CostbotError
from bot.store import Subscription
from bot.workflows.home_facts import home_facts
from bot.workflows.refresh_costs import refresh
from bot.workflows.send_digest import gather_digest
from tests.bot.costs import cost_factories
from tests.bot.costs.cost_factories import ask, days, full, store, texts
from tests.bot.costs.fake_explorer import FakeExplorer, charge
from tests.bot.decisions_factories import NOW, anomaly, recommendation
from tests.bot.decisions_factories import context as a_context

SHOWN = {"EUR": "€12.34", "GBP": "£12.34", "JPY": "¥12", "CHF": "12.34 CHF", "USD": "$12.34"}


def bill(data_dir: Path, currency: str, *, until: date = date(2026, 11, 22)) -> None:
    first = date(2026, 9, 1)
    rows = [full(day, 12.34, currency=currency) for day in days(first, (until - first).days + 1)]
    store(CostFiles(data_dir), rows, source="focus")


@pytest.mark.parametrize(("currency", "shown"), SHOWN.items())
def test_trend_of_an_export_is_in_the_bill_s_currency(tmp_path: Path, currency: str, shown: str) -> None:
    bill(tmp_path, currency)
    reply = ask(tmp_path, "--days 14")
    assert f"steady at {shown}/day" in reply.text
    assert f"Usage only, in {currency}" in texts(reply)
    assert currency == "USD" or "$" not in reply.text + json.dumps(reply.blocks)


@pytest.mark.parametrize(("currency", "shown"), SHOWN.items())
def test_trend_of_cost_explorer_is_in_the_bill_s_currency(tmp_path: Path, currency: str, shown: str) -> None:
    charges = [charge(day, 12.34) for day in days(date(2026, 10, 15), 40)]
    made = cost_factories.context(tmp_path, explorer=FakeExplorer(charges, currency=currency))
    assert refresh(made).error is None
    assert made.costs.currency() == currency
    assert f"steady at {shown}/day" in ask(tmp_path, "--days 14").text


def test_a_bill_of_another_currency_is_refused_beside_the_stored_one_and_what_was_paid_for_is_told(
    tmp_path: Path,
) -> None:
    bill(tmp_path, "EUR", until=date(2026, 9, 30))
    charges = [charge(day, 12.34) for day in days(date(2026, 10, 15), 40)]
    made = cost_factories.context(tmp_path, explorer=FakeExplorer(charges))
    result = refresh(made)
    assert result.requests == 1, "nothing more is paid for that cannot be stored"
    assert isinstance(result.error, CostbotError)
    assert "EUR and USD cannot be added up in one data directory." in str(result.error)
    assert made.costs.currency() == "EUR"


@pytest.fixture
def yen(tmp_path: Path) -> Any:
    """A bot with a bill in yen, an anomaly on it and a saving in dollars."""
    bill(tmp_path, "JPY", until=date(2026, 11, 18))
    made = a_context(tmp_path)
    made.store.record(anomaly(currency="JPY", impact_per_day=41000.4), NOW)
    made.store.record(recommendation(monthly_savings=279.0), NOW)
    made.store.subscribe(Subscription("C0COSTS", "anomalies", None, 5000.0, "U0ANA", NOW))
    made.store.subscribe(Subscription("C0COSTS", "savings", None, 50.0, "U0ANA", NOW))
    return made


def test_the_digest_shows_costs_in_yen_and_savings_in_dollars_and_says_why(yen: Any) -> None:
    digest = gather_digest(yen)
    text = digest_text(digest)
    assert "¥12" in text
    assert "1 anomaly (+¥41,000/day) and 1 saving ($279/month) wait for a decision" in text
    shown = json.dumps(digest_blocks(digest), ensure_ascii=False)
    assert (
        "Savings are in USD, at AWS's list prices; the bill is in JPY: costbot neither converts nor adds them." in shown
    )
    assert not re.search(r"¥[\d,]+\.\d", shown)


def test_a_digest_of_one_currency_explains_none(tmp_path: Path) -> None:
    bill(tmp_path, "USD", until=date(2026, 11, 18))
    made = a_context(tmp_path)
    made.store.record(recommendation(monthly_savings=279.0), NOW)
    assert "neither converts" not in json.dumps(digest_blocks(gather_digest(made)))


def test_savings_of_several_currencies_are_not_added(yen: Any) -> None:
    yen.store.record(recommendation(resource_id="i-2", monthly_savings=30.0, currency="EUR"), NOW)
    assert "2 savings (unknown/month)" in digest_text(gather_digest(yen))
    reply = savings.answer(Request("savings", (), "U0BEN", "C0COSTS"), yen)
    assert reply.text == "€30.00 and $279 a month could be saved: 2 savings to decide."
    assert "Savings are in EUR and USD, at AWS's list prices; the bill is in JPY" in texts(reply)


def test_savings_beside_a_bill_in_dollars_need_no_word(tmp_path: Path) -> None:
    bill(tmp_path, "USD")
    made = a_context(tmp_path)
    made.store.record(recommendation(), NOW)
    reply = savings.answer(Request("savings", (), "U0BEN", "C0COSTS"), made)
    assert "neither converts" not in texts(reply)


def test_home_and_subscriptions_name_the_currency_of_each_amount(yen: Any) -> None:
    shown = json.dumps(home_view(home_facts(yen, "U0ANA")), ensure_ascii=False)
    assert "anomalies from ¥5,000 on" in shown
    assert "savings from $50 on" in shown
    assert "*¥222* this month up to Nov 18" in shown
    told = subscriptions.answer(Request("subscriptions", (), "U0BEN", "C0COSTS"), yen).text
    assert told == "This channel gets anomalies from ¥5,000 on, savings from $50 on."
    said = subscribe.answer(Request("subscribe", ("anomalies", "--min", "¥9,000"), "U0BEN", "C0COSTS"), yen).text
    assert "a card for every cost anomaly of at least ¥9,000 a day" in said


@given(
    amount=st.floats(-1e12, 1e12),
    currency=st.sampled_from(["USD", "EUR", "GBP", "JPY", "KRW", "CHF", "CNY", "AUD"]),
    signed=st.booleans(),
    cents=st.none() | st.booleans(),
)
def test_money_always_names_its_currency_and_keeps_the_amount(
    amount: float, currency: str, signed: bool, cents: bool | None
) -> None:
    text = money(amount, currency, signed=signed, cents=cents)
    assert (SYMBOLS[currency] in text) if currency in SYMBOLS else text.endswith(f" {currency}")
    digits = re.sub(r"[^\d.]", "", text)
    assert ("." in digits) <= (currency not in WITHOUT_CENTS)
    step = 0.01 if "." in digits else 1.0
    assert abs(float(digits) - abs(amount)) <= step / 2 + 1e-3
    assert text.startswith("−") == (amount < 0 and float(digits) > 0)


@pytest.mark.parametrize("currency", ["<!channel>", "*US*", "", "usd", "X" * 500])
def test_a_currency_that_is_none_can_neither_ring_a_channel_nor_grow(currency: str) -> None:
    text = money(12.0, currency)
    assert "<" not in text
    assert len(text) < 40


def test_a_digest_without_savings_explains_nothing(yen: Any) -> None:
    digest = gather_digest(yen)
    none = dataclasses.replace(digest, decisions=OpenDecisions(1, 40.0, 0, 0.0, 0, 0.0))
    assert "neither converts" not in json.dumps(digest_blocks(none))
