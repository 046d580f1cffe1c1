"""A user's own bill beside the peers: figures of one truth, the same with every run, and errors in a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.analysis import own_bill
from benchmarks.analysis.__main__ import main
from benchmarks.analysis.bill_files import BadBill, Bill
from benchmarks.peers.forecasters import last_week_again

DAYS = pd.date_range("2026-01-05", periods=125, freq="D")


def bill(days: int = len(DAYS), keys: int = 3) -> Bill:
    rng = np.random.default_rng(2)
    frames = [
        pd.DataFrame(
            {"date": DAYS[:days], "key": f"key {number}", "cost": 80 * (number + 1) * rng.normal(1, 0.02, days)}
        )
        for number in range(keys)
    ]
    return Bill(pd.concat(frames, ignore_index=True), "made")


def test_the_three_parts_are_printed_for_costbot_and_every_peer(capsys: pytest.CaptureFixture[str]) -> None:
    own_bill.compare(bill(keys=2), copies=1, models={"a model": last_week_again}, progress=False)
    text = capsys.readouterr().out
    assert text.startswith("2 keys, 125 days from 2026-01-05 to 2026-05-09, ")
    for name in ("costbot", *own_bill.DETECTORS):
        assert text.count(f"\n  {name} ") >= 2
    assert "replay of the last 90 days" in text
    assert "incidents put into 1 copies (seeds 1 to 1)" in text
    assert "forecasts of 30 days, made 30 days before the end:" in text
    assert "  a model " in text


def test_a_short_bill_gets_the_parts_it_is_long_enough_for(capsys: pytest.CaptureFixture[str]) -> None:
    own_bill.compare(bill(50), days=14, models={}, progress=False)
    text = capsys.readouterr().out
    assert "replay of the last 14 days" in text
    assert "the bill has 50 days, 104 are needed for that" in text
    assert "the bill has 50 days, 90 are needed to rehearse" in text
    with pytest.raises(BadBill, match="has 44 days; at least 45 are needed"):
        own_bill.compare(bill(44), models={}, progress=False)


def test_incidents_are_the_same_for_a_seed_and_change_nothing_but_their_own_days() -> None:
    wide = own_bill.as_wide(bill().daily)
    one, again, other = (own_bill.with_incidents(wide, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.daily, again.daily)
    assert one.incidents == again.incidents != other.incidents
    assert one.incidents
    for incident in one.incidents:
        mine = one.daily[(one.daily["key"] == incident.key) & (one.daily["date"] < incident.start)]
        np.testing.assert_array_equal(mine["cost"], wide[incident.key][mine["date"]])


def test_a_series_that_cannot_carry_an_incident_gets_none() -> None:
    wide = own_bill.as_wide(bill().daily) / 1000
    assert own_bill.with_incidents(wide, 1).incidents == ()


def test_an_alert_is_shared_where_key_direction_and_days_are_the_same() -> None:
    days = pd.to_datetime(["2026-03-01", "2026-03-20"])
    mine = pd.DataFrame({"key": "a", "direction": "up", "start": days, "end": days})
    assert own_bill.shared(mine, mine) == 2
    assert own_bill.shared(mine.assign(key="b"), mine) == 0
    assert own_bill.shared(mine.assign(direction="down"), mine) == 0
    later = mine.assign(start=days + pd.Timedelta(days=4), end=days + pd.Timedelta(days=9))
    assert own_bill.shared(later, mine) == 0


def test_a_day_without_a_row_costs_nothing() -> None:
    wide = own_bill.as_wide(bill().daily.drop(index=[3, 4]))
    assert len(wide) == len(DAYS)
    assert list(wide["key 0"].iloc[3:5]) == [0.0, 0.0]


def test_a_file_goes_from_the_command_line_to_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wide = own_bill.as_wide(bill(60, keys=2).daily)
    path = tmp_path / "costs.csv"
    wide.add_suffix("($)").rename_axis("Service").to_csv(path)
    main(["--csv", str(path), "--days", "30"])
    assert capsys.readouterr().out.startswith("2 keys, 60 days from 2026-01-05 to 2026-03-05")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--csv", "nowhere.csv"], "nowhere.csv cannot be read: No such file or directory."),
        (["--cost", "net"], "give it with --csv"),
        (["--csv", "nowhere.csv", "--days", "0"], "--days and --copies must be at least 1"),
    ],
)
def test_a_wrong_call_ends_with_a_sentence(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert said in f"{ended.value.code} {capsys.readouterr().err}"


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "python -m benchmarks.analysis --csv costs.csv" in capsys.readouterr().out
