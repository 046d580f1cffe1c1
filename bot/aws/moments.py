"""Times in AWS's answers: numbers of seconds become UTC directly, all other spellings as botocore reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp


def moment(value: Any) -> datetime:
    """A time of an answer, aware.

    botocore looks up the machine's own time zone for every number: of a page of metrics, that is most of the work.
    """
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    found: datetime = parse_timestamp(value)
    return found
