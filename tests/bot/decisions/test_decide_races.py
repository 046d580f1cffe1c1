"""Many clicks at once, through everything that a click does."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from bot.commands import Block
from bot.store import Finding
from bot.workflows.decide import decide
from tests.bot.decisions_factories import NOW, FakeSlack, context, recommendation, slack_of

ANA, BEN = "U0ANA", "U0BEN"


class SlowSlack(FakeSlack):
    """Takes longer for an approved card than for an open one, so that answers overtake each other."""

    def update(self, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
        time.sleep(0.05 if "Approved" in text else 0.0)
        super().update(channel, ts, text, blocks)


def test_of_sixty_four_clicks_by_two_approvers_one_decides_and_the_thread_hears_of_it_once(tmp_path: Path) -> None:
    bot = context(tmp_path, settings={"approvers": (ANA, BEN)})
    finding = bot.store.record(recommendation(), NOW)
    bot.store.claim_post(finding.id, "C0COSTS", NOW)
    bot.store.confirm_post(finding.id, "C0COSTS", "17.1", NOW)
    gate = threading.Barrier(64)
    told: list[tuple[str, str]] = []

    def click(user: str) -> None:
        gate.wait()
        told.append((user, decide(bot, finding.id, "approve", user_id=user).text))

    threads = [threading.Thread(target=click, args=((ANA, BEN)[number % 2],)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = bot.store.finding(finding.id).decided_by
    assert [row.verb for row in bot.store.audit(finding.id)] == ["record", "approve"]
    assert {user for user, text in told if text.startswith("You approved")} == {winner}
    assert {user for user, text in told if f"already approved by <@{winner}>" in text} == {ANA, BEN} - {winner}
    assert len(slack_of(bot).of("post")) == 1
    bot.store.close()


def test_a_slow_redraw_of_an_old_state_does_not_stay_on_the_card(tmp_path: Path) -> None:
    slow = SlowSlack(groups={"S0FINOPS": frozenset({ANA})})
    bot = context(tmp_path, slack=slow)
    finding: Finding = bot.store.record(recommendation(), NOW)
    bot.store.claim_post(finding.id, "C0COSTS", NOW)
    bot.store.confirm_post(finding.id, "C0COSTS", "17.1", NOW)
    approving = threading.Thread(target=decide, args=(bot, finding.id, "approve"), kwargs={"user_id": ANA})
    approving.start()
    while bot.store.finding(finding.id).state == "open":
        time.sleep(0.001)
    decide(bot, finding.id, "reopen", user_id=ANA)
    approving.join()
    assert "Waiting for a decision" in slow.of("update")[-1]["text"]
    assert bot.store.redraws_due(NOW) == []
    bot.store.close()
