"""`rds.multi_az_outside_prod`: a standby is only questioned where a tag says that it is not production."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged
from tests.analysis.checks.database_factories import database, databases

CHECK = "rds.multi_az_outside_prod"


def verdict(**changed: Any) -> Any:
    return judged(CHECK, {"rds_instances": databases(database(multi_az=True) | changed)}).loc["db-1"]


@pytest.mark.parametrize("env", ["prod", "production", "prod-eu", "prd", "live", "eu-prod"])
def test_production_keeps_its_second_zone(env: str) -> None:
    assert verdict(env=env)["verdict"] == "fine"


@pytest.mark.parametrize("env", ["", "blue", "delivery", "testimonials", "devices"])
def test_an_environment_that_is_not_known_is_none(env: str) -> None:
    assert verdict(env=env)["verdict"] == "insufficient"


@pytest.mark.parametrize("env", ["dev", "staging", "stg", "qa2", "test-eu", "non-prod", "preprod", "sandbox"])
def test_what_is_no_production_can_wait_for_a_restart(env: str) -> None:
    assert verdict(env=env)["verdict"] == "saves"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"multi_az": False}, "fine"),
        ({"engine": "aurora-mysql", "cluster_id": "shop"}, "fine"),
        ({"cluster_id": "three-nodes"}, "fine"),
        ({"region": "eu-west-3"}, "insufficient"),
        ({"storage_type": "io2", "iops": 3000}, "insufficient"),
    ],
)
def test_nothing_is_saved_where_there_is_no_standby_or_no_price(changed: dict[str, Any], expected: str) -> None:
    assert verdict(env="staging", **changed)["verdict"] == expected


def test_saves_half_of_the_instance_and_of_its_storage() -> None:
    assert verdict(env="staging")["monthly_savings"] == pytest.approx(730 * 0.178 + 100 * 0.115)


def test_the_card_says_what_is_given_up() -> None:
    (card,) = cards(CHECK, {"rds_instances": databases(database(multi_az=True, env="staging"))})

    assert (card.current, card.proposed) == ("Multi-AZ", "single AZ")
    assert card.how_computed == ("Half of $282.88 a month: $0.356 an hour × 730 h and 100 GiB of gp3, each paid twice.")
    assert "Without a standby" in card.risk_reason
    assert "--no-multi-az" in card.command
    assert card.undo.endswith("--multi-az --apply-immediately --region us-east-1")
