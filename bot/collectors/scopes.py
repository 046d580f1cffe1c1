"""How often a table is read: in every region of an account, once in an account, once of the stored bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """Where a collector's table comes from.

    A module of `bot/collectors/` that has a `SCOPE` fills the table of its own name, of `COLUMNS`, for which it may
    make the calls `ACTIONS`:

    - `PLACE` and `ACCOUNT`: `fetch(aws, account_id, region)` asks AWS, `parse(answer, here)` makes the table;
    - either of them with `OF`, the inventory table it belongs to: `collect(aws, here, rows, window, need)` asks about
      those rows and makes the table; `NEEDS` are the kinds of evidence that checks may ask for in a second round;
    - `BILL`: `read(context)` makes it of the stored costs, without a call about resources. With `AFTER_SAVINGS` it is
      read once the savings of the other checks are recorded, as it takes them into account.
    """

    PLACE = "place"
    ACCOUNT = "account"
    BILL = "bill"


@dataclass(frozen=True, slots=True)
class Window:
    """The days [start, end) that a scan looks at, at midnight UTC."""

    start: datetime
    end: datetime
