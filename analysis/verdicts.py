"""What a check says about every row it looked at: saves, fine, insufficient evidence, conflict, or a notice.

Nothing is left unsaid: a row without a saving is *fine*, and a row that could not be judged names the fact that is
missing and how to get it. Missing is never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd
from pandas import DataFrame, Series


class Verdict(StrEnum):
    """The answers of a check; a *notice* asks for something that saves nothing by itself."""

    SAVES = "saves"
    FINE = "fine"
    INSUFFICIENT = "insufficient"
    CONFLICT = "conflict"
    NOTICE = "notice"


#: A condition and its reason: one sentence for all rows, or one per row.
Because = tuple["Series[bool]", "str | Series[str]"]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One answer per row of the table.

    `rows` has the table's own index and columns plus `verdict`, `monthly_savings` (dollars; missing unless it
    saves), `plus_minus` (dollars a month that it may be off), `why` (a sentence; for *insufficient* the missing fact
    and how to get it) and the check's details.
    """

    rows: DataFrame

    def of(self, verdict: Verdict) -> DataFrame:
        """The rows that got `verdict`."""
        return self.rows[self.rows["verdict"].eq(verdict.value)]

    def counts(self) -> dict[str, int]:
        """How many rows got each verdict; all are named."""
        found = self.rows["verdict"].value_counts()
        return {verdict.value: int(found.get(verdict.value, 0)) for verdict in Verdict}


def verdicts(
    table: DataFrame,
    *,
    saves: Series[float],
    insufficient: Because | Sequence[Because] = (),
    conflict: Because | Sequence[Because] = (),
    fine: Because | Sequence[Because] = (),
    notice: Because | Sequence[Because] = (),
    plus_minus: Series[float] | None = None,
    details: DataFrame | None = None,
) -> Verdicts:
    """Answer for every row of `table`.

    Args:
        table: the rows looked at; never changed.
        saves: dollars a month; missing or not above zero where nothing is saved.
        insufficient, conflict, fine, notice: conditions with their reasons. The first that holds wins, in the order
            *fine* (out of scope), *conflict*, *insufficient*, *notice*, and all of them win over a saving.
        plus_minus: dollars a month by which a saving may be off; none where it is exact.
        details: more columns for the rows, on the same index.
    """
    verdict = pd.Series(Verdict.FINE.value, index=table.index, dtype="object")
    verdict[saves.gt(0)] = Verdict.SAVES.value
    why = pd.Series("", index=table.index, dtype="object")
    decided = pd.Series(False, index=table.index)
    for name, reasons in (
        (Verdict.FINE, fine),
        (Verdict.CONFLICT, conflict),
        (Verdict.INSUFFICIENT, insufficient),
        (Verdict.NOTICE, notice),
    ):
        for holds, sentence in _pairs(reasons):
            first = holds.fillna(False).astype(bool) & ~decided
            verdict[first] = name.value
            why[first] = sentence[first] if isinstance(sentence, Series) else sentence
            decided |= first
    rows = table if details is None else table.join(details[details.columns.difference(table.columns, sort=False)])
    return Verdicts(
        rows.assign(
            verdict=verdict.astype("str"),
            why=why.astype("str"),
            monthly_savings=saves.where(verdict.eq(Verdict.SAVES.value)),
            plus_minus=0.0 if plus_minus is None else plus_minus.fillna(0.0),
        )
    )


def _pairs(reasons: Because | Sequence[Because]) -> Sequence[Because]:
    if isinstance(reasons, tuple) and len(reasons) == 2 and isinstance(reasons[0], Series):
        return [(reasons[0], reasons[1])]
    return list(reasons)
