"""Where what the last scan for savings found is kept."""

from __future__ import annotations

#: The fact that tells of the last scan: when it ended, how many resources got which verdict (of all checks and by
#: check), what was missing most, how many savings were below the minimum, and whether there was a bill for prices.
LAST_SCAN = "savings.last_scan"
