"""The Slack app's manifest: as it stands in manifest.yml, or with the addresses that HTTP mode needs."""

from __future__ import annotations

from pathlib import Path

from bot.errors import UsageError
from bot.web import SLACK_PATH

PATH = Path(__file__).parent.parent / "manifest.yml"


def manifest_text(url: str | None = None) -> str:
    """The manifest as YAML.

    Args:
        url: costbot's public https address; None keeps Socket Mode.
    Raises:
        UsageError: the address is not https.
    """
    text = PATH.read_text("utf-8")
    if url is None:
        return text
    if not url.startswith("https://"):
        raise UsageError(f"Slack sends only to https addresses, not to {url}.", "Write --http https://…")
    endpoint = url.rstrip("/") + SLACK_PATH
    text = text.replace("socket_mode_enabled: true", "socket_mode_enabled: false")
    text = text.replace("    - command: /cost\n", f"    - command: /cost\n      url: {endpoint}\n")
    text = text.replace("  event_subscriptions:\n", f"  event_subscriptions:\n    request_url: {endpoint}\n")
    return text.replace("    is_enabled: true\n", f"    is_enabled: true\n    request_url: {endpoint}\n")
