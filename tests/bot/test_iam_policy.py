"""The read policy: every action exists, none writes, and each table a check reads has a collector."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from analysis.checks import checks
from bot.iam import actions_of, declared_actions, read_policy

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # policy_sentry's own imports
    from policy_sentry.querying.actions import get_action_data


def actions() -> list[str]:
    return [action for statement in read_policy()["Statement"] for action in _listed(statement["Action"])]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def access_level(action: str) -> str:
    service, _, name = action.partition(":")
    data: Any = get_action_data(service, name)
    assert data, f"{action} is no action of AWS"
    (row,) = [row for row in data[service] if row["action"].lower() == action.lower()][:1]
    return str(row["access_level"])


@pytest.mark.parametrize("action", actions())
def test_every_action_exists_and_only_reads(action: str) -> None:
    if action != "sts:AssumeRole":
        assert access_level(action) in ("Read", "List")


def test_roles_are_entered_only_by_their_one_name() -> None:
    (entering,) = [s for s in read_policy("other-role")["Statement"] if "sts:AssumeRole" in _listed(s["Action"])]

    assert entering["Resource"] == "arn:aws:iam::*:role/other-role"
    assert read_policy()["Statement"][1]["Resource"] == "arn:aws:iam::*:role/costbot-read"


def test_no_action_is_a_pattern() -> None:
    assert not [action for action in actions() if "*" in action or "?" in action]


def test_every_table_of_a_check_has_a_collector_that_declares_its_calls() -> None:
    for found in checks().values():
        assert actions_of(found.tables)


def test_a_table_without_a_collector_is_an_error() -> None:
    with pytest.raises(KeyError):
        actions_of(["ec2_instances", "made_up"])


def test_each_collector_that_asks_aws_is_in_the_policy() -> None:
    declared = {action for found in declared_actions().values() for action in found}

    assert declared
    assert declared <= set(actions())
