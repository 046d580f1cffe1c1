"""The Dockerfile fits the project: what it copies is there, the data lies on a volume, nothing runs as root.

It is read, not built: that needs a network and a daemon.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.docs import ROOT
from bot.settings import Settings

TEXT = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
LINES = [line.split(maxsplit=1) for line in TEXT.splitlines() if line.strip() and not line.startswith("#")]


def told(instruction: str) -> list[str]:
    return [rest for name, rest in LINES if name == instruction]


ENVIRONMENT = dict(pair.split("=", 1) for pair in shlex.split(" ".join(told("ENV"))))
COPIED = [source for line in told("COPY") if "--from" not in line for source in line.split()[:-1]]


def test_its_base_is_pinned_and_a_python_that_costbot_takes() -> None:
    bases = {line.split()[0] for line in told("FROM")}
    (base,) = bases
    found = re.fullmatch(r"python:(\d+)\.(\d+)\.\d+-slim-\w+", base)
    assert found is not None
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    least = tuple(map(int, project["requires-python"].removeprefix(">=").split(".")))
    assert (int(found[1]), int(found[2])) >= least


@pytest.mark.parametrize("source", COPIED)
def test_what_it_copies_is_there_and_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    kept = True
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line and not line.startswith("#") and fnmatch.fnmatch(source, line.removeprefix("!")):
            kept = line.startswith("!")
    assert kept


def test_no_library_comes_without_a_hash() -> None:
    (install,) = [line for line in told("RUN") if "pip install" in line]
    assert "--require-hashes" in install
    locks = re.findall(r"-r /locks/(\S+)", install)
    assert set(locks) == {"requirements.txt", "requirements-build.txt"}
    assert set(locks) <= set(COPIED)


def test_it_runs_as_nobody_special_with_its_data_on_a_volume() -> None:
    assert told("USER") == ["costbot"]
    assert any("useradd" in line and "costbot" in line for line in told("RUN"))
    assert told("VOLUME") == [ENVIRONMENT["COSTBOT_DATA_DIR"]]
    order = [name for name, _ in LINES]
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert "RUN" not in order[order.index("USER") :]


def test_the_port_is_that_of_the_health_check() -> None:
    assert told("EXPOSE") == [ENVIRONMENT["PORT"]] == [str(Settings.model_fields["port"].default)]
    (check,) = told("HEALTHCHECK")
    assert "/healthz" in check
    command = json.loads(check.partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "healthcheck", "exec")


def test_every_setting_it_makes_is_one() -> None:
    Settings.model_validate({"log_format": ENVIRONMENT["COSTBOT_LOG_FORMAT"]})
    known = {f"COSTBOT_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in ENVIRONMENT if name.startswith("COSTBOT_")} <= known


def test_what_is_copied_runs_without_the_demo_and_the_tests(tmp_path: Path) -> None:
    """As in the image: the same folders at another place, `bot/demo` left out, and the same entry."""
    for source in ("analysis", "bot", "manifest.yml"):
        (tmp_path / source).symlink_to(ROOT / source)
    (tmp_path / "run.py").write_text(
        "import sys, runpy\n"
        "sys.modules['bot.demo'] = None\n"
        "sys.argv = ['costbot', 'manifest']\n"
        "runpy.run_module('bot', run_name='__main__')\n"
    )
    (entry,) = told("ENTRYPOINT")
    assert json.loads(entry) == ["python", "-m", "bot"]
    ended = subprocess.run(
        [sys.executable, "run.py"], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert "slash_commands" in ended.stdout
    imports = re.compile(r"^\s*(?:from|import) bot\.demo", re.MULTILINE)
    outside = [
        path.name
        for path in (ROOT / "bot").rglob("*.py")
        if "demo" not in path.relative_to(ROOT).parts and imports.search(path.read_text("utf-8"))
    ]
    assert outside == ["cli.py"], "`costbot demo` alone needs it"
