"""Scan for savings: gather · think · apply. It never changes anything in AWS."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from pandas import DataFrame

from analysis.checks import Check
from analysis.lifecycle import RECOMMENDATION, State
from analysis.models import Recommendation
from analysis.ranking import alternatives
from analysis.verdicts import Verdict
from bot.aws.places import NotLookedAt, Progress
from bot.commitments.kept import keep_commitments
from bot.commitments.stored_hours import stored_hours
from bot.context import Context
from bot.savings.check_settings import checks_to_run, thresholds_of
from bot.savings.last_scan import LAST_SCAN
from bot.savings.table_sources import MADE_APART, table_sources
from bot.store import Finding
from bot.workflows.gather_savings import Gathered, gather, gather_after_savings, gather_more
from bot.workflows.keep_rightsizing import RIGHTSIZING, keep_rightsizing
from bot.workflows.post_savings import Posted, post_savings
from bot.workflows.record_savings import record_savings
from bot.workflows.think_savings import Question, Thought, think
from bot.workflows.weigh_commitments import weigh_commitments

_FOLDER_PREFIX = "scan-"
_STALE_AFTER_SECONDS = 24 * 3600
#: Daily figures first; then traffic of who might be smaller; then series of who is still undecided.
_MOST_ROUNDS = 3
#: Missing facts that the note of the last scan keeps.
_MOST_FACTS = 20
#: New cards a channel gets of what takes the other savings into account, beside `COSTBOT_MAX_CARDS` of those.
_LATE_CARDS = 1

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found, and what it could not look at."""

    at: datetime
    data_until: datetime
    findings: tuple[Finding, ...]
    rows: DataFrame
    small: tuple[int, float]
    not_looked_at: tuple[NotLookedAt, ...]
    resolved: tuple[Finding, ...]
    posted: Posted

    @property
    def counts(self) -> dict[str, int]:
        """How many resources got each verdict."""
        found = self.rows["verdict"].value_counts()
        return {verdict.value: int(found.get(verdict.value, 0)) for verdict in Verdict}

    @property
    def counts_by_check(self) -> dict[str, dict[str, int]]:
        """How many resources got each verdict, by check id."""
        return {
            str(check_id): {str(verdict): int(count) for verdict, count in verdicts.value_counts().items()}
            for check_id, verdicts in self.rows.groupby("check_id")["verdict"]
        }

    @property
    def monthly_savings(self) -> float:
        """Dollars a month of everything that saves and can be had together."""
        return sum(one.monthly_savings for one in self._values if one.fingerprint not in self.alternatives)

    @property
    def alternatives(self) -> frozenset[str]:
        """Fingerprints of savings that another one on the same resource excludes."""
        return alternatives(self._values)

    @property
    def _values(self) -> list[Recommendation]:
        return [finding.value for finding in self.findings if isinstance(finding.value, Recommendation)]

    @property
    def missing_facts(self) -> dict[str, int]:
        """What could not be judged for want of which fact, most frequent first."""
        lacking = self.rows[self.rows["verdict"].eq(Verdict.INSUFFICIENT.value)]
        found = lacking["why"].str.split(":").str[0].value_counts()
        return {str(fact): int(count) for fact, count in found.items()}


def _no_progress(done: int, total: int, what: str) -> None:
    """Nobody is watching."""


def lacked_bill(context: Context) -> bool:
    """Whether the last scan had to do without the account's own prices, because no costs were stored yet.

    Waits for the scan that is running.
    """
    with _one_at_a_time:
        told = context.store.recall(LAST_SCAN)
    return told is not None and not json.loads(told)["had_bill"]


def scan(
    context: Context, progress: Progress = _no_progress, *, post: bool = True, new_cards: bool = True
) -> ScanResult:
    """Look at every account and region, record what was found, and post the cards.

    Args:
        progress: called with (done, total, what is being looked at).
        post: False records the findings and leaves Slack alone.
        new_cards: False redraws the cards that are there and leaves what is new for the next scan.
    Raises:
        SourceUnavailable: there are no working credentials at all.
    """
    with _one_at_a_time:
        return _scan(context, progress, post=post, new_cards=new_cards)


def _scan(context: Context, progress: Progress, *, post: bool, new_cards: bool) -> ScanResult:
    data_dir = context.settings.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    _drop_stale_folders(data_dir)
    with tempfile.TemporaryDirectory(prefix=_FOLDER_PREFIX, dir=data_dir) as name:
        asked = checks_to_run(context.settings)
        late = [check for check in asked if any(_is_late(table) for table in check.tables)]
        thought, gathered = _look(context, Path(name), progress, [check for check in asked if check not in late])
        recorded = record_savings(context, thought)
        posted = post_savings(context, recorded, new_cards=new_cards) if post else Posted()
        if late:
            # What takes other savings into account must find them recorded, and nobody waits for it.
            later = _look_after(context, gathered, late)
            then = record_savings(context, later)
            if post:
                posted = posted.joined(post_savings(context, then, new_cards=new_cards, most_of_these=_LATE_CARDS))
            thought, recorded = thought.joined(later), recorded.joined(then)
    result = ScanResult(
        at=context.clock.now(),
        data_until=gathered.end,
        findings=recorded.found,
        rows=thought.rows,
        small=thought.small,
        not_looked_at=tuple(gathered.round.failures),
        resolved=recorded.resolved,
        posted=posted,
    )
    facts = {
        "at": result.at.isoformat(),
        "counts": result.counts,
        "by_check": result.counts_by_check,
        "missing_facts": dict(islice(result.missing_facts.items(), _MOST_FACTS)),
        "small": result.small,
        "had_bill": gathered.has_bill,
    }
    context.store.remember(LAST_SCAN, json.dumps(facts), result.at)
    return result


def _look(context: Context, folder: Path, progress: Progress, asked: Sequence[Check]) -> tuple[Thought, Gathered]:
    gathered = gather(context, folder, progress, {table for check in asked for table in check.tables})
    question = _question(context, gathered, asked)
    thought = context.work.computed(think, question)
    for _ in range(_MOST_ROUNDS - 1):
        if not thought.needs:
            break
        gather_more(context, gathered, thought.needs)
        again = context.work.computed(think, replace(question, check_ids=thought.undecided))
        thought = thought.joined(again)
    thought = context.work.computed(
        weigh_commitments, question, thought, stored_hours(context), context.clock.now(), _dismissed(context)
    )
    if RIGHTSIZING in question.check_ids:
        context.work.computed(keep_rightsizing, question, context.settings.data_dir)
    keep_commitments(folder, context.settings.data_dir)
    gathered.round.step("verdicts")
    return thought, gathered


def _look_after(context: Context, gathered: Gathered, asked: Sequence[Check]) -> Thought:
    gather_after_savings(context, gathered, {table for check in asked for table in check.tables})
    return context.work.computed(think, _question(context, gathered, asked))


def _question(context: Context, gathered: Gathered, asked: Sequence[Check]) -> Question:
    return Question(
        gathered.folder,
        tuple(check.id for check in asked),
        thresholds_of(context.settings),
        context.settings.min_monthly_savings,
        gathered.end,
    )


def _is_late(table: str) -> bool:
    return table not in MADE_APART and table_sources()[table].after_savings


def _dismissed(context: Context) -> frozenset[str]:
    """Fingerprints of savings that people do not want."""
    values = [finding.value for finding in context.store.findings(RECOMMENDATION, (State.DISMISSED,))]
    return frozenset(value.fingerprint for value in values)


def _drop_stale_folders(data_dir: Path) -> None:
    """Folders of scans that were killed half-way."""
    for folder in data_dir.glob(f"{_FOLDER_PREFIX}*"):
        if time.time() - folder.stat().st_mtime > _STALE_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
