"""A workspace for each test that asks for one; a connected bot for each file that asks for `trip`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.slack import SlackWorkspace
from tests.demo.slack.slack_factories import Bot, in_socket_mode, running_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[SlackWorkspace]:
    with running_workspace(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SlackWorkspace, Bot]]:
    with running_workspace(tmp_path_factory.mktemp("trip")) as running:
        bot = Bot(running)
        with in_socket_mode(running, bot.app):
            yield running, bot


@pytest.fixture
def trip(connected: tuple[SlackWorkspace, Bot]) -> Iterator[tuple[SlackWorkspace, Bot]]:
    """A workspace and its bot, both used by the whole file; the bot only acknowledges unless a test says more."""
    running, bot = connected
    bot.forget()
    yield running, bot
    running.fault("clear")
