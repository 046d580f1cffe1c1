"""`costbot ingest` and `costbot refresh` in a terminal: an exit code and sentences, never a traceback."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.cost_files import CostFiles
from tests.bot.costs.focus_files import COLUMNS, line, text, write
from tests.forked import start


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("COSTBOT_", "AWS_", "SLACK_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("COSTBOT_TAG_KEYS", "team")
    monkeypatch.setenv("COSTBOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def costbot(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    monkeypatch.setattr(sys, "argv", ["costbot", *words])
    runner = CliRunner()
    with runner.isolation() as (out, err, _):
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        result = code, out.getvalue().decode(), err.getvalue().decode()
    assert "Traceback" not in result[1] + result[2]
    return result


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Command:
    return lambda *words: costbot(monkeypatch, *words)


@pytest.mark.parametrize(
    "words",
    [
        ("ingest",),
        ("ingest", "focus"),
        ("ingest", "nothing", "a.csv"),
        ("ingest", "focus", "a.csv", "--since", "yesterday"),
        ("ingest", "focus", "a.csv", "--since", "2026-13"),
        ("ingest", "focus", "a.csv", "--engine", "abacus"),
        ("ingest", "focus", "--all"),
        ("refresh", "a.csv"),
    ],
)
def test_wrong_usage_ends_with_two(run: Command, words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert "Usage" in out + err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("focus", "gone.csv"), "gone.csv does not exist. "),
        (("focus", "notes.txt"), "notes.txt is neither CSV nor Parquet. "),
        (("focus", "empty"), "empty holds no CSV or Parquet file. "),
        (("focus", "http://example.com/a.csv"), "http:/example.com/a.csv does not exist. "),
        (("focus", "s3:///x"), "s3:///x is no S3 address. "),
        (("focus", "bad.csv"), "bad.csv, line 2: BilledCost is “abc”, which is no number"),
        (("cur", "good.csv"), "good.csv has no column bill_payer_account_id. "),
        (("focus", "good.csv", "bad.csv"), "bad.csv, line 2"),
        (("focus", "torn.parquet"), "torn.parquet is damaged or cut off. "),
        (("focus", "binary.csv"), "binary.csv "),
        (("focus", "binary.csv.gz"), "binary.csv.gz "),
    ],
)
def test_what_cannot_be_read_ends_with_one_and_a_sentence(
    run: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "good.csv", line("1"))
    write(tmp_path / "bad.csv", line("abc"))
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 torn")
    for name in ("binary.csv", "binary.csv.gz"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 20)
    code, out, err = run("ingest", *words)
    assert (code, out) == (1, "")
    assert err.startswith(f"costbot: {said}")
    assert err.count("\n") == 1
    assert not list((tmp_path / "data").rglob("*.parquet"))


def test_s3_without_credentials_is_a_sentence(run: Command) -> None:
    code, _, err = run("ingest", "focus", "s3://billing/exports")
    assert code == 1
    assert err.startswith("costbot: There are no AWS credentials for s3:ListBucket.")


def test_a_good_export_ends_with_nought_and_says_what_it_did(run: Command, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", line("1.25"), line("2.5", ProviderName="Microsoft", BillingAccountId="az"))
    code, out, err = run("ingest", "focus", "a.csv")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == [
        "AWS, payer 123456789012, October 2026: 1 row, 1.25 USD billed.",
        "Microsoft, payer az, October 2026: 1 row, 2.50 USD billed.",
    ]
    assert lines[-1].startswith("Read 1 file (0.0 MB, 2 rows) in ")
    assert run("ingest", "focus", "a.csv") == (0, "Nothing changed: 1 file as they were read before.\n", "")


def test_a_dry_run_says_what_it_would_read_and_stores_nothing(run: Command, tmp_path: Path) -> None:
    write(tmp_path / "a.csv", line("1.25"))
    assert run("ingest", "focus", "a.csv", "--dry-run") == (0, "1 file to read (0.0 MB); 0 unchanged.\n", "")
    assert not list((tmp_path / "data").rglob("*.parquet"))


def test_a_dry_refresh_tells_of_each_export_and_of_cost_explorer(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.csv", line("1.25"))
    write(tmp_path / "b.csv", line("1", BillingAccountId="other"))
    monkeypatch.setenv("COSTBOT_EXPORTS", f"focus={tmp_path}/a.csv,focus={tmp_path}/b.csv")
    code, out, err = run("refresh", "--dry-run")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["1 file to read (0.0 MB); 0 unchanged."] * 2
    assert "Cost Explorer" in lines[2]
    assert not list((tmp_path / "data").rglob("*.parquet"))


def test_a_refresh_reads_the_good_export_and_tells_of_the_bad_one(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "good.csv", line("1.25"))
    monkeypatch.setenv("COSTBOT_EXPORTS", f"focus={tmp_path}/gone.csv,focus={tmp_path}/good.csv")
    monkeypatch.setenv("COSTBOT_COST_EXPLORER", "off")
    code, out, err = run("refresh")
    assert code == 1
    assert out.startswith("AWS, payer 123456789012, October 2026: 1 row, 1.25 USD billed.")
    assert err.startswith(f"costbot: {tmp_path}/gone.csv does not exist.")


@pytest.mark.parametrize("name", ["costs", "costs/focus", "tmp"])
def test_a_file_where_a_folder_should_be_is_a_sentence(run: Command, tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.csv", line("1.25"))
    blocked = tmp_path / "data" / name
    blocked.parent.mkdir(parents=True)
    blocked.write_text("in the way")
    code, out, err = run("ingest", "focus", "a.csv")
    assert (code, out) == (1, "")
    assert str(blocked) in err
    assert "Something unexpected" not in err


@pytest.mark.parametrize("size", [120_000, 400_000])
def test_a_full_disk_is_a_sentence_about_the_disk_and_the_old_month_stays(
    run: Command, tmp_path: Path, size: int
) -> None:
    """Every file is limited, which the kernel refuses to grow as it does on a full disk."""
    assert run("ingest", "focus", str(write(tmp_path / "a.csv", line("1.25"))))[0] == 0
    lines = [
        line(
            f"{number / 7:.8f}",
            ChargePeriodStart=f"2026-10-{number % 28 + 1:02}",
            SubAccountId=f"{number * 7919 % 10**12:012}",
            ChargeDescription=f"{number * 104729 % 10**9} of {number * 1299709 % 10**9}",
        )
        for number in range(30_000)
    ]
    (tmp_path / "a.csv").write_text(text(*lines, columns=COLUMNS))

    limits = (
        partial(signal.signal, signal.SIGXFSZ, signal.SIG_IGN),
        partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size)),
    )
    done = start("ingest", "focus", "a.csv", environment=os.environ, before=limits).ended()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("costbot: ")
    assert "damaged" not in done.stderr
    assert "Something unexpected" not in done.stderr
    assert "isk" in done.stderr
    costs = CostFiles(tmp_path / "data")
    window = costs.window()
    found = costs.daily(start=window.first_day, end=window.complete_until.replace(day=30))
    assert found["cost"].tolist() == [1.25]
    assert not list((tmp_path / "data" / "tmp").glob("*"))
