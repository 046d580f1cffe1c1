"""Verdicts: every row gets one answer, and missing is never zero."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame

from analysis.verdicts import Verdict, verdicts

TABLE = DataFrame({"id": ["a", "b", "c", "d"]}, index=[3, 5, 7, 9])


def test_a_missing_saving_is_fine_and_no_zero() -> None:
    found = verdicts(TABLE, saves=pd.Series([float("nan"), 0.0, -4.0, 12.0], index=TABLE.index))

    assert found.rows["verdict"].tolist() == ["fine", "fine", "fine", "saves"]
    assert found.rows["monthly_savings"].isna().tolist() == [True, True, True, False]


def test_what_is_unknown_wins_over_a_saving_and_names_the_fact() -> None:
    unknown = pd.Series([True, False, False, False], index=TABLE.index)

    found = verdicts(
        TABLE, saves=pd.Series(10.0, index=TABLE.index), insufficient=(unknown, "memory: install the agent")
    )

    assert found.counts() == {"saves": 3, "fine": 0, "insufficient": 1, "conflict": 0, "notice": 0}
    assert found.of(Verdict.INSUFFICIENT)["why"].tolist() == ["memory: install the agent"]
    assert pd.isna(found.rows["monthly_savings"].iloc[0])


def test_out_of_scope_comes_before_conflict_and_conflict_before_unknown() -> None:
    everywhere = pd.Series(True, index=TABLE.index)
    first, second = everywhere.where(TABLE["id"].eq("a"), False), everywhere.where(TABLE["id"].isin(["a", "b"]), False)

    found = verdicts(
        TABLE,
        saves=pd.Series(1.0, index=TABLE.index),
        fine=[(first, "stopped")],
        conflict=[(second, "in a group: " + TABLE["id"])],
        insufficient=[(everywhere, "nobody knows"), (everywhere, "never said")],
    )

    assert found.rows["why"].tolist() == ["stopped", "in a group: b", "nobody knows", "nobody knows"]


def test_details_are_added_beside_the_table() -> None:
    details = DataFrame({"proposed": ["x", None, None, "y"], "id": ["never"] * 4}, index=TABLE.index)

    found = verdicts(TABLE, saves=pd.Series(1.0, index=TABLE.index), details=details)

    assert found.rows["id"].tolist() == ["a", "b", "c", "d"]
    assert found.rows["proposed"].tolist()[0] == "x"
