"""A backup made while costbot runs is one moment of it; a restore leaves the old or the new, whenever it is killed."""

from __future__ import annotations

import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from bot.backup import swap_in
from bot.backup.contents import ASIDE, MANIFEST
from bot.backup.make import back_up, pinned
from bot.backup.restore import restore
from bot.backup.swap_in import finish_restore
from bot.cost_files import CostFiles
from bot.data_lock import sole_owner
from bot.errors import CostbotError, UsageError
from bot.store import Store
from tests import forked
from tests.bot.costs.cost_factories import full, store
from tests.bot.decisions_factories import NOW, anomaly, recommendation

DATABASE = "costbot.db"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"}


def silent(done: int, total: int, at: str) -> None:
    """No progress is shown."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory in use: two months, a decision, what passes, and what is nobody's business."""
    folder = tmp_path / "data"
    store(CostFiles(folder), [full("2026-10-30", 3.0), full("2026-11-02", 4.0)], "focus")
    kept = Store(folder / DATABASE)
    finding = kept.record(recommendation(), NOW)
    kept.decide(finding.id, "approve", actor="U0ANA", now=NOW)
    kept.close()
    (folder / "prices.json").write_text("{}")
    for passing in ("demo.log", "x.1.tmp", ".months.json.abc"):
        (folder / passing).write_text("passes")
    (folder / "tmp" / "ingest-1").mkdir(parents=True)
    (folder / "tmp" / "ingest-1" / "part").write_text("passes")
    return folder


def backed_up(data: Path, target: Path) -> Path:
    back_up(data, DATABASE, target, NOW, silent)
    return target


def seen(folder: Path) -> tuple[list[str], float]:
    """The states of what was decided, and the sum of the stored costs."""
    kept = Store(folder / DATABASE)
    states = [f"{one.id} {one.state}" for one in kept.findings()]
    kept.close()
    costs = CostFiles(folder).daily(start=date(2026, 10, 1), end=date(2026, 12, 1))
    return states, float(costs["cost"].sum())


def test_what_is_restored_is_what_was_backed_up(data: Path, tmp_path: Path) -> None:
    file = backed_up(data, tmp_path / "b" / "costbot.tar")
    with tarfile.open(file) as archive:
        names = archive.getnames()
        told = json.loads(archive.extractfile(MANIFEST).read())  # type: ignore[union-attr]
    months = [f"costs/focus/2026-{month}.parquet" for month in (10, 11)]
    assert names == ["costbot.db", *months, "prices.json", MANIFEST]
    assert [one["path"] for one in told["entries"]] == names[:-1]
    assert file.stat().st_mode & 0o077 == 0, "only its owner may read it"
    assert os.listdir(file.parent) == ["costbot.tar"]
    made, aside = restore(file, tmp_path / "new", DATABASE, NOW, silent, force=False)
    assert (made.made_at, aside) == ("2026-11-20T10:00:00+00:00", None)
    assert seen(tmp_path / "new") == seen(data)
    assert seen(data)[1] == 7.0


def test_a_backup_beside_writers_is_one_moment(data: Path, tmp_path: Path) -> None:
    kept, stop, number = Store(data / DATABASE), threading.Event(), 0

    def write() -> None:
        nonlocal number
        while not stop.is_set():
            number += 1
            kept.record(anomaly(account_id=f"{number:012d}"), NOW)
            store(CostFiles(data), [full("2026-11-02", float(number))], "focus")

    with sole_owner(data):  # the bot that runs
        writer = threading.Thread(target=write)
        writer.start()
        try:
            files = [backed_up(data, tmp_path / f"{n}.tar") for n in range(3)]
        finally:
            stop.set()
            writer.join()
    kept.close()
    for n, file in enumerate(files):
        restore(file, tmp_path / f"new-{n}", DATABASE, NOW, silent, force=False)
        states, total = seen(tmp_path / f"new-{n}")
        assert sum(one.endswith("approved") for one in states) == 1
        assert total == int(total)


def test_a_month_that_is_replaced_meanwhile_is_looked_at_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.backup import make

    looks, listed = 0, make.kept_files

    def replacing(folder: Path, database: str) -> Iterator[Path]:
        nonlocal looks
        looks += 1
        if looks == 2:
            store(CostFiles(data), [full("2026-11-02", 9.0)], "focus")
        yield from listed(folder, database)

    monkeypatch.setattr(make, "kept_files", replacing)
    with ExitStack() as stack:
        opened = pinned(data, DATABASE, stack)
        month = opened["costs/focus/2026-11.parquet"].read()
    assert month == (data / "costs" / "focus" / "2026-11.parquet").read_bytes()
    assert looks == 4
    monkeypatch.setattr(make, "kept_files", lambda *_: iter([data / "gone"]))
    with ExitStack() as stack, pytest.raises(CostbotError, match="keep changing"):
        pinned(data, DATABASE, stack)


def test_a_backup_into_the_data_directory_or_of_nothing_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies in the data directory"):
        backed_up(data, data / "b.tar")
    with pytest.raises(CostbotError, match="holds no costbot"):
        backed_up(tmp_path / "empty", tmp_path / "b.tar")


def test_a_directory_that_holds_something_is_kept_beside_with_force_only(data: Path, tmp_path: Path) -> None:
    file = backed_up(data, tmp_path / "b.tar")
    store(CostFiles(data), [full("2026-11-02", 100.0)], "focus")
    with pytest.raises(UsageError, match="holds data already"):
        restore(file, data, DATABASE, NOW, silent, force=False)
    assert seen(data)[1] == 103.0
    for number in range(2):
        _, aside = restore(file, data, DATABASE, NOW, silent, force=True)
        assert aside is not None
        assert aside.name == f"{ASIDE}20261120T100000{'-2' if number else ''}"
        assert seen(data)[1] == 7.0
    assert seen(data / f"{ASIDE}20261120T100000")[1] == 103.0
    with tarfile.open(backed_up(data, tmp_path / "c.tar")) as archive:
        assert not any(ASIDE in name for name in archive.getnames())


def test_a_running_costbot_is_not_restored_over(data: Path, tmp_path: Path) -> None:
    file = backed_up(data, tmp_path / "b.tar")
    with sole_owner(data), pytest.raises(CostbotError, match="already runs on"):
        restore(file, data, DATABASE, NOW, silent, force=True)
    assert seen(data)[1] == 7.0


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-12_000])


def flipped(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[700] ^= 1  # in the database, which comes first
    file.write_bytes(whole)


def rewritten(change: Callable[[dict[str, object]], None]) -> Callable[[Path], None]:
    """Another manifest in the same file."""

    def rewrite(file: Path) -> None:
        with tarfile.open(file) as archive:
            members = [(one, archive.extractfile(one).read()) for one in archive]  # type: ignore[union-attr]
        with tarfile.open(file, "w") as archive:
            for member, content in members:
                if member.name == MANIFEST:
                    told = json.loads(content)
                    change(told)
                    content = json.dumps(told).encode()
                    member.size = len(content)
                archive.addfile(member, io.BytesIO(content))

    return rewrite


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut_off, "cut off or no backup of costbot"),
        (flipped, "'costbot.db' is not what it was"),
        (lambda file: file.write_bytes(b"no tar" * 500), "cut off or no backup of costbot"),
        (lambda file: file.unlink(), "There is no file"),
        (rewritten(lambda told: told.update(format=2)), "a backup of a newer kind"),
        (rewritten(lambda told: told["entries"].pop()), "'prices.json' is not on its list"),  # type: ignore[attr-defined]
        (
            rewritten(lambda told: told["entries"].append({"path": "x", "size": 1, "sha256": ""})),  # type: ignore[attr-defined]
            "'x' is missing",
        ),
        (
            rewritten(lambda told: told["entries"].append({"path": "../x", "size": 1, "sha256": ""})),  # type: ignore[attr-defined]
            "no file of a data directory",
        ),
        (rewritten(lambda told: told.pop("entries")), "its list of files cannot be read"),
    ],
)
def test_what_is_damaged_is_refused_and_nothing_touched(
    data: Path, tmp_path: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    file = backed_up(data, tmp_path / "b.tar")
    store(CostFiles(data), [full("2026-11-02", 100.0)], "focus")
    damage(file)
    with pytest.raises(CostbotError, match=sentence):
        restore(file, data, DATABASE, NOW, silent, force=True)
    assert seen(data)[1] == 103.0
    assert not finish_restore(data)


def test_a_backup_of_a_newer_costbot_is_refused(data: Path, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(data / DATABASE) as newer:
        step = ("costbot", "0999_x", "")
        newer.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", step)
    newer.close()
    file = backed_up(data, tmp_path / "b.tar")
    with pytest.raises(CostbotError, match="newer costbot"):
        restore(file, tmp_path / "new", DATABASE, NOW, silent, force=False)


class Killed(BaseException):
    """The process ends here."""


def test_a_kill_at_any_moment_leaves_the_old_or_the_new(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up(data, tmp_path / "b.tar")
    store(CostFiles(data), [full("2026-11-02", 100.0)], "focus")
    outcomes, moment = [], 0
    rename = Path.rename
    while True:
        moment += 1
        left = moment

        def dies(path: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return rename(path, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", dies)
            patched.setattr(Path, "replace", dies)
            try:
                restore(file, data, DATABASE, NOW, silent, force=True)
                break
            except Killed:
                pass
        finish_restore(data)
        outcomes.append(seen(data)[1])
        assert outcomes[-1] in (103.0, 7.0)
        store(CostFiles(data), [full("2026-11-02", 100.0)], "focus")
    assert outcomes[0] == 103.0, "before the journal the old one counts"
    assert set(outcomes[1:]) == {7.0}
    assert len(outcomes) > 6
    assert not (data / swap_in.JOURNAL).exists()


@pytest.mark.parametrize("command", [("ask", "/cost help"), ("backup", "{folder}/next.tar")])
def test_the_next_command_finishes_a_restore(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    file = backed_up(data, tmp_path / "b.tar")
    store(CostFiles(data), [full("2026-11-02", 100.0)], "focus")

    def begins(folder: Path, aside: str) -> None:
        swap_in.begin(folder, aside)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("bot.backup.restore.begin", begins)
        with pytest.raises(Killed):
            restore(file, data, DATABASE, NOW, silent, force=True)
    words = [word.format(folder=tmp_path) for word in command]
    ended = forked.costbot(*words, "--data-dir", str(data), environment=ENVIRONMENT)
    assert ended.returncode == 0, ended.stderr
    assert seen(data)[1] == 7.0


def test_the_command_line_backs_up_and_restores(data: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "b.tar")
    made = forked.costbot("backup", file, "--data-dir", str(data), environment=ENVIRONMENT)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith(f"{file} holds 4 files of {data}, ")
    refused = forked.costbot("restore", file, "--data-dir", str(data), environment=ENVIRONMENT)
    assert refused.returncode == 2
    assert "Add --force" in refused.stderr
    back = forked.costbot("restore", file, "--force", "--data-dir", str(data), environment=ENVIRONMENT)
    assert back.returncode == 0, back.stderr
    assert f"What it held before is in {data}/before-restore-" in back.stdout
