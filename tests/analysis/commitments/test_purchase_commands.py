"""The commands that a person runs to buy: they are ones that AWS knows, with what the proposal says filled in."""

from __future__ import annotations

import shlex
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from analysis.commitments.purchase_commands import purchase_commands

NODE: dict[str, Any] = {
    "years": 3.0,
    "payment": "All Upfront",
    "kind": "Reserved",
    "family": "x",
    "platform": "",
    "place": "eu-west-1",
    "instance_type": "x.large",
    "multi_az": False,
    "service": "",
}
PLATFORMS = {
    "AmazonEC2": "Linux/UNIX", "AmazonRDS": "PostgreSQL", "AmazonElastiCache": "Redis", "AmazonES": "",
    "AmazonRedshift": "",
}  # fmt: skip
PLAN = NODE | {"kind": "EC2Instance", "family": "m5", "years": 1.0, "payment": "Partial Upfront", "service": ""}
SHARES = [*(NODE | {"service": name, "platform": platform} for name, platform in PLATFORMS.items()), PLAN]


@pytest.mark.parametrize("share", SHARES, ids=lambda share: share["service"] or share["kind"])
def test_every_option_is_one_of_the_operation(share: dict[str, Any]) -> None:
    session = botocore.session.get_session()
    listing, buying = purchase_commands(share, 1.5, 4.0)
    for line in (listing, buying):
        _, service, command, *options = shlex.split(line)
        model = session.get_service_model(service)
        [operation] = [name for name in model.operation_names if xform_name(name, "-") == command]
        known = {xform_name(name, "-") for name in model.operation_model(operation).input_shape.members}
        told = {one.removeprefix("--") for one in options if one.startswith("--")} - {"region", "query"}
        assert {one if one in known else one.removeprefix("no-") for one in told} <= known
        required = model.operation_model(operation).input_shape.required_members
        assert {xform_name(name, "-") for name in required} <= told
    assert "OFFERING_ID" in buying
    assert "OFFERING_ID" not in listing


def test_a_plan_is_bought_where_its_service_is_with_its_upfront_part() -> None:
    listing, buying = purchase_commands(PLAN, 1.5, None)

    assert "--region us-east-1" in buying
    assert buying.endswith("--commitment 1.500 --upfront-payment-amount 6570.00")
    assert "name=region,values=eu-west-1 name=instanceFamily,values=m5" in listing


@pytest.mark.parametrize("changed", [{"instance_type": ""}, {"service": "AmazonDynamoDB"}])
def test_what_cannot_be_told_is_no_command(changed: dict[str, Any]) -> None:
    assert purchase_commands(NODE | {"service": "AmazonRDS"} | changed, 1.5, 4.0) == ()


@pytest.mark.parametrize("count", [None, float("nan"), 0.0])
def test_no_instance_is_no_command(count: float | None) -> None:
    assert purchase_commands(NODE | {"service": "AmazonRDS"}, 1.5, count) == ()


@pytest.mark.parametrize("service", list(PLATFORMS))
def test_no_command_ends_a_code_block(service: str) -> None:
    assert "`" not in "".join(purchase_commands(NODE | {"service": service}, 1.5, 1.0))


def test_names_are_quoted() -> None:
    listing, _ = purchase_commands(NODE | {"service": "AmazonRDS", "platform": "x; rm -rf"}, 1.5, 1.0)

    assert "'x; rm -rf'" in listing
