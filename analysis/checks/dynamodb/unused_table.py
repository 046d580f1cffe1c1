"""`dynamodb.unused_table`: a table that nobody reads or writes and that is paid for."""

from __future__ import annotations

from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.databases.capacity import consumed, of_table, provisioned_month, storage_month, unit_prices
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Verdicts, verdicts


@check(
    catalogue="D01",
    groups=(Group.DATABASE, Group.IDLE),
    resource="DynamoDB table",
    action=Action.DELETE,
    effort=Effort.VERY_LOW,
    risk=Risk.MEDIUM,
    reason="Table of {all_gib:.1f} GiB that consumed no unit in {min_days:.0f} days",
    source="AWS Compute Optimizer and Trusted Advisor, idle resources; DynamoDB consumed capacity",
    words=Words(
        current="{billing}",
        proposed="deleted",
        how="${capacity_usd:.2f} a month for {reads:g} read and {writes:g} write units, its indexes included, and "
        "${storage_usd:.2f} for {all_gib:.1f} GiB.",
        ignores="25 GB of storage and 25 units of each kind that are free in an account, reserved capacity, and the "
        "backup that the command takes.",
        risk="A job that runs once a year looks like this in between; the backup keeps the data.",
        effect="A backup is taken, then the table is deleted{protected}.",
        command=(
            "aws dynamodb create-backup --table-name {resource_id} --backup-name {backup_name}",
            "aws dynamodb delete-table --table-name {resource_id}",
        ),
        undo=(
            "backup=$(aws dynamodb list-backups --table-name {resource_id} "
            "--query 'max_by(BackupSummaries, &BackupCreationDateTime).BackupArn' --output text --region {region})",
            'aws dynamodb restore-table-from-backup --target-table-name {resource_id} --backup-arn "$backup"',
        ),
    ),
    evidence=(
        Fact(
            "Consumed", "consumed", "units", "CloudWatch ConsumedReadCapacityUnits, ConsumedWriteCapacityUnits", "sum"
        ),
        Fact("Size", "all_gib", "GiB", "DynamoDB DescribeTable"),
    ),
)
def unused_table(
    dynamodb_tables: DataFrame, dynamodb_metrics: DataFrame, prices: PriceBook, *, min_days: float = 30
) -> Verdicts:
    """DynamoDB table that nobody reads or writes.

    DynamoDB publishes consumed units only while some are consumed: a table that is older than the days looked at and
    has none is unused. Its indexes count with it.
    """
    units = unit_prices(dynamodb_tables, prices)
    on_demand = dynamodb_tables["billing_mode"].eq("PAY_PER_REQUEST")
    capacity = provisioned_month(dynamodb_tables, units).mask(on_demand & units["read"].notna(), 0.0)
    storage = storage_month(dynamodb_tables, units)
    cost = capacity + storage
    used = consumed(dynamodb_tables, dynamodb_metrics, min_days)
    index = dynamodb_tables["index_name"].ne("")
    known = dynamodb_tables["age_days"].ge(min_days)
    unpriced_rows, why_unpriced = unpriced(dynamodb_tables, cost, "of DynamoDB tables, or the size of this one,")
    amount = used.fillna(0).round().astype("int64").astype("str")
    return verdicts(
        dynamodb_tables,
        saves=cost.where(known & used.eq(0)),
        fine=[
            (index, "An index: it counts with its table."),
            (used.gt(0), "In use: it consumed " + amount + f" units in the last {min_days:.0f} days."),
            (known & used.eq(0) & cost.eq(0), "Unused, and costs nothing: it is empty and on demand."),
        ],
        conflict=(
            dynamodb_tables["replicas"].gt(0),
            "A global table: its copies in other regions may be in use, and their writes come here.",
        ),
        insufficient=[
            (~known, f"{min_days:.0f} days since its creation: what it consumed before says little."),
            (unpriced_rows, why_unpriced),
        ],
        details=DataFrame(
            {
                "billing": on_demand.map({True: "on demand", False: "provisioned"}),
                "reads": of_table(dynamodb_tables, dynamodb_tables["read_units"]),
                "writes": of_table(dynamodb_tables, dynamodb_tables["write_units"]),
                "all_gib": of_table(dynamodb_tables, dynamodb_tables["size_gib"]),
                "capacity_usd": capacity,
                "storage_usd": storage,
                "consumed": used,
                "backup_name": dynamodb_tables["table_name"] + "-final",
                "protected": dynamodb_tables["deletion_protected"].map(
                    {True: "; its deletion protection has to be lifted first", False: ""}
                ),
                "monthly_cost": cost,
                "price_source": units["price_source"],
                "price_date": units["price_date"],
            }
        ),
    )
