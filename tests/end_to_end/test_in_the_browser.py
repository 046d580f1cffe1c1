"""The main job with a real browser, on the running demo: ask, change the window, approve, look at Home."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]


def type_in(page, text):
    box = page.get_by_role("textbox", name="Message")
    expect(box).to_have_count(1)
    box.fill(text)
    box.press("Enter")


def test_a_person_types_trend_sees_a_chart_and_changes_the_window(page):
    type_in(page, "/cost trend rds")
    answer = page.get_by_role("article").last
    expect(answer).to_contain_text("against the 30 days before")
    expect(answer.get_by_role("img").first).to_be_visible()
    answer.get_by_role("button", name="7 days").click()
    expect(answer).to_contain_text("7 days before")


def test_a_person_approves_after_reading_what_will_happen(page):
    card = page.get_by_role("article").filter(has=page.get_by_role("button", name="Approve")).first
    card.scroll_into_view_if_needed()
    stamp = card.get_attribute("data-ts")
    card.get_by_role("button", name="Approve").click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("executes nothing")
    question.get_by_role("button", name="Approve").click()
    drawn = page.locator(f'[data-ts="{stamp}"]').first
    expect(drawn).to_contain_text("Approved by @ana")
    expect(drawn.get_by_role("button", name="Approve")).to_have_count(0)


def test_dismiss_asks_for_a_reason_and_keeps_it_on_the_card(page):
    card = page.get_by_role("article").filter(has=page.get_by_role("button", name="Dismiss…")).first
    stamp = card.get_attribute("data-ts")
    card.get_by_role("button", name="Dismiss…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Dismiss").click()
    expect(dialog).to_be_visible()  # a reason is needed
    dialog.get_by_label("Accepted").check()
    dialog.get_by_role("textbox").fill("known <!channel> & fine")
    dialog.get_by_role("button", name="Dismiss").click()
    drawn = page.locator(f'[data-ts="{stamp}"]').first
    expect(drawn).to_contain_text("Dismissed by @ana")
    expect(drawn).to_contain_text("known <!channel> & fine")


def test_home_lists_what_waits(page, demo):
    page.goto(f"{demo.url}/?user=U0ANA&channel=home")
    expect(page.get_by_role("region", name="costbot Home")).to_contain_text("Waiting for you")


def test_a_guest_reads_why_they_may_not_approve(page):
    page.get_by_label("You are").select_option("U0GUEST")
    card = page.get_by_role("article").filter(has=page.get_by_role("button", name="Approve")).first
    card.scroll_into_view_if_needed()
    card.get_by_role("button", name="Approve").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_role("article").filter(has_text="Only visible to you").last).to_contain_text("@finops")
