"""The Slack app as `manifest.yml` declares it: commands, bot scopes, subscribed events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import CostbotError


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """One slash command of the app; `command` starts with its slash."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool

    def as_page(self) -> dict[str, str]:
        return {"command": self.command, "usage_hint": self.usage_hint, "description": self.description}

    def subcommands(self) -> list[dict[str, str]]:
        """The alternatives of the usage hint, as "help | trend [service] | savings"; empty when there is one only."""
        alternatives = re.split(r"\|(?![^\[]*\])", self.usage_hint.strip().removesuffix("…"))
        if len(alternatives) < 2:
            return []
        words = [alternative.strip().partition(" ") for alternative in alternatives]
        return [{"name": name, "usage": usage.strip(), "summary": ""} for name, _, usage in words if name]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the workspace needs to know about the app."""

    name: str
    commands: tuple[SlashCommand, ...]
    bot_scopes: frozenset[str]
    bot_events: frozenset[str]
    messages_tab: bool

    def command(self, name: str) -> SlashCommand | None:
        return next((command for command in self.commands if command.command == name), None)


def read_manifest(path: Path) -> Manifest:
    """Read the app's manifest.

    Raises:
        CostbotError: there is no such file, or it is no manifest.
    """
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CostbotError(f"There is no manifest at {path}.", "Name the manifest.yml of the app.") from None
    except yaml.YAMLError as error:
        raise CostbotError(f"{path} is no YAML: {error}.", "`costbot manifest` prints a good one.") from None
    if not isinstance(loaded, dict) or "features" not in loaded:
        raise CostbotError(f"{path} lacks `features`: it is no Slack manifest.", "Name the manifest.yml of the app.")
    features = loaded["features"]
    settings = loaded.get("settings") or {}
    scopes = (loaded.get("oauth_config") or {}).get("scopes") or {}
    return Manifest(
        name=(loaded.get("display_information") or {}).get("name", ""),
        commands=tuple(_command(entry) for entry in features.get("slash_commands") or ()),
        bot_scopes=frozenset(scopes.get("bot") or ()),
        bot_events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        messages_tab=bool((features.get("app_home") or {}).get("messages_tab_enabled")),
    )


def _command(entry: dict[str, Any]) -> SlashCommand:
    return SlashCommand(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape", False)),
    )
