"""One running demo for all tests of this folder, started as `make demo` starts it."""

import json

import pytest

from bot.demo.launcher import started
from bot.demo.slack.client import Person

COSTS = "C0COSTS"


@pytest.fixture(scope="package")
def demo():
    with started(now="2026-11-20") as made:
        yield made


@pytest.fixture
def ana(demo):
    return Person(demo.url, "U0ANA")


@pytest.fixture
def ben(demo):
    return Person(demo.url, "U0BEN")


@pytest.fixture
def guest(demo):
    return Person(demo.url, "U0GUEST")


@pytest.fixture
def journal(demo):
    """Reads what the bot has sent so far: (method, body, answer)."""

    def read():
        lines = demo.journal.read_text("utf-8").splitlines()
        return [(call["method"], call["body"], call["answer"]) for call in map(json.loads, lines)]

    return read
