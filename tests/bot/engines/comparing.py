"""Two engines' rollups, row by row."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from analysis.rollups import Rollup
from bot.engines import Engine, Part
from bot.engines.result_file import type_of
from tests.bot.engines.odd_lines import TAG_KEYS

SETTLED = date(2026, 10, 20)
#: In the order of additions.
INEXACT = "quantity"
#: Any of a group's names.
ARBITRARY = "sub_account_name"

Rows = dict[Rollup, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


def rolled_up(engine: Engine, part: Part, folder: Path, kinds: Iterable[Rollup] = Rollup) -> Rows:
    """Rollups of a part: columns, and the rows in the order of their values, the inexact ones last."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {kind: folder / f"{kind.value}.parquet" for kind in kinds}
    engine.rollup(part, targets, TAG_KEYS, SETTLED)
    return {kind: _rows(path) for kind, path in targets.items()}


def _rows(path: Path) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    with duckdb.connect() as connection:
        scan = f"read_parquet('{path}')"
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        types = {str(name): str(kind) for name, kind, *_ in described}
        assert types == {name: type_of(name) for name in types}
        names = [
            *(name for name in types if name not in (INEXACT, ARBITRARY)),
            *(name for name in (INEXACT, ARBITRARY) if name in types),
        ]
        listed = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
        return tuple(names), connection.execute(f"SELECT {listed} FROM {scan} ORDER BY ALL").fetchall()


def assert_same(one: Rows, other: Rows) -> None:
    """Every group and every sum of every rollup is the same: dollars to the last digit, quantities but for rounding."""
    assert one.keys() == other.keys()
    assert one[Rollup.DAILY][1], "there are no rows to compare"
    for kind in one:
        names, ours = one[kind]
        others, theirs = other[kind]
        assert sorted(names) == sorted(others)
        exact = sum(name not in (INEXACT, ARBITRARY) for name in names)
        assert [row[:exact] for row in ours] == [row[:exact] for row in theirs]
        for mine, its in zip(ours, theirs, strict=True):
            if INEXACT in names:
                assert _close(mine[exact], its[exact]), (kind, mine, its)
            if ARBITRARY in names:
                assert (mine[-1] is None) == (its[-1] is None)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-3)
