"""The jobs around the scan: one more when the first had no bill, and only then."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.jobs import jobs, savings_scan, savings_scan_with_bill
from bot.savings.last_scan import LAST_SCAN
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


def test_the_first_scan_waits_for_the_first_refresh_to_end_even_if_it_failed(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    context.store.claim_job("costs_refresh", DUE, DUE)
    ended = threading.Timer(0.3, lambda: context.store.finish_job("costs_refresh", DUE, DUE, "AWS said no."))
    ended.start()

    savings_scan.await_first_costs(context, patience_seconds=30)

    assert context.store.last_run("costs_refresh").error == "AWS said no."
    ended.join()


def test_a_refresh_that_hangs_holds_no_scan_back_for_ever(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    context.store.claim_job("costs_refresh", DUE, DUE)

    savings_scan.await_first_costs(context, patience_seconds=0.1)

    assert context.store.last_run("costs_refresh").finished_at is None
