"""The benchmark of a scan runs through, and counts the calls of a small account."""

from __future__ import annotations

import re

import pytest

from benchmarks import savings_scan


def test_a_small_account_is_scanned_and_its_calls_are_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["savings_scan", "--instances", "3", "--volumes", "2"])

    savings_scan.main()

    said = capsys.readouterr().out
    assert said.startswith("3 instances, 2 volumes, ")
    calls = re.search(r"first pass: (\d+) calls", said)
    assert calls is not None
    assert int(calls[1]) > 50
    assert "cloudwatch:get_metric_data (both passes)" in said
