"""The jobs around the scan: one more when the first had no bill, and only then."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.jobs import jobs, savings_scan_with_bill
from bot.workflows.scan_savings import LAST_SCAN
from tests.bot.decisions_factories import context as a_context

DUE = datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.mark.parametrize(("had_bill", "scans"), [(None, 0), (True, 0), (False, 1)])
def test_scans_again_only_when_the_last_scan_had_no_bill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, had_bill: bool | None, scans: int
) -> None:
    context = a_context(tmp_path)
    asked: list[bool] = []
    monkeypatch.setattr(savings_scan_with_bill, "scan", lambda context, *, new_cards: asked.append(new_cards))
    if had_bill is not None:
        context.store.remember(LAST_SCAN, json.dumps({"had_bill": had_bill}), context.clock.now())

    jobs()["savings_scan_with_bill"].run(context, DUE)

    assert asked == [False] * scans


def test_the_scan_has_slots_and_the_second_one_follows_the_costs() -> None:
    assert jobs()["savings_scan"].every is not None
    assert jobs()["savings_scan_with_bill"].after == "costs_refresh"
