"""Reading many places: what one refuses is noted and left out, what may not be paid for is said once for all."""

from __future__ import annotations

import types
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.aws import AccountRef
from bot.aws.places import NotLookedAt, Place, Round
from bot.errors import SourceUnavailable
from bot.spending import CapReached
from bot.store import Store

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
PLACES = [Place(AccountRef(str(number), f"account-{number}"), "us-east-1") for number in range(40)]


@pytest.fixture
def context(tmp_path: Path) -> Any:
    return types.SimpleNamespace(
        store=Store(tmp_path / "costbot.db"), clock=types.SimpleNamespace(now=lambda: NOW), aws=None
    )


def read(context: Any, answer: Any) -> tuple[Round, dict[Place, Any]]:
    made = Round(context, lambda done, total, what: None)
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
