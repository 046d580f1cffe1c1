"""One Chromium and one workspace with the sample bot for all browser tests; a fresh page for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.demo.slack import SlackWorkspace
from tests.browser.sample_bot import SampleBot
from tests.chromium import PATIENCE_MS, chromium

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
SUBCOMMANDS = [
    {"name": "help", "usage": "help [command]", "summary": "What costbot can do"},
    {"name": "trend", "usage": "/cost trend [service] [--days 7|14|30|90]", "summary": "How costs developed"},
    {"name": "top", "usage": "top", "summary": "What costs most"},
]
OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="package")
def workspace() -> Iterator[SlackWorkspace]:
    running = SlackWorkspace(manifest=MANIFEST, subcommands=lambda: SUBCOMMANDS, ack_seconds=2.0)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def url(workspace: SlackWorkspace) -> str:
    return workspace.workspace.base_url


@pytest.fixture(scope="package")
def bot(workspace: SlackWorkspace, url: str) -> Iterator[SampleBot]:
    sample = SampleBot(url)
    sample.start()
    yield sample
    sample.stop()


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US", timezone_id="UTC")
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def open_page(context: BrowserContext, url: str, bot: SampleBot) -> Iterator[OpenPage]:
    """Opens the page as a person; a JavaScript error on any page fails the test."""
    errors: list[str] = []
    pages: list[Page] = []

    def opened(user: str = "U0ANA", channel: str = "C0COSTS") -> Page:
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{url}/?user={user}&channel={channel}")
        expect(page.get_by_label("You are")).to_have_value(user)
        if channel != "home":
            expect(page.get_by_role("status").filter(has_text="costbot is connected")).to_be_visible()
        return page

    yield opened
    for page in pages:
        page.close()
    bot.clean_up()
    assert errors == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """The page as ana in #cloud-costs."""
    return open_page()
