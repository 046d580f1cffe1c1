"""The registry: each check says what it reads, and is found by its file."""

from __future__ import annotations

import string
from pathlib import Path

import analysis.checks
from analysis.checks import checks

FOLDER = Path(analysis.checks.__file__).parent


def test_finds_each_file_once_and_nothing_else() -> None:
    files = {f"{path.parent.name}.{path.stem}" for path in FOLDER.glob("*/*.py") if path.stem != "__init__"}

    assert set(checks()) == files
    assert [check.id for check in checks().values()] == sorted(files)


def test_a_check_declares_itself_by_its_signature() -> None:
    found = checks()["ec2.rightsizing"]

    assert (found.system, found.title) == ("ec2", "EC2 instance larger than its load")
    assert found.tables == ("ec2_instances", "instance_types", "instance_offerings", "ec2_metrics", "prices")
    assert found.thresholds["headroom_percent"] == 20.0


def test_every_check_has_a_source_a_reason_and_more_than_a_title() -> None:
    for found in checks().values():
        assert all((found.source, found.catalogue, found.thresholds)), found.id
        assert [name for _, name, _, _ in string.Formatter().parse(found.reason) if name]
        assert len(found.doc.split("\n")) > 2, found.id
