"""`/metrics`: what costbot counted, and what its store says at this moment, as Prometheus reads it.

Without `COSTBOT_METRICS_TOKEN` there is no account and no money in it, since the port may be public; with it, only who
sends the token gets an answer, and gets those too.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as midnight

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from bot import __version__
from bot.context import Context
from bot.metrics import REGISTRY
from bot.watch.facts import Facts, gather
from bot.watch.judge import judge
from bot.watch.verdict import Severity

#: What the store says is read no more often, however often somebody scrapes.
READ_EVERY_SECONDS = 10.0


class Metrics:
    """Answers `/metrics`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        token = context.settings.metrics_token
        self._token = token.get_secret_value() if token else None
        self._registry = CollectorRegistry()
        self._registry.register(Stored(context, details=self._token is not None))

    def __call__(self, authorization: str) -> tuple[str, str, bytes]:
        """Status, content type and body for a request with this `Authorization` header."""
        if self._token is not None and not hmac.compare_digest(
            authorization.encode(), f"Bearer {self._token}".encode()
        ):
            return "401 Unauthorized", "text/plain; charset=utf-8", b"send the token of COSTBOT_METRICS_TOKEN"
        return "200 OK", CONTENT_TYPE_LATEST, generate_latest(REGISTRY) + generate_latest(self._registry)


class Stored:
    """A collector of what is in the store; read when it is asked."""

    def __init__(self, context: Context, *, details: bool) -> None:
        """
        Args:
            details: tell accounts and dollars too.
        """
        self._context = context
        self._details = details
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._facts: Facts | None = None

    def collect(self) -> Iterator[Metric]:
        """Every figure; a figure that is unknown is left out, never zero."""
        facts = self._read()
        info = GaugeMetricFamily("costbot_info", "The running costbot.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        yield from _jobs(facts)
        yield from _data(facts)
        yield from _own(facts)
        yield from self._counts()
        if self._details:
            yield from _accounts(facts)
            yield from self._dollars()

    def describe(self) -> list[Metric]:
        """Nothing: to register must not read the store."""
        return []

    def _read(self) -> Facts:
        with self._lock:
            if self._facts is None or time.monotonic() - self._read_at >= READ_EVERY_SECONDS:
                self._facts, self._read_at = gather(self._context), time.monotonic()
            return self._facts

    def _counts(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("costbot_findings", "Findings by kind and state.", labels=["kind", "state"])
        for (kind, state), count in self._context.store.watch.findings_by_state().items():
            states.add_metric([kind, state], count)
        yield states
        held = len(self._context.store.held.held())
        yield GaugeMetricFamily("costbot_held_alerts", "Alerts held back, since a channel was told enough.", value=held)

    def _dollars(self) -> Iterator[Metric]:
        # No counter: a call that turns out cheaper than booked is put right, and old days are dropped.
        spent = GaugeMetricFamily(
            "costbot_api_spend_month_usd",
            "Dollars of billed AWS calls in this month (UTC).",
            labels=["service", "operation", "unit"],
        )
        for one in self._context.store.api_spend(self._context.clock.today().replace(day=1)):
            spent.add_metric([one.service, one.operation, one.unit.value], one.usd)
        yield spent


def _jobs(facts: Facts) -> Iterator[Metric]:
    success = GaugeMetricFamily(
        "costbot_job_last_success_timestamp_seconds", "When a job last ended well.", labels=["job"]
    )
    failures = GaugeMetricFamily(
        "costbot_job_failures_in_a_row", "Failures since a job last ended well.", labels=["job"]
    )
    for job in facts.jobs:
        if job.record.last_ok_at is not None:
            success.add_metric([job.row.job], job.record.last_ok_at.timestamp())
        failures.add_metric([job.row.job], job.record.failures)
    yield success
    yield failures


def _data(facts: Facts) -> Iterator[Metric]:
    age = GaugeMetricFamily(
        "costbot_data_age_seconds", "Since the end of the last complete day of costs.", labels=["source", "provider"]
    )
    for feed in facts.window.feeds if facts.window else ():
        passed = facts.now - _begin(feed.complete_until + timedelta(days=1))
        age.add_metric(["+".join(feed.sources), feed.provider], passed.total_seconds())
    yield age
    failing = GaugeMetricFamily("costbot_source_failing_places", "Places that refuse a source.", labels=["source"])
    answered = GaugeMetricFamily(
        "costbot_source_last_answer_timestamp_seconds", "The oldest last answer of its places.", labels=["source"]
    )
    # An export's name is its address, which is nobody's business; all of them are one source here.
    names = sorted({_public(one.source) for one in facts.health})
    for name in names:
        places = [one for one in facts.health if _public(one.source) == name]
        failing.add_metric([name], sum(not one.ok for one in places))
        if all(one.last_ok_at is not None for one in places):
            answered.add_metric([name], min(one.last_ok_at.timestamp() for one in places if one.last_ok_at))
    yield failing
    yield answered


def _own(facts: Facts) -> Iterator[Metric]:
    found = judge(facts)
    troubles = GaugeMetricFamily("costbot_troubles", "What is wrong, as /cost status says it.", labels=["severity"])
    for severity in Severity:
        troubles.add_metric([severity.value], sum(one.severity is severity for one in found))
    yield troubles
    if facts.waiting is not None:
        queue = GaugeMetricFamily("costbot_queue", "What was handed over and is not done.", labels=["kind"])
        queue.add_metric(["answers"], facts.waiting.answers)
        queue.add_metric(["computations"], facts.waiting.computations)
        yield queue
    yield GaugeMetricFamily("costbot_disk_free_bytes", "Free on the disk of the data directory.", value=facts.disk.free)
    yield GaugeMetricFamily(
        "costbot_data_directory_bytes", "Bytes of the data directory.", value=facts.disk.used_by_costbot
    )


def _accounts(facts: Facts) -> Iterator[Metric]:
    newest = GaugeMetricFamily(
        "costbot_account_newest_cost_timestamp_seconds", "The newest day with costs.", labels=["account"]
    )
    for one in facts.accounts:
        newest.add_metric([one.account_id], _begin(one.newest).timestamp())
    yield newest


def _public(source: str) -> str:
    return source.partition(" ")[0]


def _begin(day: date) -> datetime:
    return datetime.combine(day, midnight(), UTC)
