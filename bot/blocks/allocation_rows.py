"""The rows of an allocation as a message shows them: the dearest by name, the rest folded, all together the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.allocation import CHARGES, Allocation, Share, folded
from analysis.models import Chart, Series
from bot.blocks import elements
from bot.blocks.elements import Block, money, percent

#: Owners that are named; `--all` names as many as a table of Slack's holds.
MOST_OWNERS, MOST_OWNERS_OF_ALL = 12, 90
MOST_BARS = 8
MAX_LABEL = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line, in cents; `before` is None where nothing can be compared, `untagged` is a part of `direct`."""

    owner: str
    direct: int
    shared: int
    untagged: int
    estimated: int
    before: int | None
    is_default: bool = False

    @property
    def cents(self) -> int:
        return self.direct + self.shared


def rows_of(now: Allocation, before: Allocation | None) -> list[Row]:
    """Every owner of either period: dearest first, what is no category and what has no owner last.

    Owners without a cent in either are left out.
    """
    earlier = {folded(share.owner): share for share in before.shares} if before else {}
    found = [_row(share, earlier.pop(folded(share.owner), None), before is not None) for share in now.shares]
    gone = [Row(share.owner, 0, 0, 0, 0, share.cents, share.is_default) for share in earlier.values()]
    rows = [row for row in (*found, *gone) if row.direct or row.shared or row.before]
    return sorted(
        rows, key=lambda row: (row.is_default, row.owner == CHARGES, -row.cents, -(row.before or 0), row.owner)
    )


def _row(share: Share, earlier: Share | None, compares: bool) -> Row:
    before = (earlier.cents if earlier else 0) if compares else None
    return Row(
        share.owner,
        share.direct_cents,
        share.shared_cents,
        share.untagged_cents,
        share.estimated,
        before,
        share.is_default,
    )


def folded_rows(rows: Sequence[Row], most: int, what: str) -> list[Row]:
    """At most `most` owners by name, the rest as one line, the default by itself.

    Args:
        what: what the owners are, in the plural.
    """
    named = [row for row in rows if not row.is_default]
    if len(named) <= most + 1:
        return list(rows)
    rest = named[most:]
    others = Row(
        f"{len(rest)} other {what}",
        sum(row.direct for row in rest),
        sum(row.shared for row in rest),
        sum(row.untagged for row in rest),
        sum(row.estimated for row in rest),
        None if rest[0].before is None else sum(row.before or 0 for row in rest),
    )
    return [*named[:most], others, *(row for row in rows if row.is_default)]


def rows_table(rows: Sequence[Row], head: str, currency: str) -> Block:
    """The table; columns in which every line is empty are left out. Its last line is the total."""
    total = sum(row.cents for row in rows)
    all_together = Row(
        "Total",
        sum(row.direct for row in rows),
        sum(row.shared for row in rows),
        sum(row.untagged for row in rows),
        0,
        None if rows[0].before is None else sum(row.before or 0 for row in rows),
    )
    lines = [_cells(row, total, currency) for row in (*rows, all_together)]
    columns = (head, "Direct", "Shared", "Total", "Share", "Change", "Untagged")
    has_shared = any(row.shared for row in rows)
    kept = [
        at
        for at, used in enumerate(
            (
                True,
                has_shared,
                has_shared,
                True,
                True,
                rows[0].before is not None,
                any(row.untagged and not row.is_default for row in rows),
            )
        )
        if used
    ]
    return elements.table(
        [columns[at] for at in kept], [[line[at] for at in kept] for line in lines], right=range(1, len(kept))
    )


def _cells(row: Row, total: int, currency: str) -> tuple[str, ...]:
    about = "≈ " if row.estimated else ""
    return (
        elements.name(row.owner),
        about + dollars(row.direct, currency),
        dollars(row.shared, currency),
        about + dollars(row.cents, currency),
        percent(row.cents / total) if total > 0 else "–",
        _change(row, currency),
        dollars(row.untagged, currency) if row.untagged else "–",
    )


def _change(row: Row, currency: str) -> str:
    if row.before is None:
        return "–"
    if row.before == 0 and row.cents:
        return "new"
    return money((row.cents - row.before) / 100, currency, signed=True)


def dollars(cents: int, currency: str) -> str:
    """An amount to the cent, so that a reader can add up."""
    return money(cents / 100, currency, cents=True)


def rows_chart(rows: Sequence[Row], title: str, now: str, before: str, currency: str) -> Chart | None:
    """Bars of the dearest owners, now and before; None where there is nothing to draw."""
    if not rows:
        return None
    series = [Series(now, tuple(row.cents / 100 for row in rows))]
    if rows[0].before is not None:
        series.append(Series(before, tuple((row.before or 0) / 100 for row in rows)))
    return Chart(title, _labels(rows), tuple(series), currency)


def _labels(rows: Sequence[Row]) -> tuple[str, ...]:
    """Names short enough for a chart, each only once."""
    taken: list[str] = []
    for row in rows:
        label = elements.name(row.owner, MAX_LABEL) or "–"
        at = 1
        while label in taken:
            at += 1
            label = f"{elements.name(row.owner, MAX_LABEL - 1 - len(str(at)))} {at}"
        taken.append(label)
    return tuple(taken)
