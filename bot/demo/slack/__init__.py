"""A local Slack workspace: behaves like Slack towards a bot, and shows a small Slack in the browser."""

from bot.demo.slack.server import SlackWorkspace

__all__ = ["SlackWorkspace"]
