"""Buttons, selects, dialogs and modals: what a person does reaches the bot in Slack's shape."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import OpenPage
from tests.browser.locating import log, message, say
from tests.browser.sample_bot import SampleBot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_nothing_is_sent_when_the_confirm_dialog_is_declined(page: Page, bot: SampleBot) -> None:
    ts = bot.post(samples.rightsizing())
    message(page, ts).get_by_role("button", name="Approve").click()
    asked = page.get_by_role("alertdialog", name="Approve this saving?")
    expect(asked).to_contain_text("i-0aa11bb22cc33dd44 in staging becomes m5.2xlarge. Nothing is executed.")
    expect(asked.get_by_role("button", name="Not now")).to_be_focused()
    asked.get_by_role("button", name="Not now").click()
    message(page, ts).get_by_role("button", name="Approve").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    say(page, "after declining")
    expect(log(page).get_by_text("after declining")).to_be_visible()
    assert _clicks(bot, ts) == []


def test_a_confirmed_click_redraws_the_same_message(page: Page, bot: SampleBot) -> None:
    ts = bot.post(samples.rightsizing())
    message(page, ts).get_by_role("button", name="Approve").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Yes, approve").click()
    expect(message(page, ts)).to_contain_text("Done by @ana")
    expect(message(page, ts).get_by_role("button", name="Approve")).to_have_count(0)
    expect(message(page, ts).get_by_role("button", name="1 reply")).to_be_visible()
    [click] = _clicks(bot, ts)
    assert click["user"]["id"] == "U0ANA"
    assert click["actions"][0]["action_id"] == "decide.approve"
    assert click["actions"][0]["value"] == "S-4Q9X"


def test_a_click_on_an_ephemeral_answer_replaces_it(page: Page) -> None:
    say(page, "/cost trend ec2")
    answer = log(page).get_by_role("article").filter(has_text="Only visible to you").last
    answer.get_by_role("button", name="7 days").click()
    expect(log(page).get_by_text("in the last 7 days").last).to_be_visible()


def test_a_choice_in_a_message_is_sent_at_once(page: Page, bot: SampleBot) -> None:
    ts = bot.post(samples.anomaly())
    message(page, ts).get_by_label("Snooze for…").select_option("7 days")
    click = bot.wait_for(lambda payload: _ts(payload) == ts)
    week = samples.option("7 days", "7d")
    assert click["actions"][0]["selected_option"] == week
    assert click["state"]["values"]["anomaly"] == {"decide.snooze": {"type": "static_select", "selected_option": week}}


def test_an_overflow_menu_works_with_the_keyboard(page: Page, bot: SampleBot) -> None:
    ts = bot.post(samples.digest())
    more = message(page, ts).get_by_role("button", name="More actions")
    more.press("Enter")
    expect(page.get_by_role("menuitem", name="Show all anomalies")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_have_count(0)
    click = bot.wait_for(lambda payload: _ts(payload) == ts)
    assert click["actions"][0]["selected_option"] == samples.option("Show all savings", "savings")


def test_a_modal_shows_its_errors_at_their_fields_and_keeps_what_was_typed(page: Page, bot: SampleBot) -> None:
    ts = bot.post(samples.anomaly())
    message(page, ts).get_by_role("button", name="Dismiss…").click()
    modal = page.get_by_role("dialog", name="Dismiss")
    expect(modal.get_by_role("radio", name="Expected")).to_be_focused()
    modal.get_by_role("button", name="Dismiss").click()
    expect(modal.get_by_role("alert")).to_have_text("Please complete this required field.")
    modal.get_by_role("radio", name="False positive").check()
    modal.get_by_label("Note").fill("refuse me")
    modal.get_by_role("button", name="Dismiss").click()
    expect(modal.get_by_role("alert")).to_have_text("Say a little more.")
    expect(modal.get_by_label("Note")).to_be_focused()
    expect(modal.get_by_label("Note")).to_have_value("refuse me")
    expect(modal.get_by_role("radio", name="False positive")).to_be_checked()
    modal.get_by_label("Note").fill("a planned load test")
    modal.get_by_role("button", name="Dismiss").click()
    expect(modal).to_have_count(0)
    submitted = bot.submitted("dismiss")
    wrong = samples.option("False positive", "false_positive")
    assert submitted["view"]["private_metadata"] == "A-7K2M"
    assert submitted["view"]["state"]["values"] == {
        "reason": {"reason": {"type": "radio_buttons", "selected_option": wrong}},
        "note": {"note": {"type": "plain_text_input", "value": "a planned load test"}},
    }


def test_escape_leaves_a_modal_and_gives_the_focus_back(page: Page, bot: SampleBot) -> None:
    ts = bot.post(samples.anomaly())
    button = message(page, ts).get_by_role("button", name="Dismiss…")
    button.click()
    modal = page.get_by_role("dialog", name="Dismiss")
    expect(modal.get_by_label("Note")).to_be_visible()
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    expect(button).to_be_focused()
    page.reload()
    expect(message(page, ts)).to_be_visible()
    expect(modal).to_have_count(0)


def test_every_kind_of_input_reports_its_value(page: Page, bot: SampleBot) -> None:
    say(page, "/cost form")
    modal = page.get_by_role("dialog", name="Subscribe")
    modal.get_by_label("Channel").select_option("#payments")
    modal.get_by_label("Owner").select_option("ben")
    modal.get_by_label("Kind").select_option("Savings")
    modal.get_by_role("group", name="Also").get_by_label("Digest").check()
    modal.get_by_label("Friday").check()
    modal.get_by_label("Minimum amount").fill("0")
    modal.get_by_label("Email").fill("somebody")
    modal.get_by_label("Runbook").fill("https://example.com/runbook")
    modal.get_by_label("From").fill("2025-12-01")
    modal.get_by_label("At", exact=True).fill("08:30")
    modal.get_by_role("button", name="Subscribe").click()
    expect(modal.get_by_role("alert")).to_have_text(["Enter 1 or more.", "Enter a valid email address."])
    modal.get_by_label("Minimum amount").fill("50")
    modal.get_by_label("Email").fill("finops@example.com")
    modal.get_by_role("button", name="Subscribe").click()
    expect(modal).to_have_count(0)
    submitted = bot.submitted("form")
    digest, savings = samples.option("Digest", "digest"), samples.option("Savings", "savings")
    assert submitted["view"]["state"]["values"] == {
        "channel": {"it": {"type": "conversations_select", "selected_conversation": "C0PAYMENTS"}},
        "owner": {"it": {"type": "users_select", "selected_user": "U0BEN"}},
        "kind": {"it": {"type": "static_select", "selected_option": savings}},
        "kinds": {"it": {"type": "multi_static_select", "selected_options": [digest]}},
        "days": {"it": {"type": "checkboxes", "selected_options": [samples.option("Friday", "fri")]}},
        "least": {"it": {"type": "number_input", "value": "50"}},
        "mail": {"it": {"type": "email_text_input", "value": "finops@example.com"}},
        "link": {"it": {"type": "url_text_input", "value": "https://example.com/runbook"}},
        "from": {"it": {"type": "datepicker", "selected_date": "2025-12-01"}},
        "at": {"it": {"type": "timepicker", "selected_time": "08:30"}},
    }


def test_the_home_tab_is_each_persons_own(open_page: OpenPage, bot: SampleBot) -> None:
    page = open_page("U0GUEST", "home")
    home = page.get_by_role("region", name="costbot Home")
    expect(home).to_contain_text("@guest, one saving waits for a decision")
    expect(page.get_by_role("textbox")).to_have_count(0)
    home.get_by_role("button", name="Look at it").click()
    click = bot.wait_for(lambda payload: _action_id(payload) == "home.look")
    assert (click["user"]["id"], click["view"]["type"]) == ("U0GUEST", "home")
    page.get_by_label("You are").select_option("ben – engineer")
    expect(home).to_contain_text("@ben, one saving waits for a decision")


def _ts(payload: dict[str, Any]) -> str:
    return str(payload.get("container", {}).get("message_ts", ""))


def _action_id(payload: dict[str, Any]) -> str:
    return str(payload.get("actions", [{}])[0].get("action_id", ""))


def _clicks(bot: SampleBot, ts: str) -> list[dict[str, Any]]:
    return [payload for payload in bot.seen if _ts(payload) == ts]
