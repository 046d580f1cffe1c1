"""The page when the bot or the workspace goes away and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.demo.slack import SlackWorkspace
from tests.browser.conftest import MANIFEST
from tests.browser.locating import log, say
from tests.browser.sample_bot import SampleBot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_page_says_that_the_bot_is_offline_until_it_connects(context: BrowserContext) -> None:
    lonely = SlackWorkspace(manifest=MANIFEST)
    url = lonely.start()
    page = context.new_page()
    bot = SampleBot(url)
    try:
        page.goto(url)
        expect(page.get_by_label("You are")).to_have_value("U0ANA")
        expect(page.get_by_role("status").filter(has_text="costbot is offline")).to_be_visible()
        say(page, "/cost help")
        expect(log(page).get_by_role("status")).to_contain_text('/cost failed with the error "dispatch_failed"')
        bot.start()
        expect(page.get_by_role("status").filter(has_text="costbot is connected")).to_be_visible()
    finally:
        page.close()
        bot.stop()
        lonely.stop()


def test_the_page_finds_back_after_the_workspace_was_restarted(context: BrowserContext) -> None:
    first = SlackWorkspace(manifest=MANIFEST)
    url = first.start()
    page = context.new_page()
    second = SlackWorkspace(manifest=MANIFEST, port=int(url.rpartition(":")[2]))
    try:
        page.goto(url)
        say(page, "before the restart")
        expect(log(page).get_by_text("before the restart")).to_be_visible()
        first.stop()
        expect(page.get_by_text("Connection to the local workspace lost. Reconnecting…")).to_be_visible()
        second.start()
        expect(page.get_by_text("Connection to the local workspace lost.")).to_have_count(0)
        expect(log(page).get_by_text("before the restart")).to_have_count(0)
        say(page, "after the restart")
        expect(log(page).get_by_text("after the restart")).to_be_visible()
    finally:
        page.close()
        first.stop()
        second.stop()


def test_an_unknown_person_in_the_address_gives_way_to_the_first_one(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    try:
        page.goto(f"{url}/?user=U0NOBODY")
        expect(page.get_by_label("You are")).to_have_value("U0ANA")
    finally:
        page.close()
