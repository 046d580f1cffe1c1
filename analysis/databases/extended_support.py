"""When each version of an engine leaves standard support, and what AWS charges from then on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame, Series

#: Engines that AWS has extended support for.
ENGINES = ("mysql", "postgres", "aurora-mysql", "aurora-postgresql")
#: Release calendars of RDS and Aurora as of 2026-07-23: first day charged, first day at the third year's price, first
#: day without support; `upgrade_to` is a major version whose standard support lasts. AWS announced in June 2026 that
#: MySQL 5.7 keeps its extended support until 2029-06-30. Aurora MySQL 2 is named there too, but its calendar still
#: says 2027-02-28: the earlier day stands, as after it nothing is claimed.
_FILE = Path(__file__).parents[1] / "data" / "rds_extended_support.csv"
_NOT_ENROLLED = "open-source-rds-extended-support-disabled"


def major_version(databases: DataFrame) -> Series[str]:
    """`8.0` of MySQL 8.0.39, `13` of PostgreSQL 13.9, `3` of Aurora MySQL 8.0.mysql_aurora.3.04.0; missing if unknown.

    Args:
        databases: needs engine, engine_version.
    """
    engine, version = databases["engine"], databases["engine_version"]
    mysql = version.str.extract(r"^(\d+\.\d+)(?:\.|$)")[0]
    postgres = version.str.extract(r"^(\d{2,})(?:\.|$)")[0]
    aurora = version.str.extract(r"mysql_aurora\.(\d+)\.")[0]
    found = mysql.where(engine.eq("mysql"))
    found = found.where(~engine.isin(["postgres", "aurora-postgresql"]), postgres)
    return found.where(engine.ne("aurora-mysql"), aurora)


def support(databases: DataFrame) -> DataFrame:
    """Where each database stands (needs engine, engine_version, lifecycle_support, seen_at).

    Returns:
        Same index: `covered` (its engine has extended support), `enrolled`, `year_1`, `year_3`, `end` (missing where
        the version is not in the calendar), `upgrade_to`, `bill_name`; `days_left` until it is charged, negative since
        then; `third_year`: charged at that price; `over`: past its extended support.
    """
    keyed = databases[["engine"]].assign(major=major_version(databases))
    dates = _calendar().reindex(pd.MultiIndex.from_frame(keyed)).set_index(databases.index)
    today = databases["seen_at"].dt.normalize()
    return dates.assign(
        covered=databases["engine"].isin(ENGINES),
        enrolled=databases["lifecycle_support"].ne(_NOT_ENROLLED),
        days_left=(dates["year_1"] - today).dt.days.astype("float64"),
        third_year=today.ge(dates["year_3"]),
        over=today.ge(dates["end"]),
    )


@cache
def _calendar() -> DataFrame:
    rows = pd.read_csv(_FILE, dtype="str", keep_default_na=False)
    for name in ("year_1", "year_3", "end"):
        rows[name] = pd.to_datetime(rows[name], errors="coerce").astype("datetime64[us]")
    return rows.set_index(["engine", "major"])
