"""Numbers as a channel writes them, and nothing else of a message changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import build_context
from bot.blocks import elements
from bot.blocks.local_numbers import local_blocks, local_text
from bot.demo.slack.limits import check_message
from bot.settings import Settings
from bot.store import ChannelSettings
from tests.bot.decisions_factories import NOW

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize(
    ("text", "de"),
    [
        ("EC2 +$1,240/day in prod", "EC2 +1.240\u00a0$/day in prod"),
        ("−$3.10 (−4.5 %)", "−3,10\u00a0$ (−4,5 %)"),
        ("€0.42, ¥1,240 and 1,240.50 CHF", "0,42\u00a0€, 1.240\u00a0¥ and 1.240,50 CHF"),
        ("$1,234,567.89 of 12,345 resources", "1.234.567,89\u00a0$ of 12.345 resources"),
        ("730 h × ($0.768 − $0.384)", "730 h × (0,768\u00a0$ − 0,384\u00a0$)"),
        ("$1,168, then $584.", "1.168\u00a0$, then 584\u00a0$."),
        ("+1,250 % against 96 %", "+1.250 % against 96 %"),
    ],
)
def test_amounts_per_cent_and_long_numbers(text: str, de: str) -> None:
    assert local_text(text, "de") == de
    assert local_text(text, "en") == text


def test_french_has_spaces_that_do_not_break() -> None:
    assert local_text("$1,234,567.89, +41.5 %", "fr") == "1\u00a0234\u00a0567,89\u00a0$, +41,5 %"


@pytest.mark.parametrize(
    "text",
    [
        "`/cost subscribe savings --min $1,500`",
        "```aws ce --amount 1,000 12.5 %```",
        "<!date^1764320000^{date_short}|Nov 28 1,000 UTC>",
        "<https://example.com/1,000?x=$5.00|here>",
        "version 3.11, gp3 1.5 TiB, i-0abc, 111122223333, 10.0.1.2, 2026-11-20, 09:00, us-east-1",
        "<@U0ANA> and <#C0COSTS>",
        "Nov 3–9, A-3K8P, m5.4xlarge → m5.2xlarge",
    ],
)
def test_what_is_no_number_of_a_sentence_stays(text: str) -> None:
    assert [local_text(text, numbers) for numbers in ("de", "fr")] == [text, text]


@given(st.floats(0, 1e9), st.sampled_from(["USD", "EUR", "CHF", "JPY"]), st.booleans())
def test_every_amount_that_messages_write_keeps_its_digits(amount: float, currency: str, signed: bool) -> None:
    written = elements.money(amount, currency, signed=signed)
    german = local_text(written, "de")

    assert [char for char in german if char.isdigit()] == [char for char in written if char.isdigit()]
    assert german.replace(".", "").replace(",", ".").split("\u00a0")[0].strip("+").removesuffix(f" {currency}") == (
        written.replace(",", "").strip("+$€¥").removesuffix(f" {currency}")
    )


def stripped(node: Any) -> Any:
    """A message without the texts that people read."""
    if isinstance(node, dict):
        return {key: stripped(value) for key, value in node.items() if key not in ("text", "alt_text")} | (
            {"text": stripped(node["text"])} if isinstance(node.get("text"), dict) else {}
        )
    return [stripped(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("file", ["anomaly_card.json", "digest.json", "digest_worst.json", "recommendation_card.json"])
@pytest.mark.parametrize("numbers", ["de", "fr"])
def test_whole_messages_change_in_their_texts_alone_and_fit_slack(file: str, numbers: str) -> None:
    golden = json.loads((GOLDEN / file).read_text())
    blocks = golden["blocks"] if isinstance(golden, dict) else golden
    before = json.dumps(blocks)

    shown = local_blocks(blocks, numbers)

    assert json.dumps(blocks) == before
    assert stripped(shown) == stripped(blocks)
    assert check_message({"text": "x", "blocks": shown}) == []
    assert "$1" not in json.dumps([block for block in shown if block["type"] != "actions"])


def test_a_text_at_its_limit_stays_within_it() -> None:
    label = "Save $1,234.50 " + "x" * 60
    button = elements.actions(elements.button(label, "a", "$1,234.50"), block_id="b")
    (shown,) = local_blocks([button], "de")

    assert len(shown["elements"][0]["text"]["text"]) == elements.MAX_BUTTON
    assert shown["elements"][0]["text"]["text"].startswith("Save 1.234,50\u00a0$ ")
    assert shown["elements"][0]["value"] == "$1,234.50"


def test_charts_keep_their_axes() -> None:
    chart = {"type": "data_visualization", "title": "$1,000", "chart": {"series": [{"name": "1,000"}]}}

    assert local_blocks([chart], "de") == [chart]


class Client:
    """Takes what a Poster sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def chat_postMessage(self, *, channel: str, text: str, blocks: list[Any], **_: Any) -> dict[str, str]:
        self.sent.append((channel, text, blocks[0]["text"]["text"]))
        return {"ts": "1.1"}

    def chat_update(self, *, channel: str, text: str, blocks: list[Any], **_: Any) -> None:
        self.sent.append((channel, text, blocks[0]["text"]["text"]))

    chat_postEphemeral = chat_update


def test_each_channel_gets_its_own_whoever_posts(tmp_path: Path) -> None:
    context = build_context(Settings(data_dir=tmp_path), with_slack=True)
    slack, client = context.slack, Client()
    assert slack is not None
    slack.client = client  # type: ignore[assignment]
    context.store.channels.set("C0BERLIN", ChannelSettings(numbers="de"), NOW)

    for channel in ("C0BERLIN", "C0COSTS"):
        slack.post(channel, "+$1,240", [elements.section("*+$1,240*")])
        slack.update(channel, "1.1", "$2.50", [elements.section("3.5 %")])
        slack.ephemeral(channel, "U0ANA", "$2.50", [elements.section("3.5 %")])

    german = [("C0BERLIN", "+1.240\u00a0$", "*+1.240\u00a0$*"), *[("C0BERLIN", "2,50\u00a0$", "3,5 %")] * 2]
    assert client.sent == [*german, ("C0COSTS", "+$1,240", "*+$1,240*"), *[("C0COSTS", "$2.50", "3.5 %")] * 2]
    context.store.close()
