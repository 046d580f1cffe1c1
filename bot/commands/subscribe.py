"""`/cost subscribe KIND`: what this channel gets without asking."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import time

from bot.blocks import elements
from bot.blocks.home import least_amount
from bot.commands import Reply, Request, command
from bot.context import Context
from bot.errors import UsageError
from bot.store import Subscription
from bot.words.flags import parse

KINDS = ("digest", "anomalies", "savings")
DIGEST_AT = time(9, 0)
_GETS = {
    "digest": "the daily digest",
    "anomalies": "a card for every cost anomaly",
    "savings": "a card for every saving",
}


@command(
    "subscribe",
    usage="digest|anomalies|savings [--at 09:00] [--min 50]",
    examples=(
        ("/cost subscribe digest --at 09:00", "the daily digest, here, at nine"),
        ("/cost subscribe savings --min 50", "savings of at least $50 a month, here"),
    ),
    order=60,
)
def subscribe(request: Request, context: Context) -> Reply:
    """Get the digest, anomalies or savings in this channel."""
    parsed = parse(request.words, flags=("at", "min"))
    if not parsed.positional:
        return _choices()
    kind = _kind(parsed.positional)
    if kind == "digest" and "min" in parsed.flags:
        raise UsageError("--min does not fit the digest.", "Type /cost subscribe anomalies --min 50.")
    if kind != "digest" and "at" in parsed.flags:
        raise UsageError(
            f"--at does not fit {kind}: they are posted when found.", "Type /cost subscribe digest --at 09:00."
        )
    at = _time(parsed.flags.get("at")) if kind == "digest" else None
    least = _amount(parsed.flags["min"]) if "min" in parsed.flags else None
    if not re.fullmatch(r"[CDG][A-Z0-9]+", request.channel_id):
        raise UsageError(
            "Only a Slack channel can subscribe.",
            "Type it there, or name the channel: costbot ask … --channel C0123ABCD.",
        )
    context.store.subscribe(Subscription(request.channel_id, kind, at, least, request.user_id, context.clock.now()))
    currency = (context.costs.currency() or "USD") if kind == "anomalies" else "USD"
    gets = _described(kind, at, least, context.settings.time_zone, currency)
    text = f"This channel now gets {gets}. Set by <@{request.user_id}>."
    stop = elements.context(f"`/cost unsubscribe {kind}` ends it; `/cost subscriptions` shows what this channel gets.")
    return Reply(text, [elements.section(text), stop], in_channel=True)


def _kind(words: Sequence[str]) -> str:
    kind = {"anomaly": "anomalies", "saving": "savings"}.get(words[0].lower(), words[0].lower())
    if kind not in KINDS or len(words) > 1:
        raise UsageError(
            f"{elements.quoted(' '.join(words))} cannot be subscribed to.",
            f"Use one of {', '.join(KINDS)}, as in /cost subscribe digest --at 09:00.",
        )
    return kind


def _time(typed: str | None) -> time:
    if typed is None:
        return DIGEST_AT
    digits = re.fullmatch(r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?", typed.strip())
    if not digits:
        raise UsageError(f"--at {elements.quoted(typed)} is no time of day.", "Write it with 24 hours, as --at 09:00.")
    return time(int(digits[1]), int(digits[2] or 0))


def _amount(typed: str) -> float:
    try:
        amount = float(typed.strip().lstrip("$€£¥").replace(",", ""))
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount) or amount < 0:
        raise UsageError(f"--min {elements.quoted(typed)} is no amount of money.", "Write it as --min 50.")
    return amount


def _described(kind: str, at: time | None, least: float | None, zone: str, currency: str) -> str:
    if at is not None:
        return f"{_GETS[kind]} at {at:%H:%M} ({zone})"
    if not least:
        return _GETS[kind]
    unit = "a day" if kind == "anomalies" else "a month"
    return f"{_GETS[kind]} of at least {least_amount(least, currency)} {unit}"


def _choices() -> Reply:
    typed = ("/cost subscribe digest", "/cost subscribe anomalies", "/cost subscribe savings")
    labels = ("Daily digest", "Anomalies", "Savings")
    buttons = [elements.run_button(label, words, n) for n, (label, words) in enumerate(zip(labels, typed, strict=True))]
    return Reply(
        "What should this channel get? Type " + ", ".join(typed) + ".",
        [
            elements.section("*What should this channel get?*"),
            elements.actions(*buttons, block_id="subscribe"),
            elements.context("Add `--at 09:00` for the digest's time, `--min 50` for the least amount of the others."),
        ],
    )
