"""The counterparts of families, against the specifications that AWS publishes."""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.rightsizing.families import AMD, FIXED, GRAVITON, SUCCESSORS, counterparts

Specs = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def specs() -> Specs:
    """AWS's types by name, as the stand-in's library ships them."""
    found = importlib.util.find_spec("moto")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "ec2" / "resources" / "instance_types.json.gz"
    loaded: Specs = json.loads(gzip.decompress(file.read_bytes()))
    return loaded


def pairs() -> Iterator[tuple[str, str, str]]:
    for kind, table in (("successor", SUCCESSORS), ("graviton", GRAVITON), ("amd", AMD)):
        yield from ((kind, old, new) for old, new in table.items())
    yield from (("fixed", old, new) for old, several in FIXED.items() for new in several)


def gib_a_vcpu(spec: dict[str, Any]) -> float:
    return float(spec["MemoryInfo"]["SizeInMiB"] / 1024 / spec["VCpuInfo"]["DefaultVCpus"])


def test_every_counterpart_exists_with_the_processor_its_name_says(specs: Specs) -> None:
    for kind, old, new in pairs():
        one = specs[f"{new}.large"]
        architectures = one["ProcessorInfo"]["SupportedArchitectures"]
        expected = "arm64" if kind == "graviton" or old == "t4g" else "x86_64"
        assert expected in architectures, (kind, old, new)
        assert one["Hypervisor"] == "nitro", new


def test_a_twin_of_the_same_size_has_the_same_vcpus_and_memory(specs: Specs) -> None:
    for kind, old, new in pairs():
        then, now = specs[f"{new}.xlarge"], specs.get(f"{old}.xlarge")
        if kind in ("graviton", "amd") and now is not None:
            assert then["VCpuInfo"]["DefaultVCpus"] == now["VCpuInfo"]["DefaultVCpus"], (old, new)
            assert gib_a_vcpu(then) >= gib_a_vcpu(now), (old, new)


def test_every_previous_generation_ran_on_xen_which_is_why_its_card_speaks_of_drivers(specs: Specs) -> None:
    for old in SUCCESSORS:
        known = [spec for name, spec in specs.items() if name.startswith(f"{old}.")]
        assert all(spec["Hypervisor"] == "xen" for spec in known), old


def test_counterparts_of_several_families_are_one_set() -> None:
    assert counterparts({"m5", "t3"}) == {"m5a", "m6g", "t3", "t3a", "t4g", "c5", "m5", "r5"}
    assert counterparts({"m6g"}) == {"t4g"}
    assert counterparts({"x2iedn", "m8g"}) == set()
