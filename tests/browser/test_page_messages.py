"""Messages on the page: drawn, updated, private, in threads."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.browser import samples
from tests.browser.conftest import OpenPage
from tests.browser.locating import log, message, say
from tests.browser.sample_bot import CHANNEL, SampleBot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_ephemeral_message_is_seen_by_nobody_else(open_page: OpenPage) -> None:
    ben, guest = open_page("U0BEN"), open_page("U0GUEST")
    say(ben, "/cost something-only-ben-asked")
    private = log(ben).get_by_role("article").filter(has_text="There is no something-only-ben-asked")
    expect(private).to_contain_text("Only visible to you")
    say(ben, "said after it")
    expect(log(guest).get_by_text("said after it")).to_be_visible()
    expect(guest.get_by_text("something-only-ben-asked")).to_have_count(0)


def test_a_block_the_page_does_not_know_is_shown_as_json(page: Page, bot: SampleBot) -> None:
    broken = {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": None}]}
    ts = bot.post({"text": "before", "blocks": [samples.section("before")]})
    blocks: list[samples.Block] = [{"type": "hologram"}, broken, samples.section("after")]
    page.route("**/page/state*", lambda route: _with_blocks(route, ts, blocks))
    page.reload()
    shown = message(page, ts)
    expect(shown.get_by_text("This page cannot draw the block “hologram”")).to_be_visible()
    expect(shown.get_by_text("This page cannot draw the block “rich_text”")).to_be_visible()
    expect(shown.get_by_text("after")).to_be_visible()


def test_a_wide_table_scrolls_in_its_own_frame(page: Page, bot: SampleBot) -> None:
    columns = tuple(f"a rather long column {number}" for number in range(12))
    shown = message(page, bot.post({"text": "wide", "blocks": [samples.table(columns, columns)]}))
    frame = shown.get_by_role("group", name="Table")
    assert frame.evaluate("element => element.scrollWidth > element.clientWidth")
    assert log(page).evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize("points", [1, 2, 14, 20])
def test_no_two_labels_of_a_chart_overlap(page: Page, bot: SampleBot, points: int) -> None:
    labels = [f"Nov {day} 2025" for day in range(1, points + 1)]
    costs = [1234567.0 + day for day in range(points)]
    shown = message(page, bot.post({"text": "chart", "blocks": [samples.chart("Costs", "line", labels, cost=costs)]}))
    for width in (800, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        texts = shown.locator("svg .chart__category")
        expect(texts.last).to_have_text(labels[-1])
        boxes = [_box(each) for each in texts.all()]
        assert all(left["x"] + left["width"] < right["x"] for left, right in pairwise(boxes))
        frame = _box(shown)
        assert all(frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"] for box in boxes)


def test_nothing_is_wider_than_a_narrow_window(page: Page, bot: SampleBot) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    ts = bot.post(samples.digest())
    expect(message(page, ts).get_by_role("img").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 800
    assert log(page).evaluate("element => element.scrollWidth <= element.clientWidth")


def test_another_person_writes_in_their_own_name_at_once(page: Page) -> None:
    page.get_by_label("You are").select_option("ben – engineer")
    say(page, "it is ben who says this")
    expect(log(page).get_by_role("article", name="ben").filter(has_text="it is ben who says this")).to_be_visible()


def test_the_log_is_named_after_the_channel_and_one_textbox_is_the_composer(page: Page) -> None:
    expect(log(page)).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_count(1)
    expect(page.get_by_role("textbox")).to_have_count(1)
    expect(page.get_by_role("heading", name="cloud-costs")).to_be_visible()
    page.get_by_role("button", name="payments").click()
    expect(log(page, "#payments")).to_be_visible()
    expect(log(page)).to_have_count(0)


def test_an_archived_channel_has_no_composer(page: Page) -> None:
    page.get_by_role("button", name="old-costs").click()
    expect(log(page, "#old-costs")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_text("This channel has been archived.")).to_be_visible()


def test_a_trend_report_reads_well_to_a_screen_reader(page: Page, bot: SampleBot) -> None:
    shown = message(page, bot.post(samples.trend()))
    expect(shown).to_match_aria_snapshot("""
      - article /costbot, .*/:
        - paragraph:
          - strong: EC2 +41 % (+$312/day) in the last 14 days
          - text: ", mostly NAT gateways in us-east-1"
        - figure "EC2, daily, 14 days":
          - img
          - paragraph: day (UTC)
          - list "Legend":
            - listitem: actual
            - listitem: before
        - group "Table":
          - table:
            - rowgroup:
              - row "Service Last 14 days Before Change":
                - columnheader "Service"
                - columnheader "Last 14 days"
                - columnheader "Before"
                - columnheader "Change"
            - rowgroup:
              - row "EC2 - Other $9,812 $6,120 +$3,692 (+60 %)"
        - button "7 days"
        - button "30 days"
        - button "90 days"
        - button "Share"
        - paragraph: /data until Nov 2, 2025 9:00 AM/
    """)
    spoken = (
        "EC2, daily, 14 days (USD per day), Oct 20 to Nov 2. "
        "actual: 812.40 to 1,231.60, lowest 611.80, highest 1,259.90."
    )
    expect(shown.get_by_role("img", name=spoken)).to_be_visible()
    shown.get_by_text("Data as a table").click()
    expect(shown.get_by_role("row", name="Oct 28 1,211.00 812.00")).to_be_visible()


def test_pointing_at_a_chart_shows_the_values_of_that_day(page: Page, bot: SampleBot) -> None:
    shown = message(page, bot.post(samples.trend()))
    plot = shown.locator(".chart__plot")
    box = _box(plot)
    plot.hover(position={"x": box["width"] - 20, "y": 60})
    expect(shown.locator(".chart__tooltip")).to_have_text(re.compile(r"Nov 2\s*actual\s*1,231\.60\s*before\s*811\.00"))


def test_mentions_dates_and_emoji_are_resolved(page: Page, bot: SampleBot) -> None:
    shown = message(page, bot.post(samples.anomaly()))
    expect(shown.get_by_role("heading", name="EC2 +$437/day in prod (critical)")).to_be_visible()
    expect(shown.get_by_text("@ben")).to_be_visible()
    expect(shown.get_by_text("#cloud-costs")).to_be_visible()
    expect(shown).to_contain_text("since Oct 29, 2025")
    expect(shown).to_contain_text("⚠️ confidence 93 %")


def test_numbers_of_a_data_table_are_drawn(page: Page, bot: SampleBot) -> None:
    shown = message(page, bot.post({"text": "table", "blocks": [samples.data_table()]}))
    expect(shown.get_by_role("table", name="Most expensive instances")).to_be_visible()
    expect(shown.get_by_role("row", name="i-0aa11bb22cc33dd44 1,234.5")).to_be_visible()


def test_an_update_and_a_deletion_are_seen_at_once(page: Page, bot: SampleBot) -> None:
    ts = bot.post({"text": "first words"})
    expect(message(page, ts)).to_contain_text("first words")
    bot.client.chat_update(channel=CHANNEL, ts=ts, text="second words")
    expect(message(page, ts)).to_contain_text("second words")
    expect(message(page, ts)).to_contain_text("(edited)")
    bot.client.chat_delete(channel=CHANNEL, ts=ts)
    expect(message(page, ts)).to_have_count(0)


def test_a_message_elsewhere_is_counted_in_the_sidebar(page: Page, bot: SampleBot) -> None:
    bot.client.chat_postMessage(channel="C0PAYMENTS", text="look here")
    place = page.get_by_role("navigation", name="Workspace").get_by_role("button", name="payments")
    expect(place.get_by_label("1 new")).to_be_visible()
    place.click()
    expect(log(page, "#payments").get_by_text("look here")).to_be_visible()
    expect(place.get_by_label("1 new")).to_have_count(0)


def test_a_command_that_is_never_acknowledged_leaves_a_line(page: Page) -> None:
    say(page, "/cost silent")
    expect(log(page).get_by_role("status").last).to_contain_text('/cost failed with the error "operation_timeout"')


def test_replies_stay_in_their_thread(page: Page, bot: SampleBot) -> None:
    ts = bot.post({"text": "a thread starts"})
    bot.post({"text": "first reply"}, thread_ts=ts)
    message(page, ts).get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("first reply")).to_be_visible()
    expect(log(page).get_by_text("first reply")).to_have_count(0)
    reply = thread.get_by_role("textbox", name="Reply")
    expect(reply).to_be_focused()
    reply.fill("/cost trend")
    reply.press("Enter")
    expect(thread.get_by_role("status")).to_contain_text("/cost is not supported in threads")
    reply.fill("second reply")
    reply.press("Enter")
    expect(thread.get_by_text("second reply")).to_be_visible()
    expect(message(page, ts).first.get_by_role("button", name="2 replies")).to_be_visible()
    reply.press("Escape")
    expect(thread).to_have_count(0)


def test_days_are_divided(page: Page, bot: SampleBot) -> None:
    bot.post({"text": "today"})
    expect(log(page).get_by_role("separator", name="Today")).to_have_count(1)


def _box(locator: Locator) -> FloatRect:
    box = locator.bounding_box()
    assert box is not None
    return box


def _with_blocks(route: Route, ts: str, blocks: list[samples.Block]) -> None:
    answer = route.fetch()
    state = answer.json()
    for each in state["messages"][CHANNEL]:
        if each["ts"] == ts:
            each["blocks"] = blocks
    route.fulfill(response=answer, json=state)
