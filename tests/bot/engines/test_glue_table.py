"""A table of the Glue catalogue as a place: its partitions, when they changed, and what is no table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.errors import CostbotError
from bot.exports.glue_table import GlueTable, address
from tests.bot.engines.fake_athena import FakeAws, FakeGlue, FakeS3, partition, refused, storage, table

DATA = "s3://billing/exports/costs/data"
OBJECTS = {
    "exports/costs/data/BILLING_PERIOD=2026-10/a.parquet": (100, '"1"'),
    "exports/costs/data/BILLING_PERIOD=2026-10/b.parquet": (50, '"2"'),
    "exports/costs/data/BILLING_PERIOD=2026-11/a.parquet": (70, '"3"'),
}
MONTHS = [partition(f"{DATA}/BILLING_PERIOD={month}/", month) for month in ("2026-11", "2026-10", "2026-09")]


def place(
    described: dict[str, Any] | None = None,
    partitions: list[dict[str, Any]] = MONTHS,
    objects: dict[str, tuple[int, str]] = OBJECTS,
    uri: str = "athena://primary/Billing/Costs",
) -> GlueTable:
    glue = FakeGlue(described or table({"billedcost": "double"}, {"billing_period": "string"}), partitions)
    aws: Any = FakeAws({"glue": glue, "s3": FakeS3(objects)})
    return GlueTable(aws, uri)


def test_each_partition_with_data_is_a_file_in_order() -> None:
    found = place().files()

    assert [(file.uri, file.size, file.month) for file in found] == [
        ("athena://primary/billing/costs/billing_period=2026-10", 150, date(2026, 10, 1)),
        ("athena://primary/billing/costs/billing_period=2026-11", 70, date(2026, 11, 1)),
    ]


def test_only_the_partition_whose_objects_changed_is_another() -> None:
    before = place().files()
    changed = {**OBJECTS, "exports/costs/data/BILLING_PERIOD=2026-11/a.parquet": (70, '"4"')}
    after = place(objects=changed).files()

    assert before[0].identity == after[0].identity
    assert before[1].identity != after[1].identity


def test_a_partition_is_asked_for_by_its_own_values() -> None:
    glue = place()
    glue.files()

    assert glue.condition("athena://primary/billing/costs/billing_period=2026-10") == "\"billing_period\" = '2026-10'"
    assert glue.size("athena://primary/billing/costs/billing_period=2026-10") == 150


def test_a_year_and_a_month_are_a_billing_month_and_numbers_stay_numbers() -> None:
    described = table({"billedcost": "double"}, {"account": "string", "year": "int", "month": "string"})
    glue = place(described, [partition(f"{DATA}/BILLING_PERIOD=2026-10/", "it's/me", "2026", "7")])
    (file,) = glue.files()

    assert file.month == date(2026, 7, 1)
    assert file.uri == "athena://primary/billing/costs/account=it%27s%2Fme/year=2026/month=7"
    assert glue.condition(file.uri) == (
        "\"account\" = 'it''s/me' AND \"year\" = CAST('2026' AS integer) AND \"month\" = '7'"
    )


def test_a_table_without_partitions_is_read_whole() -> None:
    glue = place(table({"billedcost": "double"}), [])
    (file,) = glue.files()

    assert (file.uri, file.size, file.month) == ("athena://primary/billing/costs", 220, None)
    assert glue.condition(file.uri) == ""


def test_the_region_is_part_of_the_root_and_asked_there() -> None:
    glue = place(uri="athena://primary/billing/costs?region=us-west-2")
    glue.files()
    aws: Any = glue.aws

    assert glue.root == "athena://primary/billing/costs?region=us-west-2"
    assert address(glue.root) == glue.address
    assert ("glue", "us-west-2") in aws.regions


def refusal(glue: GlueTable) -> str:
    with pytest.raises(CostbotError) as caught:
        glue.files()
    return str(caught.value)


def test_a_view_is_no_table() -> None:
    view = table({"billedcost": "double"}, TableType="VIRTUAL_VIEW", StorageDescriptor=storage(""))

    assert refusal(place(view)).startswith("Table billing.costs is a view.")


def test_computed_partitions_are_refused() -> None:
    described = table({}, {"billing_period": "string"}, Parameters={"projection.enabled": "TRUE"})

    assert "projection.enabled" in refusal(place(described))


def test_a_table_without_data_says_what_to_run() -> None:
    assert refusal(place(objects={})).startswith("Table billing.costs has no partition with data. Run its crawler")


def test_a_table_that_is_not_there_is_named() -> None:
    glue = place(uri="athena://primary/billing/costs?region=us-west-2")
    aws: Any = glue.aws
    aws.services["glue"].fails = refused("EntityNotFoundException", "Entity Not Found", "GetTable")

    assert refusal(glue).startswith("Table billing.costs is not in the Glue catalogue of us-west-2.")


def test_a_catalogue_that_may_not_be_read_names_the_action() -> None:
    glue = place()
    aws: Any = glue.aws
    aws.services["glue"].fails = refused("AccessDeniedException", "no", "GetTable")

    assert refusal(glue).startswith("AWS refuses glue:GetTable to costbot's own credentials.")


@pytest.mark.parametrize("uri", ["athena://primary/billing", "athena://a/b/c/d", "athena:///b/c", "athena://a/b/c d"])
def test_an_address_of_another_shape_is_refused(uri: str) -> None:
    with pytest.raises(CostbotError, match=r"is no table\. Write athena://workgroup/database/table"):
        address(uri)
