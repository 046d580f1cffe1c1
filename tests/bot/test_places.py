"""Reading many places: what one refuses is noted and left out, what may not be paid for is said once for all."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.aws import AccountList, AccountRef, RegionList
from bot.aws.places import NotLookedAt, Place, Round
from bot.cost_files import CostFiles
from bot.errors import SourceUnavailable
from bot.spending import CapReached
from bot.store import Store
from tests.bot.costs.cost_factories import full
from tests.bot.costs.cost_factories import store as store_costs

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PROD, STAGING = AccountRef("111122223333", "prod"), AccountRef("444455556666", "staging")
PLACES = [Place(AccountRef(str(number), f"account-{number}"), "us-east-1") for number in range(40)]


class Listing:
    """An `Aws` that only lists accounts and regions."""

    def __init__(self) -> None:
        self.accounts = AccountList((PROD, STAGING))
        self.by_account: dict[str, RegionList] = {}

    def account_list(self) -> AccountList:
        return self.accounts

    def region_list(self, account_id: str) -> RegionList:
        return self.by_account[account_id]


@pytest.fixture
def context(tmp_path: Path) -> Any:
    return types.SimpleNamespace(
        store=Store(tmp_path / "costbot.db"),
        clock=types.SimpleNamespace(now=lambda: NOW, today=NOW.date),
        aws=Listing(),
        costs=CostFiles(tmp_path),
        settings=types.SimpleNamespace(accounts=(), regions=()),
    )


def a_round(context: Any) -> Round:
    return Round(context, lambda done, total, what: None)


def billed(context: Any, *accounts: tuple[str, str | None], day: date = date(2026, 11, 20)) -> None:
    rows = [full(day, 1.0, sub_account_id=id_, sub_account_name=name) for id_, name in accounts]
    store_costs(context.costs, rows, source="focus")


def test_a_whole_organisation_on_the_bill_is_no_news(context: Any) -> None:
    billed(context, (PROD.id, "prod"), (STAGING.id, "staging"))
    made = a_round(context)
    assert made.accounts() == (PROD, STAGING)
    assert made.failures == []


def test_an_account_on_the_bill_that_is_not_in_the_organisation_is_named(context: Any) -> None:
    billed(context, (PROD.id, "prod"), ("999988887777", "acquired"), ("888877776666", None))
    made = a_round(context)
    made.accounts()
    [gap] = made.failures
    assert (gap.source, gap.account_name) == ("organizations", "2 accounts")
    assert gap.sentence == (
        "888877776666 and acquired (999988887777) are on the bill of the last 30 days and not in the organisation, so "
        "they are not looked at; COSTBOT_ACCOUNTS can name every account."
    )
    assert [health.source for health in context.store.source_health() if not health.ok] == []


def test_an_account_that_left_long_ago_or_of_another_cloud_is_no_news(context: Any) -> None:
    billed(context, ("999988887777", "acquired"), day=date(2026, 10, 1))
    store_costs(
        context.costs, [full(date(2026, 11, 20), 1.0, provider="Oracle", sub_account_id="ocid1")], source="focus"
    )
    made = a_round(context)
    made.accounts()
    assert made.failures == []


def test_where_the_settings_name_the_accounts_no_other_is_missed(context: Any) -> None:
    context.settings.accounts = (PROD.id,)
    billed(context, ("999988887777", "acquired"))
    made = a_round(context)
    made.accounts()
    assert made.failures == []


def test_accounts_that_are_closed_are_told_in_one_sentence(context: Any) -> None:
    closed = tuple(AccountRef(f"{number:012}", f"old-{number}") for number in range(7))
    context.aws.accounts = AccountList((PROD,), None, closed)
    billed(context, *((ref.id, ref.name) for ref in closed))
    made = a_round(context)
    assert made.accounts() == (PROD,)
    assert [gap.sentence for gap in made.failures] == [
        "old-0 (000000000000), old-1 (000000000001), old-2 (000000000002), old-3 (000000000003) and 3 more are "
        "suspended or closed: AWS lets nobody look into them."
    ]


def test_names_of_the_organisation_are_kept_for_bills_without_any(context: Any) -> None:
    billed(context, (PROD.id, None), (STAGING.id, "as billed"))
    a_round(context).accounts()
    assert context.costs.account_names() == {PROD.id: "prod", STAGING.id: "as billed"}
    context.aws.accounts = AccountList((AccountRef(STAGING.id, STAGING.id),))
    a_round(context).accounts()
    assert context.costs.account_names()[PROD.id] == "prod", "an account that left keeps its name"


def test_regions_of_the_settings_that_cannot_be_looked_at_are_told_once_each(context: Any) -> None:
    context.settings.regions = ("us-east-1", "ap-east-1", "eu-west-9")
    context.aws.by_account = {
        PROD.id: RegionList(("ap-east-1", "us-east-1"), (), ("eu-west-9",)),
        STAGING.id: RegionList(("us-east-1",), ("ap-east-1",), ("eu-west-9",)),
    }
    made = a_round(context)
    assert made.regions((PROD, STAGING)) == {PROD: ("ap-east-1", "us-east-1"), STAGING: ("us-east-1",)}
    assert [gap.sentence for gap in made.failures] == [
        "COSTBOT_REGIONS names eu-west-9, which AWS does not know; correct it.",
        "ap-east-1 of COSTBOT_REGIONS is not enabled in 1 of 2 accounts: nothing can run there, so it is skipped.",
    ]


def test_regions_that_nobody_asked_for_are_skipped_in_silence(context: Any) -> None:
    context.aws.by_account = {PROD.id: RegionList(("us-east-1",), ("ap-east-1",))}
    made = a_round(context)
    assert made.regions((PROD,)) == {PROD: ("us-east-1",)}
    assert made.failures == []


def read(context: Any, answer: Any) -> tuple[Round, dict[Place, Any]]:
    made = a_round(context)
    return made, made.read("cloudwatch", PLACES, answer)


def test_a_place_that_fails_stops_no_other_and_is_named(context: Any) -> None:
    def answer(place: Place) -> str:
        if place.account.id == "7":
            raise SourceUnavailable("AWS refuses it.", "Add it.")
        return place.region

    made, found = read(context, answer)
    assert len(found) == 39
    assert made.failures == [NotLookedAt("cloudwatch", "7", "account-7", "us-east-1", "AWS refuses it. Add it.")]
    assert [health.account_id for health in context.store.source_health() if not health.ok] == ["7"]


def test_a_cap_is_told_once_however_many_places_it_hides(context: Any) -> None:
    def answer(place: Place) -> str:
        if int(place.account.id) >= 10:
            raise CapReached("CloudWatch metrics are not read.", "Raise the cap.")
        return place.region

    made, found = read(context, answer)
    assert len(found) == 10
    said = "CloudWatch metrics are not read. Raise the cap."
    assert made.failures == [NotLookedAt("cloudwatch", None, "30 of 40 places", None, said)]
    failing = [health for health in context.store.source_health() if not health.ok]
    assert [(health.source, health.account_id, health.sentence) for health in failing] == [("cloudwatch", None, said)]

    read(context, lambda place: place.region)
    assert [health for health in context.store.source_health() if not health.ok] == []
