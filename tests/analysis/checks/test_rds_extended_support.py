"""`rds.extended_support`: charged from a date on, told half a year before, and silent on versions it does not know."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.analysis.checks.check_factories import cards, judged, price_book
from tests.analysis.checks.database_factories import database, databases, named

CHECK = "rds.extended_support"
RDS = "Amazon Relational Database Service"


MYSQL_8 = database(engine="mysql", engine_version="8.0.39")


def test_does_not_charge_what_is_not_charged() -> None:
    aurora_2 = {"engine": "aurora-mysql", "engine_version": "5.7.mysql_aurora.2.11.4"}
    cases: dict[str, tuple[dict[str, Any], str, str]] = {
        "current": ({"engine": "postgres", "engine_version": "16.4"}, "fine", "In standard support until 2029-03-01"),
        "mariadb": ({"engine": "mariadb", "engine_version": "10.6.14"}, "fine", "no extended support for mariadb"),
        "sqlserver": (
            {"engine": "sqlserver-se", "engine_version": "15.00"},
            "fine",
            "no extended support for sqlserver",
        ),
        "left": ({"lifecycle_support": "open-source-rds-extended-support-disabled"}, "fine", "Not enrolled"),
        "newest": ({"engine_version": "9.7.1"}, "insufficient", "mysql 9.7.1 leaves standard support"),
        "versionless": ({"engine_version": ""}, "insufficient", "leaves standard support"),
        "over": ({"engine_version": "5.7.44", "seen_at": pd.Timestamp(2029, 7, 1)}, "insufficient", "is over"),
        "18": ({"engine": "postgres", "engine_version": "18.4"}, "fine", "In standard support until 2031-03-01"),
        "stopped": ({"status": "stopped"}, "insufficient", "stopped"),
        "serverless": (aurora_2 | {"instance_class": "db.serverless"}, "insufficient", "capacity units"),
        "class": ({"instance_class": "db.x9.large"}, "insufficient", "The vCPUs of db.x9.large"),
        "elsewhere": ({"region": "eu-west-3"}, "insufficient", "The price of extended support in eu-west-3"),
    }
    rows = named({name: MYSQL_8 | changed for name, (changed, _, _) in cases.items()})

    found = judged(CHECK, {"rds_instances": rows})

    assert found["verdict"].to_dict() == {name: expected for name, (_, expected, _) in cases.items()}
    assert [name for name, (_, _, words) in cases.items() if words not in found["why"][name]] == []


def test_is_told_half_a_year_before_and_charged_from_its_day_on() -> None:
    days = {"181 days before": (2026, 2, 1), "180": (2026, 2, 2), "1": (2026, 7, 31), "0": (2026, 8, 1)}
    rows = named({name: MYSQL_8 | {"seen_at": pd.Timestamp(*day)} for name, day in days.items()})

    assert judged(CHECK, {"rds_instances": rows})["verdict"].tolist() == ["fine", "notice", "notice", "saves"]


def test_the_surcharge_goes_by_vcpus_standbys_and_years() -> None:
    postgres_12 = {"engine": "postgres", "engine_version": "12.19"}
    cases: dict[str, tuple[dict[str, Any], float]] = {
        "plain": ({}, 2 * 0.10 * 730),
        "standby": ({"multi_az": True}, 4 * 0.10 * 730),
        "large": ({"instance_class": "db.r5.4xlarge"}, 16 * 0.10 * 730),
        "third year": ({"engine_version": "5.7.44"}, 2 * 0.20 * 730),
        "longer than three": (
            {"engine_version": "5.7.44", "seen_at": pd.Timestamp(2029, 6, 30)},
            2 * 0.20 * 730,
        ),
        "postgres": ({"engine": "postgres", "engine_version": "13.9"}, 2 * 0.10 * 730),
        "day before": (postgres_12 | {"seen_at": pd.Timestamp(2027, 2, 28)}, 2 * 0.10 * 730),
        "first day": (postgres_12 | {"seen_at": pd.Timestamp(2027, 3, 1)}, 2 * 0.20 * 730),
        "aurora": ({"engine": "aurora-mysql", "engine_version": "5.7.mysql_aurora.2.11.4", "cluster_id": "c"}, 146.0),
    }
    rows = named({name: MYSQL_8 | changed for name, (changed, _) in cases.items()})

    found = judged(CHECK, {"rds_instances": rows})

    assert found["monthly_savings"].to_dict() == pytest.approx({name: usd for name, (_, usd) in cases.items()})


def test_the_price_on_the_own_bill_comes_first() -> None:
    book = price_book(own=[("eu-west-3", RDS, "ExtendedSupport:Yr1-Yr2:MySQL8.0", 0.122)])

    found = judged(CHECK, {"rds_instances": databases(MYSQL_8 | {"region": "eu-west-3"})}, prices=book)

    assert found["monthly_savings"].tolist() == pytest.approx([2 * 0.122 * 730])


def test_the_card_of_a_cluster_upgrades_the_cluster() -> None:
    row = database(
        engine="aurora-postgresql",
        engine_version="13.9",
        cluster_id="shop",
        cluster_arn="arn:aws:rds:us-east-1:111122223333:cluster:shop",
    )

    (card,) = cards(CHECK, {"rds_instances": databases(row)})

    assert card.reason == "aurora-postgresql 13.9: in extended support since 2026-03-01"
    assert card.how_computed == "2 vCPU × $0.1 a vCPU-hour × 730 h is the surcharge, on top of the instance."
    assert "the third year's price on 2028-03-01" in card.ignores
    assert "--source arn:aws:rds:us-east-1:111122223333:cluster:shop" in card.command
    assert "starts_with(EngineVersion, '17')" in card.command
    assert "delete-blue-green-deployment" in card.undo


def test_what_is_coming_is_told_with_its_price_and_saves_nothing_yet() -> None:
    row = database(engine="postgres", engine_version="14.12")

    (card,) = cards(CHECK, {"rds_instances": databases(row)})

    assert card.is_notice
    assert card.reason == "postgres 14.12: extended support begins on 2027-03-01, in 101 days"
    assert card.monthly_cost == pytest.approx(146.0)
