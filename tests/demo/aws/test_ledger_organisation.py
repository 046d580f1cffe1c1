"""The organisation is believable: its size, services, tags, regions, record types and invoice lines."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import bot.demo.aws
from bot.demo.aws.ledger_invoice import CREDIT_MONTHLY, REFUND, TAX_RATE
from bot.demo.aws.organisation import ACCOUNTS, REGIONS, TEAMS
from bot.demo.aws.record_types import USAGE_LIKE, RecordType
from tests.demo.aws.ledger_factories import NOW, TODAY, daily, ledger, statement

_DIGEST = """
import hashlib
from datetime import UTC, datetime
from bot.demo.aws.ledger import Ledger
from bot.demo.aws.resources import resources
ledger = Ledger(7, datetime(2026, 11, 20, 10, {minute}, 3, tzinfo=UTC), resources(7))
found = ledger.at(datetime(2026, 11, 20, 10, 30, tzinfo=UTC))
parts = [repr(found.lines), *(values.tobytes().hex() for values in found.values.values())]
print(hashlib.sha256("".join(parts).encode()).hexdigest())
"""


def usage(metric: str = "NetAmortizedCost") -> np.ndarray:
    found = statement()
    return found.values[metric][[line.record_type in USAGE_LIKE for line in found.lines]].sum(axis=0)


def test_usage_is_never_negative_and_amounts_are_numbers() -> None:
    found = statement()
    like_usage = [line.record_type in USAGE_LIKE for line in found.lines]

    assert (found.values["UnblendedCost"][like_usage] >= 0).all()
    assert (found.values["UsageQuantity"] >= 0).all()
    assert all(np.isfinite(values).all() for values in found.values.values())


def test_no_two_lines_are_the_same_series() -> None:
    lines = ledger().complete(TODAY).lines
    names = [
        (
            *[
                getattr(line, name)
                for name in (
                    "account_id",
                    "region",
                    "service",
                    "usage_type",
                    "operation",
                    "record_type",
                    "team",
                    "env",
                    "commitment",
                )
            ],
        )
        for line in lines
        if line.operation
    ]
    doubled = {name for name in names if names.count(name) > 1}

    # A resource may share its usage type with the rest of the fleet; a catalogue line never with another.
    assert len(doubled) < 0.05 * len(lines)


def test_the_ledger_knows_nothing_of_the_analysis_it_is_there_to_test() -> None:
    for path in Path(bot.demo.aws.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any(name.split(".")[0] == "analysis" for name in names), path.name


def test_two_processes_agree_to_the_last_bit() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST.format(minute=minute)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": str(minute), "PYTHONPATH": str(Path(bot.__file__).parents[1])},
        ).stdout
        for minute in (0, 17)
    }

    assert len(digests) == 1


def test_another_seed_is_other_noise_around_the_same_organisation() -> None:
    here, there = daily(statement()), daily(ledger(seed=3).at(NOW))

    assert not np.array_equal(here, there)
    assert here[-40:-5].sum() == pytest.approx(there[-40:-5].sum(), rel=0.03)


def test_the_organisation_spends_two_and_a_half_to_four_thousand_dollars_a_day() -> None:
    month = statement().values["NetAmortizedCost"].sum(axis=0)[-32:-2]

    assert 2500 < month.mean() < 4000
    assert 2400 < usage()[-32:-2].min() <= usage()[-32:-2].max() < 3500


def test_it_has_every_account_region_team_and_about_thirty_services() -> None:
    found = statement()
    recent = found.values["UnblendedCost"][:, -30:].sum(axis=1) > 0
    lines = [line for line, moved in zip(found.lines, recent, strict=True) if moved]

    assert {line.account_id for line in lines} == {account.id for account in ACCOUNTS}
    assert {line.region for line in lines} == {*REGIONS, "global", "NoRegion"}
    assert {line.team for line in lines} >= {*TEAMS, ""}
    assert 20 <= len({line.service for line in lines}) <= 40
    assert {"EC2 - Other", "AmazonCloudWatch", "Amazon Elastic Compute Cloud - Compute", "Tax"} <= {
        line.service for line in lines
    }


def test_usage_types_carry_the_prefix_of_their_region() -> None:
    regional = {line.usage_type for line in statement().lines if line.region == "eu-west-1"}

    assert {"EUW1-BoxUsage:m5.2xlarge", "EUW1-NatGateway-Hours"} <= regional
    assert all(usage_type.startswith(("EUW1-", "HeavyUsage")) for usage_type in regional)


def test_part_of_the_cost_carries_no_team() -> None:
    untagged = daily(statement(), "NetAmortizedCost", team="", record_type=RecordType.USAGE)[-30:-2].sum()

    assert 0.08 < untagged / usage()[-30:-2].sum() < 0.35


def test_every_record_type_appears_within_the_history() -> None:
    found = statement()
    moved = {
        line.record_type
        for index, line in enumerate(found.lines)
        if any(np.abs(found.values[metric][index]).sum() > 0 for metric in ("UnblendedCost", "AmortizedCost"))
    }

    assert moved == set(RecordType)


def test_tax_stands_on_the_first_of_the_month_and_follows_what_was_charged() -> None:
    found = statement()
    tax = daily(found, record_type=RecordType.TAX)
    october = slice(found.column(TODAY.replace(month=10, day=1)), found.column(TODAY.replace(month=11, day=1)))
    charged = found.values["UnblendedCost"][:, october].sum() - tax[october].sum()

    assert all((found.first_day + timedelta(days=int(index))).day == 1 for index in np.flatnonzero(tax))
    # Credits of the payer are not taxed back below zero, so the rate is met only nearly.
    assert tax[october].sum() == pytest.approx(TAX_RATE * charged, rel=0.01)


def test_the_open_months_tax_and_support_grow_with_the_month() -> None:
    def on_the_first(days: int) -> float:
        found = statement(NOW + timedelta(days=days))
        column = found.column(TODAY.replace(day=1))
        return float(daily(found, service="Tax")[column] + daily(found, record_type=RecordType.SUPPORT)[column])

    assert on_the_first(5) > on_the_first(0) > 5000


def test_credits_and_the_refund_are_negative_and_rare() -> None:
    credits = daily(statement(), record_type=RecordType.CREDIT)
    refunds = daily(statement(), record_type=RecordType.REFUND)

    assert sorted(set(credits)) == [-CREDIT_MONTHLY, 0.0]
    assert np.count_nonzero(credits) == 6
    assert refunds[refunds != 0].tolist() == [-REFUND]


def test_negotiated_discounts_are_in_net_costs_once() -> None:
    found = statement()
    gross, net = (found.values[name].sum(axis=0) for name in ("UnblendedCost", "NetUnblendedCost"))

    assert net == pytest.approx(gross)
    cloudfront = {"service": "Amazon CloudFront", "record_type": RecordType.USAGE}
    assert daily(found, "NetUnblendedCost", **cloudfront) == pytest.approx(0.88 * daily(found, **cloudfront))


def test_what_is_priced_by_the_month_costs_less_a_day_in_a_long_month() -> None:
    found = statement()
    storage = daily(found, usage_type="EBS:VolumeUsage.gp3", operation="CreateVolume-Gp3")
    column = found.column(TODAY.replace(month=3, day=1))

    assert storage[column] / storage[column - 1] == pytest.approx(28 / 31, abs=0.02)
