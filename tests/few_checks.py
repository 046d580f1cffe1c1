"""Tests about scans, not about what is found, run three of the checks: the whole registry takes half a minute."""

from __future__ import annotations

from analysis.checks import checks

KEPT = ("ebs.unattached_volume", "ec2.rightsizing", "network.idle_address")
#: For COSTBOT_CHECKS_OFF.
OFF = ",".join(id_ for id_ in checks() if id_ not in KEPT)
#: What the kept checks read.
TABLES = {table for id_ in KEPT for table in checks()[id_].tables}
