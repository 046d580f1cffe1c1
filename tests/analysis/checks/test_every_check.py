"""What holds for every savings check: one that is written wrong is found here before its own tests."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import DataFrame

from analysis.checks import Check, checks
from analysis.models import Group
from analysis.verdicts import Verdict
from bot.collectors.scopes import Scope
from bot.iam import actions_of
from bot.savings.table_sources import MADE_APART, table_sources
from tests.analysis.checks.check_factories import price_book, table

ALL = list(checks().values())
#: Columns that the frame takes from a check's rows.
HEAD = {"account_id", "account_name", "region", "resource_id", "name", "owner", "verdict", "why", "monthly_savings"}


def read(check: Check, *, rows: int) -> list[object]:
    """Its tables: the inventory with rows of which nothing is known, everything else empty."""
    made: list[object] = []
    for name in check.tables:
        if name == "prices":
            made.append(price_book())
        elif name in MADE_APART or table_sources()[name].of or table_sources()[name].scope is Scope.BILL:
            made.append(table(name))
        else:
            made.append(table(name, *({"resource_id": f"r-{n}", "region": "xx-nowhere-1"} for n in range(rows))))
    return made


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_nothing_to_look_at_is_no_answer_and_no_fault(check: Check) -> None:
    found = check(*read(check, rows=0)).rows

    assert found.empty
    assert set(found.columns) >= HEAD


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_what_is_unknown_saves_nothing_and_every_row_gets_an_answer_with_a_reason(check: Check) -> None:
    made = read(check, rows=2)

    found = check(*made).rows

    assert isinstance(made[0], DataFrame)
    assert len(found) == len(made[0])
    assert found["verdict"].isin([v.value for v in Verdict]).all()
    assert not found["verdict"].isin([Verdict.SAVES.value]).any()
    assert found["why"].ne("").all()
    assert pd.isna(found["monthly_savings"]).all()
    if check.moves:
        for row in found.to_dict("records"):
            assert isinstance(check.moves({**check.thresholds, **{str(k): v for k, v in row.items()}}), tuple)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_its_tables_exist_and_its_calls_are_known(check: Check) -> None:
    assert all(name in MADE_APART or name in table_sources() for name in check.tables)
    assert check.tables[0] not in MADE_APART, "the rows of a check are those of its first table"
    assert all(action.count(":") == 1 for action in actions_of(check.tables))
    assert set(check.groups) <= set(Group)
    assert check.groups


def test_no_two_checks_are_one_of_the_catalogue() -> None:
    numbers = [number.strip() for check in ALL for number in check.catalogue.split(",")]

    assert len(numbers) == len(set(numbers))
