"""`dynamodb.on_demand_to_provisioned`: a steady table that is billed by the request, at several times the price."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame

from analysis.checks import Fact, Words, check
from analysis.daily_metrics import HOUR_S, quantile
from analysis.databases.capacity import (
    HOURLY_DAYS,
    by_the_hour,
    consumption_charts,
    hours_needed,
    on_demand_month_by_days,
    unit_prices,
)
from analysis.databases.recent import undecided
from analysis.models import Action, Effort, Group, Risk
from analysis.pricing import PriceBook, unpriced
from analysis.verdicts import Because, Verdicts, verdicts

#: Of what is paid on demand, the most that provisioned capacity can save: if it were used at the target all the time.
_MOST_SAVED = 0.6


@check(
    catalogue="D03",
    groups=(Group.DATABASE,),
    resource="DynamoDB table",
    action=Action.UPGRADE,
    effort=Effort.LOW,
    risk=Risk.MEDIUM,
    reason="On demand for a load so steady that provisioned capacity would cost {saved_percent:.0f} % less",
    source="AWS, DynamoDB developer guide: capacity modes, and pricing",
    words=Words(
        current="on demand",
        proposed="provisioned, auto scaling",
        how="${on_demand:.2f} a month by the request, its indexes included; ${scaled:.2f} with auto scaling at "
        "{target_utilization_percent:.0f} % on the hours of the last {days:.0f} days: each hour pays for the "
        "highest mean of itself and its neighbours.",
        ignores="Free units of the account, and what reserved capacity would save on top.",
        risk="Peaks within an hour do not show in hourly figures; burst capacity carries up to five minutes of them. "
        "Auto scaling reacts within minutes, and what comes before is refused. Its indexes need the same scaling.",
        effect="The table is billed for capacity from then on, and auto scaling follows its load; it can be switched "
        "back once a day.",
        command=(
            "aws dynamodb update-table --table-name {resource_id} --billing-mode PROVISIONED --provisioned-throughput "
            "ReadCapacityUnits={most_reads:raw},WriteCapacityUnits={most_writes:raw}",
            "aws dynamodb wait table-exists --table-name {resource_id}",
            "aws application-autoscaling register-scalable-target --service-namespace dynamodb --resource-id "
            "table/{resource_id:raw} --scalable-dimension dynamodb:table:ReadCapacityUnits --min-capacity 1 "
            "--max-capacity {twice_reads:raw}",
            "aws application-autoscaling register-scalable-target --service-namespace dynamodb --resource-id "
            "table/{resource_id:raw} --scalable-dimension dynamodb:table:WriteCapacityUnits --min-capacity 1 "
            "--max-capacity {twice_writes:raw}",
            "aws application-autoscaling put-scaling-policy --service-namespace dynamodb --resource-id "
            "table/{resource_id:raw} --scalable-dimension dynamodb:table:ReadCapacityUnits --policy-name "
            "read-utilization --policy-type TargetTrackingScaling --target-tracking-scaling-policy-configuration "
            "TargetValue={target_utilization_percent:g},PredefinedMetricSpecification="
            "{{PredefinedMetricType=DynamoDBReadCapacityUtilization}}",
            "aws application-autoscaling put-scaling-policy --service-namespace dynamodb --resource-id "
            "table/{resource_id:raw} --scalable-dimension dynamodb:table:WriteCapacityUnits --policy-name "
            "write-utilization --policy-type TargetTrackingScaling --target-tracking-scaling-policy-configuration "
            "TargetValue={target_utilization_percent:g},PredefinedMetricSpecification="
            "{{PredefinedMetricType=DynamoDBWriteCapacityUtilization}}",
        ),
        undo=("aws dynamodb update-table --table-name {resource_id} --billing-mode PAY_PER_REQUEST",),
    ),
    evidence=(
        Fact("On demand", "on_demand", "USD a month", "CloudWatch consumed units × price a request"),
        Fact("Provisioned", "scaled", "USD a month", "the same hours with auto scaling, modelled"),
    ),
    chart=consumption_charts,
)
def on_demand_to_provisioned(
    dynamodb_tables: DataFrame,
    dynamodb_metrics: DataFrame,
    prices: PriceBook,
    *,
    target_utilization_percent: float = 70.0,
    min_saved_percent: float = 15.0,
    min_monthly_savings: float = 5.0,
) -> Verdicts:
    """On-demand DynamoDB table whose load is steady enough for provisioned capacity.

    The model says what two weeks of hours would have cost with auto scaling. An uneven load costs more that way: then
    it is fine as it is.
    """
    units = unit_prices(dynamodb_tables, prices)
    by_days = on_demand_month_by_days(dynamodb_tables, dynamodb_metrics, units)
    load = by_the_hour(dynamodb_tables, dynamodb_metrics, units, target_percent=target_utilization_percent)
    saving = (load["on_demand"] - load["scaled"]).where(load["known"])
    percent = saving / load["on_demand"] * 100
    enough = saving.ge(min_monthly_savings) & percent.ge(min_saved_percent)

    on_demand = dynamodb_tables["billing_mode"].eq("PAY_PER_REQUEST")
    promising = (by_days * _MOST_SAVED).ge(min_monthly_savings)
    out_of_scope: list[Because] = [
        (dynamodb_tables["index_name"].ne(""), "An index: it counts with its table."),
        (dynamodb_tables["billing_mode"].eq("PROVISIONED"), "It has provisioned capacity."),
        (
            on_demand & by_days.notna() & ~promising & dynamodb_tables["age_days"].ge(HOURLY_DAYS),
            "Its requests cost less than a saving would be told of.",
        ),
    ]
    unknown: list[Because] = [
        (~on_demand, "How it is billed: DynamoDB does not tell."),
        (~dynamodb_tables["age_days"].ge(HOURLY_DAYS), f"{HOURLY_DAYS} days since its creation."),
        unpriced(dynamodb_tables, by_days, "of DynamoDB requests"),
    ]
    open_ = undecided(dynamodb_tables.index, *out_of_scope, *unknown)
    needs = hours_needed(dynamodb_tables, open_ & ~load["known"])
    unknown.append((needs.ne(""), "What it consumes by the hour: CloudWatch was not asked, or has nothing."))
    most = {
        name: np.ceil(
            quantile(dynamodb_tables, dynamodb_metrics, metric, "Sum", 1.0, period_s=HOUR_S).fillna(0) / HOUR_S
        )
        for name, metric in (("reads", "ConsumedReadCapacityUnits"), ("writes", "ConsumedWriteCapacityUnits"))
    }
    share = target_utilization_percent / 100
    start = {name: np.maximum(np.ceil(value / share), 1.0).astype("int64") for name, value in most.items()}
    return verdicts(
        dynamodb_tables,
        saves=saving.where(enough),
        fine=[
            *out_of_scope,
            (
                undecided(dynamodb_tables.index, *unknown) & ~enough,
                "Its load is too uneven: provisioned capacity would save less than "
                + f"{min_saved_percent:g} %, or cost more.",
            ),
        ],
        insufficient=unknown,
        details=load.assign(
            needs=needs,
            saved_percent=percent,
            days=float(HOURLY_DAYS),
            most_reads=start["reads"].astype("str"),
            most_writes=start["writes"].astype("str"),
            twice_reads=(start["reads"] * 2).astype("str"),
            twice_writes=(start["writes"] * 2).astype("str"),
            monthly_cost=load["on_demand"],
            price_source=units["price_source"],
            price_date=units["price_date"],
        ),
    )
