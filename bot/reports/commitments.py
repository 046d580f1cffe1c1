"""Commitments that end soon, and what the bill does on that day."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from pandas import DataFrame

from analysis.commitments.expiry import cliffs, renewed
from bot.blocks import elements
from bot.blocks.elements import name
from bot.blocks.report import Section, Table
from bot.commitments.figures import owned_and_used
from bot.commitments.kept import kept_commitments
from bot.reports.given import Given

#: Days ahead in which an end is told.
AHEAD = 60
MOST_POINTS = 4


def commitments_section(given: Given) -> Section:
    """Those that end in the next days and that no queued purchase follows, the next first."""
    title = f"Commitments ending in {AHEAD} days"
    if given.scope.team:
        return Section("commitments", title, problem="Commitments belong to accounts, not to a team.")
    if not kept_commitments(given.context.settings.data_dir):
        return Section("commitments", title, problem="No scan for savings has read yet what is owned.")
    now = pd.Timestamp(given.context.clock.now().replace(tzinfo=None))
    told, use = owned_and_used(given.context)
    held = told[told["problem"].eq("")].join(cliffs(told, use, now))
    held = held[held["days_left"].fillna(1).gt(0)]
    if given.scope.account:
        held = held[held["account_id"].eq(given.scope.account)]
    is_renewed = renewed(held) if len(held) else pd.Series(dtype=bool)
    ending = held[held["days_left"].le(AHEAD) & held["state"].eq("active") & ~is_renewed]
    unread = tuple(f"Not all could be read: {problem}" for problem in dict.fromkeys(told["problem"]) if problem)
    if ending.empty:
        many = "1 commitment is" if len(held) == 1 else f"{len(held)} commitments are"
        none = f"None ends in the next {AHEAD} days; {many} owned." if len(held) else "None is owned."
        return Section("commitments", title, (none, *unread))
    rows = [_row(row) for row in ending.sort_values("ends_at").to_dict("records")]
    return Section(
        key="commitments",
        title=title,
        lines=(_lead(ending), *unread),
        points=tuple(f"{ends}: {label} ({account}), {cliff}" for label, account, ends, _, cliff in rows[:MOST_POINTS]),
        table=Table(("Commitment", "Account", "Ends", "A month now", "On that day"), tuple(rows), (3,)),
        notes=("A month of 730 hours, in US dollars, at the use of the newest days.",),
    )


def _lead(ending: DataFrame) -> str:
    many = "1 commitment ends" if len(ending) == 1 else f"{len(ending)} commitments end"
    cliffs = [float(value) for value in ending["monthly_cliff"] if pd.notna(value)]
    unknown = len(ending) - len(cliffs)
    if not cliffs:
        return f"{many}; what their usage then costs is not known."
    rest = f"; of {unknown} it is not known" if unknown else ""
    total = math.fsum(cliffs)
    verb = "rises" if total >= 0 else "falls"
    return f"{many}; where nothing follows, the bill then {verb} by {elements.money(abs(total))} a month{rest}."


def _row(row: Mapping[Hashable, Any]) -> tuple[str, str, str, str, str]:
    ends, monthly, cliff = row["ends_at"], _known(row["monthly_commitment"]), _known(row["monthly_cliff"])
    change = "not known" if cliff is None else f"{elements.money(cliff, signed=True)} a month"
    until = f"{ends:%b} {ends.day}, {ends.year}"
    return name(row["name"]), name(row["account_name"]), until, elements.money(monthly), change


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
