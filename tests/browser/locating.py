"""Where things are on the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def message(page: Page, ts: str) -> Locator:
    """The article of one message."""
    return page.locator(f'article[data-ts="{ts}"]')


def log(page: Page, name: str = "#cloud-costs") -> Locator:
    return page.get_by_role("log", name=name, exact=True)


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Message")
    box.fill(text)
    box.press("Enter")
