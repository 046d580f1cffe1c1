"""Amounts as AWS sells them: plans by a tenth of a cent, reservations by whole instances."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.commitments.purchase_offers import Offer
from analysis.commitments.purchase_whole import Piece, counted, piece, sold
from tests.analysis.commitments.purchase_factories import offer, steady, usage

LINES = usage(steady(24, 1.0, 1.0), "m5.xlarge", "m5.large").lines
NAN = float("nan")


def reserved(*rates: float) -> Offer:
    return Offer("Reserved", 1, "No Upfront", np.array(rates), "us-east-1", "m5", "AmazonEC2", "Linux/UNIX")


def test_a_plan_is_bought_in_dollars() -> None:
    assert piece(offer("Compute", 0.7, 0.7), LINES) is None
    assert sold(np.array([1.23456]), [offer("Compute", 0.7, 0.7)], LINES) == pytest.approx([1.234])


def test_a_reservation_is_bought_in_its_smallest_instance() -> None:
    assert piece(reserved(0.12, 0.06), LINES) == Piece("m5.large", 0.06)


def test_a_reservation_of_nothing_has_no_instance() -> None:
    assert piece(reserved(NAN, NAN), LINES) is None


def test_a_standby_is_part_of_what_is_reserved() -> None:
    lines = LINES.assign(usage_type="Multi-AZUsage:db.m5.large", service="AmazonRDS")

    assert piece(reserved(NAN, 0.2), lines) == Piece("m5.large", 0.2, is_multi_az=True)


@pytest.mark.parametrize(("hourly", "many"), [(0.059, 0), (0.06, 1), (0.179, 2), (0.06 * 3, 3), (0.06 * 7, 7)])
def test_parts_of_an_instance_are_left_out(hourly: float, many: int) -> None:
    assert counted(hourly, Piece("m5.large", 0.06)) == many
    assert sold(np.array([hourly]), [reserved(0.12, 0.06)], LINES) == pytest.approx([many * 0.06])
