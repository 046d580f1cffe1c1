"""The bot without Slack and without AWS: a local workspace, an AWS organisation, and a launcher for both."""
