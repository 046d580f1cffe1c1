"""The repair of apache-libcloud's table: right prices confirm each other, and what nobody confirms is left out."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.prices.ec2_list import _snapshot, snapshot_date
from analysis.prices.repair import repaired


def prices(listed: dict[str, float], region: str = "us-east-1") -> dict[str, float]:
    found = repaired({name: {region: usd} for name, usd in listed.items()})
    return dict(zip(found["instance_type"], found["hourly_usd"], strict=True))


def test_nothing_is_repaired_to_nothing() -> None:
    assert repaired({}).empty


@pytest.mark.parametrize(
    "listed",
    [
        {"m5.large": 0.096},
        {"m5.large": 0.096, "m5.xlarge": 0.0},
        {"m5.large": 0.096, "m5.xlarge": 0.212},
        {"m5.metal": 4.608, "m5.24xlarge": 4.608},
        {"g5.xlarge": 1.006, "g5.2xlarge": 2.012},
        {"p3.2xlarge": 3.06, "p3.8xlarge": 12.24},
        {"inf1.xlarge": 0.228, "inf1.2xlarge": 0.456},
        {"trn1.2xlarge": 1.3438, "trn1.4xlarge": 2.6876},
        {"mac2.metal": 0.65, "dl1.24xlarge": 13.1, "dl1.12xlarge": 6.55},
        {"m5": 0.096, "hpc6a.48xlarge": 2.88, "u-6tb1.56xlarge": 46.4},
    ],
)
def test_what_no_other_size_confirms_and_what_is_no_plain_machine_has_no_price(listed: dict[str, float]) -> None:
    assert prices(listed) == {}


def test_zeros_and_dedicated_prices_follow_the_lowest_price_that_is_confirmed() -> None:
    listed = {"r5.large": 0.134, "r5.xlarge": 0.267, "r5.2xlarge": 0.504, "r5.4xlarge": 1.008, "r5.8xlarge": 0.0}

    assert prices(listed) == {
        "r5.large": 0.126, "r5.xlarge": 0.252, "r5.2xlarge": 0.504, "r5.4xlarge": 1.008, "r5.8xlarge": 2.016,
    }  # fmt: skip


def test_a_lower_price_that_stands_alone_is_not_taken() -> None:
    assert prices({"m5.large": 0.05, "m5.xlarge": 0.192, "m5.2xlarge": 0.384})["m5.large"] == 0.096


def test_a_price_near_the_familys_stands_as_it_is_listed() -> None:
    assert prices({"t2.small": 0.023, "t2.medium": 0.0464, "t2.large": 0.0928})["t2.medium"] == 0.0464


def test_a_region_is_repaired_by_itself_and_a_type_it_does_not_list_has_no_price_there() -> None:
    found = repaired(
        {"m5.large": {"us-east-1": 0.096, "eu-west-1": 0.107}, "m5.xlarge": {"us-east-1": 0.0, "eu-west-1": 0.214},
         "m5.2xlarge": {"us-east-1": 0.384}}
    )  # fmt: skip

    told = {(row["region"], row["instance_type"]): row["hourly_usd"] for row in found.to_dict("records")}
    assert told == {
        ("eu-west-1", "m5.large"): 0.107, ("eu-west-1", "m5.xlarge"): 0.214,
        ("us-east-1", "m5.large"): 0.096, ("us-east-1", "m5.xlarge"): 0.192, ("us-east-1", "m5.2xlarge"): 0.384,
    }  # fmt: skip


def test_a_family_that_stands_a_tenth_above_its_regions_others_is_left_out() -> None:
    listed = {
        f"{family}.{size}": {"us-east-1": usd * times, "me-south-1": usd * times * (1.1 if family == "m6i" else 1.0)}
        for family, usd in (("m5", 0.096), ("c5", 0.085), ("r5", 0.126), ("m6i", 0.096))
        for size, times in (("large", 1), ("xlarge", 2))
    }

    found = repaired(listed)

    assert set(found.loc[found["region"].eq("me-south-1"), "instance_type"].str.partition(".")[0]) == {"m5", "c5", "r5"}
    assert "m6i.large" in set(found.loc[found["region"].eq("us-east-1"), "instance_type"])


#: AWS's own list prices of us-east-1: `.large` of each family that apache-libcloud knows.
LARGE = {
    "m4": 0.1, "m5": 0.096, "m5a": 0.086, "m6i": 0.096, "m6a": 0.0864, "m6g": 0.077, "m7i": 0.1008,
    "m7i-flex": 0.09576, "m7a": 0.11592, "m7g": 0.0816, "m8g": 0.08976, "c4": 0.1, "c5": 0.085, "c5a": 0.077,
    "c6i": 0.085, "c6a": 0.0765, "c6g": 0.068, "c7i": 0.08925, "c7i-flex": 0.08479, "c7a": 0.10264, "c7g": 0.0725,
    "c8g": 0.07976, "r4": 0.133, "r5": 0.126, "r5a": 0.113, "r6i": 0.126, "r6a": 0.1134, "r6g": 0.1008, "r7i": 0.1323,
    "r7a": 0.15215, "r7g": 0.1071, "r8g": 0.11782, "t3": 0.0832, "t3a": 0.0752, "t4g": 0.0672, "i3": 0.156,
    "i4i": 0.172, "t2": 0.0928,
}  # fmt: skip


def test_the_shipped_snapshot_reproduces_awss_list() -> None:
    shipped = {family: _snapshot()["us-east-1", f"{family}.large"] for family in LARGE}

    assert shipped == pytest.approx(LARGE, rel=1e-4)


def test_every_size_of_those_families_is_within_two_per_cent_of_the_list() -> None:
    times = {"nano": 1 / 16, "micro": 1 / 8, "small": 1 / 4, "medium": 1 / 2, "large": 1.0, "xlarge": 2.0}
    shipped = _snapshot()["us-east-1"]
    compared = 0
    for name, usd in shipped.items():
        family, _, size = str(name).partition(".")
        if family in LARGE:
            share = times.get(size) or 2.0 * int(size.removesuffix("xlarge"))
            assert usd == pytest.approx(LARGE[family] * share, rel=0.02), name
            compared += 1
    assert compared == 317


def test_single_types_cost_what_aws_lists() -> None:
    listed = {"t2.nano": 0.0058, "t2.micro": 0.0116, "t2.small": 0.023, "t2.medium": 0.0464, "t3.micro": 0.0104,
              "m5.xlarge": 0.192, "c5.18xlarge": 3.06, "r4.16xlarge": 4.256}  # fmt: skip

    assert {name: round(_snapshot()["us-east-1", name], 5) for name in listed} == listed


def test_the_snapshot_has_35_regions_no_zero_and_its_date() -> None:
    shipped = _snapshot()

    assert shipped.index.get_level_values("region").nunique() == 35
    assert shipped.gt(0).all()
    assert shipped.index.is_unique
    assert not [name for _, name in shipped.index if name.startswith(("g", "p", "inf", "trn")) or "metal" in name]
    assert snapshot_date() == date(2025, 3, 2)
