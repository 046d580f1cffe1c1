"""Data Exports tells which exports there are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo.aws.answers import AwsError
from bot.demo.aws.data_exports import DataExports
from bot.demo.aws.organisation import PAYER, PROD
from tests.demo.aws.ledger_factories import NOW, ledger


def asked(operation: str, account_id: str = PAYER.id, **params: Any) -> dict[str, Any]:
    """An answer, checked against AWS's model of it."""
    return DataExports(ledger(), lambda: NOW).answer(operation, params, account_id)


def test_a_member_account_has_no_exports() -> None:
    assert asked("ListExports", PROD.id) == {"Exports": []}


def test_an_unknown_export_is_not_found() -> None:
    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        asked("GetExport", ExportArn="arn:aws:bcm-data-exports:us-east-1:123456789012:export/nope")


def test_a_members_call_does_not_find_the_payers_export() -> None:
    arn = asked("ListExports")["Exports"][0]["ExportArn"]

    with pytest.raises(AwsError, match="ResourceNotFoundException"):
        asked("GetExport", PROD.id, ExportArn=arn)


def test_a_made_up_token_is_refused() -> None:
    with pytest.raises(AwsError, match="ValidationException"):
        asked("ListExports", NextToken="x")


def test_the_three_exports_are_listed_and_paged() -> None:
    first = asked("ListExports", MaxResults=2)
    second = asked("ListExports", MaxResults=2, NextToken=first["NextToken"])

    assert [export["ExportName"] for export in first["Exports"] + second["Exports"]] == ["focus", "focus-1-0", "cur"]
    assert "NextToken" not in second


@pytest.mark.parametrize(
    ("name", "table"),
    [("focus", "FOCUS_1_2_AWS"), ("focus-1-0", "FOCUS_1_0_AWS"), ("cur", "COST_AND_USAGE_REPORT")],
)
def test_an_export_says_its_table_and_where_it_goes(name: str, table: str) -> None:
    arns = {export["ExportName"]: export["ExportArn"] for export in asked("ListExports")["Exports"]}
    export = asked("GetExport", ExportArn=arns[name])["Export"]

    assert export["DataQuery"]["QueryStatement"].endswith(f" FROM {table}")
    assert export["DestinationConfigurations"]["S3Destination"]["S3Bucket"] == "billing-exports-123456789012"
    assert export["DestinationConfigurations"]["S3Destination"]["S3Prefix"] == "exports"
