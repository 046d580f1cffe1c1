"""The page asks nothing of other hosts, and foreign text stays text."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import OpenPage
from tests.browser.locating import message, say
from tests.browser.sample_bot import SampleBot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_no_request_leaves_this_machine(url: str, bot: SampleBot, open_page: OpenPage) -> None:
    asked: list[str] = []
    page = open_page()
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    picture = {"type": "image", "image_url": "https://example.com/chart.png", "alt_text": "a chart of EC2"}
    posted = [bot.post(each) for each in (samples.digest(), samples.trend(), samples.anomaly(), samples.rightsizing())]
    ts = bot.post(
        {"text": "picture", "blocks": [picture, {"type": "markdown", "text": "![x](https://example.com/x.png)"}]}
    )
    expect(message(page, ts)).to_contain_text("a chart of EC2 (not loaded: the page stays offline)")
    say(page, "/cost form")
    page.get_by_role("dialog", name="Subscribe").get_by_role("button", name="Not now").click()
    page.get_by_role("navigation", name="Workspace").get_by_role("button", name="costbot").click()
    expect(page.get_by_text("Waiting for you")).to_be_visible()
    assert len(posted) == 4
    assert [each for each in asked if not each.startswith((f"{url}/", "data:"))] == []


def test_a_hostile_tag_name_is_shown_as_text(page: Page, bot: SampleBot) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    blocks = [
        samples.header(samples.HOSTILE),
        samples.section(f"tag {samples.ESCAPED} and `{samples.ESCAPED}`", fields=[samples.mrkdwn(samples.ESCAPED)]),
        samples.context(samples.ESCAPED),
        samples.table(("Tag",), (samples.HOSTILE,)),
        {"type": "actions", "elements": [samples.button(samples.HOSTILE, "run.1")]},
        samples.chart(samples.HOSTILE, "line", [samples.HOSTILE[:20], "b"], cost=[1, 2]),
    ]
    shown = message(page, bot.post({"text": samples.ESCAPED, "blocks": blocks}))
    expect(shown.get_by_text(samples.HOSTILE)).to_have_count(8)
    expect(shown.get_by_role("button", name=samples.HOSTILE)).to_be_visible()
    expect(shown.get_by_text("@channel")).to_have_count(0)
    expect(shown.locator("img")).to_have_count(0)
    assert dialogs == []


def test_what_a_person_types_is_shown_as_typed(page: Page) -> None:
    say(page, samples.HOSTILE)
    expect(page.get_by_role("article", name="ana").last).to_contain_text(samples.HOSTILE)


def test_markdown_that_slack_does_not_know_is_shown_as_typed(page: Page, bot: SampleBot) -> None:
    shown = message(page, bot.post({"text": "![x](https://example.com/x.png) [y](https://example.com/)"}))
    expect(shown.get_by_text("![x](https://example.com/x.png) [y](https://example.com/)")).to_be_visible()
    expect(shown.locator("img")).to_have_count(0)


def test_a_javascript_address_is_no_link(page: Page, bot: SampleBot) -> None:
    shown = message(page, bot.post({"text": "<javascript:alert(1)|click me> <https://example.com/?a=1&amp;b=2|fine>"}))
    expect(shown.get_by_text("click me")).to_be_visible()
    expect(shown.get_by_role("link")).to_have_count(1)
    expect(shown.get_by_role("link", name="fine")).to_have_attribute("href", "https://example.com/?a=1&b=2")


def test_the_page_has_a_policy_that_forbids_foreign_content(page: Page, url: str) -> None:
    refused = page.evaluate("fetch('https://example.com/').then(() => 'allowed', () => 'refused')")
    assert refused == "refused"
    policy = page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content") or ""
    assert "default-src 'none'" in policy
