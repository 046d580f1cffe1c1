"""Instance types: which may replace which, and what a burstable one gives for good."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas import Series

from analysis.rightsizing.catalog import families_needed, replacement_group, sustained_vcpu
from tests.analysis.rightsizing_factories import instance_types, spec


def group(name: str) -> str:
    return str(replacement_group(Series([name], dtype="str")).iloc[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("m5.large", "m6i.large"), ("m5.large", "m5a.large"), ("m5.large", "m5d.large"), ("m6g.large", "m6i.large"),
     ("t3.large", "m3.large"), ("m7i.large", "m7i-flex.large"), ("x1.large", "r1.large"), ("i3.large", "c3.large")],
)  # fmt: skip
def test_generation_vendor_and_kind_are_never_crossed(one: str, other: str) -> None:
    assert group(one) != group(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("m5.large", "r5.4xlarge"),
        ("c6i.large", "m6i.large"),
        ("m7i-flex.large", "c7i-flex.large"),
        ("t3.nano", "t3.2xlarge"),
    ],
)
def test_c_m_and_r_of_a_generation_and_vendor_may_replace_each_other(one: str, other: str) -> None:
    assert group(one) == group(other)


def test_asks_for_the_families_in_use_their_siblings_and_what_may_replace_them() -> None:
    found = families_needed(Series(["m5.large", "m5.xlarge", "t3.micro", "r6g.large", "nonsense"], dtype="str"))

    siblings, of_m5, of_t3 = {"c5", "c6g", "m5", "m6g", "r5", "r6g", "t3"}, {"c5a", "m5a", "r5a"}, {"t3a", "t4g"}
    assert found == sorted(siblings | of_m5 | of_t3)


def test_a_burstable_type_gives_its_baseline_for_good() -> None:
    types = instance_types(spec("t2.large", 2, 8, burstable=True), spec("t2.2xlarge", 8, 32, burstable=True))
    found = pd.Series(sustained_vcpu(types).to_numpy(), index=types["instance_type"])

    assert found[["m5.large", "t3.medium", "t3.large", "t2.large"]].tolist() == pytest.approx([2, 0.4, 0.6, 0.6])
    assert found["t2.2xlarge"] == pytest.approx(1.36)  # 81.6 credits an hour
