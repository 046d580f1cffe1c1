"""`rds.multi_az_outside_prod`: a standby is only questioned where a tag says that it is not production."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged
from tests.analysis.checks.database_factories import database, databases, named

CHECK = "rds.multi_az_outside_prod"


def verdicts(*changes: dict[str, Any]) -> list[str]:
    rows = named({f"db-{n}": database(multi_az=True) | changed for n, changed in enumerate(changes)})
    return list(judged(CHECK, {"rds_instances": rows})["verdict"])


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ("fine", ["prod", "production", "prod-eu", "prd", "live", "eu-prod"]),
        ("insufficient", ["", "blue", "delivery", "testimonials", "devices"]),
        ("saves", ["dev", "staging", "stg", "qa2", "test-eu", "non-prod", "preprod", "sandbox"]),
    ],
    ids=["production", "not known", "outside"],
)
def test_only_what_is_called_outside_of_production_can_wait_for_a_restart(expected: str, words: list[str]) -> None:
    assert verdicts(*({"env": word} for word in words)) == [expected] * len(words)


def test_nothing_is_saved_where_there_is_no_standby_or_no_price() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"multi_az": False}, "fine"),
        ({"engine": "aurora-mysql", "cluster_id": "shop"}, "fine"),
        ({"cluster_id": "three-nodes"}, "fine"),
        ({"region": "eu-west-3"}, "insufficient"),
        ({"storage_type": "io2", "iops": 3000}, "insufficient"),
    ]

    assert verdicts(*({"env": "staging"} | changed for changed, _ in cases)) == [expected for _, expected in cases]


def test_saves_half_of_the_instance_and_of_its_storage() -> None:
    found = judged(CHECK, {"rds_instances": databases(database(multi_az=True, env="staging"))})

    assert found["monthly_savings"].tolist() == pytest.approx([730 * 0.178 + 100 * 0.115])


def test_the_card_says_what_is_given_up() -> None:
    (card,) = cards(CHECK, {"rds_instances": databases(database(multi_az=True, env="staging"))})

    assert (card.current, card.proposed) == ("Multi-AZ", "single AZ")
    assert card.how_computed == ("Half of $282.88 a month: $0.356 an hour × 730 h and 100 GiB of gp3, each paid twice.")
    assert "Without a standby" in card.risk_reason
    assert "--no-multi-az" in card.command
    assert card.undo.endswith("--multi-az --apply-immediately --region us-east-1")
