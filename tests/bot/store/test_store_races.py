"""Many hands at once: one winner, nothing lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.charges import Charge, Unit
from bot.store import AlreadyDecided, Store
from tests.bot.decisions_factories import NOW, recommendation

THREADS = 64


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run `work` in many threads that start together."""
    gate = threading.Barrier(count)

    def wait_and_work(number: int) -> None:
        gate.wait()
        work(number)

    threads = [threading.Thread(target=wait_and_work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_64_threads_that_decide_on_one_saving_one_wins_every_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "costbot.db")
    for turn in range(10):
        one_round(store, f"i-{turn}")
    store.close()


def one_round(store: Store, resource_id: str) -> None:
    """Half of the threads approve, half dismiss."""
    finding = store.record(recommendation(resource_id=resource_id), NOW)
    winners: list[str] = []
    losers: list[str | None] = []

    def click(number: int) -> None:
        try:
            store.decide(finding.id, ("approve", "dismiss")[number % 2], actor=f"U{number}", now=NOW)
            winners.append(f"U{number}")
        except AlreadyDecided as refused:
            losers.append(refused.finding.decided_by)

    at_once(THREADS, click)
    assert len(winners) == 1
    assert losers == winners * (THREADS - 1), "every loser learns who won"
    assert [row.actor for row in store.audit(finding.id)] == ["costbot", winners[0]]


def test_two_stores_on_one_file_give_one_winner_too(tmp_path: Path) -> None:
    stores = [Store(tmp_path / "costbot.db"), Store(tmp_path / "costbot.db")]
    finding = stores[0].record(recommendation(), NOW)
    won: list[int] = []

    def click(number: int) -> None:
        try:
            stores[number % 2].decide(finding.id, "approve", actor=f"U{number}", now=NOW)
            won.append(number)
        except AlreadyDecided:
            pass

    at_once(16, click)
    assert len(won) == 1
    for store in stores:
        store.close()


def test_eight_threads_lose_none_of_400_writes(tmp_path: Path) -> None:
    store = Store(tmp_path / "costbot.db")
    charge = Charge("ce", "GetCostAndUsage", Unit.PAGE, 1, 0.01)
    at_once(8, lambda _: [store.book(charge, NOW, requests_a_day=None, cap_usd=None) for _ in range(50)] and None)
    [spent] = store.api_spend(NOW.date())
    assert (spent.calls, round(spent.usd, 2)) == (400, 4.0)
    store.close()


def test_of_many_claims_for_one_post_one_is_granted(tmp_path: Path) -> None:
    store = Store(tmp_path / "costbot.db")
    granted: list[bool] = []
    at_once(16, lambda _: granted.append(store.claim_post("A-1", "C0COSTS", NOW)))
    assert granted.count(True) == 1
    store.close()


@pytest.mark.parametrize("statement", ["store.claim_post('A-1', 'C0COSTS', NOW)", "store.claim_job('scan', NOW, NOW)"])
def test_a_claim_of_a_killed_process_is_given_once_more_and_no_further(tmp_path: Path, statement: str) -> None:
    script = (
        "import os, sys, pathlib\n"
        "from bot.store import Store\n"
        "from tests.bot.decisions_factories import NOW\n"
        "store = Store(pathlib.Path(sys.argv[1]))\n"
        f"sys.stdout.write(str({statement}))\n"
        "sys.stdout.flush()\n"
        "os._exit(9)\n"
    )
    path = tmp_path / "costbot.db"

    def killed() -> str:
        done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == 9, done.stderr
        return done.stdout

    assert [killed(), killed(), killed()] == ["True", "True", "False"]
