"""Times in AWS's answers: seconds and ISO 8601 in UTC are read directly, all other spellings as botocore reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp

_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")


def moment(value: Any) -> datetime:
    """A time of an answer, aware.

    botocore looks up the machine's own time zone for every number, and guesses at every text: of a page of metrics or
    of keys, that is most of the work.
    """
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str) and _IN_UTC.fullmatch(value):
        return datetime.fromisoformat(value)
    found: datetime = parse_timestamp(value)
    return found
