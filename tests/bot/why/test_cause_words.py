"""Causes in words: a usage type as people say it, told apart where two would read the same."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.causes import Cause, Effect
from bot.causes.cause_words import Words, how_it_moved

WORDS = Words(lambda account: {"1": "prod"}.get(account, account), "team")


def cause(**changed: Any) -> Cause:
    known: dict[str, Any] = {
        "account": "1", "region": "us-east-1", "service": "EC2 - Other", "usage_type": "NatGateway-Bytes", "tag": "",
        "category": "Usage", "before": 100, "now": 300, "change": 200, "share": 1.0, "effects": ((Effect.USAGE, 200),),
        "quantities": None, "unit": "",
    }  # fmt: skip
    return Cause(**(known | changed))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "us-east-1 NAT gateway traffic"),
        ({"usage_type": "USE1-Nova-tokens", "service": "Amazon Bedrock"}, "Bedrock us-east-1 Nova-tokens"),
        ({"usage_type": "RDS:GP3-Storage", "service": "Amazon Relational Database Service"}, "RDS:GP3-Storage"),
        ({"usage_type": ""}, "EC2 - Other"),
        ({"usage_type": "", "service": "Amazon Elastic Compute Cloud - Compute"}, "EC2"),
        ({"usage_type": "", "service": ""}, "everything"),
        ({"category": "Tax", "service": "Tax"}, "tax"),
        ({"category": "Credit", "service": "AmazonEC2"}, "credits of EC2"),
    ],
)
def test_what_moved(changed: dict[str, str], said: str) -> None:
    assert WORDS.what(cause(**changed)) == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "prod"),
        ({"tag": "search"}, "prod, team search"),
        ({"usage_type": "RDS:GP3-Storage"}, "prod, us-east-1"),
        ({"account": "", "region": "global"}, ""),
    ],
)
def test_where_it_moved(changed: dict[str, str], said: str) -> None:
    assert WORDS.where(cause(**changed)) == said


def test_small_effects_are_not_named_and_several_have_their_dollars() -> None:
    both = cause(effects=((Effect.USAGE, 150), (Effect.RATE, 45), (Effect.MIX, 5)), quantities=(2.5, 1234.4), unit="GB")
    assert how_it_moved(both, "USD") == "more used +$1.50, dearer per unit +$0.45, 2.5 → 1,234 GB a day"
    assert how_it_moved(cause(effects=((Effect.COVERAGE, -200),))) == "more covered by commitments"
