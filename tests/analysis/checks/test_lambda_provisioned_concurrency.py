"""`lambda.provisioned_concurrency`: what is in use, or not billed, is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.checks.check_factories import cards, judged, table
from tests.analysis.checks.lambda_factories import function
from tests.analysis.checks.nat_factories import used

CHECK = "lambda.provisioned_concurrency"
BILLED = used("Lambda-Provisioned-Concurrency", 1e6)
WARM_MONTH = 730 * 3600 * 0.0000041667


def kept(**changed: Any) -> dict[str, Any]:
    values = {"resource_id": "f-1", "qualifier": "live", "provisioned": 10.0, "used_p95_percent": 20.0}
    return values | {"used_days": 14.0} | changed


def tables(*rows: dict[str, Any], bill: Any = BILLED, **changed: Any) -> Any:
    return {
        "lambda_functions": table("lambda_functions", function(**changed)),
        "lambda_provisioned": table("lambda_provisioned", *rows),
        "usage_totals": bill,
    }


def verdict(*rows: dict[str, Any], **more: Any) -> Any:
    return judged(CHECK, tables(*rows, **more)).loc["f-1"]


def test_where_the_bill_shows_none_nothing_is_asked() -> None:
    found = verdict(bill=used("NatGateway-Bytes", 5.0))

    assert (found["verdict"], found["needs"]) == ("fine", "")


def test_without_a_bill_nothing_is_known_and_nothing_asked() -> None:
    found = verdict(bill=table("usage_totals"))

    assert (found["verdict"], found["needs"]) == ("insufficient", "")


def test_where_the_bill_shows_some_its_functions_are_asked() -> None:
    found = verdict()

    assert (found["verdict"], found["needs"]) == ("insufficient", "provisioned")


def test_a_function_that_keeps_nothing_warm_is_fine() -> None:
    assert verdict(kept(qualifier="", provisioned=0.0, used_p95_percent=None, used_days=0.0))["verdict"] == "fine"


def test_warm_instances_in_use_are_left_alone() -> None:
    assert verdict(kept(used_p95_percent=40.0))["why"] == "p95 of its warm instances is 40 % in use."


def test_a_single_warm_instance_is_left_alone() -> None:
    assert verdict(kept(provisioned=1.0))["verdict"] == "fine"


@pytest.mark.parametrize("changed", [{"used_days": 6.0}, {"used_p95_percent": None, "used_days": 0.0}])
def test_silence_is_no_idleness(changed: dict[str, Any]) -> None:
    assert verdict(kept(**changed))["verdict"] == "insufficient"


def test_saves_what_a_fifth_above_the_use_leaves() -> None:
    assert verdict(kept())["monthly_savings"] == pytest.approx(7 * WARM_MONTH)
    assert verdict(kept(), memory_mib=512.0)["monthly_savings"] == pytest.approx(3.5 * WARM_MONTH)


def test_of_two_aliases_the_one_with_most_to_spare_is_told() -> None:
    found = verdict(kept(qualifier="blue", provisioned=4.0), kept())

    assert (found["qualifier"], found["spare"]) == ("live", 7.0)


def test_the_card_sets_the_number_and_sets_it_back() -> None:
    (card,) = cards(CHECK, tables(kept()))

    assert card.reason == "10 warm instances of live, of which p95 is 20 % in use"
    assert "--qualifier live --provisioned-concurrent-executions 3 --region us-east-1" in card.command
    assert "--provisioned-concurrent-executions 10" in card.undo
