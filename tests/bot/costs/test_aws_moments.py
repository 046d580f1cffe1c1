"""Times as AWS's protocols write them are the same moment, whatever the machine's time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.aws.moments import moment


@pytest.mark.parametrize(
    "written",
    [
        1763632800,
        1763632800.0,
        "2025-11-20T10:00:00Z",
        "2025-11-20T10:00:00.000Z",
        "2025-11-20T11:00:00+01:00",
        "Thu, 20 Nov 2025 10:00:00 GMT",
        "1763632800",
    ],
)
def test_every_spelling_is_the_same_moment(written: Any) -> None:
    assert moment(written) == datetime(2025, 11, 20, 10, tzinfo=UTC)


def test_parts_of_a_second_are_kept() -> None:
    assert moment(1763632800.25).microsecond == 250_000
