"""The job that looks for anomalies once fresh costs are stored."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.context import Context
from bot.errors import NotEnoughData
from bot.jobs import job
from bot.workflows.scan_anomalies import scan_anomalies

log = logging.getLogger("costbot")


@job("anomaly_scan", after="costs_refresh", words="looking for anomalies")
def run(context: Context, due_at: datetime) -> None:
    """Record and post what is unusual; too short a history is no error."""
    try:
        outcome = scan_anomalies(context)
    except NotEnoughData as error:
        log.info("no anomaly scan yet: %s", error)
        return
    log.info(
        "anomalies: %d new, %d changed, %d over, %d cards posted",
        len(outcome.new), len(outcome.changed), len(outcome.resolved), outcome.posted,
    )  # fmt: skip
