"""The built page that is checked in is the one its sources and locked packages make."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "bot" / "demo" / "slack" / "page"
BUILT = ("app.css", "app.js")
SOURCES = ("src", "licences", "package.json", "package-lock.json", ".npmrc", "build.mjs", "notices.mjs")
INSTALL_SECONDS = 100


def test_the_lock_names_no_registry_and_every_package_has_its_checksum() -> None:
    packages = json.loads((PAGE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: about for name, about in packages.items() if name}
    assert len(installed) > 50
    assert [name for name, about in installed.items() if "resolved" in about or "integrity" not in about] == []


def test_no_path_of_the_building_machine_is_in_the_bundle() -> None:
    for name in BUILT:
        text = (PAGE / "dist" / name).read_text(encoding="utf-8")
        assert "node_modules" not in text
        assert str(ROOT) not in text
    assert re.findall(r"url\((?!data:)", (PAGE / "dist" / "app.css").read_text(encoding="utf-8")) == []


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_building_again_gives_the_same_bytes_and_notices(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        reason = "No npm on this machine: that dist/ is current is NOT tested. Install it with: apt-get install npm"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    for name in SOURCES:
        copy = shutil.copytree if (PAGE / name).is_dir() else shutil.copy
        copy(PAGE / name, tmp_path / name)
    _run(tmp_path, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    _run(tmp_path, "node", "build.mjs")
    _run(tmp_path, "node", "notices.mjs", "NOTICES.md")
    for name in BUILT:
        built, checked_in = tmp_path / "dist" / name, PAGE / "dist" / name
        assert built.read_bytes() == checked_in.read_bytes(), f"{name} is not current: run page/build.sh"
    assert (tmp_path / "NOTICES.md").read_bytes() == (ROOT / "THIRD_PARTY_NOTICES.md").read_bytes()


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
