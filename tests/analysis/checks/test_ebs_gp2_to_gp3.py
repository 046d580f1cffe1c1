"""`ebs.gp2_to_gp3`: priced by what the volume carries; 171 to 249 GiB at full throughput are left alone."""

from __future__ import annotations

from typing import Any

import pytest
from pandas import DataFrame

from analysis.storage.gp3 import gp3_month
from tests.analysis.checks.check_factories import cards, no_points, price_book, table
from tests.analysis.checks.volume_factories import busy, days, verdict, volume

CHECK = "ebs.gp2_to_gp3"


def gp2(size_gib: float, **changed: Any) -> dict[str, Any]:
    iops = min(16_000.0, max(100.0, 3 * size_gib))
    return volume(**({"volume_type": "gp2", "size_gib": size_gib, "iops": iops, "throughput_mib_s": None} | changed))


def judged_volume(size_gib: float, metrics: DataFrame, **changed: Any) -> Any:
    return verdict(CHECK, gp2(size_gib, **changed), metrics)


@pytest.mark.parametrize("kind", ["gp3", "io1", "st1", "standard"])
def test_leaves_other_types_alone(kind: str) -> None:
    assert verdict(CHECK, volume(volume_type=kind), no_points())["verdict"] == "fine"


def test_leaves_what_hangs_on_nothing_to_another_check() -> None:
    assert judged_volume(500, no_points(), state="available")["verdict"] == "fine"


@pytest.mark.parametrize("size_gib", [171, 200, 249])
def test_full_throughput_in_the_middle_sizes_saves_nothing(size_gib: int) -> None:
    found = judged_volume(size_gib, busy(600, 250))

    assert found["verdict"] == "fine"
    assert found["why"].startswith("gp3 that carries its 250 MiB/s and 600 IOPS costs")


def test_the_same_size_with_little_traffic_saves_a_fifth() -> None:
    assert judged_volume(200, busy(300, 8))["monthly_savings"] == pytest.approx(4.0)


@pytest.mark.parametrize("size_gib", [1, 100, 170])
def test_a_small_volume_needs_no_measurement(size_gib: int) -> None:
    found = judged_volume(size_gib, no_points())

    assert found["monthly_savings"] == pytest.approx(size_gib * 0.02)
    assert found["needs"] == ""


def test_asks_for_five_minute_sums_only_where_days_leave_it_open() -> None:
    open_question = judged_volume(171, days(300 * 86_400, 8 * 86_400))
    quiet = judged_volume(171, days(50_000, 5_000))

    assert (open_question["verdict"], open_question["needs"]) == ("insufficient", "series")
    assert open_question["why"].startswith("Traffic over five minutes:")
    assert (quiet["verdict"], quiet["needs"]) == ("saves", "")


@pytest.mark.parametrize(
    ("day_operations", "day_mib", "verdict_then"),
    [(900_000, 0, "saves"), (900_002, 0, "insufficient"), (0, 37_500, "saves"), (0, 37_502, "insufficient")],
)
def test_a_days_traffic_that_fits_into_five_minutes_is_proof(
    day_operations: float, day_mib: float, verdict_then: str
) -> None:
    assert judged_volume(300, days(day_operations, day_mib))["verdict"] == verdict_then


@pytest.mark.parametrize(("measured", "verdict_then"), [(6, "insufficient"), (7, "saves")])
def test_a_few_days_are_no_evidence(measured: int, verdict_then: str) -> None:
    assert judged_volume(300, busy(300, 8, count=measured))["verdict"] == verdict_then


def test_silence_is_not_idleness() -> None:
    found = judged_volume(500, no_points())

    assert found["why"].startswith("Traffic of 7 days: CloudWatch has 0 of them")
    assert (found["verdict"], found["needs"]) == ("insufficient", "")


def test_reads_without_writes_are_no_rate() -> None:
    half = busy(300, 8)

    assert judged_volume(500, half[~half["metric"].eq("VolumeWriteOps")])["verdict"] == "insufficient"


def test_points_are_joined_by_their_time_in_whatever_order_they_come() -> None:
    shuffled = busy(300, 8).sample(frac=1.0, random_state=7)

    assert judged_volume(500, shuffled)["iops_p999"] == pytest.approx(300)


def test_an_operation_count_is_divided_by_its_seconds() -> None:
    assert judged_volume(500, busy(300, 8))["iops_p999"] == pytest.approx(300)


def test_iops_and_throughput_beyond_what_is_included_are_priced() -> None:
    found = judged_volume(2000, busy(5000, 200))

    assert (found["gp3_iops"], found["gp3_mib_s"]) == (5500, 220)
    assert found["monthly_savings"] == pytest.approx(200 - (160 + 2500 * 0.005 + 95 * 0.04))


def test_no_more_is_provisioned_than_gp2_itself_could_give() -> None:
    found = judged_volume(1500, busy(4400, 249))

    assert (found["gp3_iops"], found["gp3_mib_s"]) == (4500, 250)


@pytest.mark.parametrize(
    ("size_gib", "percent"),
    [(100, 20.0), (171, -9.2), (200, -5.0), (250, 0.0), (334, 5.0), (1000, 15.0), (2000, 10.0), (5334, 6.9),
     (16_384, 15.7)],
)  # fmt: skip
def test_what_matching_gp2_at_its_best_would_save(size_gib: int, percent: float) -> None:
    volumes = table("ebs_volumes", gp2(size_gib))
    best = DataFrame(
        {
            "gp3_iops": [float(min(16_000, max(3000, 3 * size_gib)))],
            "gp3_mib_s": [250.0 if size_gib > 170 else 125.0],
        }
    )

    (cost,) = gp3_month(volumes, best, price_book())

    assert (1 - cost / (size_gib * 0.10)) * 100 == pytest.approx(percent, abs=0.06)


def test_a_price_that_is_not_known_is_no_saving() -> None:
    assert judged_volume(100, no_points(), region="eu-west-3")["verdict"] == "insufficient"


def test_a_region_without_a_price_for_throughput_is_not_guessed() -> None:
    book = price_book(live=[("eu-west-3", "ebs.gp2.gib_month", 0.116), ("eu-west-3", "ebs.gp3.gib_month", 0.0928)])
    busy_there = busy(300, 240).assign(region="eu-west-3")

    found = verdict(CHECK, gp2(2000, region="eu-west-3"), busy_there, prices=book)

    assert found["verdict"] == "insufficient"
    assert found["why"].startswith("The price of gp3's IOPS and throughput in eu-west-3")


def test_the_card_says_how_and_with_which_command() -> None:
    tables = {"ebs_volumes": table("ebs_volumes", gp2(2000)), "ebs_metrics": busy(5000, 200)}

    (card,) = cards(CHECK, tables)

    assert card.reason == "gp2 volume of 2000 GiB: gp3 carries the same for 12 % less"
    assert card.how_computed.endswith(
        "2000 GiB as gp2 200.00 dollars a month; as gp3 with 5500 IOPS and 220 MiB/s, of which 3000 and 125 are "
        "included, 176.30. It carries 200 MiB/s and 5000 IOPS at p99.9."
    )
    assert (
        "aws ec2 modify-volume --volume-id vol-1 --volume-type gp3 --iops 5500 --throughput 220 --region us-east-1"
        in card.command
    )
    assert card.chart is not None
    assert [fact.value for fact in card.evidence] == pytest.approx([2000, 5000, 200])
