"""`dynamodb.over_provisioned`: provisioned capacity of which little is ever consumed."""

from __future__ import annotations

from pandas import DataFrame, Series

from analysis.checks import Fact, Words, check
from analysis.databases.capacity import (
    HOURLY_DAYS,
    by_the_hour,
    consumed,
    consumption_charts,
    hours_needed,
    of_table,
    on_demand_month_by_days,
    provisioned_month,
    unit_prices,
)
from analysis.databases.recent import undecided
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Because, Verdicts, verdicts


@check(
    catalogue="D02",
    groups=(Group.DATABASE, Group.RIGHTSIZING),
    resource="DynamoDB table",
    action=Action.RIGHTSIZE,
    effort=Effort.LOW,
    risk=Risk.LOW,
    reason="{used_percent:.0f} % of {reads:g} read and {writes:g} write units are used in the busiest hours",
    source="AWS Compute Optimizer and the DynamoDB developer guide, managing throughput capacity with auto scaling",
    words=Words(
        current="provisioned",
        proposed="{proposed_mode}",
        how="${now_usd:.2f} a month for what is provisioned, its indexes included; ${best_usd:.2f} {proposed_mode}, "
        "for the hours of the last {days:.0f} days. {other_way}",
        ignores="Free units of the account, and reserved capacity that covers it now.",
        risk="Peaks within an hour do not show in hourly figures; burst capacity carries up to five minutes of them. "
        "Auto scaling reacts within minutes, and refuses what comes before.",
        effect="{effect_words}",
        command=("{change:raw}",),
        undo=("{back:raw}",),
    ),
    evidence=(
        Fact("Used", "used_percent", "% of paid capacity", "CloudWatch consumed units by the hour", "p99"),
        Fact("Throttled", "throttled", "requests", "CloudWatch ReadThrottleEvents, WriteThrottleEvents", "sum"),
    ),
    chart=consumption_charts,
)
def over_provisioned(
    dynamodb_tables: DataFrame,
    dynamodb_metrics: DataFrame,
    prices: PriceBook,
    *,
    max_used_percent: float = 30.0,
    target_utilization_percent: float = 70.0,
    min_monthly_savings: float = 5.0,
) -> Verdicts:
    """DynamoDB table, with its indexes, whose provisioned capacity is hardly used.

    Two ways are priced on the hours of two weeks: auto scaling at a target utilization, and on demand. The cheaper one
    is proposed. What auto scaling manages already is left alone.
    """
    units = unit_prices(dynamodb_tables, prices)
    now = provisioned_month(dynamodb_tables, units)
    load = by_the_hour(dynamodb_tables, dynamodb_metrics, units, target_percent=target_utilization_percent)
    best = load[["scaled", "on_demand"]].min(axis=1, skipna=False)
    saving = (now - best).where(load["known"] & load["used_percent"].lt(max_used_percent))
    enough = saving.ge(min_monthly_savings)

    by_days = on_demand_month_by_days(dynamodb_tables, dynamodb_metrics, units)
    scaled = of_table(dynamodb_tables, dynamodb_tables["autoscaled"].astype("float64")).gt(0)
    unused = consumed(dynamodb_tables, dynamodb_metrics, HOURLY_DAYS).eq(0)
    young = ~dynamodb_tables["age_days"].ge(HOURLY_DAYS)
    provisioned = dynamodb_tables["billing_mode"].eq("PROVISIONED")
    out_of_scope: list[Because] = [
        (dynamodb_tables["index_name"].ne(""), "An index: it counts with its table."),
        (dynamodb_tables["billing_mode"].eq("PAY_PER_REQUEST"), "On demand: nothing is provisioned."),
        (scaled, "Application Auto Scaling follows its load."),
        (now.lt(min_monthly_savings), "What it has provisioned costs less than a saving would be told of."),
        (
            load["throttled"].gt(0) & load["known"],
            "Requests were refused: some of its capacity is too small, not too large.",
        ),
    ]
    unknown: list[Because] = [
        (~provisioned, "How it is billed: DynamoDB does not tell."),
        (young, f"{HOURLY_DAYS} days since its creation."),
        unpriced(dynamodb_tables, now, "of DynamoDB capacity"),
        (unused, "Whether it is used at all: it consumed nothing in two weeks; `dynamodb.unused_table` looks at it."),
    ]
    open_ = undecided(dynamodb_tables.index, *out_of_scope, *unknown)
    # Else its mean alone uses more than would leave anything to save: no hour has to be looked at.
    hopeful = by_days.lt(now)
    needs = hours_needed(dynamodb_tables, open_ & hopeful & ~load["known"])
    unknown.append((needs.ne(""), "What it consumes by the hour: CloudWatch was not asked, or has nothing."))
    percent = load["used_percent"].fillna(0).round().astype("int64").astype("str")
    why_fine = (
        "Its busiest hours use " + percent + " % of its capacity; another way would save little or nothing."
    ).where(load["known"], "What it consumes would cost as much on demand as what it has provisioned.")
    on_demand = load["on_demand"].le(load["scaled"])
    return verdicts(
        dynamodb_tables,
        saves=saving.where(enough),
        fine=[*out_of_scope, (undecided(dynamodb_tables.index, *unknown) & ~enough, why_fine)],
        insufficient=unknown,
        details=load.assign(
            needs=needs,
            reads=of_table(dynamodb_tables, dynamodb_tables["read_units"]),
            writes=of_table(dynamodb_tables, dynamodb_tables["write_units"]),
            now_usd=now,
            best_usd=best,
            days=float(HOURLY_DAYS),
            proposed_mode=on_demand.map({True: "on demand", False: "auto scaling"}),
            other_way=_other_way(load, on_demand),
            effect_words=on_demand.map(
                {
                    True: "The table and its indexes are billed by the request from then on; it can be switched back "
                    "once a day, with the capacity of its indexes given too.",
                    False: "Auto scaling sets the capacity of the table between one unit and what is provisioned now; "
                    "its indexes need the same lines.",
                }
            ),
            change=_change(dynamodb_tables, on_demand, target_utilization_percent),
            back=_back(dynamodb_tables, on_demand),
            monthly_cost=now,
            price_source=units["price_source"],
            price_date=units["price_date"],
        ),
    )


def _other_way(load: DataFrame, on_demand: Series[bool]) -> Series[str]:
    scaled, asked = (load[name].fillna(0).round(2).astype("str") for name in ("scaled", "on_demand"))
    return ("Auto scaling would cost $" + scaled + ".").where(on_demand, "On demand would cost $" + asked + ".")


def _change(tables: DataFrame, on_demand: Series[bool], target_percent: float) -> Series[str]:
    """The way to the cheaper one; auto scaling of the table's reads and writes, its indexes alike."""
    # Names of tables are letters, digits, dots, dashes and underscores: they need no quotes in a shell.
    name, region = tables["table_name"], " --region " + tables["region"]
    to_on_demand = "aws dynamodb update-table --table-name " + name + " --billing-mode PAY_PER_REQUEST" + region
    parts = []
    for kind, units in (("Read", "read_units"), ("Write", "write_units")):
        of = " --service-namespace dynamodb --resource-id table/" + name
        of = of + f" --scalable-dimension dynamodb:table:{kind}CapacityUnits"
        most = tables[units].clip(lower=1).fillna(1).astype("int64").astype("str")
        parts.append(
            "aws application-autoscaling register-scalable-target"
            + of
            + " --min-capacity 1 --max-capacity "
            + most
            + region
        )
        policy = (
            f"'TargetValue={target_percent:g},PredefinedMetricSpecification="
            f"{{PredefinedMetricType=DynamoDB{kind}CapacityUtilization}}'"
        )
        parts.append(
            "aws application-autoscaling put-scaling-policy"
            + of
            + f" --policy-name {kind.lower()}-utilization --policy-type TargetTrackingScaling"
            + " --target-tracking-scaling-policy-configuration "
            + policy
            + region
        )
    to_scaled = parts[0]
    for part in parts[1:]:
        to_scaled = to_scaled + " && \\\n" + part
    return to_on_demand.where(on_demand, to_scaled)


def _back(tables: DataFrame, on_demand: Series[bool]) -> Series[str]:
    name, region = tables["table_name"], " --region " + tables["region"]
    read, write = (
        tables[units].clip(lower=1).fillna(1).astype("int64").astype("str") for units in ("read_units", "write_units")
    )
    units = " --provisioned-throughput ReadCapacityUnits=" + read + ",WriteCapacityUnits=" + write
    update = "aws dynamodb update-table --table-name " + name
    line = "aws application-autoscaling deregister-scalable-target --service-namespace dynamodb --resource-id table/"
    no_reads, no_writes = (
        line + name + f" --scalable-dimension dynamodb:table:{kind}CapacityUnits" + region + " && \\\n"
        for kind in ("Read", "Write")
    )
    off = no_reads + no_writes
    return (update + " --billing-mode PROVISIONED" + units + region).where(on_demand, off + update + units + region)
