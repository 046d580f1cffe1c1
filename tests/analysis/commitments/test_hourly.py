"""From costs by the hour to usage as it was before any commitment."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas import DataFrame, Timestamp

from analysis.commitments.hourly import hourly_usage
from analysis.commitments.usage import LINES

EC2 = "Amazon Elastic Compute Cloud"
ARN = "arn:aws:ec2:us-east-1:111111111111:reserved-instances/ri-1"


def row(
    hour: str = "2026-10-01 00:00", quantity: float = 1.0, list_cost: float = 0.1, **changed: Any
) -> dict[str, Any]:
    """An hour of m5.large that ran on demand."""
    return {
        "hour": Timestamp(hour),
        "charge_category": "Usage",
        "sub_account_id": "111111111111",
        "region_id": "us-east-1",
        "service_name": EC2,
        "usage_type": "BoxUsage:m5.large",
        "operation": "RunInstances",
        "pricing_category": "Standard",
        "commitment_type": None,
        "commitment_id": None,
        "unit": "Hrs",
        "billed_cost": list_cost,
        "effective_cost": list_cost,
        "list_cost": list_cost,
        "quantity": quantity,
    } | changed


def covered(**changed: Any) -> dict[str, Any]:
    """The same under a reservation: nothing is billed, the fee's share is its effective cost."""
    known = {
        "pricing_category": "Committed",
        "commitment_type": "Reserved",
        "commitment_id": ARN,
        "billed_cost": 0.0,
        "effective_cost": 0.06,
    }
    return row(**(known | changed))


def unused(hour: str = "2026-10-01 00:00") -> dict[str, Any]:
    """What is left of the fee."""
    about = {"charge_category": "UnusedCommitment", "usage_type": "HeavyUsage:m5.large", "quantity": 0.0}
    return covered(hour=hour, list_cost=0.0, **about)


def table(*rows: dict[str, Any]) -> DataFrame:
    return DataFrame(list(rows))


def test_usage_under_a_commitment_comes_back_at_its_list_price() -> None:
    found = hourly_usage(table(row(quantity=1.0, list_cost=0.1), covered(quantity=2.0, list_cost=0.2)))

    assert found.quantity.tolist() == [[3.0]]
    assert found.lines.to_dict("records")[0] == pytest.approx(
        {
            "account_id": "111111111111",
            "region": "us-east-1",
            "service": "AmazonEC2",
            "usage_type": "BoxUsage:m5.large",
            "instance_type": "m5.large",
            "platform": "Linux/UNIX",
            "units": 4.0,
            "on_demand": 0.1,
            "zone": "",
        }
    )
    assert found.on_demand.sum() == pytest.approx(0.3)


def test_unused_commitment_is_no_usage_but_its_hour_was_seen() -> None:
    found = hourly_usage(table(row(), unused("2026-10-01 01:00")))

    assert found.hours.tolist() == [Timestamp("2026-10-01 00:00", tz="UTC"), Timestamp("2026-10-01 01:00", tz="UTC")]
    assert found.quantity.tolist() == [[1.0], [0.0]]


def test_an_hour_without_any_row_is_missing_not_idle() -> None:
    found = hourly_usage(table(row("2026-10-01 00:00"), row("2026-10-01 05:00")))

    assert found.hours.hour.tolist() == [0, 5]


def test_hours_that_have_not_arrived_whole_are_left_out() -> None:
    rows = table(row("2026-10-01 00:00"), row("2026-10-01 01:00", usage_type="BoxUsage:c5.large"))

    found = hourly_usage(rows, until=Timestamp("2026-10-01 01:00", tz="UTC"))

    assert len(found.hours) == 1
    assert found.lines["instance_type"].tolist() == ["m5.large"]


def test_the_hour_that_a_summer_time_repeats_is_two_hours_in_utc() -> None:
    local = pd.date_range("2026-10-24 22:00", periods=5, freq="h", tz="UTC").tz_convert("Europe/Berlin")
    rows = table(*(row() for _ in local)).assign(hour=local)

    found = hourly_usage(rows)

    assert found.hours.equals(pd.date_range("2026-10-24 22:00", periods=5, freq="h", tz="UTC"))
    assert str(found.hours.tz) == "UTC"


def test_windows_and_linux_of_one_type_are_two_lines() -> None:
    found = hourly_usage(table(row(), row(operation="RunInstances:0002", list_cost=0.2)))

    assert found.lines[["platform", "on_demand"]].to_numpy().tolist() == [["Linux/UNIX", 0.1], ["Windows", 0.2]]


@pytest.mark.parametrize("how", ["no column", "null"])
def test_without_operations_platforms_are_unknown_and_share_a_price(how: str) -> None:
    rows = table(row(operation=None), row(operation=None, list_cost=0.2))
    rows = rows.drop(columns="operation") if how == "no column" else rows

    found = hourly_usage(rows)

    assert found.lines[["platform", "on_demand"]].to_numpy().tolist() == [["", pytest.approx(0.15)]]


def test_accounts_regions_and_units_keep_apart() -> None:
    found = hourly_usage(
        table(row(), row(sub_account_id="222222222222"), row(region_id="eu-west-1"), row(unit="Seconds"))
    )

    assert len(found.lines) == 4


def test_a_price_that_changed_is_the_mean_of_all_hours() -> None:
    found = hourly_usage(table(row("2026-10-01 00:00", 3, 0.3), row("2026-10-01 01:00", 1, 0.3)))

    assert found.lines["on_demand"].tolist() == pytest.approx([0.15])


def test_without_a_list_price_what_was_billed_on_demand_tells_it() -> None:
    found = hourly_usage(table(row(list_cost=nan, billed_cost=0.1), covered(list_cost=nan)))

    assert found.quantity.tolist() == [[2.0]]
    assert found.lines["on_demand"].tolist() == pytest.approx([0.1])


def test_covered_usage_without_any_price_has_none() -> None:
    assert isnan(hourly_usage(table(covered(list_cost=nan))).lines["on_demand"][0])


def test_a_line_with_a_missing_quantity_is_left_out_whole() -> None:
    found = hourly_usage(
        table(row(), row("2026-10-01 01:00", nan), row("2026-10-01 01:00", usage_type="BoxUsage:c5.large"))
    )

    assert found.lines["instance_type"].tolist() == ["c5.large"]
    assert found.quantity.tolist() == [[0.0], [1.0]]


def test_what_a_correction_takes_back_is_never_below_nothing() -> None:
    found = hourly_usage(table(row(), row(quantity=-2.0, list_cost=-0.2)))

    assert found.quantity.tolist() == [[0.0]]


def test_extra_charges_that_are_named_after_an_instance_are_no_usage() -> None:
    found = hourly_usage(table(row(usage_type="ExtendedSupportYr1_Yr2-NodeUsage:cache.t3.medium"), row()))

    assert found.lines["usage_type"].tolist() == ["BoxUsage:m5.large"]


def test_a_region_that_the_bill_does_not_say_is_in_the_usage_type() -> None:
    found = hourly_usage(table(row(region_id="global", usage_type="EUW1-BoxUsage:m5.large"), row(region_id=None)))

    assert found.lines["region"].tolist() == ["eu-west-1", "us-east-1"]


def test_nothing_seen_is_no_hour_and_no_line() -> None:
    found = hourly_usage(table(row()).iloc[:0])

    assert (len(found.hours), list(found.lines), found.quantity.shape) == (0, list(LINES), (0, 0))


def test_months_may_come_one_after_the_other_with_their_own_index() -> None:
    october, november = table(row("2026-10-31 23:00")), table(row("2026-11-01 00:00", quantity=2.0, list_cost=0.2))

    assert hourly_usage(pd.concat([october, november])).quantity.tolist() == [[1.0], [2.0]]


def test_other_clouds_are_left_alone() -> None:
    found = hourly_usage(table(row(), row(service_name="Virtual Machines")).assign(provider=["AWS", "Microsoft"]))

    assert found.lines["service"].tolist() == ["AmazonEC2"]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = table(row(), covered(), row("2026-10-01 01:00", usage_type="BoxUsage:c5.large"), unused())

    found, again = hourly_usage(rows), hourly_usage(rows.iloc[::-1])

    pd.testing.assert_frame_equal(again.lines, found.lines)
    assert np.array_equal(again.quantity, found.quantity)
