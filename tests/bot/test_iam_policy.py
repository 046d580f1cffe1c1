"""The read policy: every action exists, none writes, and each table a check reads has a collector."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest

from analysis.checks import checks
from bot.collectors.scopes import Scope
from bot.demo.aws.shapes import service_model
from bot.engines import athena
from bot.errors import CostbotError
from bot.exports import glue_table, s3
from bot.iam import actions_of, declared_actions, read_policy
from bot.savings.table_sources import MADE_APART, table_sources

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # policy_sentry's own imports
    from policy_sentry.querying.actions import get_action_data


def actions() -> list[str]:
    return [action for statement in read_policy()["Statement"] for action in _listed(statement["Action"])]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


#: Actions that are younger than policy_sentry's list; AWS's own model of the service has them.
YOUNGER = {"kms:GetKeyLastUsage": "Read"}


def access_level(action: str) -> str:
    if action in YOUNGER:
        service, _, operation = action.partition(":")
        assert operation in service_model(service).operation_names
        return YOUNGER[action]
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
        asked = [name for name in found.tables if name in MADE_APART or table_sources()[name].scope is not Scope.BILL]
        assert actions_of(asked) or set(asked) <= {"prices"}, "only the stored bill is read without a call"


def test_a_table_without_a_collector_is_an_error() -> None:
    with pytest.raises(KeyError):
        actions_of(["ec2_instances", "made_up"])


def test_each_collector_that_asks_aws_is_in_the_policy() -> None:
    declared = {action for found in declared_actions().values() for action in found}

    assert declared
    assert declared <= set(actions())


WITH_EXPORTS = read_policy(buckets=["billing/exports", "s3://focus-exports"], athena_results="athena-results/costbot")
#: What Athena does with its results as the one who asked, and that it runs a query at all: all in one bucket or group.
WRITES = {
    "athena:StartQueryExecution", "athena:StopQueryExecution", "s3:PutObject", "s3:AbortMultipartUpload",
}  # fmt: skip


def statements(policy: dict[str, Any], service: str) -> list[dict[str, Any]]:
    """Those of a service, besides the one of what every account is asked."""
    of_service = [s for s in policy["Statement"] if any(a.startswith(f"{service}:") for a in _listed(s["Action"]))]
    return [s for s in of_service if s["Sid"] != "CostbotReads"]


def test_without_a_bucket_no_object_is_read_and_nothing_asked_of_athena() -> None:
    assert not [action for action in actions() if action.startswith(("athena:", "glue:"))]
    assert not [action for action in actions() if action.startswith("s3:") and "Object" in action]


def test_objects_are_read_in_named_buckets_only() -> None:
    found = statements(WITH_EXPORTS, "s3")

    assert found
    for statement in found:
        assert all(re.fullmatch(r"arn:aws:s3:::[a-z-]+(/.*)?", resource) for resource in statement["Resource"])
    assert [s["Resource"] for s in statements(read_policy(buckets=["billing/exports", "b-2"]), "s3")] == [
        ["arn:aws:s3:::b-2", "arn:aws:s3:::billing"],
        ["arn:aws:s3:::b-2/*", "arn:aws:s3:::billing/exports/*"],
    ]


def test_what_reads_exports_writes_nothing() -> None:
    policy = read_policy(buckets=["billing"])
    added = [action for s in policy["Statement"][2:] for action in _listed(s["Action"])]

    assert {access_level(action) for action in added} <= {"Read", "List"}


def test_what_asks_athena_exists_and_writes_only_results() -> None:
    asked = {action for s in WITH_EXPORTS["Statement"][2:] for action in _listed(s["Action"])}

    assert {action for action in asked if access_level(action) not in ("Read", "List")} == WRITES
    for statement in WITH_EXPORTS["Statement"]:
        if "s3:PutObject" in _listed(statement["Action"]):
            assert statement["Resource"] == ["arn:aws:s3:::athena-results/costbot/*"]


def test_every_call_of_the_engine_and_the_catalogue_is_in_the_policy() -> None:
    asked = {action for s in WITH_EXPORTS["Statement"] for action in _listed(s["Action"])}

    assert {*athena.ACTIONS, *glue_table.ACTIONS, *s3.ACTIONS} <= asked


def test_statements_have_names_of_their_own() -> None:
    names = [statement["Sid"] for statement in WITH_EXPORTS["Statement"]]

    assert len(set(names)) == len(names)
    assert all(name.isalnum() for name in names)


@pytest.mark.parametrize("name", ["*", "", "Billing", "billing/*", "a", "billing bucket", "arn:aws:s3:::billing"])
def test_a_bucket_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(CostbotError, match="is no bucket"):
        read_policy(buckets=[name])
