"""Debian's Chromium through Playwright, for the tests that need a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: How long a page may take to show what it must: no measure of speed, on a busy machine all takes many times as long.
PATIENCE_MS = 60_000
IS_REQUIRED = os.environ.get("CI") == "true" or os.environ.get("REQUIRE_BROWSER") == "1"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; without one on the machine the test is skipped loudly, and fails where a browser is required."""
    path = shutil.which("chromium")
    if path is None:
        reason = "No chromium on this machine: the page is NOT tested. Install it with: apt-get install chromium"
        pytest.fail(reason) if IS_REQUIRED else pytest.skip(reason)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=90_000)
        yield launched
        launched.close()
