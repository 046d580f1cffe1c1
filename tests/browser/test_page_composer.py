"""The composer: what is sent, and what it offers while somebody types."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.locating import log

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def offered(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Commands")


def test_enter_sends_what_was_typed_though_suggestions_are_open(page: Page, box: Locator) -> None:
    box.fill("/cost t")
    expect(offered(page).get_by_role("option")).to_have_count(2)
    box.press("Enter")
    expect(log(page).get_by_text("ana used /cost t", exact=True)).to_be_visible()
    expect(box).to_have_value("")


def test_nothing_is_sent_when_nothing_was_typed(page: Page, box: Locator) -> None:
    before = log(page).get_by_role("article").count()
    box.fill("   ")
    box.press("Enter")
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    assert log(page).get_by_role("article").count() == before


def test_escape_closes_the_suggestions(page: Page, box: Locator) -> None:
    box.fill("/")
    expect(offered(page).get_by_role("option", name="/cost")).to_be_visible()
    box.press("Escape")
    expect(offered(page)).to_have_count(0)
    expect(box).to_have_value("/")


def test_tab_and_the_arrows_complete_commands_and_subcommands(page: Page, box: Locator) -> None:
    box.fill("/c")
    box.press("Tab")
    expect(box).to_have_value("/cost ")
    expect(offered(page).get_by_role("option")).to_have_count(3)
    trend = offered(page).get_by_role("option").nth(1)
    expect(trend).to_have_text("/cost trend[service] [--days 7|14|30|90]How costs developed")
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(offered(page).get_by_role("option", selected=True)).to_contain_text("/cost trend")
    box.press("ArrowUp")
    box.press("ArrowUp")
    expect(offered(page).get_by_role("option", selected=True)).to_contain_text("/cost top")
    box.press("Enter")
    expect(box).to_have_value("/cost top ")
    expect(offered(page)).to_have_count(0)


def test_a_click_takes_a_suggestion_and_keeps_the_focus(page: Page, box: Locator) -> None:
    box.fill("/cost he")
    offered(page).get_by_role("option", name="/cost help").click()
    expect(box).to_have_value("/cost help ")
    expect(box).to_be_focused()


def test_shift_enter_makes_a_new_line(page: Page, box: Locator) -> None:
    box.fill("one")
    box.press("Shift+Enter")
    box.type("two")
    expect(box).to_have_value("one\ntwo")
    box.press("Enter")
    expect(log(page).get_by_role("article", name="ana").last).to_contain_text("one\ntwo", use_inner_text=True)
