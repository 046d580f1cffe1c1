"""Hours of a day add up to the day."""

from __future__ import annotations

import numpy as np
import pytest

from bot.demo.aws.ledger_hourly import hourly
from tests.demo.aws.ledger_factories import TODAY, days_ago, statement


def test_hours_of_a_day_outside_the_ledger_are_zero() -> None:
    assert not hourly(statement(), "UnblendedCost", days_ago(-1), days_ago(-1)).any()


@pytest.mark.parametrize("metric", ["UnblendedCost", "NetAmortizedCost", "UsageQuantity"])
def test_hours_add_up_to_the_day_for_every_line(metric: str) -> None:
    found = statement()
    hours = hourly(found, metric, days_ago(13), TODAY)
    daily = found.values[metric][:, found.column(days_ago(13)) :]

    assert hours.shape[1] == 14 * 24
    assert hours.reshape(len(found.lines), 14, 24).sum(axis=2) == pytest.approx(daily, rel=1e-12)


def test_only_compute_like_charges_know_their_hour() -> None:
    found = statement()
    hours = hourly(found, "UnblendedCost", days_ago(5), days_ago(5))
    spread = {line.service for line, row in zip(found.lines, hours, strict=True) if np.count_nonzero(row) > 1}

    assert spread >= {
        "Amazon Elastic Compute Cloud - Compute",
        "Amazon Relational Database Service",
        "Amazon ElastiCache",
        "Amazon Elastic Container Service",
    }
    assert not spread & {"Amazon Simple Storage Service", "AmazonCloudWatch", "Amazon CloudFront", "Tax"}


def test_office_hours_cost_more_than_nights() -> None:
    found = statement()
    office = [
        line.usage_type == "BoxUsage:t3.large" and line.account_id == "444455556666" and line.rhythm == "office"
        for line in found.lines
    ]
    hours = hourly(found, "UnblendedCost", days_ago(3), days_ago(3))[office].sum(axis=0)

    assert hours[14] > 5 * hours[3]


def test_the_later_hours_of_today_have_not_arrived() -> None:
    found = statement()
    compute = [line.service == "Amazon Elastic Compute Cloud - Compute" and line.hourly for line in found.lines]
    hours = hourly(found, "UnblendedCost", TODAY, TODAY)[compute].sum(axis=0)

    assert hours[0] > 0
    assert not hours[10:].any()
